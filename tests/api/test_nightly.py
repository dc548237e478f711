# SPDX-License-Identifier: MulanPSL-2.0
"""`ogid nightly`: its steps are on record and told to those who watch, only one runs, it may be killed anywhere and run
again; the figures of the running year are those of the form; the daily seal shows what a forger who owns the database did."""

import json
import os
import random
import re
import shutil
import subprocess
import threading
import uuid

import pytest

from support.world import program

LOCK = 0x6F676964


@pytest.fixture(scope="module")
def office(world, tmp_path_factory):
    made = world.daemon(seal_folder=str(tmp_path_factory.mktemp("seals")))
    yield made
    made.stop()


def falsify(daemon, statement, values=None):
    """As somebody who owns the machine: no constraint stops him."""
    daemon.sql("SET session_replication_role = replica; " + statement, values)


def steps(daemon):
    return dict(daemon.sql("SELECT step, result FROM nightly_step WHERE run = (SELECT max(id) FROM nightly_run)"))


def metrics(daemon):
    return dict(re.findall(r"^ogid_(nightly_\w+) (\S+)$", daemon.api().get("/metrics").text, re.M))


def test_a_night_is_on_record_and_told(office):
    duo = office.api("duo")
    duo.register()
    before = office.api().get("/readyz").json()["nightly"]
    assert before == {"started_at": None, "ended_at": None, "failed": 0, "findings": 0, "late": False}
    told = office.run("nightly")
    assert told.stdout.splitlines()[-1] == f"nightly: run 1: {len(steps(office))} steps, 0 failed, 0 findings, 0 undelivered"
    assert set(steps(office).values()) == {"done"} and {"sessions", "figures", "seal", "verify"} <= set(steps(office))
    until_told(office, "2026-06-01T01:00:00.000Z")
    assert metrics(office) == {"nightly_last_seconds": "1780275600", "nightly_duration_seconds": "0",
                               "nightly_failed_steps": "0", "nightly_findings": "0", "nightly_undelivered": "0", "nightly_late": "0"}


def until_told(daemon, ended):
    for _ in range(1000):
        if daemon.api().get("/readyz").json()["nightly"]["ended_at"] == ended:
            return
        threading.Event().wait(0.01)
    raise AssertionError("nobody told the daemon")


def test_a_night_that_is_missing_is_seen(office):
    office.run("nightly")
    until_told(office, "2026-06-01T01:00:00.000Z")
    for now, late in (("2026-06-02T03:00:00Z", False), ("2026-06-02T03:00:01Z", True)):
        office.now = now
        answer = office.api().get("/readyz")
        assert (answer.status_code, answer.json()["nightly"]["late"]) == (200, late)
        assert metrics(office)["nightly_late"] == str(int(late))
    office.on("2026-06-01")


def test_only_one_runs(office):
    connection = office.cluster.connect(office.database_name, "postgres")
    try:
        with connection.cursor() as c:
            c.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            runs = office.sql("SELECT count(*) FROM nightly_run")
            refused = office.run("nightly", check=False)
            assert refused.returncode == 1 and "another run is at work" in refused.stderr
            assert office.sql("SELECT count(*) FROM nightly_run") == runs
    finally:
        connection.close()
    office.run("nightly")


def test_the_figures_are_those_of_the_form(office):
    duo = office.api("duo")
    for kind in ("natural", "business", "business"):
        duo.register(applicant={"kind": kind, "name": "张三", "phone": "1"})
    made = duo.register(arrived_on="2025-12-30")
    duo.event(made["id"], "reviewed", decision="passed", on="2026-01-04")
    duo.event(made["id"], "decided", outcome="grant", variant="grant.provided", on="2026-01-05")
    duo.event(made["id"], "served", by="post", on="2026-01-06")
    office.run("nightly")
    for org in ("zengcheng", "zhucun", "licheng"):
        stored = office.sql("SELECT figures, month, form FROM statistics_running r JOIN org o ON o.id = r.org_id"
                            " WHERE o.code = %s AND year = 2026", (org,))
        assert [row[1:] for row in stored] == [(6, "f21")]
        shown = office.api("district").get(f"/v1/statistics/f21/2026?org={org}").json()["cells"]
        for key, cell in json.loads(stored[0][0])["cells"].items():
            assert list(shown[key].values()) == list(cell.values()), (org, key)
    total = json.loads(office.sql("SELECT figures FROM statistics_running r JOIN org o ON o.id = r.org_id"
                                  " WHERE o.code = 'zhucun'")[0][0])["cells"]
    assert total["t3.new"]["business"] == 2 and total["t3.carried_in"]["total"] == 1


