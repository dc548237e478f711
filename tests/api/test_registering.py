# SPDX-License-Identifier: MulanPSL-2.0
"""Registering a request: receipt dates by channel (contract-cases §3), arrivals, register numbers. Today is Monday, 2026-06-01."""

import concurrent.futures
import re

import pytest

from support.api import case, faults, key, problem

# channel, via; the date that counts under the Regulations of 2019 and of 2008
RECEIPT = [
    ("in_person", None, "arrived_on", "arrived_on"),
    ("letter", "mail_signed", "signed_on", "signed_on"),
    ("letter", "mail_ordinary", "confirmed_on", "confirmed_on"),
    ("online", "portal", "arrived_on", "arrived_on"),
    ("online", "form", "confirmed_on", "confirmed_on"),
    ("online", "email", "confirmed_on", "arrived_on"),
    ("fax", None, "confirmed_on", "confirmed_on"),
]
DAYS = {"R2019": {"arrived_on": "2026-05-18", "signed_on": "2026-05-19", "confirmed_on": "2026-05-20"},
        "R2008": {"arrived_on": "2019-04-08", "signed_on": "2019-04-09", "confirmed_on": "2019-04-10"}}


def facts(channel, via, regime):
    days = dict(DAYS[regime])
    if via != "mail_signed":
        del days["signed_on"]
    return {"channel": channel, "via": via, **days}


@pytest.mark.parametrize("regime", DAYS)
@pytest.mark.parametrize("channel, via, new, old", RECEIPT)
def test_the_receipt_date_follows_from_the_channel(duo, channel, via, new, old, regime):
    made = duo.register(**facts(channel, via, regime))
    wanted = DAYS[regime][new if regime == "R2019" else old]
    assert (made["receipt_date"], made["regime"], made["status"]) == (wanted, regime, "in_process")
    assert (made["channel"], made["via"]) == (channel, via)
    assert duo.case(made["id"])["receipt_date"] == wanted


@pytest.mark.parametrize("regime", DAYS)
@pytest.mark.parametrize("channel, via, new, old", RECEIPT)
def test_a_receipt_date_may_be_given_when_it_says_the_same(duo, channel, via, new, old, regime):
    days = DAYS[regime]
    wanted = days[new if regime == "R2019" else old]
    assert duo.register(**facts(channel, via, regime), receipt_date=wanted)["receipt_date"] == wanted
    for wrong in set(days.values()) - {wanted}:
        body = case(**facts(channel, via, regime), receipt_date=wrong)
        assert faults(duo.post("/v1/cases", body)) == {("/receipt_date", "receipt_date_contradiction")}


def test_the_first_and_the_last_day_of_a_regime(duo):
    for arrived, regime, due in [("2019-05-14", "R2008", "2019-06-04"), ("2019-05-15", "R2019", "2019-06-13"),
                                 ("2008-05-04", "R2008", "2008-05-23")]:
        made = duo.register(arrived_on=arrived)
        assert (made["regime"], made["due_on"]) == (regime, due)
    assert faults(duo.post("/v1/cases", case(arrived_on="2008-04-30"))) == {("/arrived_on", "before_regulations")}


def test_what_is_left_out_is_filled_in(duo):
    made = duo.register(arrived_on=None)
    assert (made["arrived_on"], made["receipt_date"], made["registered_on"]) == ("2026-06-01",) * 3
    assert (made["org"], made["via"], made["assisted"], made["flags"]) == ("zhucun", None, False, [])
    made = duo.register(channel="letter")
    assert (made["via"], made["signed_on"], made["receipt_date"]) == ("mail_signed", "2026-05-18", "2026-05-18")
    made = duo.register(channel="online", confirmed_on="2026-05-18")
    assert made["via"] == "form"
    made = duo.register(channel="fax", arrived_on=None, confirmed=True)
    assert (made["confirmed_on"], made["status"]) == ("2026-06-01", "in_process")


def test_the_answer_says_where_the_case_is_and_tells_the_query_code_once(duo):
    answer = duo.post("/v1/cases", case())
    made = answer.json()
    assert answer.headers["Location"] == f"/v1/cases/{made['id']}"
    assert answer.headers["ETag"] == '"1"' and made["version"] == 1
    assert re.fullmatch("[0-9A-Z]{10}", made["query_code"])
    again = duo.get(answer.headers["Location"])
    assert again.headers["ETag"] == '"1"'
    shown = again.json()
    assert "query_code" not in shown
    del made["query_code"]
    assert shown == made
    assert duo.case(made["number"]) == made
    assert duo.case(f"zhucun:{made['number']}") == made
    assert made["display_number"] == "朱村依申〔2026〕%s号" % made["number"].removeprefix("2026-")


