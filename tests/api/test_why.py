# SPDX-License-Identifier: MulanPSL-2.0
"""Why a due date is what it is: the days, the rules and the other readings, of a case and in the calculator (contract §2.1)."""

import datetime
import json
import os
import re
import subprocess
import unicodedata

import pytest

from support.api import problem
from test_deadline import EXAMPLES

CONTRACT = {"receipt_date", "due_on", "days", "steps", "alternatives"}
WORKED = [10, 13, 16, 19, 22, 24]


@pytest.fixture(scope="module")
def clerk(daemon):
    daemon.on("2026-12-28")
    return daemon.api("duo")


def explain(clerk, **scenario):
    answer = clerk.post("/v1/deadline", {**scenario, "explain": True})
    assert answer.status_code == 200, answer.text
    return answer.json()


def why_of(clerk, case_id, query="", status=200):
    answer = clerk.get(f"/v1/cases/{case_id}/why{query}")
    assert answer.status_code == status, answer.text
    return answer.json()


def registered(clerk, scenario):
    """A case with the facts of a scenario."""
    facts = {k: scenario[k] for k in ("channel", "via", "arrived_on", "signed_on", "confirmed_on") if k in scenario}
    made = clerk.register(**(facts or {"arrived_on": scenario["receipt_date"]}))
    for event in scenario.get("events", []):
        clerk.event(made["id"], **event)
    return made["id"]


def counted(why):
    return [day["date"] for day in why["days"] if day["counted"]]


def day_of(why, date):
    return next(day for day in why["days"] if day["date"] == date)


def holds_together(why):
    """The days are all days from receipt to the due date, counted one by one, the last one being the due date."""
    assert CONTRACT <= set(why)
    first, end = (datetime.date.fromisoformat(d) for d in (why["receipt_date"], why["due_on"] or why["latest_due_on"]))
    days = [str(first + datetime.timedelta(days=i)) for i in range((end - first).days + 1)]
    assert [day["date"] for day in why["days"]] == days
    assert counted(why)[-1] == str(end)
    n = 0
    for day in why["days"]:
        n += day["counted"]
        assert day["n"] == n, day
        assert day["detail"] and day["article"], day
    return n


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_calculator_explains_a_worked_example(clerk, number):
    scenario, wanted = EXAMPLES[number]
    made = explain(clerk, **scenario)
    why = made["why"]
    assert (why["receipt_date"], why["due_on"], why["latest_due_on"]) == (
        made["receipt_date"], made["due_on"], made["latest_due_on"])
    assert why["due_on"] == wanted.get("due_on", why["due_on"])
    assert holds_together(why) == made["clock"]["period"] + made["clock"]["extension"]
    assert why["days"][0]["reason"] == "receipt_day"


@pytest.mark.parametrize("number", WORKED)
def test_a_case_explains_itself_as_the_calculator_does(clerk, number):
    scenario, wanted = EXAMPLES[number]
    case_id = registered(clerk, scenario)
    why = why_of(clerk, case_id)
    assert why["due_on"] == wanted["due_on"] == clerk.case(case_id)["due_on"]
    assert holds_together(why) == 20
    told = explain(clerk, **scenario)["why"]
    assert why["days"] == told["days"]
    assert [s for s in why["steps"] if s["rule"] != "receipt"] == [s for s in told["steps"] if s["rule"] != "receipt"]


def test_without_explain_there_is_no_why(clerk):
    assert "why" not in clerk.post("/v1/deadline", {"receipt_date": "2025-09-19"}).json()
    assert "why" not in clerk.post("/v1/deadline", {"receipt_date": "2025-09-19", "explain": False}).json()


def test_each_day_has_its_reason(clerk):
    """Example 16: National Day, a Sunday and a Saturday worked."""
    why = explain(clerk, receipt_date="2025-09-19")["why"]
    assert {day["date"]: day["reason"] for day in why["days"][:24]} == {
        "2025-09-19": "receipt_day", "2025-09-20": "weekend", "2025-09-21": "weekend", "2025-09-22": "workday",
        "2025-09-23": "workday", "2025-09-24": "workday", "2025-09-25": "workday", "2025-09-26": "workday",
        "2025-09-27": "weekend", "2025-09-28": "makeup_workday", "2025-09-29": "workday", "2025-09-30": "workday",
        **{f"2025-10-0{d}": "holiday" for d in range(1, 9)}, "2025-10-09": "workday", "2025-10-10": "workday",
        "2025-10-11": "makeup_workday", "2025-10-12": "weekend"}
    assert day_of(why, "2025-10-01")["detail"] == "国庆节、中秋节"
    assert day_of(why, "2025-10-11")["detail"] == "国庆节、中秋节调休上班"
    assert day_of(why, "2025-09-19") == {
        "date": "2025-09-19", "counted": False, "n": 0, "reason": "receipt_day", "detail": "收到之日不计",
        "article": "民事诉讼法第八十五条"}
    assert day_of(why, "2025-09-28")["n"] == 6
    assert [s["rule"] for s in why["steps"]] == ["receipt", "base_period"]
    assert why["steps"][1] == {"rule": "base_period", "article": "条例第三十三条第二款", "from": "2025-09-19", "to": "2025-10-23"}
    assert why["alternatives"] == []


