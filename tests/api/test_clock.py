# SPDX-License-Identifier: MulanPSL-2.0
"""What stops, restarts and lengthens the reply period, told over HTTP (contract-cases §5). Dates are those of worked examples."""

import pytest

from support.api import faults, problem


@pytest.fixture(scope="module")
def clerk(daemon):
    """It is the end of 2026: every date below is past."""
    daemon.on("2026-12-28")
    return daemon.api("duo")


def post(clerk, made, kind, **fields):
    return clerk.post(f"/v1/cases/{made['id']}/events", {"kind": kind, **fields})


def codes(made):
    return {warning["code"] for warning in made["warnings"]}


def in_person(clerk, day):
    return clerk.register(arrived_on=day)


# ---- correction ----

def test_a_correction_asked_in_time_stops_the_clock_and_starts_it_anew(clerk):
    made = in_person(clerk, "2025-03-03")
    assert made["due_on"] == "2025-03-31"
    asked = clerk.event(made["id"], "correction_requested", on="2025-03-12", items=["请明确年份"], approved_by="ogi_head")
    assert (asked["status"], asked["due_on"], asked["light"]) == ("correction_requested", None, "none")
    assert (asked["clock"]["state"], asked["clock"]["remaining"], asked["warnings"]) == ("not_started", None, [])
    assert asked["watch"] == [{"kind": "correction", "on": "2025-04-02"}]  # 15 working days
    back = clerk.event(made["id"], "correction_received", on="2025-03-20")
    assert (back["status"], back["due_on"], back["clock"]["state"]) == ("in_process", "2025-04-18", "running")
    problem(post(clerk, made, "correction_requested", on="2025-03-21", items=["再次"]), 409, "second_correction")


def test_a_correction_asked_too_late_does_not(clerk):
    made = in_person(clerk, "2025-03-03")
    asked = clerk.event(made["id"], "correction_requested", on="2025-03-13", items=["请明确年份"])
    assert (asked["status"], asked["due_on"], asked["flags"]) == ("correction_requested", "2025-03-31", ["late_correction"])
    assert asked["clock"]["state"] == "running" and codes(asked) >= {"late_correction"}
    extended = clerk.event(made["id"], "extended", on="2025-03-14", workdays=5)
    assert (extended["status"], extended["due_on"]) == ("correction_requested", "2025-04-08")
    back = clerk.event(made["id"], "correction_received", on="2025-03-20")
    assert (back["due_on"], back["flags"]) == ("2025-04-08", ["extended", "late_correction"])


def test_a_correction_not_made_in_time_closes_the_case(clerk):
    made = in_person(clerk, "2025-03-03")
    clerk.event(made["id"], "correction_requested", on="2025-03-10", items=["请明确年份"], due_on="2025-03-20")
    problem(post(clerk, made, "correction_lapsed", on="2025-03-20"), 409, "not_in_this_state")
    gone = clerk.event(made["id"], "correction_lapsed", on="2025-03-21")
    assert (gone["status"], gone["outcome"], gone["closed_on"]) == ("closed", "other.no_correction", "2025-03-21")
    assert (gone["first_closed_on"], gone["first_outcome"]) == ("2025-03-21", "other.no_correction")


def test_the_period_of_a_correction_counts_from_the_delivery_of_its_notice(clerk):
    made = in_person(clerk, "2025-03-03")
    clerk.event(made["id"], "correction_requested", on="2025-03-10", items=["请明确年份"])
    told = clerk.event(made["id"], "delivered", of=2, on="2025-03-14")
    assert told["watch"] == [{"kind": "correction", "on": "2025-04-07"}]