def test_two_requests_have_two_query_codes(duo):
    assert duo.register()["query_code"] != duo.register()["query_code"]


# ---- arrivals ----

def test_what_waits_for_confirmation_is_noted_as_an_arrival(duo):
    for fields in ({"channel": "fax"}, {"channel": "online"}, {"channel": "online", "via": "email"},
                   {"channel": "letter", "via": "mail_ordinary"}):
        made = duo.register(**fields, arrived_on="2026-05-29")
        assert (made["status"], made["number"], made["display_number"]) == ("arrived", None, None)
        assert (made["receipt_date"], made["due_on"], made["light"]) == (None, None, "none")
        assert made["clock"]["state"] == "not_started"
        assert made["watch"] == [{"kind": "confirmation", "on": "2026-06-01"}]  # the next working day
        assert duo.case(made["id"])["status"] == "arrived"


def test_an_arrival_may_be_noted_on_any_channel_with_almost_nothing(duo):
    made = duo.register(channel="in_person", confirmed=False, applicant=None, description=None)
    assert (made["status"], made["description"], made["applicant"]["name"]) == ("arrived", None, None)


def test_a_confirmation_registers_what_had_arrived(duo):
    arrived = duo.register(channel="fax", arrived_on="2026-05-18", applicant=None, description=None)
    path = f"/v1/cases/{arrived['id']}/events"
    missing = faults(duo.post(path, {"kind": "receipt_confirmed", "on": "2026-05-19"}))
    assert missing == {("/applicant/kind", "required"), ("/applicant/name", "required"),
                       ("/applicant/phone", "required"), ("/description", "required")}
    made = duo.event(arrived["id"], "receipt_confirmed", on="2026-05-19", subject="land_use", description="预算",
                     applicant={"kind": "business", "name": "某公司", "email": "a@example.cn", "id_kind": "other",
                                "id_number": "1"})
    assert (made["status"], made["confirmed_on"], made["receipt_date"]) == ("in_process", "2026-05-19", "2026-05-19")
    assert made["number"] and made["subject"] == "land_use" and made["applicant"]["kind"] == "business"
    assert (made["due_on"], made["warnings"]) == ("2026-06-16", [])
    assert problem(duo.post(path, {"kind": "receipt_confirmed"}), 409, "not_in_this_state")["allowed"]


def test_a_confirmation_completes_what_had_arrived_without_confirmation_needed(duo):
    arrived = duo.register(channel="in_person", arrived_on="2026-05-18", confirmed=False)
    made = duo.event(arrived["id"], "receipt_confirmed", on="2026-05-20")
    assert (made["receipt_date"], made["confirmed_on"]) == ("2026-05-18", "2026-05-20")


def test_a_confirmation_may_not_lie_before_the_arrival_or_after_today(duo):
    arrived = duo.register(channel="fax", arrived_on="2026-05-18")
    path = f"/v1/cases/{arrived['id']}/events"
    assert faults(duo.post(path, {"kind": "receipt_confirmed", "on": "2026-05-17"})) == {("/on", "out_of_order")}
    assert faults(duo.post(path, {"kind": "receipt_confirmed", "on": "2026-06-02"})) == {("/on", "future_date")}


def test_an_arrival_withdrawn_is_void_and_not_counted(duo):
    arrived = duo.register(channel="fax")
    gone = duo.event(arrived["id"], "withdrawn", on="2026-05-19")
    assert (gone["status"], gone["number"], gone["outcome"]) == ("void_withdrawn", None, None)
    assert (gone["clock"]["state"], gone["light"]) == ("stopped", "none")


# ---- warnings ----

def codes(made):
    return {warning["code"] for warning in made["warnings"]}


def test_a_late_confirmation_is_a_warning(duo):
    assert codes(duo.register(channel="fax", arrived_on="2026-05-15", confirmed_on="2026-05-18")) == set()
    assert codes(duo.register(channel="fax", arrived_on="2026-05-15", confirmed_on="2026-05-19")) == {"late_confirmation"}
    late = duo.register(channel="online", via="portal", arrived_on="2026-05-15", confirmed_on="2026-05-25")
    assert codes(late) == set()  # the submission itself was the receipt


def test_a_missing_identity_is_a_warning_under_the_regulations_of_2019_only(duo):
    without = {"kind": "natural", "name": "张三", "phone": "1"}
    assert codes(duo.register(applicant=without)) == {"identity_missing"}
    assert codes(duo.register(applicant=without, arrived_on="2019-05-14")) == set()
    made = duo.register(applicant=without)
    assert codes(duo.event(made["id"], "amended", event=1, field="applicant.id_number", to="E1", reason="补交")) == set()


