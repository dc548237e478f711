# SPDX-License-Identifier: MulanPSL-2.0
"""The day changes at midnight in China, 16:00 UTC, whatever the time zone of the server (contract-cases §1.5)."""

import pytest

from support.api import case, faults


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Asia/Shanghai"])
def anywhere(request, monkeypatch, serve):
    monkeypatch.setenv("TZ", request.param)
    daemon = serve(start=False)
    daemon.now = "2026-06-01T15:30:00Z"
    return daemon.start()


def test_the_china_day_begins_at_sixteen_hours_utc(anywhere):
    duo = anywhere.api("duo")
    for instant, day, due in (("2026-06-01T15:59:59Z", "2026-06-01", "2026-06-30"),
                              ("2026-06-01T15:59:59.999Z", "2026-06-01", "2026-06-30"),
                              ("2026-06-01T16:00:00Z", "2026-06-02", "2026-07-01")):
        anywhere.now = instant
        made = duo.register(arrived_on=None)
        dates = ("arrived_on", "registered_on", "receipt_date")
        assert {made[name] for name in dates} == {day}, instant
        assert made["due_on"] == due
        assert made["created_at"][:19] == instant[:19]


def test_tomorrow_is_refused_until_it_has_begun(anywhere):
    duo = anywhere.api("duo")
    made = duo.register()
    tomorrow = {"kind": "noted", "note": "回访", "on": "2026-06-02"}
    anywhere.now = "2026-06-01T15:59:59Z"
    answer = duo.post(f"/v1/cases/{made['id']}/events", tomorrow)
    assert ("/on", "future_date") in faults(answer)
    assert ("/arrived_on", "future_date") in faults(duo.post("/v1/cases", case(arrived_on="2026-06-02")))
    anywhere.now = "2026-06-01T16:00:00Z"
    assert duo.post(f"/v1/cases/{made['id']}/events", tomorrow).status_code == 201
    assert duo.post("/v1/cases", case(arrived_on="2026-06-02")).status_code == 201
    assert duo.event(made["id"], "noted", note="今日")["version"] == 3


def test_a_due_day_ends_at_midnight_in_china(anywhere):
    duo = anywhere.api("duo")
    made = duo.register(arrived_on="2026-05-06")
    due = made["due_on"]
    assert due == "2026-06-02"
    for instant, light in (("2026-06-01T15:59:59Z", "amber"), ("2026-06-01T16:00:00Z", "red"),
                           ("2026-06-02T15:59:59Z", "red"), ("2026-06-02T16:00:00Z", "overdue")):
        anywhere.now = instant
        anywhere.tokens.clear()
        duo = anywhere.api("duo")
        seen = duo.case(made["id"])
        assert (seen["light"], seen["overdue_workdays"]) == (light, 1 if light == "overdue" else 0), instant


def test_the_year_of_a_number_is_the_year_in_china(anywhere):
    """31 December, 15:59:59 UTC and a second later."""
    numbers = []
    for instant in ("2025-12-31T15:59:59Z", "2025-12-31T16:00:00Z", "2025-12-31T16:00:01Z"):
        anywhere.now = instant
        anywhere.tokens.clear()
        numbers.append(anywhere.api("duo").register(arrived_on=None)["number"])
    assert numbers == ["2025-1", "2026-1", "2026-2"]
    assert anywhere.verify().returncode == 0