def test_a_correction_under_the_regulations_of_2008_pauses(clerk):
    made = in_person(clerk, "2017-03-01")
    asked = clerk.event(made["id"], "correction_requested", on="2017-03-06", items=["请明确"])
    assert (asked["due_on"], asked["clock"]["state"]) == (None, "suspended")
    back = clerk.event(made["id"], "correction_received", on="2017-03-20")
    assert (back["due_on"], back["clock"]["excluded"]) == ("2017-04-06", [["2017-03-07", "2017-03-20"]])
    assert clerk.event(made["id"], "correction_requested", on="2017-03-21", items=["又"])["status"] == "correction_requested"


# ---- consultation ----

def consulted(clerk, **fields):
    made = in_person(clerk, "2025-04-21")
    return clerk.event(made["id"], "consultation_opened", **{"party": "third_party", "name": "某公司", "on": "2025-04-25",
                                                             "received_on": "2025-04-28", **fields})


def test_a_third_party_has_a_window_and_its_days_do_not_count(clerk):
    made = consulted(clerk)
    assert (made["due_on"], made["latest_due_on"], made["flags"]) == (None, "2025-06-16", ["consulting"])
    assert made["clock"]["state"] == "suspended" and made["clock"]["excluded"] == [["2025-04-26", None]]
    assert made["watch"] == [{"kind": "consultation", "on": "2025-05-22", "number": 1}]
    problem(post(clerk, made, "consultation_closed", on="2025-05-22", opinion="none"), 409, "not_in_this_state")
    silent = clerk.event(made["id"], "consultation_closed", on="2025-05-26", opinion="none")
    assert (silent["due_on"], silent["flags"], silent["clock"]["state"]) == ("2025-06-16", [], "running")
    longer = clerk.event(made["id"], "extended", on="2025-06-16", workdays=20)
    assert (longer["due_on"], longer["flags"]) == ("2025-07-14", ["extended"])


def test_an_opinion_within_the_window_ends_it(clerk):
    made = consulted(clerk)
    made = clerk.event(made["id"], "consultation_closed", on="2025-05-09", opinion="agree")
    assert (made["due_on"], made["clock"]["excluded"]) == ("2025-06-03", [["2025-04-26", "2025-05-09"]])
    assert made["consultations"] == [{"consultation": 1, "party": "third_party", "opened_on": "2025-04-25",
                                      "received_on": "2025-04-28", "window_end": "2025-05-22", "closed_on": "2025-05-09",
                                      "opinion": "agree"}]


def test_overlapping_consultations_are_counted_once(clerk):
    made = consulted(clerk)
    clerk.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2025-04-27")
    assert faults(post(clerk, made, "consultation_closed", on="2025-05-12", opinion="agree")) == {("/consultation", "required")}
    clerk.event(made["id"], "consultation_closed", on="2025-05-12", opinion="agree", consultation=2)
    made = clerk.event(made["id"], "consultation_closed", on="2025-05-23", opinion="none")
    assert (made["due_on"], made["clock"]["excluded"]) == ("2025-06-16", [["2025-04-26", "2025-05-22"]])


def test_another_agency_has_no_window(clerk):
    made = in_person(clerk, "2024-04-01")
    made = clerk.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2024-04-02")
    assert (made["due_on"], made["latest_due_on"], made["clock"]["excluded"]) == (None, None, [["2024-04-03", None]])
    made = clerk.event(made["id"], "consultation_closed", on="2024-04-16", opinion="agree")
    assert made["due_on"] == "2024-05-14"


def test_the_window_begins_when_the_letter_was_delivered(clerk):
    made = in_person(clerk, "2025-04-21")
    made = clerk.event(made["id"], "consultation_opened", party="third_party", name="某公司", on="2025-04-25")
    assert made["latest_due_on"] is None
    assert clerk.event(made["id"], "delivered", of=2, on="2025-04-28")["latest_due_on"] == "2025-06-16"


