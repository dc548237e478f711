# SPDX-License-Identifier: MulanPSL-2.0
"""The systemd units are right, and the daemon's is tight (systemd.exec(5))."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
UNITS = sorted(p.name for p in (TOP / "systemd").iterdir() if p.suffix in (".service", ".socket", ".timer"))
SERVICES = [u for u in UNITS if u.endswith(".service")]
MOST_EXPOSURE = 1.5

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def built_program():
    build = os.environ.get("OGID_BUILD")
    program = pathlib.Path(build, "daemon/ogid") if build else None
    return str(program) if program and program.exists() else "/bin/true"


@pytest.fixture
def units(tmp_path):
    """A copy of the units that names the program as it was built; a template also as its instance 1."""
    for name in UNITS:
        text = (TOP / "systemd" / name).read_text(encoding="utf-8").replace("/usr/sbin/ogid", built_program())
        (tmp_path / name).write_text(text, encoding="utf-8")
        if "@." in name:
            (tmp_path / name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    return tmp_path


def analyze(*words):
    return subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})


def instance(name):
    return name.replace("@.", "@1.")


def test_every_unit_of_the_design_is_there():
    assert UNITS == ["ogid-migrate.service", "ogid-nightly.service", "ogid-nightly.timer", "ogid.service",
                     "ogid.socket", "ogid@.service"]


def test_systemd_finds_nothing_to_say(units):
    answer = analyze("verify", "--man=no", *[str(units / instance(name)) for name in UNITS])
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.strip() == ""


def test_a_wrong_unit_would_be_noticed(units):
    path = units / "ogid.service"
    path.write_text(path.read_text(encoding="utf-8").replace("ProtectHome=true", "ProtectHouse=true"), encoding="utf-8")
    assert "ProtectHouse" in analyze("verify", "--man=no", str(path)).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_exposed(units, name):
    answer = analyze("security", "--offline=true", str(units / instance(name)))
    exposure = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", answer.stdout).group(1))
    assert exposure <= MOST_EXPOSURE, answer.stdout


def setting(name, key):
    text = (TOP / "systemd" / name).read_text(encoding="utf-8")
    return re.findall(rf"^{key}=(.*)$", text, re.M)


@pytest.mark.parametrize("name", ["ogid.service", "ogid@.service"])
def test_the_daemon_tells_when_it_is_ready_and_alive(name):
    assert setting(name, "Type") == ["notify"]
    assert int(setting(name, "WatchdogSec")[0]) > 0
    assert setting(name, "User") == ["ogid"]
    assert setting(name, "LoadCredential") == ["ogid.secret:/etc/ogid/secret"]
    assert setting(name, "ExecStartPre")[0].endswith(" check")


def test_the_instances_differ_from_the_daemon_only_in_what_they_must():
    def body(name):
        text = (TOP / "systemd" / name).read_text(encoding="utf-8")
        return text[text.index("[Service]"):]
    assert body("ogid.service") == body("ogid@.service")


def test_migrations_run_as_the_owner_and_never_as_the_daemon():
    assert setting("ogid-migrate.service", "User") == ["ogid-owner"]
    users = (TOP / "systemd/ogid.sysusers").read_text(encoding="utf-8")
    assert re.search(r"^u ogid ", users, re.M) and re.search(r"^u ogid-owner ", users, re.M)


def test_the_night_begins_at_half_past_two_in_china():
    assert setting("ogid-nightly.timer", "OnCalendar") == ["*-*-* 02:30:00 Asia/Shanghai"]
    assert setting("ogid-nightly.timer", "Persistent") == ["true"]
    assert analyze("calendar", setting("ogid-nightly.timer", "OnCalendar")[0]).returncode == 0
