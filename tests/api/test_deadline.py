# SPDX-License-Identifier: MulanPSL-2.0
"""The calculator: the table and the worked examples of the periods, the same answer as a registered case, events judged like
recorded ones (contract §2.1)."""

import csv
import datetime

import pytest

from support.api import SOURCE, faults, problem

SAME = ["receipt_date", "regime", "status", "due_on", "latest_due_on", "provisional", "clock", "light", "overdue_workdays", "watch"]


@pytest.fixture(scope="module")
def clerk(daemon):
    daemon.on("2026-12-28")
    return daemon.api("duo")


def calculate(clerk, status=200, **scenario):
    answer = clerk.post("/v1/deadline", scenario)
    assert answer.status_code == status, answer.text
    return answer.json()


def rows(name):
    with (SOURCE / "tests" / "unit" / name).open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def day_before(day):
    return str(datetime.date.fromisoformat(day) - datetime.timedelta(days=1))


def extended(regime, n, on):
    base = 15 if regime == "R2008" else 20
    return [{"kind": "extended", "workdays": n - base, "on": on}] if n > base else []


TABLE = rows("deadlines.csv")


def test_the_table_has_44_rows():
    assert len(TABLE) == 44


# Rows whose period is not a reply period (7 days of a correction notice, 15 of a third party) are windows of another case.
REPLY = [row for row in TABLE if int(row["n"]) >= (15 if row["regime"] == "R2008" else 20)]


@pytest.mark.parametrize("row", REPLY, ids=lambda r: f"{r['received']}-{r['n']}-{r['excluded']}")
def test_a_row_of_the_table(clerk, row):
    events = []
    if row["excluded"]:
        first, last = row["excluded"].split("..")
        events = [{"kind": "consultation_opened", "party": "third_party", "name": "某公司", "on": day_before(first)},
                  {"kind": "consultation_closed", "opinion": "agree", "on": last}]
    events += extended(row["regime"], int(row["n"]), events[-1]["on"] if events else row["received"])
    made = calculate(clerk, receipt_date=row["received"], events=events)
    assert (made["regime"], made["due_on"], made["provisional"]) == (row["regime"], row["expected"], False)
    if row["excluded"]:
        assert made["clock"]["excluded"] == [row["excluded"].split("..")]


@pytest.mark.parametrize("row", [r for r in TABLE if r not in REPLY], ids=lambda r: f"{r['received']}-{r['n']}")
def test_a_row_of_the_table_that_is_a_window(clerk, row):
    """7: the last day a correction restarts the clock; 15: the window of a third party."""
    if int(row["n"]) == 7:
        late = str(datetime.date.fromisoformat(row["expected"]) + datetime.timedelta(days=1))
        for on, state in [(row["expected"], "not_started"), (late, "running")]:
            made = calculate(clerk, receipt_date=row["received"], events=[{"kind": "correction_requested", "items": ["a"], "on": on}])
            assert made["clock"]["state"] == state, on
    else:
        made = calculate(clerk, receipt_date=row["received"], events=[
            {"kind": "consultation_opened", "party": "third_party", "name": "某公司", "on": row["received"], "received_on": row["received"]}])
        assert made["watch"] == [{"kind": "consultation", "on": row["expected"], "number": 1}]


