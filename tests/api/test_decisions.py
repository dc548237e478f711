# SPDX-License-Identifier: MulanPSL-2.0
"""Decisions by outcome, reviews before disclosure, service, withdrawal, remedies, new runs (contract-cases §6, D:outcomes)."""

import pytest

from support import source
from support.api import faults, problem


OUTCOMES = source.codes("ogi_outcome_codes")
BY_SYSTEM = {"other.no_correction", "other.fee_unpaid"}
DISCLOSE = {"grant", "grant_partial", "legacy.grant", "legacy.grant_partial"}
# what must state its reasons (D:outcomes §2; R2008 art. 21(2), 22, 23)
REASONED = {"grant_partial", "refuse.state_secret", "refuse.law_forbids", "refuse.security_stability", "refuse.third_party",
            "refuse.internal_affairs", "refuse.process", "refuse.enforcement_file", "decline.excessive",
            "legacy.grant_partial"} | {code for code in OUTCOMES if code.startswith("legacy.refuse.")}


def post(api, made, kind, **fields):
    return api.post(f"/v1/cases/{made['id']}/events", {"kind": kind, **fields})


def codes(made):
    return {warning["code"] for warning in made["warnings"]}


def fresh(duo, legacy=False, reviewed=True):
    made = duo.register(arrived_on="2017-03-14" if legacy else "2026-05-18")
    if reviewed:
        duo.event(made["id"], "reviewed", decision="passed", on="2017-03-15" if legacy else "2026-05-19")
    return made


@pytest.mark.parametrize("outcome", [code for code in OUTCOMES if code not in BY_SYSTEM])
def test_each_outcome_can_be_decided_and_served(duo, outcome):
    legacy = outcome.startswith("legacy.")
    made = fresh(duo, legacy)
    on = "2017-03-28" if legacy else "2026-05-20"
    body = {"on": on, "outcome": outcome, "basis": ["《条例》"], "document_no": "朱依答〔2026〕1号"}
    if outcome in REASONED:
        assert faults(post(duo, made, "decided", **body)) == {("/reason", "required")}
        body["reason"] = "理由"
    decided = duo.event(made["id"], "decided", **body)
    assert (decided["status"], decided["outcome"], decided["decided_on"]) == ("decided", outcome, on)
    assert decided["outcome_label"] and decided["outcome_variant"] is None and decided["closed_on"] is None
    assert (decided["outcome_basis"], decided["document_no"]) == (["《条例》"], "朱依答〔2026〕1号")
    served = duo.event(made["id"], "served", on=on, by="signature")
    assert (served["status"], served["closed_on"], served["effective_reply_date"], served["served_by"]) == \
        ("closed", on, on, "signature")
    assert (served["first_closed_on"], served["first_outcome"], served["clock"]["state"]) == (on, outcome, "stopped")
    assert (served["light"], served["runs"][0]["outcome"]) == ("none", outcome)


@pytest.mark.parametrize("outcome", sorted(DISCLOSE))
def test_disclosure_needs_a_passed_review(duo, outcome):
    legacy = outcome.startswith("legacy.")
    made = fresh(duo, legacy, reviewed=False)
    day = "2017-03-15" if legacy else "2026-05-19"
    body = {"on": day, "outcome": outcome, "reason": "理由"}
    problem(post(duo, made, "decided", **body), 409, "review_missing")
    for decision in ("refused", "referred"):
        shown = duo.event(made["id"], "reviewed", decision=decision, on=day, checks=["涉密"])
        assert (shown["review"], shown["review_on"]) == (decision, day)
        problem(post(duo, made, "decided", **body), 409, "review_missing")
    duo.event(made["id"], "reviewed", decision="passed", on=day)
    assert duo.event(made["id"], "decided", **body)["status"] == "decided"


def test_what_is_public_already_needs_no_review(duo):
    made = fresh(duo, reviewed=False)
    decided = duo.event(made["id"], "decided", on="2026-05-19", outcome="grant", variant="grant.public")
    assert (decided["outcome"], decided["outcome_variant"], decided["outcome_form"]) == \
        ("grant", "grant.public", "legacy.already_public")


@pytest.mark.parametrize("outcome", sorted(BY_SYSTEM))
def test_outcomes_that_come_with_an_event_are_not_decided(duo, outcome):
    assert faults(post(duo, fresh(duo), "decided", outcome=outcome)) == {("/outcome", "set_by_event")}


def test_withdrawal_is_not_decided_either(duo):
    assert faults(post(duo, fresh(duo), "decided", outcome="other.other", variant="other.withdrawn")) == \
        {("/variant", "set_by_event")}


