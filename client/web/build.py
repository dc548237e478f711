#!/usr/bin/env python3
# SPDX-License-Identifier: MulanPSL-2.0
"""Builds the web client: what meson and ./dev call.

build.py modules [--all]           npm ci from the lock file, unless that was done (--all: what the tests need, too)
build.py ready                     are the modules there? exit 0 or 1
build.py build OUTPUT DEPFILE      vite build, every text compressed beside itself; OUTPUT is replaced as a whole
"""

import fcntl
import gzip
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
STAMP = MODULES / ".ogid" / "installed"
SOURCES = ["src", "public"]
ALONE = ["index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "build.py"]
COMPRESSED = {".html", ".js", ".css", ".json", ".svg", ".txt"}


def wanted():
    text = b"".join((HERE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    return hashlib.sha256(text).hexdigest()


def installed():
    """The kinds of modules that are there for this lock file: set(), {"run"} or {"run", "all"}."""
    try:
        lock, *kinds = STAMP.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return set()
    return set(kinds) if lock == wanted() else set()


def modules(everything):
    kind = "all" if everything else "run"
    with open(HERE / ".npmrc", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds of one checkout do not install over each other
        if kind in installed():
            return 0
        words = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", *([] if everything else ["--omit=dev"])]
        try:
            done = subprocess.run(words, cwd=HERE, stdin=subprocess.DEVNULL, check=False, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as e:
            print(f"npm: {e}", file=sys.stderr)
            return 1
        if done.returncode == 0:
            STAMP.parent.mkdir(exist_ok=True)
            STAMP.write_text(f"{wanted()} run{' all' if everything else ''}\n", encoding="utf-8")
        return done.returncode


def compress(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in COMPRESSED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            if len(packed) < path.stat().st_size:
                path.with_name(path.name + ".gz").write_bytes(packed)


def inputs():
    """Folders too: their time changes when a file is added or removed."""
    yield from (HERE / name for name in ALONE)
    for name in SOURCES:
        yield HERE / name
        yield from (p for p in sorted((HERE / name).rglob("*")))


def build(output, depfile):
    if not installed() and modules(False) != 0:
        return 1
    output = pathlib.Path(output).absolute()
    fresh = output.with_name(output.name + ".new")
    vite = ["node", str(MODULES / "vite" / "bin" / "vite.js"), "build", "--emptyOutDir", "--outDir", str(fresh)]
    done = subprocess.run(vite, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, "NODE_ENV": "production"}, check=False)
    if done.returncode != 0:
        sys.stdout.buffer.write(done.stdout)
        return 1
    compress(fresh)
    if output.exists():
        shutil.rmtree(output)
    fresh.rename(output)
    os.utime(output)
    names = " ".join(str(p).replace(" ", "\\ ") for p in inputs())
    target = os.path.relpath(output)
    pathlib.Path(depfile).write_text(f"{target}: {names}\n", encoding="utf-8")
    return 0


def main(words):
    if words[:1] == ["modules"] and words[1:] in ([], ["--all"]):
        return modules(words[1:] == ["--all"])
    if words == ["ready"]:
        return 0 if installed() else 1
    if words[:1] == ["build"] and len(words) == 3:
        return build(*words[1:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
