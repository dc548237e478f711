# SPDX-License-Identifier: MulanPSL-2.0
"""Codes and calendar as they are given to clients."""

import csv

import pytest

from support import source
from support.api import SOURCE, document, problem

# The lists a client needs, and where the contract or the domain names their codes.
CONTRACT = {
    "channel": ["in_person", "online", "letter", "fax"],
    "via": ["mail_signed", "mail_ordinary", "portal", "form", "email"],
    "regime": ["R2008", "R2019"],
    "status": ["arrived", "in_process", "correction_requested", "reasons_requested", "fee_noticed", "decided", "closed", "archived",
               "void_split", "void_merged", "void_withdrawn"],
    "flag": ["consulting", "extended", "delayed", "late_correction", "in_reconsideration", "in_litigation", "reopened", "historic"],
    "light": ["none", "green", "amber", "red", "overdue"],
    "clock_state": ["not_started", "running", "suspended", "stopped"],
    "applicant_kind": ["natural", "business", "research", "public_interest", "legal_service", "other_org", "unknown"],
    "id_kind": ["resident_id", "passport", "hk_macao_permit", "taiwan_permit", "foreign_permit", "credit_code", "other"],
    "subject": ["land_use", "schooling", "housing", "demolition", "budget", "environment", "social_security", "construction",
                "policing", "village_affairs", "other"],
    "medium": ["paper", "email", "disc", "disk"],
    "delivery": ["post", "online", "fax", "pickup", "view"],
    "role": ["front_desk", "handler", "ogi_head", "reviewer", "leader", "supervisor", "statistician", "archivist", "admin"],
    "party": ["third_party", "joint_agency", "other_agency"],
    "opinion": ["agree", "object", "none"],
    "decision": ["passed", "refused", "referred"],
    "served_by": ["signature", "post", "electronic", "on_the_spot"],
    "fee_basis": ["items", "pages"],
    "remedy_kind": ["reconsideration", "suit_direct", "suit_after", "complaint"],
    "remedy_result": ["upheld", "corrected", "other"],
    "procedure": ["ordinary", "simplified"],
    "recompute_cause": ["calendar", "rules", "setting"],
    "disclosure_category": ["org", "doc", "news", "power", "budget", "misc"],
    "outcome": ["grant", "grant_partial", "refuse.state_secret", "refuse.law_forbids", "refuse.security_stability",
                "refuse.third_party", "refuse.internal_affairs", "refuse.process", "refuse.enforcement_file",
                "refuse.special_inquiry", "unable.not_held", "unable.needs_creation", "unable.still_unclear", "decline.petition",
                "decline.repeat", "decline.publication", "decline.excessive", "decline.reconfirm", "other.no_correction",
                "other.fee_unpaid", "other.other", "legacy.already_public", "legacy.grant", "legacy.grant_partial",
                "legacy.refuse.state_secret", "legacy.refuse.trade_secret", "legacy.refuse.privacy",
                "legacy.refuse.security_stability", "legacy.refuse.not_gov_info", "legacy.refuse.other_law",
                "legacy.not_this_agency", "legacy.not_exist", "legacy.amend", "legacy.other_way"],
    "outcome_variant": ["grant.public", "grant.provided", "unable.not_exist", "unable.not_this_agency", "other.withdrawn"],
}
REFUSALS = {"not_in_this_state", "already_extended_fully", "too_late", "second_correction", "consultation_open", "review_missing",
            "sign_off_missing", "wrong_regime", "too_many", "number_taken", "frozen_year", "not_approved"}


@pytest.fixture(scope="module")
def vocabulary(duo):
    return duo.get("/v1/vocabulary").json()


@pytest.mark.parametrize("name", CONTRACT)
def test_a_list_has_the_codes_of_the_contract(vocabulary, name):
    assert [one["code"] for one in vocabulary[name]] == CONTRACT[name]


