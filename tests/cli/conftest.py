# SPDX-License-Identifier: MulanPSL-2.0
"""ogi as its users meet it: a program in a shell, and on a terminal of 80 columns."""
import os
import pathlib
import subprocess

import pytest

from ogi_server import Server
from ogi_terminal import Terminal


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


class Ogi:
    """Runs ogi against the scripted server, with a state folder of its own."""

    def __init__(self, url, state):
        build = os.environ.get("OGID_BUILD")
        assert build, "OGID_BUILD names the build directory"
        self.program = os.path.join(build, "client", "cli", "ogi")
        self.state = pathlib.Path(state)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(state), "LC_ALL": "C.UTF-8", "TERM": "xterm",
            "OGI_SERVER": url, "OGI_TOKEN": "token-of-test", "OGI_STATE": str(state),
        }
        for name, value in os.environ.items():
            if name.endswith("SAN_OPTIONS"):
                self.environment[name] = value
        known = "suppressions=" + str(pathlib.Path(__file__).with_name("lsan.supp")) + ":print_suppressions=0"
        self.environment["LSAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("LSAN_OPTIONS"), known]))

    def env(self, **changes):
        merged = {**self.environment, **changes}
        return {name: value for name, value in merged.items() if value is not None}

    def __call__(self, *words, stdin="", env=None):
        return subprocess.run([self.program, *words], input=stdin, env=self.env(**(env or {})), timeout=60,
                              text=True, encoding="utf-8", capture_output=True, check=False)

    def on_terminal(self, *words, env=None, columns=80):
        return Terminal([self.program, *words], self.env(**(env or {})), columns)


@pytest.fixture
def ogi(server, tmp_path):
    return Ogi(server.url, tmp_path)
