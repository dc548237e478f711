# SPDX-License-Identifier: MulanPSL-2.0
"""The ledger as JSON Lines (contract §4): what goes out of one daemon comes into an empty one with identical folds and
statistics."""

import json

import pytest

from support.api import problem

PATH = "/v1/exports"
NDJSON = {"Content-Type": "application/x-ndjson"}
APPLICANT = {"kind": "natural", "name": "张𠮷", "phone": "13800000026", "id_kind": "passport", "id_number": "E12345678"}
#: what a daemon says by itself, of its own key and clock
OWN = {"created_at", "updated_at", "version", "query_code", "allowed", "refused"}


def register(api, **fields):
    answer = api.post("/v1/cases", {"channel": "in_person", "arrived_on": "2026-03-02", "applicant": APPLICANT,
                                    "description": "朱村街道\n2025 年征地补偿方案", "subject": "land_use", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def add(api, case, kind, on, **fields):
    answer = api.post(f"/v1/cases/{case}/events", {"kind": kind, "on": on, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def told(daemon):
    """A ledger with most of what can happen."""
    duo = daemon.api("duo")
    long = register(duo, channel="letter", signed_on="2026-03-03", evidence={"tracking_no": "EA1", "attempts": [
        {"on": "2026-03-02", "how": "电话", "result": "未接"}]})
    add(duo, long, "correction_requested", "2026-03-05", items=["年份", "地块"])
    add(duo, long, "correction_received", "2026-03-10")
    add(duo, long, "consultation_opened", "2026-03-12", party="third_party", name="某公司", received_on="2026-03-13")
    add(duo, long, "consultation_closed", "2026-03-20", opinion="object", reason="商业秘密")
    add(duo, long, "extended", "2026-03-25", workdays=10, approved_by="ogi_head")
    add(duo, long, "amended", "2026-03-26", event=1, field="applicant.id_number", to="E87654321", reason="录错")
    add(duo, long, "amended", "2026-03-26", event=6, field="workdays", to=12, reason="录错")
    add(duo, long, "reviewed", "2026-04-01", decision="passed", checks=["保密"])
    add(duo, long, "decided", "2026-04-02", outcome="grant_partial", reason="部分涉及个人隐私", basis=["第三十七条"])
    add(duo, long, "served", "2026-04-03", by="post", tracking_no="EA2")
    add(duo, long, "remedy_filed", "2026-04-20", remedy_kind="reconsideration", authority="区人民政府")
    add(duo, long, "remedy_concluded", "2026-05-11", result="corrected")
    add(duo, long, "reopened", "2026-05-12", redo_due_on="2026-06-10", remedy=1)
    add(duo, long, "document_issued", "2026-05-12", document="extension")
    waits = register(duo, channel="fax", confirmed=False, description=None)
    back = register(duo)
    add(duo, back, "noted", "2026-03-03", note="改天再来 <b>")
    add(duo, back, "withdrawn", "2026-03-04")
    add(duo, back, "retracted", "2026-03-05", event=3, reason="没有撤回")
    parts = register(duo)
    add(duo, parts, "split", "2026-03-02", parts=[{"description": "甲"}, {"description": "乙", "subject": "budget"}])
    same = register(duo)
    add(duo, same, "merged", "2026-03-02", into=back)
    assert daemon.verify().returncode == 0
    return [long, waits, back, parts, same]


def exported(api, query=""):
    answer = api.get(PATH + query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return answer.content


def cases(api):
    found = api.get("/v1/cases?limit=200").json()
    assert found["next"] is None
    return {c["id"]: {k: v for k, v in c.items() if k not in OWN} for c in found["cases"]}


def test_what_goes_out_comes_into_an_empty_ledger(world, daemon, told):
    raw = exported(daemon.api("admin"))
    lines = [json.loads(line) for line in raw.splitlines()]
    assert {line["id"] for line in lines} >= set(told)
    other = world.daemon()
    admin = other.api("admin")
    report = admin.call("POST", "/v1/imports", raw, NDJSON).json()
    assert (report["stored"], report["rejected"]) == (len(lines), 0), report
    mine, theirs = cases(daemon.api("duo")), cases(other.api("duo"))
    assert mine == theirs
    for case in told:
        one, two = (d.api("duo").get(f"/v1/cases/{case}/events").json()["events"] for d in (daemon, other))
        for events in (one, two):
            for e in events:
                for name in ("recorded_at", "hash", "prev_hash"):
                    e.pop(name)
        assert one == two
        shown = [d.api("duo").get(f"/v1/cases/{case}?reveal=applicant").json()["applicant"] for d in (daemon, other)]
        assert shown[0] == shown[1]
    for form, year in (("f21", 2026), ("f14", 2017)):
        one, two = (d.api("statistician").get(f"/v1/statistics/{form}/{year}").json() for d in (daemon, other))
        assert one["cells"] == two["cells"]
    assert other.verify().returncode == 0
    again = admin.call("POST", "/v1/imports", raw, NDJSON).json()
    assert (again["stored"], again["skipped"]) == (0, len(lines))
    assert cases(other.api("duo")) == theirs
    other.stop()


def test_many_pages_and_one_organisation(daemon, told):
    admin = daemon.api("admin")
    raw = b"".join(json.dumps({"org": "licheng", "channel": "in_person", "arrived_on": "2026-03-02", "external_ref": f"e-{i}",
                               "applicant": APPLICANT, "description": "批量"}).encode() + b"\n" for i in range(230))
    assert admin.call("POST", "/v1/imports", raw, NDJSON).json()["stored"] == 230
    lines = [json.loads(line) for line in exported(admin, "?org=licheng&format=ndjson").splitlines()]
    assert sorted(line["external_ref"] for line in lines) == sorted(f"e-{i}" for i in range(230))
    assert len({line["number"] for line in lines}) == 230


def test_who_may_export(daemon, told):
    for login in ("duo", "supervisor", "statistician"):
        problem(daemon.api(login).get(PATH), 403, "role_required")
    admin = daemon.api("admin")
    problem(admin.get(PATH + "?format=xml"), 400)
    problem(admin.get(PATH + "?org=nowhere"), 404)
    assert admin.call("HEAD", PATH).status_code == 200
    before = daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'ledger.export'")[0][0]
    exported(admin)
    assert daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'ledger.export'")[0][0] == before + 1
