# SPDX-License-Identifier: MulanPSL-2.0
"""./dev run as the README promises it: ready, with accounts and the ledger of 2017, twice, after a crash,
and gone after ./dev stop. Uses the release build that is there already."""

import json
import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
RELEASE = os.environ.get("OGID_BUILD_RELEASE")
ROLES = ["front_desk", "handler", "ogi_head", "reviewer", "leader", "supervisor", "statistician", "archivist"]
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def alive(pid):
    """A process that runs, not one that only waits to be reaped."""
    try:
        return bool(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return False


class Installation:
    """One data folder of ./dev."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ogid-dev-test-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "build").symlink_to(RELEASE)
        self.port = free_port()

    def dev(self, command, *words):
        return subprocess.run([TOP / "dev", command, "--data", self.folder, *words], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False, timeout=300)

    def run(self, *words):
        answer = self.dev("run", "--detach", "--port", str(self.port), *words)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def remove(self):
        self.dev("stop")
        shutil.rmtree(self.folder)

    def get(self, path, token=None, body=None):
        """(status, answer) of one request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        try:
            with OPENER.open(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as e:
            return e.code, None
        except urllib.error.URLError:
            return None, None

    def accounts(self):
        lines = (self.folder / "accounts.tsv").read_text(encoding="utf-8").splitlines()
        return {login: (roles.split(","), password) for login, roles, password in (line.split("\t") for line in lines)}

    def token(self, login):
        status, answer = self.get("/v1/sessions", body={"login": login, "password": self.accounts()[login][1]})
        assert status == 201
        return answer["token"]

    def pid(self):
        return int((self.folder / "ogid.pid").read_text())

    def postmaster(self):
        return int((self.folder / "pg/postmaster.pid").read_text().split()[0])


@pytest.fixture(scope="module")
def place():
    if not RELEASE:
        pytest.skip("OGID_BUILD_RELEASE is not set")
    made = Installation()
    made.run()
    yield made
    made.remove()


def test_it_says_where_it_serves_and_is_ready(place):
    said = place.run()
    assert f"http://127.0.0.1:{place.port}" in said
    assert f"{place.folder}/accounts.tsv" in said
    assert place.get("/readyz")[0] == 200


def test_every_account_can_log_in_with_its_roles(place):
    assert stat.S_IMODE((place.folder / "accounts.tsv").stat().st_mode) == 0o600
    accounts = place.accounts()
    assert accounts["admin"][0] == ["admin"]
    assert sorted(accounts["district"][0]) == ["statistician", "supervisor"]
    assert sorted(accounts["duo"][0]) == sorted(ROLES)
    for role in ROLES:
        assert accounts[role][0] == [role]
    assert len(accounts) == 11
    for login, (roles, _) in accounts.items():
        status, me = place.get("/v1/me", place.token(login))
        assert status == 200
        assert sorted(me["roles"]) == sorted(roles)
        assert me["org"] == ("zengcheng" if login in ("admin", "district") else "zhucun")


def test_the_two_requests_of_2017_are_in_the_ledger(place):
    token = place.token("duo")
    first, second = (place.get(f"/v1/cases/2017-{n}", token)[1] for n in (1, 2))
    assert (first["channel"], first["subject"], first["outcome"]) == ("in_person", "land_use", "legacy.grant")
    assert (second["channel"], second["subject"], second["outcome"]) == ("online", "schooling", "legacy.not_this_agency")
    assert second["outcome_label"] == "非本机关政府信息"
    assert "国办发〔2010〕5号" in second["outcome_basis"][0]
    for case in (first, second):
        assert case["status"] == "closed" and case["overdue_workdays"] == 0
        assert case["closed_on"] <= case["due_on"]


def test_the_form_of_2014_gives_the_figures_of_the_report(place):
    status, form = place.get("/v1/statistics/f14/2017?org=zhucun", place.token("district"))
    assert status == 200
    expected = {"p.total": 644, "p.ch.website": 316, "p.ch.other": 328, "a.received": 2, "a.ch.in_person": 1,
                "a.ch.online": 1, "a.ch.letter": 0, "a.ch.fax": 0, "a.closed": 2, "a.answered": 2, "a.grant": 1,
                "a.not_this_agency": 1}
    assert {key: form["cells"][key]["value"] for key in expected} == expected


def test_a_second_run_is_quick_and_keeps_the_data(place):
    before, pid = place.accounts(), place.pid()
    started = time.monotonic()
    place.run()
    assert time.monotonic() - started < 10
    assert place.accounts() == before
    assert place.pid() == pid
    assert place.get("/v1/cases/2017-3", place.token("duo"))[0] == 404


def test_a_loading_that_was_interrupted_goes_on(place):
    done = place.folder / "demo/done"
    steps = done.read_text(encoding="utf-8").splitlines()
    token = place.token("duo")
    before = place.get("/v1/cases", token)[1]
    for kept in ([], steps[:2]):
        done.write_text("".join(f"{step}\n" for step in kept), encoding="utf-8")
        place.run()
        assert done.read_text(encoding="utf-8").splitlines()[-1] == "all"
    after = place.get("/v1/cases", token)[1]
    assert [(c["number"], c["version"]) for c in after["cases"]] == [(c["number"], c["version"]) for c in before["cases"]]
    form = place.get("/v1/statistics/f14/2017?org=zhucun", token)[1]
    assert form["cells"]["p.total"]["value"] == 644


def test_it_starts_again_what_has_died(place):
    os.kill(place.pid(), signal.SIGKILL)
    place.run()
    assert place.get("/readyz")[0] == 200
    os.kill(place.postmaster(), signal.SIGQUIT)
    os.kill(place.pid(), signal.SIGKILL)
    place.run()
    assert place.get("/v1/cases/2017-2", place.token("duo"))[0] == 200


def test_the_program_and_psql_use_its_database(place):
    answer = place.dev("psql", "-XAtc", "SELECT current_user, current_database()")
    assert answer.stdout == "ogid_owner|ogid\n"
    answer = place.dev("ogid", "check")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    answer = place.dev("ogid", "verify")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_stop_ends_daemon_and_cluster_and_a_later_run_has_the_data(place):
    pids = [place.pid(), place.postmaster()]
    assert place.dev("stop").returncode == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert place.get("/readyz")[0] is None
    assert place.dev("stop").returncode == 0
    place.run()
    assert place.get("/v1/cases/2017-1", place.token("duo"))[0] == 200


def test_an_empty_office_has_no_case():
    if not RELEASE:
        pytest.skip("OGID_BUILD_RELEASE is not set")
    other = Installation()
    try:
        other.run("--empty")
        token = other.token("duo")
        assert other.get("/v1/cases", token)[1]["cases"] == []
        assert other.get("/v1/cases/2017-1", token)[0] == 404
    finally:
        other.remove()


@pytest.mark.parametrize("words", [["run", "--port", "x"], ["run", "--port"], ["walk"], [], ["run", "--nothing"],
                                   ["stop", "--data", "/tmp", "more"]])
def test_misuse_is_refused(words):
    answer = subprocess.run([TOP / "dev", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert answer.returncode in (1, 2) and answer.stderr
