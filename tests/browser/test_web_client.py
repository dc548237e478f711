# SPDX-License-Identifier: MulanPSL-2.0
"""The staff client in Debian's Chromium against a real daemon: every journey of journeys.mjs is one test. Pictures of every
screen and sheet are left in .test/browser for a person to look at."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import threading

import pytest

from support import sheet
from support.world import SOURCE

BUILT = pathlib.Path(os.environ.get("OGID_BUILD_RELEASE", "/nowhere")) / "client" / "web" / "web"
HERE = pathlib.Path(__file__).parent
SCRIPT = HERE / "journeys.mjs"
NAMES = re.findall(r"^  async '([^']+)'", SCRIPT.read_text(encoding="utf-8"), re.M)
NAMES += re.findall(r"^  '([^']+)': \(\) =>", (HERE / "screens.mjs").read_text(encoding="utf-8"), re.M)
PICTURES = SOURCE / ".test" / "browser"
PATIENCE = 900
# the short run: what would hurt most if it broke, and every screen once with axe
SHORT = "keyboard alone|lost answer|two at one|ends asks in place|counter to the table|first load|killed|zh-CN, 1366"
WANTED = "" if os.environ.get("OGID_TEST_LONG") else os.environ.get("ONLY", SHORT)
NAMES = [name for name in NAMES if re.search(WANTED, name)]
NODE = next((n for n in ("/usr/bin/node", shutil.which("node")) if n and pathlib.Path(n).exists()), None)

pytestmark = pytest.mark.skipif(not (BUILT / "index.html").exists() or shutil.which("chromium") is None or NODE is None,
                                reason="the web client is not built, or there is no Chromium")


def ledger(path):
    """An office's own: its words, its heads, a title above them would stand alone; the third request has no known channel."""
    sheet.write(path, "依申请台账", [
        ["编号", "申请方式", "申请人类型", "申请人", "申请内容", "收到日期"],
        ["旧〔2026〕1号", "当面", "公民", "旧账甲", "旧账中的第一件", "2026-05-11"],
        ["旧〔2026〕2号", "网站", "企业", "旧账乙𠮷", "旧账中的第二件", "2026-05-12"],
        ["旧〔2026〕3号", "飞鸽", "公民", "旧账丙", "旧账中的第三件", "2026-05-13"]])


def follow(process, daemon):
    """Reads the journeys' lines; ends and starts the daemon when one asks for it."""
    told = {}
    log = (PICTURES / "told.ndjson").open("w", encoding="utf-8")
    for line in process.stdout:
        print(line, end="", file=log, flush=True)
        said = json.loads(line)
        if "do" in said:
            {"kill": daemon.kill, "start": daemon.start}[said["do"]]()
            process.stdin.write("done\n")
            process.stdin.flush()
        else:
            told[said["name"]] = said
    return told


@pytest.fixture(scope="module")
def told(world):
    """What the browser told, by journey."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    daemon = world.daemon(web_root=str(BUILT))
    duo = daemon.api("duo")
    for name in ("陈志强", "李秀兰", "何美玲"):
        answer = duo.post("/v1/cases", {"channel": "in_person", "arrived_on": "2026-04-20", "assignee": "handler",
                                        "applicant": {"kind": "natural", "name": name, "phone": "13800000026"},
                                        "description": f"{name}申请公开的信息"})
        assert answer.status_code == 201, answer.text
    ledger(daemon.folder / "ledger.xlsx")
    with subprocess.Popen([NODE, SCRIPT, daemon.url, PICTURES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8", env={**os.environ, "HOST": "1", "ONLY": WANTED, "SHEET": str(daemon.folder / "ledger.xlsx")}) as process:
        end = threading.Timer(PATIENCE, process.kill)
        end.start()
        try:
            answers = follow(process, daemon)
        finally:
            end.cancel()
            process.kill()
    daemon.stop()
    return answers


@pytest.mark.parametrize("name", NAMES)
def test_journey(told, name):
    assert name in told, f"not told; the others: {sorted(told)}"
    assert told[name]["ok"], told[name].get("error")
    assert not told[name].get("skipped")
