# SPDX-License-Identifier: MulanPSL-2.0
"""A day begins at midnight in China, which is 16:00 UTC of the day before, in every year."""

import pytest

from support.api import case, faults

LAST, FIRST = "15:59:59.999Z", "16:00:00Z"


def at(daemon, instant):
    daemon.now = instant
    daemon.tokens.clear()
    return daemon.api("duo")


@pytest.mark.parametrize("day, after", [("2026-06-01", "2026-06-02"), ("2025-12-31", "2026-01-01"), ("2024-02-28", "2024-02-29"),
                                        ("2024-02-29", "2024-03-01"), ("2020-06-30", "2020-07-01")])
def test_today_changes_at_midnight_in_china(daemon, day, after):
    late = at(daemon, f"{day}T{LAST}")
    made = late.register(arrived_on=None)
    assert (made["arrived_on"], made["receipt_date"], made["registered_on"], made["number"][:4]) == (day, day, day, day[:4])
    assert made["created_at"] == f"{day}T15:59:59.999Z"
    assert faults(late.post("/v1/cases", case(arrived_on=after))) >= {("/arrived_on", "future_date")}
    early = at(daemon, f"{day}T{FIRST}")
    made = early.register(arrived_on=None)
    assert (made["arrived_on"], made["registered_on"], made["number"][:4]) == (after, after, after[:4])
    assert made["created_at"] == f"{day}T16:00:00.000Z"


def test_the_light_changes_at_midnight_in_china(daemon):
    made = at(daemon, "2025-10-01T01:00:00Z").register(arrived_on="2025-09-19")  # due 2025-10-23
    for instant, light, overdue in [("2025-10-22T15:59:59Z", "amber", 0), ("2025-10-22T16:00:00Z", "red", 0),
                                    ("2025-10-23T15:59:59Z", "red", 0), ("2025-10-23T16:00:00Z", "overdue", 1)]:
        shown = at(daemon, instant).case(made["id"])
        assert (shown["light"], shown["overdue_workdays"]) == (light, overdue), instant
        listed = daemon.api("duo").get(f"/v1/cases?light={light}").json()["cases"]
        assert [c["light"] for c in listed if c["id"] == made["id"]] == [light], instant


def test_an_event_of_tomorrow_is_possible_a_second_later(daemon):
    made = at(daemon, "2026-03-02T01:00:00Z").register(arrived_on="2026-03-02")
    late = at(daemon, f"2026-03-02T{LAST}")
    assert faults(late.post(f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "a", "on": "2026-03-03"})) == \
        {("/on", "future_date")}
    assert at(daemon, f"2026-03-02T{FIRST}").event(made["id"], "noted", note="a", on="2026-03-03")["version"] == 2


def test_the_audit_of_a_day_is_that_of_china(daemon):
    at(daemon, "2026-04-09T15:59:59Z").register(arrived_on="2026-04-09")
    at(daemon, "2026-04-09T16:00:00Z").register(arrived_on="2026-04-09")
    admin = daemon.api("admin")
    for day, instant in [("2026-04-09", "2026-04-09T15:59:59.000Z"), ("2026-04-10", "2026-04-09T16:00:00.000Z")]:
        found = admin.get(f"/v1/audit?from={day}&to={day}&action=case.registered").json()["entries"]
        assert [e["at"] for e in found] == [instant]
