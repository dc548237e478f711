# SPDX-License-Identifier: MulanPSL-2.0
"""ogi registers and ogi record, against a daemon. Today is 2026-06-01."""

import json
import os
import pathlib
import subprocess

import pytest


@pytest.fixture
def ogi(daemon, tmp_path):
    def run(*words, login="duo", language="C.UTF-8"):
        program = pathlib.Path(os.environ["OGID_BUILD"]) / "client" / "cli" / "ogi"
        environment = {**os.environ, "OGI_SERVER": daemon.url, "OGI_TOKEN": daemon.api(login).token, "OGI_STATE": str(tmp_path),
                       "LC_ALL": language, "LANG": language}
        return subprocess.run([program, *words], env=environment, text=True, encoding="utf-8", capture_output=True, timeout=60,
                              check=False)
    return run


def made(done):
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


def test_the_registers_are_listed_with_their_fields(ogi):
    shown = ogi("registers").stdout
    assert "quarterly_return" in shown and "topic*" in shown and "licences" in shown
    assert "行政许可" in ogi("registers", language="zh_CN.UTF-8").stdout
    assert len(json.loads(ogi("registers", "--json").stdout)["registers"]) == 17


def test_an_entry_is_made_changed_and_taken_back(ogi, duo):
    entry = made(ogi("record", "response", "topic=𠮷 改造", "form=interview", "with_head=true", "on=2024-03-05", "--json"))
    assert (entry["topic"], entry["with_head"], entry["version"]) == ("𠮷 改造", True, 1)
    changed = made(ogi("record", "response", "--id", entry["id"], "on=2023-12-31", "with_head=false", "note=更正", "--json"))
    assert (changed["topic"], changed["year"], changed["with_head"], changed["note"], changed["version"]) == (
        "𠮷 改造", 2023, False, "更正", 2)
    assert made(ogi("record", "response", "--id", entry["id"], "note=null", "--json"))["note"] is None
    shown = ogi("registers", "response", "2023").stdout
    assert entry["id"] in shown and "𠮷 改造" in shown and "online interview" in shown and "2023-12-31" in shown
    assert entry["id"] not in ogi("registers", "response", "--year", "2024").stdout
    gone = ogi("record", "response", "--id", entry["id"], "--retract", "重复登记")
    assert gone.returncode == 0 and "taken back" in gone.stdout and "重复登记" in gone.stdout
    assert ogi("registers", "response", "2023").stderr == "ogi: no entries\n"
    assert entry["id"] in ogi("registers", "response", "2023", "--retracted").stdout
    history = ogi("registers", "response", entry["id"]).stdout
    assert [line.split()[0] for line in history.splitlines()[-4:]] == ["4", "3", "2", "1"]
    assert ogi("record", "response", "--id", entry["id"], "note=x").returncode == 5


def test_amounts_and_what_stands(ogi):
    assert "1.2345" in ogi("record", "charges", "year=2022", "amount=1.2345").stdout
    shown = ogi("record", "org", "office=综合办", "from=2011-01-01", "staff_full=2").stdout
    assert "综合办" in shown and "2011-01-01" in shown
    assert "2011-01-01.." in ogi("registers", "org", "2015").stdout


def test_what_is_refused_is_said(ogi):
    refused = ogi("record", "response", "form=letter")
    assert refused.returncode == 1 and "topic" in refused.stderr and "form" in refused.stderr
    assert ogi("record", "minutes").returncode == 1
    assert ogi("registers", "minutes").returncode == 1
    assert ogi("record", "meeting", login="archivist").returncode == 4
    for words in (("record",), ("record", "meeting", "title"), ("record", "meeting", "--retract", "x"), ("registers", "a", "b", "c"),
                  ("record", "meeting", "--id", "x", "--retract", "x", "title=a")):
        assert ogi(*words).returncode == 2, words