# ---- numbers ----

def serial(made):
    year, number = made["number"].split("-")
    return int(year), int(number)


def test_numbers_have_no_gaps_whatever_is_refused_between(daemon, duo):
    first = serial(duo.register())
    assert duo.post("/v1/cases", case(channel="pigeon")).status_code == 422
    assert duo.post("/v1/cases", b"{").status_code == 400
    duo.register(channel="fax")  # an arrival has none
    arrived = duo.register(channel="fax")
    assert duo.post(f"/v1/cases/{arrived['id']}/events?dry_run=true", {"kind": "receipt_confirmed"}).status_code == 200
    confirmed = duo.event(arrived["id"], "receipt_confirmed", on="2026-05-18")
    assert serial(confirmed) == (2026, first[1] + 1)
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        got = sorted(serial(made)[1] for made in pool.map(lambda _: daemon.api("duo").register(), range(36)))
    assert got == list(range(first[1] + 2, first[1] + 38))


def test_a_number_belongs_to_the_year_of_registration_and_to_the_organisation(daemon, duo):
    assert serial(duo.register(arrived_on="2024-12-31", registered_on="2024-12-31")) == (2024, 1)
    assert serial(duo.register(arrived_on="2024-12-31", registered_on="2025-01-01")) == (2025, 1)
    assert serial(duo.register(arrived_on="2024-12-30", registered_on="2024-12-31")) == (2024, 2)
    other = daemon.api("other").register(arrived_on="2024-12-31", registered_on="2024-12-31")
    assert (other["org"], other["number"], other["display_number"]) == ("licheng", "2024-1", "2024-1")


def test_registration_lies_between_receipt_and_today(duo):
    body = case(channel="letter", arrived_on="2026-05-18", signed_on="2026-05-20", registered_on="2026-05-19")
    assert faults(duo.post("/v1/cases", body)) == {("/registered_on", "out_of_order")}
    assert faults(duo.post("/v1/cases", case(registered_on="2026-06-02"))) == {("/registered_on", "future_date")}


def test_a_request_is_registered_in_ones_own_organisation_only(daemon, duo):
    assert duo.register(org="zhucun")["org"] == "zhucun"
    problem(duo.post("/v1/cases", case(org="licheng")), 404, "no_such_org")
    problem(duo.post("/v1/cases", case(org="zengcheng")), 404, "no_such_org")
    problem(duo.post("/v1/cases", case(org="nowhere")), 404, "no_such_org")


def test_only_those_who_register_may(daemon):
    for login in ("front_desk", "handler"):
        daemon.api(login).register()
    for login in ("ogi_head", "reviewer", "leader", "supervisor", "statistician", "archivist", "district", "admin"):
        refused = problem(daemon.api(login).post("/v1/cases", case()), 403, "role_required")
        assert refused["roles"] == ["front_desk", "handler"]


def test_an_assignee_is_a_handler_of_the_organisation(duo):
    assert duo.register(assignee="handler")["assignee"] == "handler"
    for login in ("nobody", "reviewer", "other", "admin"):
        assert faults(duo.post("/v1/cases", case(assignee=login))) == {("/assignee", "unknown_person")}


def test_a_body_of_the_documentation_is_taken(duo):
    made = duo.post("/v1/cases", case(
        channel="letter", via="mail_signed", arrived_on="2026-05-17", signed_on="2026-05-18", medium="paper",
        delivery="post", assisted=True, assisted_by="李四", legacy_number="朱〔2026〕7", document_ref="增府办〔2025〕1号",
        evidence={"tracking_no": "1012345678900", "signed_by": "前台",
                  "attempts": [{"on": "2026-05-17", "how": "电话", "result": "无人接听"}]},
        applicant={"kind": "natural", "name": "张三", "phone": "13800000026", "email": "z@example.cn", "address": "朱村",
                   "postcode": "511370", "id_kind": "resident_id", "id_number": "11010519491231002X",
                   "agent": {"name": "王律师", "phone": "13900000001", "authority": "代为申请"},
                   "others": [{"name": "李五"}, {"name": "赵六"}]}), key=key()).json()
    assert made["applicant"]["others"] == [{"name": "李五"}, {"name": "赵六"}]
    assert made["applicant"]["agent"] == {"name": "王律师", "phone": "139****0001", "authority": "代为申请"}
    assert made["evidence"]["attempts"] == [{"on": "2026-05-17", "how": "电话", "result": "无人接听"}]
    assert (made["legacy_number"], made["medium"], made["delivery"]) == ("朱〔2026〕7", "paper", "post")
    assert (made["assisted"], made["assisted_by"], made["document_ref"]) == (True, "李四", "增府办〔2025〕1号")