def test_outcomes_hold_in_their_time(duo):
    late = duo.register(arrived_on="2018-12-20")
    assert faults(post(duo, late, "decided", on="2018-12-31", outcome="unable.not_held")) == {("/outcome", "outcome_not_valid")}
    assert faults(post(duo, late, "decided", on="2019-01-01", outcome="legacy.not_exist")) == {("/outcome", "outcome_not_valid")}
    assert duo.event(late["id"], "decided", on="2019-01-01", outcome="unable.not_held")["regime"] == "R2008"
    early = duo.register(arrived_on="2018-12-20")
    assert duo.event(early["id"], "decided", on="2018-12-31", outcome="legacy.not_exist")["outcome"] == "legacy.not_exist"


def test_a_variant_belongs_to_its_outcome(duo):
    made = fresh(duo)
    for variant in source.codes("ogi_variant_codes"):
        for outcome in ("grant", "unable.not_held", "other.other", "decline.repeat"):
            belongs = variant.split(".")[0] == outcome.split(".")[0] and outcome != "decline.repeat"
            answer = post(duo, made, "decided", outcome=outcome, variant=variant, reason="理由", on="2026-06-02")
            found = faults(answer)  # the day is wrong, so nothing is stored
            assert (("/variant", "variant_of_another_outcome") in found) != belongs, (outcome, variant)


def test_the_code_of_the_other_form_is_mapped_or_given(duo):
    made = fresh(duo)
    assert duo.event(made["id"], "decided", outcome="unable.not_held", variant="unable.not_exist",
                     reason="理由")["outcome_form"] == "legacy.not_exist"
    made = fresh(duo)
    assert faults(post(duo, made, "decided", outcome="decline.repeat", outcome_form="legacy.nothing")) == \
        {("/outcome_form", "unknown_code")}
    assert faults(post(duo, made, "decided", outcome="decline.repeat", outcome_form="grant")) == \
        {("/outcome_form", "contradiction")}
    shown = duo.event(made["id"], "decided", outcome="decline.repeat", outcome_form="legacy.not_exist")
    assert (shown["outcome_form"], codes(shown)) == ("legacy.not_exist", {"label_reason"})


def test_label_and_reason_of_different_rows_are_said_but_taken(duo):
    made = fresh(duo, legacy=True)
    shown = duo.event(made["id"], "decided", on="2017-03-20", outcome="legacy.not_this_agency", label="非本机关政府信息",
                      reason="申请事项属于行政机关内部管理信息", basis=["国办发〔2010〕5号第二条第二款"])
    assert (shown["outcome_label"], codes(shown)) == ("非本机关政府信息", {"label_reason"})


def test_an_answer_on_the_spot(duo):
    made = duo.register(arrived_on="2026-06-01")
    duo.event(made["id"], "decided", outcome="grant", variant="grant.public")
    shown = duo.event(made["id"], "served", by="on_the_spot")
    assert (shown["status"], shown["served_by"], shown["closed_on"], shown["clock"]["counted"]) == \
        ("closed", "on_the_spot", "2026-06-01", 0)


# ---- service ----

def closed(duo):
    made = fresh(duo)
    duo.event(made["id"], "decided", on="2026-05-20", outcome="unable.not_held")
    return duo.event(made["id"], "served", on="2026-05-21", by="post", tracking_no="1")


def test_a_reply_that_came_back_is_served_again(duo):
    made = closed(duo)
    problem(post(duo, made, "served", on="2026-05-22", by="signature"), 409, "not_in_this_state")
    back = duo.event(made["id"], "returned", of=4, on="2026-05-25")
    assert back["status"] == "closed"
    again = duo.event(made["id"], "served", on="2026-05-26", by="signature")
    assert (again["closed_on"], again["first_closed_on"], again["served_by"]) == ("2026-05-26", "2026-05-26", "signature")


def test_letters_are_delivered_where_letters_were_sent(duo):
    made = closed(duo)
    for of, code in [(1, "not_a_letter"), (3, "not_a_letter"), (9, "unknown_event")]:
        assert faults(post(duo, made, "delivered", of=of, on="2026-05-26")) == {("/of", code)}
    assert faults(post(duo, made, "delivered", of=4, on="2026-05-20")) == {("/on", "out_of_order")}
    assert duo.event(made["id"], "delivered", of=4, on="2026-05-26")["version"] == 5


@pytest.mark.parametrize("before", [[], [("correction_requested", {"items": ["a"]})], [("reasons_requested", {})],
                                    [("fee_noticed", {"basis": "pages", "quantity": 40})],
                                    [("decided", {"outcome": "unable.not_held"})]])
def test_a_request_is_withdrawn_from_every_open_state(duo, before):
    made = duo.register()
    for kind, fields in before:
        duo.event(made["id"], kind, on="2026-05-19", **fields)
    gone = duo.event(made["id"], "withdrawn", on="2026-05-20")
    assert (gone["status"], gone["outcome"], gone["outcome_variant"]) == ("closed", "other.other", "other.withdrawn")
    assert (gone["closed_on"], gone["withdrawn_on"], gone["effective_reply_date"]) == ("2026-05-20", "2026-05-20", None)


