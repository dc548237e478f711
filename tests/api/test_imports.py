# SPDX-License-Identifier: MulanPSL-2.0
"""Cases as JSON Lines and as CSV (contract §4): replayed by the rules of live work, numbers without undeclared gaps, bad lines
reported, a file loaded twice stores nothing twice."""

import json
import os

import pytest

from support.api import problem
from support.world import PASSWORD

NDJSON = {"Content-Type": "application/x-ndjson"}
CSV = {"Content-Type": "text/csv"}
PATH = "/v1/imports"
APPLICANT = {"kind": "natural", "name": "张𠮷", "phone": "13800000026", "id_kind": "passport", "id_number": "E12345678"}
COLUMNS = ("org,external_ref,number,legacy_number,channel,via,applicant_kind,applicant_name,id_number,phone,address,description,"
           "subject,arrived_on,signed_on,confirmed_on,receipt_date,corrected_on,extension_workdays,outcome,outcome_label,"
           "outcome_reason,decided_on,replied_on,replied_by,withdrawn_on,assignee")


@pytest.fixture(scope="module")
def admin(daemon):
    return daemon.api("admin")


@pytest.fixture
def office(daemon, admin, request):
    """An organisation of the test's own."""
    code = f"i-{abs(hash(request.node.name)) % 10 ** 8}"
    assert admin.post("/v1/orgs", {"code": code, "name": "导入测试街道", "parent": "zengcheng"}).status_code == 201
    return code


def line(org, ref=None, **fields):
    body = {"org": org, "external_ref": ref, "channel": "in_person", "arrived_on": "2025-09-19", "applicant": APPLICANT,
            "description": "朱村街道 2025 年征地补偿方案", "subject": "land_use", **fields}
    return json.dumps({k: v for k, v in body.items() if v is not None}, ensure_ascii=False).encode() + b"\n"


def answered(on="2025-10-20", outcome="unable.not_held", **fields):
    return [{"kind": "decided", "on": on, "outcome": outcome, "reason": "经检索没有", **fields},
            {"kind": "served", "on": on, "by": "signature"}]


