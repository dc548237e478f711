# SPDX-License-Identifier: MulanPSL-2.0
"""GET /v1/workload: what falls due when, for whom, held against the list of cases; and lights and days to watch of suspended
states (contract-cases §4)."""

import collections

import pytest

from support.api import problem

COUNTS = ("open", "overdue", "red", "amber", "green", "suspended", "unconfirmed")
OPEN = "arrived,in_process,correction_requested,reasons_requested,fee_noticed,decided"


@pytest.fixture(scope="module")
def ledger(daemon):
    """It is Monday 2026-06-01: cases of two offices, overdue, due today, soon, later, suspended and unconfirmed."""
    duo, other = daemon.api("duo"), daemon.api("other")
    made = {}
    for n, day in enumerate(["2026-04-20", "2026-04-30", "2026-05-06", "2026-05-08", "2026-05-12", "2026-05-18", "2026-05-29"]):
        made[day] = duo.register(arrived_on=day, assignee="handler" if n % 2 else None)["id"]
        other.register(arrived_on=day)
    for way in ("correcting", "consulting", "closed", "fee", "reasons"):
        made[way] = duo.register(arrived_on="2026-05-20")["id"]
    duo.event(made["correcting"], "correction_requested", items=["请明确"], on="2026-05-25")
    duo.event(made["consulting"], "consultation_opened", party="third_party", name="某公司", received_on="2026-05-22", on="2026-05-21")
    duo.event(made["closed"], "decided", outcome="unable.not_held", on="2026-05-22")
    duo.event(made["closed"], "served", by="post", on="2026-05-25")
    duo.event(made["fee"], "fee_noticed", basis="pages", quantity=50, received_on="2026-05-25", approved_by="ogi_head", on="2026-05-25")
    duo.event(made["reasons"], "reasons_requested", on="2026-05-25")
    made["arrival"] = duo.register(arrived_on="2026-05-28", channel="fax", confirmed=False)["id"]
    daemon.made = made
    return daemon


def workload(api, query=""):
    answer = api.get("/v1/workload" + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def cases(api, query):
    return api.get(f"/v1/cases?limit=200&{query}").json()["cases"]


@pytest.mark.parametrize("login, query", [("duo", ""), ("district", ""), ("district", "org=zhucun"), ("district", "org=zengcheng&rollup=true"),
                                          ("other", ""), ("district", "org=zengcheng")])
def test_it_counts_what_the_list_shows(ledger, login, query):
    api = ledger.api(login)
    found = workload(api, "?from=2026-04-01&to=2026-07-31" + (query and "&" + query))
    listed = cases(api, f"status={OPEN}" + (query and "&" + query))
    by = collections.defaultdict(collections.Counter)
    for one in listed:
        state = "unconfirmed" if one["status"] == "arrived" else "suspended" if one["due_on"] is None else one["light"]
        by[one["org"], one["assignee"]].update(["open", state])
    assert {(p["org"], p["assignee"]): {c: p[c] for c in COUNTS} for p in found["people"]} == \
        {key: {c: n[c] for c in COUNTS} for key, n in by.items()}
    for part in found["orgs"]:
        assert {c: part[c] for c in COUNTS} == {c: sum(n[c] for (org, _), n in by.items() if org == part["org"]) for c in COUNTS}
    assert found["total"] == {c: sum(n[c] for n in by.values()) for c in COUNTS}
    due = collections.Counter((one["due_on"], one["org"], one["assignee"]) for one in listed if one["due_on"])
    assert {(d["date"], b["org"], b["assignee"]): b["due"] for d in found["days"] for b in d["by"]} == dict(due)
    assert all(d["due"] == sum(b["due"] for b in d["by"]) for d in found["days"])
    watches = sorted((w["on"], one["id"], w["kind"]) for one in listed if one["due_on"] is None for w in one["watch"])
    assert sorted((w["on"], w["case"], w["kind"]) for w in found["watch"]) == watches
    assert [w["on"] for w in found["watch"]] == sorted(w["on"] for w in found["watch"])
    assert not found["watch_more"] and all(w["passed"] == (w["on"] < "2026-06-01") for w in found["watch"])


def test_every_day_is_there_with_its_kind(ledger):
    found = workload(ledger.api("duo"), "?from=2026-06-01&to=2026-06-30")
    days = {d["date"]: (d["kind"], d["name"]) for d in found["days"]}
    assert len(days) == 30 and days["2026-06-06"][0] == "weekend" and days["2026-06-01"] == ("workday", None)
    assert days["2026-06-19"][0] == "holiday" and "端午" in days["2026-06-19"][1]
    preset = workload(ledger.api("duo"))
    assert (preset["as_of"], preset["from"], preset["to"], len(preset["days"])) == ("2026-06-01", "2026-06-01", "2026-07-01", 31)


@pytest.mark.parametrize("way, state, light, dated, watch", [
    ("arrival", "not_started", "none", False, ["2026-05-29"]),
    ("correcting", "not_started", "none", False, ["2026-06-15"]),
    ("consulting", "suspended", "none", False, ["2026-06-12"]),
    ("fee", "suspended", "none", False, ["2026-06-23"]),
    ("reasons", "running", "green", True, None),
    ("closed", "stopped", "none", True, []),
])
def test_a_case_that_waits_has_no_light_but_a_day_to_watch(ledger, way, state, light, dated, watch):
    """contract-cases §4, row by row, in the list too."""
    one = ledger.api("duo").case(ledger.made[way])
    listed = next(c for c in cases(ledger.api("duo"), "sort=-updated_at") if c["id"] == one["id"])
    for shown in (one, listed):
        assert (shown["clock"]["state"], shown["light"], shown["due_on"] is not None) == (state, light, dated)
        if watch is not None:
            assert [w["on"] for w in shown["watch"]] == watch


def test_filters_of_the_board(ledger):
    api, made = ledger.api("duo"), ledger.made
    assert {c["id"] for c in cases(api, "light=none&status=open")} == {made[w] for w in ("arrival", "correcting", "consulting", "fee")}
    assert {c["id"] for c in cases(api, "flag=consulting")} == {made["consulting"]}
    assert all(c["overdue_workdays"] > 0 for c in cases(api, "light=overdue"))
    assert all(c["overdue_workdays"] == 0 for c in cases(api, "light=none,green,amber,red"))


@pytest.mark.parametrize("query", ["?from=2026-06-02&to=2026-06-01", "?from=2026-01-01&to=2027-06-01", "?from=x", "?nope=1", "?to=2026-02-30"])
def test_a_question_that_cannot_be_is_refused(ledger, query):
    assert ledger.api("duo").get("/v1/workload" + query).status_code == 400


def test_another_office_is_not_there(ledger):
    problem(ledger.api("duo").get("/v1/workload?org=licheng"), 404)
    problem(ledger.api("duo").get("/v1/workload?org=zengcheng"), 404)