def test_what_depends_on_a_consultation_waits_for_it(clerk):
    made = consulted(clerk)
    clerk.event(made["id"], "reviewed", decision="passed", on="2025-04-26")
    for outcome in ("grant", "grant_partial", "refuse.third_party"):
        problem(post(clerk, made, "decided", on="2025-05-06", outcome=outcome, reason="理由"), 409, "consultation_open")
    for outcome in ("refuse.state_secret", "unable.not_held", "decline.repeat", "other.other"):
        dry = clerk.post(f"/v1/cases/{made['id']}/events?dry_run=true",
                         {"kind": "decided", "on": "2025-05-06", "outcome": outcome, "reason": "理由"})
        assert dry.status_code == 200, dry.text
    assert clerk.event(made["id"], "decided", on="2025-05-06", outcome="unable.not_held")["status"] == "decided"


def test_joint_agencies_are_consulted_under_the_regulations_of_2019_only(clerk):
    made = in_person(clerk, "2017-03-01")
    problem(post(clerk, made, "consultation_opened", party="joint_agency", name="某局", on="2017-03-06"), 409, "wrong_regime")
    made = clerk.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2017-03-06")
    assert (made["due_on"], made["clock"]["excluded"]) == ("2017-03-22", [])  # excludes nothing
    made = clerk.event(made["id"], "consultation_opened", party="third_party", name="某公司", on="2017-03-06")
    made = clerk.event(made["id"], "consultation_closed", on="2017-03-20", opinion="object", consultation=2)
    assert made["due_on"] == "2017-04-06"


def test_a_case_holds_64_consultations(clerk):
    made = in_person(clerk, "2025-04-21")
    for _ in range(64):
        clerk.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2025-04-22")
    problem(post(clerk, made, "consultation_opened", party="other_agency", name="某局", on="2025-04-22"), 409, "too_many")


# ---- extension ----

@pytest.mark.parametrize("day, most, due", [("2025-09-19", 20, "2025-11-20"), ("2017-09-25", 15, "2017-11-10")])
def test_extensions_of_one_run_have_a_limit(clerk, day, most, due):
    made = in_person(clerk, day)
    assert faults(post(clerk, made, "extended", on=day, workdays=21)) == {("/workdays", "range")}
    if most < 20:
        problem(post(clerk, made, "extended", on=day, workdays=most + 1), 409, "already_extended_fully")
    made = clerk.event(made["id"], "extended", on=day, workdays=most)
    assert (made["due_on"], made["clock"]["extension"], made["flags"]) == (due, most, ["extended"])
    problem(post(clerk, made, "extended", on=day, workdays=1), 409, "already_extended_fully")
    assert ("extended", "already_extended_fully") in {(one["kind"], one["code"]) for one in clerk.case(made["id"])["refused"]}


def test_extensions_may_be_granted_in_parts(clerk):
    made = in_person(clerk, "2025-09-19")
    clerk.event(made["id"], "extended", on="2025-09-22", workdays=5)
    problem(post(clerk, made, "extended", on="2025-09-22", workdays=16), 409, "already_extended_fully")
    assert clerk.event(made["id"], "extended", on="2025-09-22", workdays=15)["due_on"] == "2025-11-20"


def test_an_extension_is_approved_and_told_before_the_period_ends(clerk):
    made = in_person(clerk, "2025-09-19")  # due 2025-10-23
    for fields in ({"on": "2025-10-24"}, {"on": "2025-10-23", "notified_on": "2025-10-24"},
                   {"on": "2025-10-23", "approved_on": "2025-10-24", "notified_on": "2025-10-24"}):
        problem(post(clerk, made, "extended", workdays=5, **fields), 409, "too_late")
    assert faults(post(clerk, made, "extended", on="2025-10-23", workdays=5, approved_on="2025-10-22",
                       notified_on="2025-10-21")) == {("/notified_on", "out_of_order")}
    assert faults(post(clerk, made, "extended", on="2025-10-23", workdays=5, approved_on="2025-09-18")) == \
        {("/approved_on", "out_of_order")}
    made = clerk.event(made["id"], "extended", on="2025-10-23", workdays=5)
    assert made["due_on"] == "2025-10-30"