def load(api, raw, query="", headers=NDJSON, status=200):
    answer = api.call("POST", PATH + query, raw, headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def counts(report):
    return tuple(report[k] for k in ("lines", "stored", "skipped", "rejected"))


def faults(report):
    return [(e["line"], e["pointer"], e["code"]) for e in report["errors"]]


def cases(daemon, org):
    return daemon.sql("SELECT coalesce(year || '-' || serial, ''), status, external_ref FROM request_case c"
                      f" JOIN org o ON o.id = c.org_id WHERE o.code = '{org}' ORDER BY year, serial, external_ref")


def gaps(daemon, org):
    return daemon.sql("SELECT g.year, g.first, g.last FROM number_gap g JOIN org o ON o.id = g.org_id"
                      f" WHERE o.code = '{org}' ORDER BY 1, 2")


def flat(*rows, heading=COLUMNS, encoding="utf-8", bom=b""):
    names = heading.split(",")
    lines = [heading] + [",".join('"' + row.get(n, "").replace('"', '""') + '"' for n in names) for row in rows]
    return bom + "\r\n".join(lines).encode(encoding) + b"\r\n"


def row(org, ref, **cells):
    return {"org": org, "external_ref": ref, "channel": "letter", "applicant_kind": "natural", "applicant_name": "王小明",
            "phone": "13900000001", "description": "宅基地审批表", "subject": "housing", "arrived_on": "2020-03-02",
            "signed_on": "2020-03-02", **cells}


def test_lines_are_replayed_and_numbered(daemon, admin, office):
    report = load(admin, line(office, "a", events=[{"kind": "extended", "on": "2025-10-10", "workdays": 20,
                                                    "actor": "从前的经办人", "approved_by": "lihui"}, *answered("2025-11-18")])
                  + line(office, "b") + line(office, "c", channel="fax", confirmed=False))
    assert counts(report) == (3, 3, 0, 0) and report["errors"] == []
    assert cases(daemon, office) == [("2025-1", "closed", "a"), ("2025-2", "in_process", "b"), ("", "arrived", "c")]
    case = admin.get(f"/v1/cases/{office}:2025-1").json()
    assert (case["registered_on"], case["due_on"], case["closed_on"]) == ("2025-09-19", "2025-11-20", "2025-11-18")
    story = admin.get(f"/v1/cases/{office}:2025-1/events").json()["events"]
    assert [(e["kind"], e["actor"]) for e in story] == [
        ("registered", "admin"), ("extended", "从前的经办人"), ("decided", "admin"), ("served", "admin")]
    assert (story[1]["due_before"], story[1]["due_after"]) == ("2025-10-23", "2025-11-20")


def test_a_file_loaded_twice_stores_nothing_twice(daemon, admin, office):
    raw = b"".join(line(office, f"twice-{i}") for i in range(250))
    assert counts(load(admin, raw)) == (250, 250, 0, 0)
    assert counts(load(admin, raw + line(office, "twice-3") + line(office, "new") + line(office, "new"))) == (253, 1, 252, 0)
    assert len(cases(daemon, office)) == 251 and gaps(daemon, office) == []


def test_numbers_of_a_file_raise_the_counter_and_declare_what_they_pass_over(daemon, admin, office):
    raw = (line(office, "x", number="2025-7") + line(office, "y") + line(office, "z", number="2025-3")
           + line(office, "again", number="2025-7") + line(office, "bad", number="2025-07")
           + line(office, "year", number="2024-1") + line(office, "none", number="2025-20", channel="fax", confirmed=False))
    report = load(admin, raw)
    assert counts(report) == (7, 3, 0, 4)
    assert sorted(faults(report)) == [(4, "/number", "number_taken"), (5, "/number", "number"),
                                      (6, "/number", "contradiction"), (7, "/number", "contradiction")]
    assert [c[0] for c in cases(daemon, office)] == ["2025-3", "2025-7", "2025-8"]
    assert gaps(daemon, office) == [(2025, 1, 2), (2025, 4, 6)]
    report = load(admin, line(office, "later", number="2025-8") + line(office, "hole", number="2025-5") + line(office, "next"))
    assert counts(report) == (3, 2, 0, 1) and faults(report) == [(1, "/number", "number_taken")]
    assert [c[0] for c in cases(daemon, office)] == ["2025-3", "2025-5", "2025-7", "2025-8", "2025-9"]


def test_every_fault_of_a_line_is_named(admin, office):
    raw = b"".join([
        b"{\n", b"[]\n", b'{"description": "\xff"}\n', b'{"a\x00": 1}\n',
        line(office, "f5", colour=1, arrived_on="2025-02-30", applicant={"kind": "robot", "name": ""}),
        line(office, "f6", arrived_on="2099-01-01"),
        line(office, "f7", events=[{"kind": "exploded"}, {"on": "2025-10-01"}, {"kind": "extended", "workdays": "x"}]),
        line(office, "f8", events=[*answered("2025-09-01")]),
        line(office, "f9", events=answered("2025-10-20", "grant")),
        line(office, "f10", events="none"), line("nowhere", "f11"), line(office, "f12")])
    report = load(admin, raw)
    assert counts(report) == (12, 1, 0, 11)
    found = faults(report)
    assert [f for f in found if f[0] <= 4] == [(n, "", "bad_json") for n in (1, 2, 3, 4)]
    assert {f[1:] for f in found if f[0] == 5} >= {("/colour", "unknown_field"), ("/arrived_on", "date"),
                                                  ("/applicant/kind", "unknown_code")}
    assert (6, "/arrived_on", "future_date") in found
    assert {f[1:] for f in found if f[0] == 7} >= {("/events/0/kind", "unknown_code"), ("/events/1/kind", "required"),
                                                  ("/events/2/workdays", "type")}
    assert (8, "/events/0/on", "out_of_order") in found
    assert (9, "/events/0", "review_missing") in found
    assert (10, "/events", "type") in found and (11, "/org", "no_such_org") in found
    assert all(e["detail"] for e in report["errors"])


def test_historic_lines_are_warned_of_missing_evidence(admin, office):
    old = {"historic": True, "applicant": {"kind": "natural", "name": "赵某"}}
    report = load(admin, line(office, "h", **old, events=answered("2025-10-20", "grant"))
                  + line(office, "i", **old, receipt_date="2025-09-25")
                  + line(office, "j", applicant=old["applicant"])
                  + line(office, "k", **old, events=answered("2025-09-01")))
    assert counts(report) == (4, 2, 0, 2)
    assert {f[0] for f in faults(report)} == {3, 4}  # contact is evidence, the order of dates is not
    first, second = (admin.get(f"/v1/cases/{office}:2025-{n}").json() for n in (1, 2))
    assert {"review_missing", "contact_missing"} <= {w["code"] for w in first["warnings"]}
    assert first["flags"] == ["historic"] and second["receipt_date"] == "2025-09-25"


def test_all_or_nothing(daemon, admin, office):
    good, bad = line(office, "g"), line(office, "w", arrived_on="2025-02-30")
    report = load(admin, good + bad, "?all_or_nothing=true")
    assert counts(report) == (2, 0, 0, 1) and faults(report) == [(2, "/arrived_on", "date")]
    twice = b"".join(line(office, f"n-{i}", number=f"2025-{i + 1}") for i in range(150)) + line(office, "o", number="2025-5")
    report = load(admin, twice, "?all_or_nothing=true")
    assert counts(report) == (151, 0, 0, 1) and faults(report) == [(151, "/number", "number_taken")]
    assert cases(daemon, office) == []
    report = load(admin, b"".join(line(office, f"n-{i}") for i in range(250)) + good + good, "?all_or_nothing=true")
    assert counts(report) == (252, 251, 1, 0)
    problem(admin.call("POST", PATH + "?all_or_nothing=true", b"{}\n" * 10001, NDJSON), 413, "too_large")


def test_a_dry_run_stores_nothing(daemon, admin, office):
    raw = line(office, "d") + line(office, "e", arrived_on="2025-02-30")
    assert counts(load(admin, raw, "?dry_run=true")) == (2, 1, 0, 1)
    assert cases(daemon, office) == []


@pytest.mark.parametrize("encoding, bom", [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b"")])
def test_a_flat_file(daemon, admin, office, encoding, bom):
    raw = flat(row(office, "p", description='带"引号"、逗号, 和\n换行 𠮷䶮', outcome="unable.not_held", decided_on="2020-03-20",
                   replied_on="2020-03-23", replied_by="post", extension_workdays="20", id_number="E1"),
               row(office, "q", withdrawn_on="2020-03-10"),
               row(office, "r", corrected_on="2020-03-12", number="2020-9", legacy_number="朱公开〔2020〕9号"),
               row(office, "s", outcome="other.no_correction", decided_on="2020-05-20"), encoding=encoding, bom=bom)
    report = load(admin, raw, headers=CSV)
    assert counts(report) == (4, 4, 0, 0), report
    shown = {c["number"]: c for c in admin.get(f"/v1/cases?org={office}").json()["cases"]}
    assert set(shown) == {"2020-9", "2020-10", "2020-11", "2020-12"}
    p, q, s = shown["2020-10"], shown["2020-11"], shown["2020-12"]
    assert p["description"] == '带"引号"、逗号, 和\n换行 𠮷䶮' and "historic" in p["flags"]
    assert (p["outcome"], p["closed_on"], p["clock"]["extension"]) == ("unable.not_held", "2020-03-23", 20)
    assert (q["outcome"], q["closed_on"]) == ("other.other", "2020-03-10")
    assert (s["outcome"], s["closed_on"]) == ("other.no_correction", "2020-05-20")
    assert shown["2020-9"]["legacy_number"] == "朱公开〔2020〕9号"
    assert counts(load(admin, raw, headers=CSV)) == (4, 0, 4, 0)