def test_every_kind_of_event_and_every_refusal_has_a_name(vocabulary):
    assert [one["code"] for one in vocabulary["event"]] == list(source.event_kinds())
    assert REFUSALS <= {one["code"] for one in vocabulary["refusal"]}
    assert {"late_confirmation", "identity_missing", "same_person"} <= {one["code"] for one in vocabulary["warning"]}


def test_every_code_has_a_label_in_both_languages_and_is_there_once(vocabulary):
    for name, codes in vocabulary.items():
        assert len({one["code"] for one in codes}) == len(codes), name
        for one in codes:
            assert one["zh"] and one["en"], (name, one)
            assert any("\u4e00" <= c <= "\u9fff" for c in one["zh"]) and one["en"].isascii(), (name, one)


def test_codes_have_their_time(vocabulary):
    span = {one["code"]: (one["valid_from"], one["valid_to"]) for one in vocabulary["outcome"]}
    assert span["grant"] == ("2019-01-01", None) and span["legacy.grant"] == ("2008-05-01", "2018-12-31")
    regimes = {one["code"]: (one["valid_from"], one["valid_to"]) for one in vocabulary["regime"]}
    assert regimes == {"R2008": ("2008-05-01", "2019-05-14"), "R2019": ("2019-05-15", None)}
    assert {one["code"]: one["valid_to"] for one in vocabulary["applicant_kind"]}["unknown"] == "2018-12-31"


def test_outcomes_say_what_they_need(vocabulary):
    by_code = {one["code"]: one for one in vocabulary["outcome"]}
    assert by_code["grant"]["discloses"] and by_code["grant"]["variants"] == ["grant.public", "grant.provided"]
    assert by_code["refuse.process"]["needs_reason"] and not by_code["refuse.process"]["discloses"]
    assert by_code["other.fee_unpaid"]["by_system"]
    groups = {one["group"] for one in vocabulary["outcome"]}
    assert groups == {"grant", "grant_partial", "refuse", "unable", "decline", "other", "legacy"}
    assert by_code["refuse.internal_affairs"]["article"] == "art. 16 para. 1"


def test_every_code_of_the_document_is_in_the_vocabulary(vocabulary):
    schemas = document()["components"]["schemas"]
    for name, codes in vocabulary.items():
        schema = schemas.get({"event": "event_kind"}.get(name, name), {})
        if "enum" in schema:
            assert schema["enum"] == [one["code"] for one in codes], name


# ---- calendar ----

with (SOURCE / "data" / "cn-workdays.csv").open(encoding="utf-8") as f:
    RULED = {row["date"]: row for row in csv.DictReader(f)}
with (SOURCE / "tests" / "unit" / "working-days.csv").open(encoding="utf-8") as f:
    WORKING = {int(row["year"]): int(row["working_days"]) for row in csv.DictReader(f)}


@pytest.mark.parametrize("year", WORKING)
def test_a_year_of_the_calendar(duo, year):
    made = duo.get(f"/v1/calendar/{year}").json()
    days = {day["date"]: day for day in made["days"]}
    assert (made["year"], made["working_days"], len(days)) == (year, WORKING[year], 366 if year % 4 == 0 else 365)
    assert list(days) == sorted(days) and list(days)[0] == f"{year}-01-01" and list(days)[-1] == f"{year}-12-31"
    assert sum(day["kind"] in ("workday", "makeup_workday") for day in days.values()) == WORKING[year]
    for date, row in RULED.items():
        if date.startswith(str(year)):
            assert (days[date]["name"], days[date]["notice"]) == (row["name"], row["notice"])
            assert days[date]["kind"] == "holiday" if row["kind"] == "holiday" else days[date]["kind"] in ("makeup_workday", "workday")
    for date, day in days.items():
        if date not in RULED:
            assert day["name"] is None and day["notice"] is None and day["kind"] in ("workday", "weekend")


@pytest.mark.parametrize("year", ["2007", "2027", "1", "0", "10000", "abc", "-2025", "2025.0", "02025x", "%E4%BA%8C"])
def test_a_year_that_is_not_loaded(duo, year):
    problem(duo.get(f"/v1/calendar/{year}"), 404, "not_found")
