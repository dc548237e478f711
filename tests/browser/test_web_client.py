# SPDX-License-Identifier: MulanPSL-2.0
"""The staff client in Debian's Chromium against a real daemon: every journey of journeys.mjs is one test. Pictures of every
screen are left in .test/browser for a person to look at."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from support.world import SOURCE

BUILT = pathlib.Path(os.environ.get("OGID_BUILD_RELEASE", "/nowhere")) / "client" / "web" / "web"
SCRIPT = pathlib.Path(__file__).with_name("journeys.mjs")
NAMES = re.findall(r"^  async '([^']+)'", SCRIPT.read_text(encoding="utf-8"), re.M)
NAMES += [f"every screen is accessible and fits: {how}" for how in ("zh-CN, 1366 px", "en, 1366 px", "zh-CN, 390 px")]
PATIENCE = 900

pytestmark = pytest.mark.skipif(not (BUILT / "index.html").exists() or shutil.which("chromium") is None,
                                reason="the web client is not built, or there is no Chromium")


@pytest.fixture(scope="module")
def told(world):
    """What the browser told, by journey."""
    pictures = SOURCE / ".test" / "browser"
    pictures.mkdir(parents=True, exist_ok=True)
    daemon = world.daemon(web_root=str(BUILT))
    duo = daemon.api("duo")
    for name in ("陈志强", "李秀兰", "何美玲"):
        answer = duo.post("/v1/cases", {"channel": "in_person", "arrived_on": "2026-04-20", "assignee": "handler",
                                        "applicant": {"kind": "natural", "name": name, "phone": "13800000026"},
                                        "description": f"{name}申请公开的信息"})
        assert answer.status_code == 201, answer.text
    done = subprocess.run(["node", SCRIPT, daemon.url, pictures], capture_output=True, text=True, encoding="utf-8",
                          timeout=PATIENCE, check=False)
    daemon.stop()
    assert done.returncode == 0, done.stderr[-4000:]
    return {answer["name"]: answer for answer in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", NAMES)
def test_journey(told, name):
    assert told[name]["ok"], told[name].get("error")