def test_an_extension_is_approved_by_the_head(daemon, clerk):
    made = in_person(clerk, "2025-09-19")
    body = {"on": "2025-10-20", "workdays": 1}
    problem(post(clerk, made, "extended", approved_by="handler", **body), 409, "not_approved")
    assert faults(post(clerk, made, "extended", approved_by="nobody", **body)) == {("/approved_by", "unknown_person")}
    assert faults(post(clerk, made, "extended", approved_by="other", **body)) == {("/approved_by", "unknown_person")}
    assert codes(clerk.event(made["id"], "extended", approved_by="ogi_head", **body)) == set()
    assert codes(clerk.event(made["id"], "extended", approved_by="duo", **body)) == {"same_person"}
    handler = daemon.api("handler")
    other = handler.register(arrived_on="2025-09-19")
    assert codes(handler.event(other["id"], "extended", **body)) == {"approval_not_recorded"}


def test_a_restart_forgets_earlier_extensions(clerk):
    made = in_person(clerk, "2025-03-03")
    clerk.event(made["id"], "extended", on="2025-03-04", workdays=20)
    clerk.event(made["id"], "correction_requested", on="2025-03-12", items=["请明确年份"])
    made = clerk.event(made["id"], "correction_received", on="2025-03-20")
    assert (made["due_on"], made["clock"]["extension"], made["flags"]) == ("2025-04-18", 0, [])
    assert clerk.event(made["id"], "extended", on="2025-03-21", workdays=20)["clock"]["extension"] == 20


# ---- reasons and fees ----

def test_reasons_keep_the_clock_running_and_may_delay_the_reply(clerk):
    made = in_person(clerk, "2025-09-19")
    asked = clerk.event(made["id"], "reasons_requested", on="2025-09-22")
    assert (asked["status"], asked["due_on"], asked["clock"]["state"]) == ("reasons_requested", "2025-10-23", "running")
    assert faults(post(clerk, made, "reasons_received", on="2025-09-25", reasonable=False, delay_until="2025-12-01")) == \
        {("/delay_until", "contradiction")}
    assert faults(post(clerk, made, "reasons_received", on="2025-09-25", reasonable=True, delay_until="2025-10-22")) == \
        {("/delay_until", "out_of_order")}
    later = clerk.event(made["id"], "reasons_received", on="2025-09-25", reasonable=True, delay_until="2027-01-29")
    assert (later["status"], later["due_on"], later["flags"]) == ("in_process", "2027-01-29", ["delayed"])
    old = in_person(clerk, "2017-09-25")
    problem(post(clerk, old, "reasons_requested", on="2017-09-26"), 409, "wrong_regime")


def test_a_fee_stops_the_clock_and_payment_starts_it_anew(clerk):
    made = in_person(clerk, "2021-09-01")
    noticed = clerk.event(made["id"], "fee_noticed", on="2021-09-09", basis="pages", quantity=40, received_on="2021-09-10")
    assert (noticed["status"], noticed["due_on"], noticed["clock"]["state"]) == ("fee_noticed", None, "suspended")
    assert noticed["watch"] == [{"kind": "payment", "on": "2021-10-14"}]
    assert faults(post(clerk, made, "fee_paid", on="2021-10-08", amount=99)) == {("/amount", "amount")}
    problem(post(clerk, made, "fee_lapsed", on="2021-10-14"), 409, "not_in_this_state")
    paid = clerk.event(made["id"], "fee_paid", on="2021-10-08", amount=100)
    assert (paid["status"], paid["due_on"]) == ("in_process", "2021-11-04")


def test_a_fee_not_paid_in_time_closes_the_case(clerk):
    made = in_person(clerk, "2021-09-01")
    clerk.event(made["id"], "fee_noticed", on="2021-09-09", basis="pages", quantity=40, received_on="2021-09-10")
    gone = clerk.event(made["id"], "fee_lapsed", on="2021-10-15")
    assert (gone["status"], gone["outcome"], gone["closed_on"]) == ("closed", "other.fee_unpaid", "2021-10-15")


