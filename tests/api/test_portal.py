# SPDX-License-Identifier: MulanPSL-2.0
"""The applicant's portal for programs: sent in, looked up, corrected, withdrawn; nothing of others, nothing internal."""

import concurrent.futures
import json
import re

import pytest

from support.api import faults, key, problem

SEND = "/portal/v1/requests"
NAME, WORDS = "叶桂芳𠮷", "山田村 2025 年高龄津贴发放标准，含䶮字"
RESIDENT = "11010519491231002X"


def request(**fields):
    body = {"org": "zhucun", "applicant": {"kind": "natural", "name": NAME, "phone": "13800000031",
                                           "id_kind": "resident_id", "id_number": RESIDENT},
            "description": WORDS, "medium": "paper", "delivery": "post"}
    body.update(fields)
    return {k: v for k, v in body.items() if v is not None}


@pytest.fixture(scope="module")
def daemon(world):
    made = world.daemon(portal_refusals=100)
    yield made
    made.stop()


@pytest.fixture
def portal(daemon):
    return daemon.api()


def send(portal, **fields):
    answer = portal.post(SEND, request(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json()


def card(made, **more):
    return {"org": made["org"], "number": made["number"], "query_code": made["query_code"], **more}


def look(portal, made, status=200, **more):
    answer = portal.post(f"{SEND}/status", {**card(made), **more})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_request_is_registered_on_the_day_it_is_sent(portal, duo):
    made = send(portal)
    assert made["number"].startswith("2026-") and made["receipt_date"] == made["registered_on"] == "2026-06-01"
    assert (made["status"], made["due_on"], made["channel"], made["via"]) == ("in_process", "2026-06-30", "online", "portal")
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", made["query_code"])
    stored = duo.case(made["number"], query="?reveal=applicant")
    assert (stored["channel"], stored["via"], stored["receipt_date"], stored["status"]) == ("online", "portal", "2026-06-01", "in_process")
    assert (stored["applicant"]["name"], stored["applicant"]["id_number"], stored["description"]) == (NAME, RESIDENT, WORDS)
    assert "query_code" not in stored
    first = duo.get(f"/v1/cases/{made['number']}/events").json()["events"][0]
    assert (first["kind"], first["actor"]) == ("registered", "portal")


def test_the_day_is_that_of_china(daemon, portal):
    try:
        daemon.now = "2026-06-01T16:30:00Z"  # half past midnight in China
        assert send(portal)["receipt_date"] == "2026-06-02"
    finally:
        daemon.now = "2026-06-01T01:00:00Z"


def test_the_code_is_stored_hashed_and_shown_once(daemon, portal):
    made = send(portal)
    assert "query_code" not in look(portal, made)
    dump = json.dumps(daemon.sql("SELECT row_to_json(c)::text FROM request_case c"), default=str) \
        + json.dumps(daemon.sql("SELECT canonical FROM case_event"), default=str) \
        + json.dumps(daemon.sql("SELECT row_to_json(t)::text FROM case_text t"), default=str)
    assert made["query_code"] not in dump


def test_everything_wrong_is_said_at_once(portal):
    assert faults(portal.post(SEND, {})) >= {("/org", "required"), ("/description", "required"), ("/applicant/kind", "required"),
                                             ("/applicant/name", "required"), ("/applicant/phone", "required")}
    body = request(org="nowhere", description="", medium="smoke", assignee="duo", receipt_date="2020-01-01")
    body["applicant"].update(id_number="110105194912310021", name="x" * 201, colour="red")
    assert faults(portal.post(SEND, body)) == {
        ("/org", "unknown_code"), ("/description", "too_short"), ("/medium", "unknown_code"), ("/assignee", "unknown_field"),
        ("/receipt_date", "unknown_field"), ("/applicant/id_number", "checksum"), ("/applicant/name", "too_long"),
        ("/applicant/colour", "unknown_field")}
    assert faults(portal.post(SEND, request(channel="letter", via="form"))) == {("/channel", "contradiction"), ("/via", "contradiction")}
    assert send(portal, channel="online", via="portal")["via"] == "portal"
    assert faults(portal.post(SEND, request(description="字" * 20001))) == {("/description", "too_long")}
    assert send(portal, description="𠮷" * 20000)["number"]
    for bad in (b"", b"[]", b"{", b'{"org": 1}', b'{"org": "\xff"}', b'{"org": "zhucun", "org": "zhucun"}', b'{"org": "a\\u0000"}'):
        assert portal.post(SEND, bad).status_code in (400, 415, 422)
    problem(portal.post(SEND, json.dumps(request()), headers={"Content-Type": "text/plain"}), 415)
    problem(portal.post(SEND, request(description="x" * (1 << 20))), 413)
    assert portal.post(SEND, request(), headers={"Accept-Language": "en"}).json()["status_label"] == "in process"


def test_the_same_key_stores_once_and_shows_the_code_again(portal, duo):
    mine = key()
    first, second = portal.post(SEND, request(), key=mine), portal.post(SEND, request(), key=mine)
    assert (first.status_code, second.status_code) == (201, 201) and first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    problem(portal.post(SEND, request(description="另一件"), key=mine), 422, "key_reused")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        both = key()
        answers = list(pool.map(lambda _: portal.post(SEND, request(), key=both), range(4)))
    assert {a.status_code for a in answers} == {201} and len({a.json()["number"] for a in answers}) == 1


def test_wrong_code_and_unknown_number_are_one_answer(daemon, portal):
    made = send(portal)
    right = portal.post(f"{SEND}/status", card(made))
    assert right.status_code == 200
    wrong = [card(made, query_code="0000000000"), card(made, number="2026-9999"), card(made, org="licheng"),
             card(made, org="nowhere"), card(made, number="x"), card(made, query_code="' OR 1=1 --"), card(made, query_code="𠮷")]
    told = [portal.post(f"{SEND}/status", body) for body in wrong]
    assert {a.status_code for a in told} == {404} and len({a.text for a in told}) == 1
    assert all(made[k] not in told[0].text for k in ("number", "query_code"))
    # as it is typed: small letters, hyphens, the letters that look like digits
    typed = made["query_code"].lower().replace("0", "o").replace("1", "l")
    assert look(portal, made, query_code=f" {typed[:5]}-{typed[5:]} ")["number"] == made["number"]
    assert portal.post(f"{SEND}/status", {k: v for k, v in card(made, code=made["query_code"]).items() if k != "query_code"}).status_code == 200
    assert faults(portal.post(f"{SEND}/status", {})) == {("/org", "required"), ("/number", "required")}
    assert faults(portal.post(f"{SEND}/status", {"org": "zhucun", "number": "2026-1"})) == {("/query_code", "required")}


def test_nothing_internal_is_shown(portal, duo):
    made = send(portal)
    duo.event(made["number"], "assigned", to="handler")
    duo.event(made["number"], "noted", note="内部意见，不予公开")
    duo.event(made["number"], "consultation_opened", party="third_party", name="第三人甲公司", on="2026-06-01")
    text = json.dumps(look(portal, made), ensure_ascii=False)
    assert "handler" not in text and "内部" not in text and "甲公司" not in text and NAME not in text and RESIDENT not in text
    view = look(portal, made)
    assert view["consulting"] is True and [h["kind"] for h in view["history"]] == ["consultation_opened", "registered"]
    duo.event(made["number"], "consultation_closed", opinion="agree", on="2026-06-01")
    duo.event(made["number"], "decided", outcome="unable.not_held", reason="经检索没有", on="2026-06-01")
    view = look(portal, made)
    assert (view["status"], view["outcome"]) == ("in_process", None)  # not before it is served
    duo.event(made["number"], "served", by="electronic", on="2026-06-01")
    view = look(portal, made)
    assert (view["status"], view["outcome"], view["closed_on"], view["allowed"]) == ("closed", "unable.not_held", "2026-06-01", [])
    assert "经检索" not in json.dumps(view, ensure_ascii=False)


def test_the_applicant_corrects_once_asked(portal, duo):
    made = send(portal)
    refused = problem(portal.post(f"{SEND}/correction", card(made, text="补充")), 409, "not_in_this_state")
    assert [a["kind"] for a in refused["allowed"]] == ["withdrawn"]
    duo.event(made["number"], "correction_requested", items=["请写明年度"], approved_by="duo")
    view = look(portal, made)
    assert view["status"] == "correction_requested" and view["correction"]["items"] == ["请写明年度"]
    assert {a["kind"] for a in view["allowed"]} == {"correction_received", "withdrawn"}
    mine = key()
    body = card(made, text="2025 年度\n第二行")
    first, second = portal.post(f"{SEND}/correction", body, key=mine), portal.post(f"{SEND}/correction", body, key=mine)
    assert (first.status_code, first.json()) == (201, second.json()) and first.json()["status"] == "in_process"
    events = duo.get(f"/v1/cases/{made['number']}/events").json()["events"]
    assert [e["kind"] for e in events].count("correction_received") == 1
    assert (events[-1]["data"]["note"], events[-1]["actor"]) == ("2025 年度\n第二行", "portal")
    assert faults(portal.post(f"{SEND}/correction", card(made))) == {("/text", "required")}
    problem(portal.post(f"{SEND}/correction", card(made, query_code="0000000000", text="x")), 404)


def test_the_applicant_withdraws(portal, duo):
    made = send(portal)
    gone = portal.post(f"{SEND}/withdrawal", card(made, reason="已经找到"))
    assert (gone.status_code, gone.json()["status"], gone.json()["outcome"]) == (201, "closed", "other.other")
    assert duo.case(made["number"])["outcome_variant"] == "other.withdrawn"
    problem(portal.post(f"{SEND}/withdrawal", card(made)), 409, "not_in_this_state")
    problem(portal.post(f"{SEND}/withdrawal", card(made, number="2026-9999")), 404)


def test_two_at_once_withdraw_once(portal, duo):
    made = send(portal)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: portal.post(f"{SEND}/withdrawal", card(made)), range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


def test_the_ledger_is_sound_and_the_log_knows_nobody(daemon, portal):
    made = send(portal)
    look(portal, made)
    assert daemon.verify().returncode == 0
    log = daemon.log.read_text()
    for secret in (NAME, RESIDENT, made["query_code"], "13800000031", WORDS):
        assert secret not in log
    assert "route=/portal/v1/requests " in log


def test_nobody_can_be_called_as_the_portal_is(daemon):
    for login in ("portal", "system"):
        body = {"login": login, "name": "某人", "org": "zhucun", "roles": ["handler"], "password": "correct horse 42"}
        assert ("/login", "format") in faults(daemon.api("admin").post("/v1/users", body))


@pytest.fixture(scope="module")
def strict(world):
    made = world.daemon(portal_requests=3, portal_refusals=2, proxy_addresses="127.0.0.1")
    yield made
    made.stop()


def test_one_address_may_do_so_much(strict):
    def at(address, path, body):
        return strict.api().post(path, body, headers={"X-Forwarded-For": address})
    made = [at("192.0.2.1", SEND, request()) for _ in range(3)]
    assert {a.status_code for a in made} == {201}
    late = at("192.0.2.1", SEND, request())
    problem(late, 429, "throttled")
    assert 0 < int(late.headers["Retry-After"]) <= 3600
    assert at("192.0.2.2", SEND, request()).status_code == 201
    # the whole network of an IPv6 address
    assert {at(f"2001:db8::{i}", SEND, request()).status_code for i in range(1, 4)} == {201}
    assert at("2001:db8::ffff:1", SEND, request()).status_code == 429
    assert at("2001:db8:0:1::1", SEND, request()).status_code == 201
    # an IPv4 address that is written as one of IPv6 is that, not one of all of them
    assert {at(f"::ffff:192.0.2.{i}", SEND, request()).status_code for i in range(10, 14)} == {201}
    assert at("::ffff:192.0.2.1", SEND, request()).status_code == 429
    # faulty ones count too, and what was counted an hour ago does not
    strict.now = "2026-06-01T02:00:01Z"
    assert {at("192.0.2.1", SEND, {}).status_code for _ in range(3)} == {422}
    assert at("192.0.2.1", SEND, request()).status_code == 429
    mine = made[0].json()
    for _ in range(2):
        assert at("192.0.2.3", f"{SEND}/status", card(mine, query_code="0000000000")).status_code == 404
    problem(at("192.0.2.3", f"{SEND}/status", card(mine)), 429, "throttled")
    problem(at("192.0.2.3", f"{SEND}/withdrawal", card(mine)), 429, "throttled")
    assert at("192.0.2.4", f"{SEND}/status", card(mine)).status_code == 200
    strict.now = "2026-06-01T02:16:00Z"
    assert at("192.0.2.3", f"{SEND}/status", card(mine)).status_code == 200
