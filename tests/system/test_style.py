# SPDX-License-Identifier: MulanPSL-2.0
"""The scripts that hold the code to its rules see what they are for."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
SPDX = "/* SPDX-License-Identifier: MulanPSL-2.0 */\n"


@pytest.fixture
def tree(tmp_path):
    """A small project that keeps every rule."""
    for name, text in {
        "daemon/main.c": '#include "api/routes.h"\n#include <libpq-fe.h>\n',
        "daemon/api/routes.c": '#include "store/case.h"\n#include "domain/case.h"\n',
        "daemon/domain/case.c": '#include "base/text.h"\n#include "domain/date.h"\n',
        "daemon/db/pool.c": '#include "db/pool.h"\n#include <libpq-fe.h>\n#include <event2/event.h>\n',
        "client/cli/main.c": '#include "cli/command.h"\n',
    }.items():
        put(tmp_path, name, text)
    (tmp_path / "tests").mkdir()
    return tmp_path


def put(tree, name, text):
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SPDX + text if name.endswith((".c", ".h")) else text, encoding="utf-8")


def layers(tree):
    return subprocess.run([TOP / "tests/layers.sh", tree], capture_output=True, text=True, check=False)


def lengths(tree):
    return subprocess.run([sys.executable, TOP / "tests/lengths.py", tree], capture_output=True, text=True, check=False)


def test_a_tree_that_keeps_the_rules_passes(tree):
    assert layers(tree).returncode == 0
    assert lengths(tree).returncode == 0, lengths(tree).stdout


@pytest.mark.parametrize("name, include", [
    ("daemon/base/text.c", '"domain/case.h"'),
    ("daemon/domain/case.c", '"base/arena.h"'),
    ("daemon/domain/case.c", '"db/rows.h"'),
    ("daemon/domain/case.c", "<libpq-fe.h>"),
    ("daemon/db/pool.c", '"store/case.h"'),
    ("daemon/web/server.c", '"store/case.h"'),
    ("daemon/web/server.c", '"domain/case.h"'),
    ("daemon/store/case.c", '"web/exchange.h"'),
    ("daemon/store/case.c", "<libpq-fe.h>"),
    ("daemon/api/routes.c", '"jobs/nightly.h"'),
    ("daemon/api/routes.c", "<event2/event.h>"),
    ("daemon/api/deep/routes.c", '"base/text.h"'),
    ("daemon/main.c", '"elsewhere/x.h"'),
    ("client/cli/main.c", '"base/text.h"'),
])
def test_an_arrow_that_points_up_is_named(tree, name, include):
    put(tree, name, f"# include {include}\n")
    answer = layers(tree)
    assert answer.returncode == 1
    assert f"{name}:2:" in answer.stdout


@pytest.mark.parametrize("text, fault", [
    ("void f(char *a, char *b)\n{\n\tstrcpy(a, b);\n}\n", ":4: strcpy is forbidden here"),
    ("void f(void)\n{\n\ttime (0);\n}\n", ":4: time is forbidden here"),
    ("void f(void *c)\n{\n\tPQexec(c, 0);\n}\n", ":4: PQexec is forbidden here"),
    ("typedef struct { int a; } thing;\n", ":2: typedef is for functions only"),
    ("typedef struct thing thing;\n", ":2: typedef is for functions only"),
    ("typedef unsigned char byte;\n", ":2: typedef is for functions only"),
    ("struct thing_t {\n\tint a;\n};\n", ":2: names of ours do not end in _t"),
    ("int f(void)\n{\n" + "\tg();\n" * 58 + "}\n", ":2: function of 61 lines"),
    ("int a;\n" * 600, ":1: 601 lines"),
])
def test_a_breach_is_named(tree, text, fault):
    put(tree, "daemon/web/server.c", text)
    answer = lengths(tree)
    assert answer.returncode == 1
    assert "daemon/web/server.c" + fault in answer.stdout


@pytest.mark.parametrize("text", [
    "/* strcpy(a, b) */\nconst char *s = \"time(0)\";\n",
    "typedef void batch_done_fn(void *arg, enum db_result result);\n",
    "typedef const struct problem *step_fn(struct exchange *x,\n\tint more);\n",
    "typedef int (*compare_fn)(const void *, const void *);\n",
    "int f(void)\n{\n" + "\tg();\n" * 57 + "}\n",
    "int a;\n" * 599,
])
def test_what_only_looks_like_a_breach_passes(tree, text):
    put(tree, "daemon/web/server.c", text)
    assert lengths(tree).returncode == 0, lengths(tree).stdout


def test_long_python_and_shell_functions_are_named(tree):
    put(tree, "tests/x.py", "def f():\n" + "    g()\n" * 60)
    put(tree, "tests/x.sh", "f() {\n" + "    g\n" * 59 + "}\n")
    said = lengths(tree).stdout
    assert "tests/x.py:1: function f of 61 lines" in said
    assert "tests/x.sh:1: function of 61 lines" in said


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_scripts_are_clean():
    scripts = [TOP / "dev", TOP / ".ci/run", TOP / "data/demo/office.sh", *sorted((TOP / "tests").rglob("*.sh"))]
    answer = subprocess.run(["shellcheck", "-x", "-P", TOP, *scripts], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