def test_a_fee_follows_the_tariff_and_its_dates(clerk):
    made = in_person(clerk, "2021-09-01")
    for fields, wanted in [({"basis": "pages", "quantity": 30}, ("/quantity", "range")),
                           ({"basis": "items", "quantity": 10}, ("/quantity", "range")),
                           ({"basis": "pages", "quantity": 40, "amount": 101}, ("/amount", "amount")),
                           ({"basis": "pages", "quantity": 40, "received_on": "2021-09-08"}, ("/received_on", "out_of_order"))]:
        assert faults(post(clerk, made, "fee_noticed", on="2021-09-09", **fields)) == {wanted}
    problem(post(clerk, made, "fee_noticed", on="2021-09-30", basis="pages", quantity=40), 409, "too_late")
    old = in_person(clerk, "2020-12-31")
    problem(post(clerk, old, "fee_noticed", on="2021-01-04", basis="pages", quantity=40), 409, "wrong_regime")


# ---- standing ----

@pytest.mark.parametrize("day, light, overdue", [("2025-10-17", "green", 0), ("2025-10-20", "amber", 0), ("2025-10-22", "amber", 0),
                                                 ("2025-10-23", "red", 0), ("2025-10-24", "overdue", 1),
                                                 ("2025-11-03", "overdue", 7)])
def test_the_light_of_a_day(clerk, day, light, overdue):
    made = in_person(clerk, "2025-09-19")
    shown = clerk.case(made["id"], query=f"?as_of={day}")
    assert (shown["light"], shown["overdue_workdays"]) == (light, overdue)


def test_counted_days_include_the_day_looked_at(clerk):
    made = in_person(clerk, "2025-09-19")
    for day, counted in [("2025-09-19", 0), ("2025-09-20", 0), ("2025-09-22", 1), ("2025-09-28", 6), ("2025-10-23", 20)]:
        clock = clerk.case(made["id"], query=f"?as_of={day}")["clock"]
        assert (clock["counted"], clock["remaining"]) == (counted, 20 - counted), day


def test_a_reply_after_the_due_date_is_said(clerk):
    made = in_person(clerk, "2025-09-19")
    clerk.event(made["id"], "decided", on="2025-10-23", outcome="unable.not_held")
    late = clerk.event(made["id"], "served", on="2025-10-24", by="signature")
    assert (late["overdue_workdays"], codes(late), late["due_on"]) == (1, {"replied_late"}, "2025-10-23")
    again = in_person(clerk, "2025-09-19")
    clerk.event(again["id"], "decided", on="2025-10-23", outcome="unable.not_held")
    assert codes(clerk.event(again["id"], "served", on="2025-10-23", by="post")) == set()


def test_a_date_beyond_the_loaded_calendar_is_provisional(daemon, clerk):
    made = clerk.register(arrived_on="2026-12-21")
    assert made["provisional"] and made["due_on"] > "2027-01-01"
    assert not clerk.register(arrived_on="2026-11-20")["provisional"]


def test_a_case_as_of_a_day_knows_nothing_later(clerk):
    made = in_person(clerk, "2025-04-21")
    clerk.event(made["id"], "extended", on="2025-04-22", workdays=20)
    clerk.event(made["id"], "decided", on="2025-05-06", outcome="unable.not_held")
    clerk.event(made["id"], "served", on="2025-05-07", by="post")
    seen = {day: clerk.case(made["id"], query=f"?as_of={day}") for day in ("2025-04-21", "2025-04-22", "2025-05-06", "2025-05-07")}
    assert [(s["status"], s["flags"], s["closed_on"]) for s in seen.values()] == [
        ("in_process", [], None), ("in_process", ["extended"], None), ("decided", ["extended"], None),
        ("closed", ["extended"], "2025-05-07")]
    assert problem(clerk.get(f"/v1/cases/{made['id']}?as_of=2025-04-20"), 404, "no_such_case")