# ---- remedies, new runs, archive ----

def test_remedies_are_kept_beside_the_case(duo):
    made = closed(duo)
    filed = duo.event(made["id"], "remedy_filed", remedy_kind="reconsideration", authority="增城区人民政府", docket_no="1号",
                      on="2026-05-22", copy_received_on="2026-05-25", procedure="simplified")
    assert filed["flags"] == ["in_reconsideration"] and filed["status"] == "closed"
    assert filed["remedies"][0] == {
        "remedy": 1, "remedy_kind": "reconsideration", "procedure": "simplified", "authority": "增城区人民政府",
        "docket_no": "1号", "filed_on": "2026-05-22", "accepted_on": "2026-05-22", "copy_received_on": "2026-05-25",
        "answer_due_on": "2026-06-01", "decision_due_on": "2026-06-22", "suit_by": None, "concluded_on": None, "result": None}
    assert filed["watch"] == [{"kind": "remedy_answer", "on": "2026-06-01", "number": 1}]
    sued = duo.event(made["id"], "remedy_filed", remedy_kind="suit_direct", on="2026-05-25")
    assert set(sued["flags"]) == {"in_reconsideration", "in_litigation"}
    assert faults(post(duo, made, "remedy_concluded", result="upheld", on="2026-05-28")) == {("/remedy", "required")}
    assert faults(post(duo, made, "remedy_concluded", remedy=3, result="upheld", on="2026-05-28")) == {("/remedy", "range")}
    assert faults(post(duo, made, "remedy_concluded", remedy=2, result="upheld", on="2026-05-24")) == {("/on", "out_of_order")}
    done = duo.event(made["id"], "remedy_concluded", remedy=1, result="corrected", on="2026-05-28")
    assert (done["flags"], done["remedies"][0]["result"]) == (["in_litigation"], "corrected")
    problem(post(duo, made, "remedy_concluded", remedy=1, result="upheld", on="2026-05-29"), 409, "not_in_this_state")
    assert duo.event(made["id"], "remedy_concluded", result="other", on="2026-05-29")["flags"] == []


def test_a_new_run_keeps_the_first_closing(duo):
    made = closed(duo)
    again = duo.event(made["id"], "reopened", on="2026-05-25", redo_due_on="2026-06-30")
    assert (again["status"], again["due_on"], again["flags"]) == ("in_process", "2026-06-30", ["reopened"])
    assert (again["closed_on"], again["outcome"]) == (None, None)
    assert (again["first_closed_on"], again["first_outcome"]) == ("2026-05-21", "unable.not_held")
    problem(post(duo, made, "decided", on="2026-05-26", outcome="grant"), 409, "review_missing")  # it is reviewed anew
    duo.event(made["id"], "reviewed", decision="passed", on="2026-05-26")
    duo.event(made["id"], "decided", on="2026-05-26", outcome="grant", variant="grant.provided")
    done = duo.event(made["id"], "served", on="2026-05-27", by="electronic")
    assert (done["closed_on"], done["first_closed_on"], done["first_outcome"]) == ("2026-05-27", "2026-05-21", "unable.not_held")
    assert [(run["closed_on"], run["outcome"]) for run in done["runs"]] == [("2026-05-21", "unable.not_held"),
                                                                           ("2026-05-27", "grant")]
    assert faults(post(duo, done, "reopened", on="2026-05-28", redo_due_on="2026-05-27")) == {("/redo_due_on", "out_of_order")}


def test_a_closed_case_is_archived(duo):
    made = closed(duo)
    kept = duo.event(made["id"], "archived", on="2026-05-22", box_no="2026-7")
    assert (kept["status"], kept["archived_on"], kept["due_on"]) == ("archived", "2026-05-22", None)
    problem(post(duo, made, "withdrawn", on="2026-05-23"), 409, "not_in_this_state")


def test_assignments(daemon, duo):
    made = duo.register()
    assert duo.event(made["id"], "assigned", to="handler")["assignee"] == "handler"
    assert daemon.api("district").event(made["id"], "assigned", to="duo")["assignee"] == "duo"
    for login in ("nobody", "reviewer", "other", "admin", "district"):
        assert faults(post(duo, made, "assigned", to=login)) == {("/to", "unknown_person")}
    for login in ("nobody", "other", "admin", "district"):
        assert faults(post(duo, made, "reminded", to=login)) == {("/to", "unknown_person")}
    for login in ("handler", "reviewer"):  # anybody of the office can be reminded
        assert duo.event(made["id"], "reminded", to=login)["assignee"] == "duo"
