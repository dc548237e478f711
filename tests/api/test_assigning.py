# SPDX-License-Identifier: MulanPSL-2.0
"""POST /v1/cases/assign: many cases to one handler, all of them or none (contract §2.1, contract-cases §6)."""

import threading

import pytest

from support.api import faults, key, problem


@pytest.fixture
def cases(duo):
    return [duo.register() for _ in range(3)]


def versions(api, cases):
    return [api.case(c["id"])["version"] for c in cases]


def test_all_cases_get_an_event(duo, cases):
    answer = duo.post("/v1/cases/assign", {"cases": [cases[0]["id"], cases[1]["number"], f"zhucun:{cases[2]['number']}"],
                                           "to": "handler", "note": "请尽快"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"cases": [{"id": c["id"], "number": c["number"], "version": 2} for c in cases]}
    for case in cases:
        found = duo.case(case["id"])
        assert found["assignee"] == "handler" and found["version"] == 2
        last = duo.get(f"/v1/cases/{case['id']}/events").json()["events"][-1]
        assert last["kind"] == "assigned" and last["data"]["to"] == "handler" and last["data"]["note"] == "请尽快"


def test_the_ledger_is_whole_afterwards(daemon, duo, cases):
    assert duo.post("/v1/cases/assign", {"cases": [c["id"] for c in cases], "to": "handler"}).status_code == 200
    assert daemon.verify().returncode == 0


def test_one_case_that_cannot_be_assigned_stops_all(duo, cases):
    duo.event(cases[1]["id"], "withdrawn", on="2026-05-20")
    before = versions(duo, cases)
    found = problem(duo.post("/v1/cases/assign", {"cases": [c["id"] for c in cases], "to": "handler"}), 409, "not_in_this_state")
    assert [(f["pointer"], f["code"]) for f in found["errors"]] == [("/cases/1", "not_in_this_state")]
    assert versions(duo, cases) == before


def test_what_is_wrong_whatever_the_state_is_named_case_by_case(duo, cases):
    unknown = "01890000-0000-7000-8000-000000000001"
    names = [cases[0]["id"], unknown, cases[0]["number"], "2026-999999", "licheng:2026-1", "?"]
    assert faults(duo.post("/v1/cases/assign", {"cases": names, "to": "handler"})) == {
        ("/cases/1", "no_such_case"), ("/cases/2", "duplicate"), ("/cases/3", "no_such_case"),
        ("/cases/4", "no_such_case"), ("/cases/5", "no_such_case")}
    assert versions(duo, cases) == [1, 1, 1]


def test_only_a_handler_of_the_office_can_be_named(duo, cases):
    for person in ("nobody", "front_desk", "other"):
        found = faults(duo.post("/v1/cases/assign", {"cases": [c["id"] for c in cases], "to": person}))
        assert {pointer for pointer, _ in found} == {"/cases/0", "/cases/1", "/cases/2"}, found


def test_the_shape_of_the_body_is_checked(duo):
    assert faults(duo.post("/v1/cases/assign", {})) == {("/cases", "required"), ("/to", "required")}
    assert ("/cases", "too_many") in faults(duo.post("/v1/cases/assign", {"cases": ["2026-1"] * 201, "to": "handler"}))
    assert ("/on", "unknown_field") in faults(
        duo.post("/v1/cases/assign", {"cases": ["2026-1"], "to": "handler", "on": "2026-05-01"}))


def test_a_supervisor_assigns_in_the_subtree(daemon, duo, cases):
    other = daemon.api("other").register()
    district = daemon.api("district")
    answer = district.post("/v1/cases/assign", {"cases": [cases[0]["id"], cases[1]["id"]], "to": "handler"})
    assert answer.status_code == 200, answer.text
    problem(daemon.api("statistician").post("/v1/cases/assign", {"cases": [cases[0]["id"]], "to": "handler"}), 403)
    found = faults(district.post("/v1/cases/assign", {"cases": [cases[0]["id"], other["id"]], "to": "handler"}))
    assert {pointer for pointer, _ in found} == {"/cases/1"}
    both = district.post("/v1/cases/assign", {"cases": [other["id"]], "to": "other"})
    assert both.status_code == 200, both.text


def test_a_key_gives_the_same_answer_again(duo, cases):
    body, once = {"cases": [c["id"] for c in cases], "to": "handler"}, key()
    first = duo.post("/v1/cases/assign", body, key=once)
    again = duo.post("/v1/cases/assign", body, key=once)
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert versions(duo, cases) == [2, 2, 2]
    problem(duo.post("/v1/cases/assign", {**body, "to": "duo"}, key=once), 422, "key_reused")


def test_two_hundred_at_once(duo):
    made = [duo.register()["id"] for _ in range(200)]
    answer = duo.post("/v1/cases/assign", {"cases": made, "to": "handler"})
    assert answer.status_code == 200 and [c["version"] for c in answer.json()["cases"]] == [2] * 200
    assert [c["id"] for c in answer.json()["cases"]] == made


def test_nobody_is_half_assigned_when_many_write_at_once(daemon, duo):
    """Bulk assignments and single events on the same cases: every acknowledged one is there, none twice, none in part."""
    made = [duo.register()["id"] for _ in range(6)]
    answers = []

    def bulk(order, to):
        api = daemon.api("duo").__class__(daemon.url, daemon.tokens["duo"])
        for _ in range(5):
            answers.append((to, api.post("/v1/cases/assign", {"cases": order, "to": to}).status_code))

    def single(case_id):
        api = daemon.api("duo").__class__(daemon.url, daemon.tokens["duo"])
        for _ in range(10):
            answers.append(("note", api.post(f"/v1/cases/{case_id}/events", {"kind": "noted", "note": "在"}).status_code))

    threads = [threading.Thread(target=bulk, args=(made, "handler")), threading.Thread(target=bulk, args=(made[::-1], "duo")),
               *[threading.Thread(target=single, args=(case_id,)) for case_id in made[:3]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for _, status in answers} <= {200, 201, 503}
    acknowledged = {who: sum(1 for to, status in answers if to == who and status < 300) for who in ("handler", "duo")}
    for case_id in made:
        events = duo.get(f"/v1/cases/{case_id}/events").json()["events"]
        for who, n in acknowledged.items():
            assert sum(1 for e in events if e["kind"] == "assigned" and e["data"]["to"] == who) == n
    assert daemon.verify().returncode == 0