def test_a_frozen_year_and_a_running_one_are_never_taken_for_each_other(world):
    daemon = world.daemon()
    daemon.on("2026-01-20")
    daemon.run("nightly")
    assert daemon.sql("SELECT DISTINCT year, month FROM statistics_running ORDER BY 1") == [(2025, 12), (2026, 1)]
    frozen = daemon.api("statistician").post("/v1/statistics/f21/2025/freeze")
    assert frozen.status_code == 201, frozen.text
    daemon.on("2026-01-21")
    daemon.run("nightly")
    taken = daemon.sql("SELECT o.code, r.taken_at::date::text FROM statistics_running r JOIN org o ON o.id = r.org_id WHERE year = 2025"
                       " ORDER BY 1")
    assert taken == [("licheng", "2026-01-21"), ("zengcheng", "2026-01-21"), ("zhucun", "2026-01-20")]
    daemon.on("2026-04-01")
    daemon.run("nightly")
    assert daemon.sql("SELECT max(taken_at)::date::text FROM statistics_running WHERE year = 2025") == [("2026-01-21",)]


# ---- seals ----

def seals(daemon):
    with open(daemon.settings["seal_folder"] + "/seals.txt", encoding="ascii") as f:
        return f.read().splitlines()


@pytest.fixture(scope="module")
def nights(world, tmp_path_factory):
    """Two nights; between them a case went on."""
    daemon = world.daemon(seal_folder=str(tmp_path_factory.mktemp("nights")))
    duo = daemon.api("duo")
    made, other = duo.register(), duo.register()
    daemon.run("nightly")
    for table in ("request_case", "applicant"):
        daemon.sql(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")
    duo.event(made["id"], "noted", note="a")
    daemon.on("2026-06-02")
    daemon.run("nightly")
    daemon.made, daemon.other = made["id"], other["id"]
    daemon.stop()
    return daemon


@pytest.fixture
def sealed(world, nights, tmp_path):
    """A copy of them, to be spoilt."""
    shutil.copy(nights.settings["seal_folder"] + "/seals.txt", tmp_path)
    copy = world.cluster.database(f"sealed_{uuid.uuid4().hex}", nights.database_name)
    daemon = world.daemon(copy, start=False, seal_folder=str(tmp_path))
    daemon.on("2026-06-02")
    daemon.made, daemon.other = nights.made, nights.other
    return daemon


def test_a_seal_covers_what_moved_and_stands_in_the_file(sealed):
    rows = sealed.sql("SELECT n, day::text, leaves, encode(root, 'hex'), encode(hash, 'hex') FROM seal ORDER BY n")
    assert seals(sealed) == [" ".join(map(str, row)) for row in rows] and len(rows) == 2
    assert sealed.sql("SELECT object::text, seq FROM seal_leaf WHERE register = 'case' AND seal = 2") == [(sealed.made, 2)]
    assert sealed.sql("SELECT count(*) FROM seal_leaf WHERE register = 'case' AND seal = 1") == [(2,)]
    found = sealed.verify()
    assert found.returncode == 0, found.stdout


def test_each_seal_has_its_turn(sealed):
    falsify(sealed, "DELETE FROM seal_leaf WHERE register = 'case' AND seal = 2")
    said, runs = [], sealed.sql("SELECT max(id) FROM nightly_run")[0][0]
    for run in range(runs + 1, runs + 8):  # verify_nights
        if "seal 2 (2026-06-02): its leaves were changed" in sealed.run("nightly", check=False).stdout:
            said.append(run % 7)
    assert said == [2]


def test_a_seal_of_a_day_to_come_is_a_failed_step(sealed):
    sealed.on("2026-06-01")
    told = sealed.run("nightly", check=False)
    assert told.returncode == 1 and "the last seal is of a day to come" in told.stderr and steps(sealed)["seal"] == "failed"


def test_a_day_has_one_seal(sealed):
    before = seals(sealed)
    sealed.run("nightly")
    assert seals(sealed) == before


def take_away(daemon):
    """The last event of a case, and everything else as it was before it: every chain is whole."""
    falsify(daemon, "DELETE FROM case_event WHERE case_id = %(id)s AND seq = 2; DELETE FROM case_text WHERE case_id = %(id)s AND seq = 2;"
                    " DELETE FROM applicant WHERE case_id = %(id)s; DELETE FROM request_case WHERE id = %(id)s;"
                    " INSERT INTO request_case SELECT * FROM request_case_before WHERE id = %(id)s;"
                    " INSERT INTO applicant SELECT * FROM applicant_before WHERE case_id = %(id)s", {"id": daemon.made})


def test_what_was_taken_away_with_care_is_found_and_the_case_named(sealed):
    take_away(sealed)
    found = sealed.verify()
    lines = found.stdout.splitlines()
    assert found.returncode == 1 and len(lines) == 2, found.stdout
    assert lines[0].startswith("seal 2: case ") and sealed.made in lines[0] and "entry 2" in lines[0]


@pytest.mark.parametrize("statement, said", [
    ("DELETE FROM seal_leaf WHERE register = 'case' AND seal = 2", "seal 2 (2026-06-02): its leaves were changed"),
    ("UPDATE seal_leaf SET seq = 1 WHERE register = 'case' AND seal = 2", "seal 2 (2026-06-02): its leaves were changed"),
    ("UPDATE seal SET root = prev_hash WHERE n = 2", "seal 2 (2026-06-02): the seal was changed"),
    ("UPDATE seal SET leaves = leaves + 1 WHERE n = 1", "seal 1 (2026-06-01): the seal was changed"),
    ("DELETE FROM seal WHERE n = 1", "seal 2 (2026-06-02): a seal before it is missing"),
    ("DELETE FROM seal WHERE n = 2", "the file outside holds one that is missing: 2 2026-06-02"),
    ("DELETE FROM seal", "the file outside holds one that is missing: 1 2026-06-01"),
    ("DELETE FROM audit_entry a WHERE seq = (SELECT max(seq) FROM audit_entry WHERE org_id = a.org_id)", "audit register of organisation")])
def test_a_forged_seal_is_found(sealed, statement, said):
    take_away(sealed)
    falsify(sealed, statement)
    found = sealed.verify()
    assert found.returncode == 1 and said in found.stdout, found.stdout


def test_a_changed_file_is_found_and_a_broken_line_is_mended(sealed, tmp_path):
    path = tmp_path / "seals.txt"
    whole = path.read_text(encoding="ascii")
    path.write_text(whole.replace("2026-06-01 ", "2026-05-31 "), encoding="ascii")
    found = sealed.verify()
    assert found.returncode == 1 and "seal 1: the file outside says 1 2026-05-31" in found.stdout
    for cut in (40, len(whole) - 1, len(whole.splitlines()[0]) + 1, 0):  # a crash in the middle of a write
        path.write_text(whole[:cut], encoding="ascii")
        sealed.run("nightly")
        assert path.read_text(encoding="ascii") == whole
        found = sealed.verify()
        assert found.returncode == 0, (cut, found.stdout, path.read_text(encoding="ascii"))


def test_a_folder_that_is_not_there_is_a_failed_step(world):
    daemon = world.daemon(start=False, seal_folder="/nowhere/at/all")
    told = daemon.run("nightly", check=False)
    assert told.returncode == 1 and "seal of the day: failed" in told.stderr
    assert steps(daemon)["seal"] == "failed" and steps(daemon)["verify"] == "findings"
    assert daemon.sql("SELECT failed FROM nightly_run") == [(1,)]


# ---- the share, people, kill -9 ----

def fill(daemon, n):
    lines = [json.dumps({"org": "zhucun", "external_ref": f"r{i}", "channel": "in_person", "arrived_on": "2026-05-18",
                         "historic": True, "actor": "newcomer", "applicant": {"kind": "natural", "name": "张三", "phone": "1"},
                         "description": "d"}, ensure_ascii=False) for i in range(n)]
    answer = daemon.api("admin").call("POST", "/v1/imports", "\n".join(lines).encode(), {"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200 and answer.json()["stored"] == n, answer.text


@pytest.fixture(scope="module")
def large(world):
    daemon = world.daemon(verify_nights=3)
    fill(daemon, 1200)
    yield daemon
    daemon.stop()


def test_each_case_has_its_turn(large):
    seen = []
    for _ in range(4):
        told = large.run("nightly").stdout
        seen.append(int(re.search(r"share of the ledger: (\d+) cases", told)[1]))
    assert seen == [500, 500, 200, 500]


def test_an_imported_actor_may_become_a_login_later(large):
    large.now = "2026-06-01T02:00:00Z"
    large.run("user", "add", "newcomer", "--name", "n", "--org", "zhucun", "--role", "handler", "--password-stdin",
              stdin="correct horse battery\n")
    falsify(large, "UPDATE app_user SET created_at = '2026-06-01T02:00:00Z' WHERE login = 'newcomer'")
    found = large.verify()
    assert found.returncode == 0, found.stdout[:2000]
    large.api("newcomer").register()
    falsify(large, "UPDATE case_event SET actor_id = NULL WHERE canonical LIKE '%%\"actor\":\"newcomer\"%%' AND actor_id IS NOT NULL")
    assert "columns differ" in large.verify().stdout


KEPT = ["SELECT n, day, leaves, encode(root, 'hex'), encode(hash, 'hex') FROM seal ORDER BY 1",
        "SELECT org_id, register, object::text, seal, seq, encode(hash, 'hex') FROM seal_leaf ORDER BY 1, 2, 3, 4",
        "SELECT org_id, year, month, form, figures FROM statistics_running ORDER BY 1, 2, 3",
        "SELECT count(*) FROM case_gram", "SELECT count(*) FROM gram_todo", "SELECT count(*) FROM session"]


def test_killed_anywhere_and_run_again_it_comes_to_the_same_end(world, tmp_path):
    first = world.daemon()
    fill(first, 300)
    first.stop()
    rounds = 100 if os.environ.get("OGID_TEST_LONG") else 4
    chance = random.Random(20260601)
    for turn in range(rounds):
        states = []
        for name in ("killed", "whole"):
            folder = tmp_path / f"{turn}-{name}"
            folder.mkdir()
            copy = world.cluster.database(f"night_{turn}_{name}", first.database_name)
            daemon = world.daemon(copy, start=False, seal_folder=str(folder))
            if name == "killed":
                for _ in range(3):
                    run = subprocess.Popen([program(), "-c", daemon.conf, "nightly"], env=daemon.environment(),
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    try:
                        run.wait(timeout=chance.uniform(0.005, 0.25))
                    except subprocess.TimeoutExpired:
                        run.kill()
                        run.wait()
                    until_alone(daemon)
            daemon.run("nightly")
            states.append([daemon.sql(statement) for statement in KEPT] + [seals(daemon)])
            clean = daemon.verify()
            assert clean.returncode == 0, clean.stdout
        assert states[0] == states[1]


def until_alone(daemon):
    """The backends of a killed program end what they were told and leave."""
    for _ in range(3000):
        if not daemon.sql("SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename = 'ogid_app'", (daemon.database_name,)):
            return
        threading.Event().wait(0.01)
    raise AssertionError("a backend stays")
