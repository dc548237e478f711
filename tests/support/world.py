# SPDX-License-Identifier: MulanPSL-2.0
"""A world to tell stories in: a cluster with a migrated database, the demo organisations and people, and daemons that
serve copies of it. The template is made once in a test run; a story's own database is a copy of it."""

import contextlib
import os
import pathlib
import re
import secrets
import socket
import subprocess
import tempfile
import threading
import time

from support.api import Api
from support.cluster import OWNER, APPLICATION, Cluster

SOURCE = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
ROLES = ["front_desk", "handler", "ogi_head", "reviewer", "leader", "supervisor", "statistician", "archivist"]
PASSWORD = "correct horse battery"
TEMPLATE = "ogid_world"


def program():
    """The daemon under test."""
    return pathlib.Path(os.environ["OGID_BUILD"]) / "daemon" / "ogid"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    """One `ogid serve` on a database. `now` is the China-independent instant it believes in; set it at any time."""

    def __init__(self, cluster, database, now="2026-06-01T01:00:00Z", **settings):
        self.cluster, self.database_name = cluster, database
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ogid-daemon-", dir="/tmp"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.secret = self.folder / "secret"
        self.secret.write_text("ab" * 32 + "\n")
        self.secret.chmod(0o600)
        self.clock = self.folder / "now"
        self.now = now
        self.conf = self.folder / "ogid.conf"
        self.settings = {"listen": f"127.0.0.1:{self.port}", "database": cluster.dsn(database, APPLICATION),
                         "owner_database": cluster.dsn(database, OWNER), "secret_file": str(self.secret), **settings}
        self.conf.write_text("".join(f"{k} = {v}\n" for k, v in self.settings.items()))
        self.log = self.folder / "log"
        self.process = None
        self.tokens = {}

    @property
    def now(self):
        return self._now

    @now.setter
    def now(self, instant):
        self._now = instant
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(instant + "\n")
        fresh.rename(self.clock)

    def on(self, day):
        """It is nine in the morning of that day in China, and everybody has to log in again."""
        self.now = f"{day}T01:00:00Z"
        self.tokens.clear()

    def environment(self):
        return {**os.environ, "OGID_NOW": f"@{self.clock}", "OGID_MIGRATIONS": str(SOURCE / "migrations")}

    def run(self, *words, stdin="", check=True):
        """Another command of the same program with the same settings."""
        done = subprocess.run([program(), "-c", self.conf, *words], input=stdin, text=True, encoding="utf-8",
                              capture_output=True, env=self.environment(), timeout=300, check=False)
        assert not check or done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
        return done

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen([program(), "-c", self.conf, "serve"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment())
        self.until_ready()
        return self

    def until_ready(self, seconds=30):
        """Polls /readyz; the only waiting there is, and it ends with the condition."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            with contextlib.suppress(Exception):
                if Api(self.url).get("/readyz", timeout=2).status_code == 200:
                    return
            threading.Event().wait(0.01)
        raise AssertionError("not ready: " + self.log.read_text()[-4000:])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Asks it to end and wants a clean end (a sanitizer's finding is not one)."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        code, self.process = self.process.returncode, None
        assert code in (0, -9), self.log.read_text()[-6000:]

    def rss(self):
        """Resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def api(self, login=None):
        """A client; with a login, one that is logged in (sessions are made once)."""
        if login is None:
            return Api(self.url)
        if login not in self.tokens:
            answer = Api(self.url).post("/v1/sessions", {"login": login, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            self.tokens[login] = answer.json()["token"]
        return Api(self.url, self.tokens[login])

    def sql(self, statement, values=None, role="postgres"):
        return self.cluster.execute(self.database_name, role, statement, values)

    def verify(self):
        return self.run("verify", check=False)


class World:
    """The cluster and its template."""

    def __init__(self, settings=()):
        self.cluster = Cluster(settings)
        self.count = 0
        self.daemons = []
        self.cluster.database(TEMPLATE)
        first = Daemon(self.cluster, TEMPLATE)
        first.run("migrate")
        first.run("calendar", "load", str(SOURCE / "data" / "cn-workdays.csv"))
        first.run("org", "add", "zengcheng", "增城区")
        first.run("org", "add", "zhucun", "朱村街道", "--parent", "zengcheng", "--number-format",
                  "朱村依申〔{year}〕{serial}号")
        first.run("org", "add", "licheng", "荔城街道", "--parent", "zengcheng")
        people = [("admin", "zengcheng", ["admin"]), ("district", "zengcheng", ["supervisor", "statistician"])]
        people += [(role, "zhucun", [role]) for role in ROLES]
        people += [("duo", "zhucun", ROLES), ("other", "licheng", ROLES)]
        for login, org, roles in people:
            first.run("user", "add", login, "--name", login, "--org", org, "--role", ",".join(roles),
                      "--password-stdin", stdin=PASSWORD + "\n")

    def daemon(self, database=None, start=True, **settings):
        """A daemon on a fresh copy of the template (or on a database that is there)."""
        if database is None:
            self.count += 1
            database = self.cluster.database(f"story_{self.count}_{secrets.token_hex(3)}", TEMPLATE)
        made = Daemon(self.cluster, database, **settings)
        self.daemons.append(made)
        return made.start() if start else made

    def close(self):
        failures = []
        for one in self.daemons:
            try:
                one.stop()
            except AssertionError as e:
                failures.append(e)
        self.cluster.remove()
        assert not failures, failures