THIRD = {"kind": "consultation_opened", "party": "third_party", "name": "某公司", "on": "2025-04-25", "received_on": "2025-04-28"}
SILENT = {"kind": "consultation_closed", "opinion": "none", "on": "2025-05-23", "consultation": 1}
EXAMPLES = {
    1: ({"channel": "online", "via": "portal", "arrived_on": "2011-06-01"}, {"due_on": "2011-06-23", "regime": "R2008"}),
    2: ({"receipt_date": "2017-09-25"}, {"due_on": "2017-10-20"}),
    3: ({"receipt_date": "2017-09-25", "events": [{"kind": "extended", "workdays": 15, "on": "2017-10-20"}]}, {"due_on": "2017-11-10"}),
    4: ({"receipt_date": "2017-03-01", "events": [
        {"kind": "consultation_opened", "party": "third_party", "name": "a", "on": "2017-03-06"},
        {"kind": "consultation_closed", "opinion": "agree", "on": "2017-03-20"}]}, {"due_on": "2017-04-06"}),
    5: ({"receipt_date": "2017-12-13"}, {"due_on": "2018-01-04"}),
    6: ({"receipt_date": "2015-08-24"}, {"due_on": "2015-09-15"}),
    7: ({"receipt_date": "2019-05-10"}, {"due_on": "2019-05-31"}),
    "7, by reply": ({"receipt_date": "2019-05-10", "regime": "R2019"}, {"due_on": "2019-06-10"}),
    8: ({"receipt_date": "2019-05-14"}, {"due_on": "2019-06-04", "regime": "R2008"}),
    "8, the day after": ({"receipt_date": "2019-05-15"}, {"due_on": "2019-06-13", "regime": "R2019"}),
    9: ({"receipt_date": "2019-09-20"}, {"due_on": "2019-10-23"}),
    10: ({"receipt_date": "2020-01-13"}, {"due_on": "2020-02-17"}),
    11: ({"receipt_date": "2020-01-20"}, {"due_on": "2020-02-25"}),
    12: ({"channel": "in_person", "arrived_on": "2020-01-19"}, {"receipt_date": "2020-01-19", "due_on": "2020-02-24"}),
    13: ({"receipt_date": "2024-01-31"}, {"due_on": "2024-03-04"}),
    14: ({"channel": "online", "via": "portal", "arrived_on": "2024-02-12"}, {"due_on": "2024-03-14"}),
    "14, confirmed by hand": ({"channel": "online", "via": "form", "arrived_on": "2024-02-12", "confirmed_on": "2024-02-18"},
                              {"receipt_date": "2024-02-18", "due_on": "2024-03-15"}),
    15: ({"channel": "letter", "via": "mail_signed", "arrived_on": "2024-09-13", "signed_on": "2024-09-14"}, {"due_on": "2024-10-18"}),
    16: ({"receipt_date": "2025-09-19"}, {"due_on": "2025-10-23"}),
    17: ({"channel": "online", "via": "portal", "arrived_on": "2025-03-08"}, {"due_on": "2025-04-07"}),
    18: ({"receipt_date": "2025-03-03", "events": [{"kind": "correction_requested", "items": ["a"], "on": "2025-03-12"},
                                                   {"kind": "correction_received", "on": "2025-03-20"}]}, {"due_on": "2025-04-18"}),
    19: ({"receipt_date": "2025-04-21", "events": [THIRD, SILENT]}, {"due_on": "2025-06-16"}),
    "19, not yet closed": ({"receipt_date": "2025-04-21", "events": [THIRD]}, {"due_on": None, "latest_due_on": "2025-06-16"}),
    20: ({"receipt_date": "2025-04-21", "events": [THIRD, {"kind": "consultation_closed", "opinion": "agree", "on": "2025-05-09"}]},
         {"due_on": "2025-06-03"}),
    21: ({"receipt_date": "2025-04-21", "events": [THIRD, SILENT, {"kind": "extended", "workdays": 20, "on": "2025-06-10"}]},
         {"due_on": "2025-07-14"}),
    22: ({"receipt_date": "2025-04-21", "events": [
        THIRD, {"kind": "consultation_opened", "party": "other_agency", "name": "b", "on": "2025-04-27"},
        {"kind": "consultation_closed", "opinion": "agree", "consultation": 2, "on": "2025-05-12"}, SILENT]}, {"due_on": "2025-06-16"}),
    23: ({"receipt_date": "2024-04-01", "events": [
        {"kind": "consultation_opened", "party": "other_agency", "name": "b", "on": "2024-04-02"},
        {"kind": "consultation_closed", "opinion": "agree", "on": "2024-04-16"}]}, {"due_on": "2024-05-14"}),
    24: ({"receipt_date": "2021-09-01", "events": [
        {"kind": "fee_noticed", "basis": "pages", "quantity": 40, "on": "2021-09-09", "received_on": "2021-09-10"},
        {"kind": "fee_paid", "amount": 100, "on": "2021-10-08"}]}, {"due_on": "2021-11-04"}),
    25: ({"receipt_date": "2023-12-20"}, {"due_on": "2024-01-18"}),
    26: ({"receipt_date": "2024-12-31"}, {"due_on": "2025-02-05"}),
    27: ({"channel": "online", "via": "portal", "arrived_on": "2021-11-24", "as_of": "2021-12-28"},
         {"due_on": "2021-12-22", "overdue_workdays": 4, "light": "overdue"}),
    28: ({"receipt_date": "2025-09-19", "as_of": "2025-11-03"}, {"overdue_workdays": 7}),
    29: ({"receipt_date": "2025-09-19", "events": [{"kind": "decided", "outcome": "unable.not_held", "on": "2025-10-23"},
                                                   {"kind": "served", "by": "post", "on": "2025-10-23"}]},
         {"status": "closed", "overdue_workdays": 0}),
    30: ({"receipt_date": "2025-09-19", "events": [{"kind": "decided", "outcome": "unable.not_held", "on": "2025-10-23"},
                                                   {"kind": "served", "by": "signature", "on": "2025-10-24"}]},
         {"status": "closed", "overdue_workdays": 1}),
    39: ({"receipt_date": "2026-02-10"}, {"due_on": "2026-03-16"}),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_a_worked_example(clerk, number):
    scenario, wanted = EXAMPLES[number]
    made = calculate(clerk, **scenario)
    assert {k: made[k] for k in wanted} == wanted


# A case takes its regime from its receipt date; only a scenario may say another.
@pytest.mark.parametrize("number", [number for number, (scenario, _) in EXAMPLES.items() if "regime" not in scenario])
def test_a_registered_case_with_the_same_facts_says_the_same(clerk, number):
    scenario, _ = EXAMPLES[number]
    scenario = {"as_of": "2026-12-28", **scenario}
    facts = {k: scenario[k] for k in ("channel", "via", "arrived_on", "signed_on", "confirmed_on") if k in scenario}
    made = clerk.register(**(facts or {"arrived_on": scenario["receipt_date"]}))
    for event in scenario.get("events", []):
        made = clerk.event(made["id"], **event)
    shown = clerk.case(made["id"], query=f"?as_of={scenario['as_of']}")
    told = calculate(clerk, **scenario)
    assert {k: told[k] for k in SAME} == {k: shown[k] for k in SAME}


@pytest.mark.parametrize("regime", ["R2008", "R2019"])
@pytest.mark.parametrize("channel, via", [("in_person", None), ("letter", "mail_signed"), ("letter", "mail_ordinary"),
                                          ("online", "portal"), ("online", "form"), ("online", "email"), ("fax", None)])
def test_the_receipt_date_is_that_of_a_case(clerk, channel, via, regime):
    year = "2017" if regime == "R2008" else "2025"
    facts = {"channel": channel, "via": via, "arrived_on": f"{year}-04-10", "confirmed_on": f"{year}-04-12"}
    if via == "mail_signed":
        facts["signed_on"] = f"{year}-04-11"
    told, made = calculate(clerk, **facts), clerk.register(**facts)
    assert (told["receipt_date"], told["due_on"]) == (made["receipt_date"], made["due_on"])
    assert told["regime"] == regime


def test_what_has_only_arrived_has_no_date(clerk):
    made = calculate(clerk, channel="fax", arrived_on="2025-04-21")
    assert made["due_on"] is None and made["clock"]["state"] == "not_started"


# ---- what is not possible ----

def test_an_event_that_is_not_possible_is_named_by_its_index(clerk):
    ask = {"kind": "correction_requested", "items": ["a"], "on": "2025-03-10"}
    back = {"kind": "correction_received", "on": "2025-03-12"}
    for events, index, code in [
            ([back], 0, "not_in_this_state"),
            ([ask, back, {**ask, "on": "2025-03-13"}], 2, "second_correction"),
            ([{"kind": "extended", "workdays": 20, "on": "2025-03-10"}, {"kind": "extended", "workdays": 1, "on": "2025-03-10"}], 1,
             "already_extended_fully"),
            ([{"kind": "extended", "workdays": 1, "on": "2025-04-01"}], 0, "too_late"),
            ([{"kind": "decided", "outcome": "grant", "on": "2025-03-10"}], 0, "review_missing"),
            ([{"kind": "served", "by": "post", "on": "2025-03-10"}], 0, "not_in_this_state")]:
        found = problem(clerk.post("/v1/deadline", {"receipt_date": "2025-03-03", "events": events}), 409, code)
        assert found["index"] == index
    old = {"receipt_date": "2017-03-01", "events": [{"kind": "reasons_requested", "on": "2017-03-06"}]}
    assert problem(clerk.post("/v1/deadline", old), 409, "wrong_regime")["index"] == 0


def test_faults_of_an_event_point_into_the_list(clerk):
    good = {"kind": "extended", "workdays": 5, "on": "2025-03-10"}
    answer = clerk.post("/v1/deadline", {"receipt_date": "2025-03-03", "events": [good, {**good, "on": "2025-03-07"}]})
    assert faults(answer) == {("/events/1/on", "out_of_order")}
    answer = clerk.post("/v1/deadline", {"receipt_date": "2025-03-03", "events": [
        good, {"kind": "extended", "workdays": 99, "colour": 1}, {"kind": "xyz"}, 7, {"kind": "amended"}]})
    assert faults(answer) == {("/events/1/workdays", "range"), ("/events/1/colour", "unknown_field"), ("/events/2/kind", "unknown_code"),
                              ("/events/3/kind", "unknown_code"), ("/events/4/kind", "unknown_code")}


def test_faults_of_a_scenario(clerk):
    assert faults(clerk.post("/v1/deadline", {})) == {("/channel", "required")}
    assert faults(clerk.post("/v1/deadline", {"channel": "letter", "via": "form"})) == {("/via", "contradiction")}
    assert faults(clerk.post("/v1/deadline", {"receipt_date": "2008-04-30"})) == {("/receipt_date", "before_regulations")}
    assert faults(clerk.post("/v1/deadline", {"receipt_date": "2025-03-03", "events": {}})) == {("/events", "type")}
    assert faults(clerk.post("/v1/deadline", {"receipt_date": "2025-03-03", "events": [{"kind": "noted", "note": "a"}] * 201})) == \
        {("/events", "too_many")}
    body = {"receipt_date": "soon", "regime": "R2000", "explain": "yes", "as_of": 1, "who": 1}
    assert faults(clerk.post("/v1/deadline", body)) >= {("/receipt_date", "date"), ("/regime", "unknown_code"), ("/explain", "type"),
                                                        ("/as_of", "type"), ("/who", "unknown_field")}


def test_a_scenario_may_lie_in_the_future_and_is_then_provisional(clerk):
    made = calculate(clerk, receipt_date="2031-03-03", events=[{"kind": "extended", "workdays": 5, "on": "2031-03-10"}])
    assert made["provisional"] and made["due_on"] > "2031-04-01"


def test_nothing_is_stored(daemon, clerk):
    before = daemon.sql("SELECT (SELECT count(*) FROM case_event), (SELECT count(*) FROM audit_entry), count(*) FROM idempotency_key")
    calculate(clerk, receipt_date="2025-03-03", events=[{"kind": "extended", "workdays": 5, "on": "2025-03-10"}])
    assert daemon.sql("SELECT (SELECT count(*) FROM case_event), (SELECT count(*) FROM audit_entry), count(*) FROM idempotency_key") == before


def test_faults_of_the_scenario_and_of_its_events_are_said_at_once(duo):
    body = {"receipt_date": "2025-02-30", "colour": 1, "channel": "pigeon",
            "events": [{"kind": "extended", "workdays": "x", "on": "2025-13-01"}, {"kind": "dance"}, {"kind": "served", "by": "post", "a": 1}]}
    assert faults(duo.post("/v1/deadline", body)) >= {
        ("/receipt_date", "date"), ("/colour", "unknown_field"), ("/channel", "unknown_code"), ("/events/0/workdays", "type"),
        ("/events/0/on", "date"), ("/events/1/kind", "unknown_code"), ("/events/2/a", "unknown_field")}