def test_the_explanation_is_in_the_language_asked_for(daemon, clerk):
    english = daemon.api("duo")
    english.language = "en"
    why = explain(english, receipt_date="2025-09-19")["why"]
    assert day_of(why, "2025-10-01")["detail"] == "holiday: 国庆节、中秋节"
    assert day_of(why, "2025-09-22") == {"date": "2025-09-22", "counted": True, "n": 1, "reason": "workday",
                                         "detail": "working day", "article": "art. 33 para. 2"}


def test_overlapping_consultations_are_named_and_counted_once(clerk):
    """Example 22: the second consultation lies inside the first; on its days the first one is named."""
    why = explain(clerk, **EXAMPLES[22][0])["why"]
    assert counted(why)[:4] == ["2025-04-22", "2025-04-23", "2025-04-24", "2025-04-25"]
    assert {day["reason"] for day in why["days"] if "2025-04-26" <= day["date"] <= "2025-05-22"} == {"excluded"}
    assert day_of(why, "2025-05-06")["detail"] == "第三方意见征询（第 1 号）"
    assert day_of(why, "2025-05-06")["article"] == "条例第三十二条、第三十三条第三款"
    assert why["steps"][2:] == [
        {"rule": "third_party", "number": 1, "article": "条例第三十二条、第三十三条第三款", "from": "2025-04-26", "to": "2025-05-22"},
        {"rule": "other_agency", "number": 2, "article": "条例第三十三条第三款", "from": "2025-04-28", "to": "2025-05-12"}]
    assert why["alternatives"] == [{"reading": "inclusive", "due_on": "2025-06-17"}]


def test_a_restart_takes_out_what_was_before_it(clerk):
    """Example 24: paid on 2021-10-08; nothing before counts."""
    why = explain(clerk, **EXAMPLES[24][0])["why"]
    assert counted(why)[0] == "2021-10-09" and len(counted(why)) == 20  # a make-up Saturday
    assert day_of(why, "2021-09-03")["reason"] == "excluded"
    assert day_of(why, "2021-09-03")["detail"] == "2021-10-08 完成缴费，重新起算，此前不计"
    assert (day_of(why, "2021-10-08")["reason"], day_of(why, "2021-10-08")["detail"]) == (
        "receipt_day", "缴费之日不计，期限重新起算")
    assert [(s["rule"], s["from"], s["to"]) for s in why["steps"]] == [
        ("receipt", "2021-09-01", "2021-09-01"), ("restart_payment", "2021-09-09", "2021-10-08"),
        ("base_period", "2021-10-08", "2021-11-04")]


def test_an_extension_is_told_apart(clerk):
    """Example 21: 20 more days after a consultation."""
    why = explain(clerk, **EXAMPLES[21][0])["why"]
    extended = [day for day in why["days"] if day["reason"] == "extension"]
    assert [extended[0]["date"], extended[-1]["date"], len(extended)] == ["2025-06-17", "2025-07-14", 20]
    assert extended[2]["detail"] == "延长期限第 3 日（工作日）"
    assert why["steps"][-1] == {"rule": "extension", "number": 20, "article": "条例第三十三条第二款", "from": "2025-06-16",
                                "to": "2025-07-14"}


def test_while_a_third_party_is_asked_the_days_lead_to_the_latest_date(clerk):
    why = explain(clerk, **EXAMPLES["19, not yet closed"][0])["why"]
    assert (why["due_on"], why["latest_due_on"]) == (None, "2025-06-16")
    assert holds_together(why) == 20


@pytest.mark.parametrize("waiting,until,rule", [
    ({"kind": "correction_requested", "items": ["a"], "on": "2025-09-24"}, 0, "awaits_correction"),
    ({"kind": "fee_noticed", "basis": "pages", "quantity": 40, "on": "2025-09-24"}, 3, "awaits_payment"),
    ({"kind": "consultation_opened", "party": "other_agency", "name": "b", "on": "2025-09-24"}, 3, "other_agency")])