def test_faults_of_a_flat_file_name_the_column(admin, office):
    raw = flat(row(office, "1", applicant_name="", phone="13", arrived_on="2020-03-02"),
               row(office, "2", outcome="unable.not_held", replied_on="2020-03-23", replied_by="pigeon"),
               row(office, "3", extension_workdays="many"), row(office, "4", corrected_on="2019-01-01")) + b'x,"y\r\n'
    report = load(admin, raw, headers=CSV)
    assert counts(report) == (5, 0, 0, 5)
    assert {(1, "/applicant_name"), (2, "/replied_by"), (3, "/extension_workdays"), (4, "/corrected_on"), (5, "")} <= {
        (line - 1, pointer) for line, pointer, _ in faults(report)}


def test_crooked_flat_files(admin, office):
    problem(admin.call("POST", PATH, flat(heading="channel,colour,channel"), CSV), 422)
    problem(admin.call("POST", PATH, flat(heading="number,description"), CSV), 422)
    mixed = flat(row(office, "u")) + ",".join(row(office, "v").get(n, "") for n in COLUMNS.split(",")).encode("gb18030") + b"\n"
    mixed = flat(row(office, "u", description="一" * 100000)) + mixed.split(b"\r\n")[-1]
    report = load(admin, mixed, headers=CSV)
    assert report["rejected"] >= 1


def test_only_administrators_import_and_only_below_them(daemon, office):
    for login in ("front_desk", "handler", "supervisor", "statistician", "duo"):
        problem(daemon.api(login).call("POST", PATH, line(office, "no"), NDJSON), 403, "role_required")
    problem(daemon.api("admin").call("POST", PATH, line(office, "no"), {"Content-Type": "application/json"}), 415, "media_type")


def test_live_registrations_go_on_beside_an_import(daemon, admin, office):
    assert admin.post("/v1/users", {"login": office, "name": "窗口", "org": office, "roles": ["front_desk"],
                                    "password": PASSWORD}).status_code == 201
    desk = daemon.api(office)
    body = {"channel": "in_person", "applicant": APPLICANT, "description": "当面", "subject": "other"}
    numbers = [desk.post("/v1/cases", body).json()["number"]]
    load(admin, line(office, "import", arrived_on="2026-05-06"))
    numbers.append(desk.post("/v1/cases", body).json()["number"])
    assert numbers == ["2026-1", "2026-3"] and gaps(daemon, office) == []


def test_memory_does_not_grow_with_the_file(world, monkeypatch):
    monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1")
    daemon = world.daemon(request_timeout_s=120)
    admin = daemon.api("admin")
    load(admin, b"".join(line("zhucun", f"warm-{i}") for i in range(400)))
    before = daemon.rss()
    raw = b"".join(line("zhucun", f"big-{i}", description="字" * 5000) for i in range(1200))  # 19 MB
    assert counts(load(admin, raw)) == (1200, 1200, 0, 0)
    assert daemon.rss() - before < 40
    daemon.stop()


def test_the_ledger_is_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
