# SPDX-License-Identifier: MulanPSL-2.0
"""A request repeated under its key is answered again and stored once (contract §2)."""

import concurrent.futures
import json

import pytest

from support.api import case, key, problem


def count(daemon):
    return daemon.sql("SELECT count(*) FROM case_event")[0][0]


def without(made, *names):
    return {k: v for k, v in made.items() if k not in names}


def test_a_registration_repeated_gives_the_same_answer(daemon, duo):
    one, body = key(), case(description="只登记一次")
    first = duo.post("/v1/cases", body, key=one)
    before = count(daemon)
    again = duo.post("/v1/cases", body, key=one)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in first.headers and again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()  # the query code too
    assert again.headers["ETag"] == first.headers["ETag"]
    assert count(daemon) == before


def test_a_repeated_answer_is_that_of_then_not_of_now(duo):
    one, body = key(), case()
    made = duo.post("/v1/cases", body, key=one).json()
    two = key()
    first = duo.post(f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "一"}, key=two).json()
    duo.event(made["id"], "extended", workdays=5, on="2026-05-19")
    again = duo.post("/v1/cases", body, key=one)
    assert without(again.json(), "updated_at") == without(made, "updated_at") and again.headers["ETag"] == '"1"'
    second = duo.post(f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "一"}, key=two)
    assert second.status_code == 201 and second.headers["Idempotency-Replayed"] == "true"
    assert without(second.json(), "updated_at") == without(first, "updated_at")
    assert duo.case(made["id"])["version"] == 3


def test_an_event_repeated_after_the_state_has_moved_on_is_not_refused(duo):
    made = duo.register()
    one, body = key(), {"kind": "decided", "outcome": "unable.not_held", "on": "2026-05-19"}
    duo.post(f"/v1/cases/{made['id']}/events", body, key=one)
    duo.event(made["id"], "served", by="post", on="2026-05-20")
    again = duo.post(f"/v1/cases/{made['id']}/events", body, key=one)
    assert (again.status_code, again.json()["status"]) == (201, "decided")


def test_another_body_under_the_same_key_is_refused(duo):
    one = key()
    made = duo.post("/v1/cases", case(), key=one).json()
    problem(duo.post("/v1/cases", case(description="另一件"), key=one), 422, "key_reused")
    raw = json.dumps(case(), ensure_ascii=False).encode()
    problem(duo.post("/v1/cases", raw + b"\n", key=one), 422, "key_reused")  # the bytes count
    two = key()
    path = f"/v1/cases/{made['id']}/events"
    duo.post(path, {"kind": "noted", "note": "a"}, key=two)
    problem(duo.post(path, {"kind": "noted", "note": "b"}, key=two), 422, "key_reused")


def test_the_same_key_on_another_route_is_refused(duo):
    one, two = duo.register(), duo.register()
    body, used = {"kind": "noted", "note": "a"}, key()
    duo.post(f"/v1/cases/{one['id']}/events", body, key=used)
    problem(duo.post(f"/v1/cases/{two['id']}/events", body, key=used), 422, "key_reused")
    assert duo.case(two["id"])["version"] == 1


def test_a_key_belongs_to_the_person(daemon, duo):
    one = key()
    first = duo.post("/v1/cases", case(), key=one).json()
    other = daemon.api("handler").post("/v1/cases", case(), key=one)
    assert other.status_code == 201 and other.json()["id"] != first["id"]
    far = daemon.api("other").post("/v1/cases", case(), key=one)
    assert far.status_code == 201 and far.json()["org"] == "licheng"


def test_only_what_was_stored_is_remembered(duo):
    made = duo.register()
    path, one = f"/v1/cases/{made['id']}/events", key()
    problem(duo.post(path, {"kind": "served", "by": "post", "on": "2026-05-20"}, key=one), 409)
    problem(duo.post(path, {"kind": "served", "by": "owl"}, key=one), 422)
    problem(duo.post("/v1/cases", case(channel="pigeon"), key=one), 422)
    assert duo.post(path + "?dry_run=true", {"kind": "noted", "note": "a"}, key=one).status_code == 200
    fresh = duo.post(path, {"kind": "noted", "note": "b"}, key=one)
    assert fresh.status_code == 201 and "Idempotency-Replayed" not in fresh.headers


def test_a_dry_run_does_not_repeat_what_was_stored(duo):
    made = duo.register()
    path, one, body = f"/v1/cases/{made['id']}/events", key(), {"kind": "noted", "note": "a"}
    duo.post(path, body, key=one)
    dry = duo.post(path + "?dry_run=true", body, key=one)
    assert (dry.status_code, dry.json()["version"]) == (200, 3)


def test_many_at_once_under_one_key_store_once(daemon):
    for what in ("register", "event"):
        made = daemon.api("duo").register()
        path = "/v1/cases" if what == "register" else f"/v1/cases/{made['id']}/events"
        body = case(description="同时") if what == "register" else {"kind": "noted", "note": "同时"}
        one, before = key(), count(daemon)
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: daemon.api("duo").post(path, body, key=one), range(24)))
        assert {a.status_code for a in answers} == {201}
        assert count(daemon) == before + 1
        assert len({(a.json()["id"], a.json()["version"]) for a in answers}) == 1
        assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1


def test_a_key_outlives_the_daemon(daemon, duo):
    one, body = key(), case()
    first = duo.post("/v1/cases", body, key=one).json()
    daemon.kill()
    daemon.start()
    again = duo.post("/v1/cases", body, key=one)
    assert again.json() == first and again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("bad", ["1", "not-a-uuid", "00000000-0000-0000-0000-000000000000", "",
                                 "0192000000007000800000000000000", "{01920000-0000-7000-8000-000000000000}"])
def test_a_key_is_a_uuid(daemon, duo, bad):
    before = count(daemon)
    problem(duo.post("/v1/cases", case(), headers={"Idempotency-Key": bad}), 400, "bad_header")
    assert count(daemon) == before


def test_without_a_key_every_request_is_a_new_one(duo):
    assert duo.post("/v1/cases", case()).json()["id"] != duo.post("/v1/cases", case()).json()["id"]


def test_administration_is_repeated_safely_too(daemon):
    admin, one = daemon.api("admin"), key()
    org = {"code": "repeated", "name": "重复街道"}
    first, again = admin.post("/v1/orgs", org, key=one), admin.post("/v1/orgs", org, key=one)
    assert (first.status_code, again.status_code) == (201, 201) and again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(admin.post("/v1/orgs", org, key=key()), 409, "taken")
    user, two = {"login": "twice", "name": "二", "roles": ["handler"], "password": "0123456789"}, key()
    first, again = admin.post("/v1/users", user, key=two), admin.post("/v1/users", user, key=two)
    assert (first.status_code, again.status_code) == (201, 201) and again.json() == first.json()
    problem(admin.post("/v1/users", {**user, "password": "9876543210"}, key=two), 422, "key_reused")


def test_disclosures_are_repeated_safely_too(duo):
    one, body = key(), {"title": "部门预算", "category": "budget"}
    first, again = duo.post("/v1/disclosures", body, key=one), duo.post("/v1/disclosures", body, key=one)
    assert (first.status_code, again.status_code) == (201, 201) and again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    path = f"/v1/disclosures/{first.json()['id']}"
    for what, body in [("reviews", {"decision": "passed"}), ("publications", {"channel": "website"})]:
        one = key()
        first, again = duo.post(f"{path}/{what}", body, key=one), duo.post(f"{path}/{what}", body, key=one)
        assert (first.status_code, again.status_code) == (201, 201), again.text
        assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