def test_while_no_date_is_known_the_days_lead_to_the_day_looked_at(clerk, waiting, until, rule):
    made = explain(clerk, receipt_date="2025-09-19", events=[waiting], as_of="2025-10-15")
    why = made["why"]
    assert (why["due_on"], why["latest_due_on"]) == (None, None)
    assert (why["days"][0]["date"], why["days"][-1]["date"]) == ("2025-09-19", "2025-10-15")
    assert why["days"][-1]["n"] == len(counted(why)) == until == made["clock"]["counted"]
    assert rule in {s["rule"] for s in why["steps"]}


@pytest.mark.parametrize("receipt,due,reading", [("2019-05-10", "2019-05-31", "2019-06-10"), ("2019-05-14", "2019-06-04", "2019-06-12")])
def test_the_transition_is_another_reading(clerk, receipt, due, reading):
    """Examples 7 and 8 (art. 56)."""
    why = explain(clerk, receipt_date=receipt)["why"]
    assert why["due_on"] == due and why["alternatives"] == [{"reading": "by_reply", "due_on": reading}]
    assert day_of(why, due)["article"] == "条例（2008）第二十四条第二款"


def test_what_ended_before_the_new_regulations_has_no_other_reading(clerk):
    assert explain(clerk, receipt_date="2017-09-25")["why"]["alternatives"] == []
    assert explain(clerk, receipt_date="2019-05-10", regime="R2019")["why"]["alternatives"] == []


def test_counting_from_the_registration_is_another_reading(clerk):
    """Example 27: the registration receipt does not set the day of receipt (Guiding Case 26)."""
    made = clerk.register(channel="online", via="portal", arrived_on="2021-11-24", registered_on="2021-12-02")
    why = why_of(clerk, made["id"])
    assert why["due_on"] == "2021-12-22"
    assert why["alternatives"] == [{"reading": "registration_date", "due_on": "2021-12-30"}]


def test_corrections_of_2008_have_three_readings(clerk):
    events = [{"kind": "correction_requested", "items": ["a"], "on": "2017-03-06"}, {"kind": "correction_received", "on": "2017-03-20"}]
    why = explain(clerk, receipt_date="2017-03-01", events=events)["why"]
    assert why["due_on"] == "2017-04-06"
    assert why["alternatives"] == [{"reading": "suspend_inclusive", "due_on": "2017-04-07"}, {"reading": "restart", "due_on": "2017-04-11"}]
    assert holds_together(why) == 15


def test_beyond_the_calendar_days_are_provisional(clerk):
    why = explain(clerk, receipt_date="2026-12-21")["why"]
    assert why["provisional"] and holds_together(why) == 20
    beyond = {day["reason"] for day in why["days"] if day["date"] > "2026-12-31"}
    assert beyond == {"provisional"}
    assert day_of(why, "2027-01-02")["counted"] is False and day_of(why, "2027-01-04")["counted"] is True


def test_a_delayed_reply_ends_on_the_day_that_was_set(clerk):
    """Art. 35; a Saturday, which is the last day all the same."""
    events = [{"kind": "reasons_requested", "on": "2025-09-22"},
              {"kind": "reasons_received", "on": "2025-09-26", "reasonable": True, "delay_until": "2025-12-06"}]
    why = explain(clerk, receipt_date="2025-09-19", events=events)["why"]
    assert why["due_on"] == "2025-12-06"
    holds_together(why)
    assert why["steps"][-1] == {"rule": "delay", "article": "条例第三十五条", "from": "2025-10-23", "to": "2025-12-06"}
    assert day_of(why, "2025-12-06")["detail"] == "所定期限届满之日"


def test_a_very_long_way_is_told_from_its_end(clerk):
    events = [{"kind": "reasons_requested", "on": "2025-09-22"},
              {"kind": "reasons_received", "on": "2025-09-26", "reasonable": True, "delay_until": "2199-12-31"}]
    why = explain(clerk, receipt_date="2025-09-19", events=events)["why"]
    assert len(why["days"]) == 3660 and why["days"][-1]["date"] == "2199-12-31"


def test_an_archived_case_still_explains_its_date(clerk):
    made = clerk.register(arrived_on="2025-09-19", registered_on="2025-09-19")
    clerk.event(made["id"], "decided", outcome="unable.not_held", reason="无", on="2025-09-30")
    clerk.event(made["id"], "served", by="post", on="2025-09-30")
    closed = why_of(clerk, made["id"])
    clerk.event(made["id"], "archived", on="2025-10-30")
    assert clerk.case(made["id"])["due_on"] is None
    assert why_of(clerk, made["id"]) == closed and closed["due_on"] == "2025-10-23"


def test_as_of_and_known_at_look_back(clerk):
    made = clerk.register(arrived_on="2025-04-21", registered_on="2025-04-21")
    clerk.event(made["id"], "consultation_opened", party="other_agency", name="b", on="2025-04-25")
    assert why_of(clerk, made["id"])["due_on"] is None
    before = why_of(clerk, made["id"], "?as_of=2025-04-24")
    assert before["due_on"] == "2025-05-21" and holds_together(before) == 20
    during = why_of(clerk, made["id"], "?as_of=2025-05-10")
    assert (during["due_on"], during["days"][-1]["date"]) == (None, "2025-05-10")
    assert problem(clerk.get(f"/v1/cases/{made['id']}/why?known_at=2001-01-01T00:00:00Z"), 404)
    assert problem(clerk.get(f"/v1/cases/{made['id']}/why?as_of=gestern"), 400)


def test_an_arrival_has_no_days_yet(clerk):
    made = clerk.register(channel="fax", arrived_on="2025-04-21")
    assert made["status"] == "arrived"
    why = why_of(clerk, made["id"])
    assert (why["receipt_date"], why["due_on"], why["days"], why["steps"]) == (None, None, [], [])


# ---- ogi why ----

def width(line):
    """Columns of a terminal: full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def ogi(daemon, clerk, *words, language="zh_CN.UTF-8"):
    program = os.path.join(os.environ["OGID_BUILD"], "client", "cli", "ogi")
    sent = {**os.environ, "LC_ALL": language, "OGI_SERVER": daemon.url, "OGI_TOKEN": clerk.token, "COLUMNS": "80"}
    done = subprocess.run([program, *words], env=sent, timeout=60, text=True, encoding="utf-8", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def due_cell(printed):
    """The day that carries the mark of the due date, with the month above it."""
    found = []
    month = None
    for line in printed.splitlines():
        head = re.fullmatch(r"(\d{4}) 年 (\d+) 月|(\d{4})-(\d\d)", line)
        if head:
            month = tuple(int(part) for part in head.groups() if part)
        found += [f"{month[0]}-{month[1]:02d}-{of}" for of in re.findall(r"(\d\d) (?:第\d+日|day \d+)[*+?]*!", line)]
    return found


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "C.UTF-8"])
@pytest.mark.parametrize("number", WORKED)
def test_ogi_prints_a_worked_example_as_a_calendar(daemon, clerk, number, language):
    scenario, wanted = EXAMPLES[number]
    printed = ogi(daemon, clerk, "why", registered(clerk, scenario), language=language)
    assert due_cell(printed) == [wanted["due_on"]]
    assert max(width(line) for line in printed.splitlines()) <= 80
    assert ("条例第三十三条第二款" if language[:2] == "zh" else "art. 33 para. 2") in printed
    last = printed[:printed.index("!")].split()[-1]
    assert last in ("第20日", "20")


def test_every_day_stands_under_its_weekday(daemon, clerk):
    printed = ogi(daemon, clerk, "why", registered(clerk, EXAMPLES[13][0]), language="C.UTF-8").splitlines()
    month = None
    for line in printed:
        head = re.fullmatch(r"(\d{4})-(\d\d)", line)
        month = head or month
        for cell in re.finditer(r"(?<![\d-])(\d\d) (?=[a-z])", line) if re.match(r" *\d\d [a-z]", line) else ():
            of = datetime.date(int(month[1]), int(month[2]), int(cell[1]))
            assert cell.start() == of.weekday() * 11, (line, of)


def test_ogi_deadline_explains_when_asked(daemon, clerk):
    printed = ogi(daemon, clerk, "deadline", "--receipt-date", "2024-01-31", "--explain")
    assert due_cell(printed) == ["2024-03-04"]
    assert "10 春节" in printed and "18 第9日*" in printed
    assert due_cell(ogi(daemon, clerk, "deadline", "--receipt-date", "2024-01-31")) == []


def test_ogi_why_gives_the_answer_unchanged(daemon, clerk):
    case_id = registered(clerk, EXAMPLES[16][0])
    assert json.loads(ogi(daemon, clerk, "why", case_id, "--json")) == why_of(clerk, case_id)
    look_back = json.loads(ogi(daemon, clerk, "why", case_id, "--json", "--as-of", "2026-01-05"))
    assert look_back["due_on"] == "2025-10-23"
