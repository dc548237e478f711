# SPDX-License-Identifier: MulanPSL-2.0
"""Cases taken through random but lawful histories: what one event answers is what the next reading shows, today and in the past, and
the whole proves itself. The dice are the same in every run; OGID_TEST_LONG=1 throws more of them."""

import datetime
import os
import random

import pytest

from test_life_cycle import BODIES

CASES = 400 if os.environ.get("OGID_TEST_LONG") else 10
FIRST, TODAY = datetime.date(2026, 4, 1), datetime.date(2026, 6, 1)


def arrival(dice):
    channel, via = dice.choice([("in_person", None), ("letter", "mail_signed"), ("letter", "mail_ordinary"), ("online", "portal"),
                                ("online", "form"), ("online", "email"), ("fax", None)])
    day = FIRST if dice.random() < 0.7 else datetime.date(2017, 3, 1)
    fields = {"channel": channel, "via": via, "arrived_on": str(day)}
    if dice.random() < 0.6:
        fields["confirmed_on"] = str(day + datetime.timedelta(days=dice.randrange(3)))
    return fields


def body(dice, shown, events, day):
    """A body for one of the kinds the case says are possible, or None."""
    one = dice.choice(shown["allowed"])
    kind = one["kind"]
    if kind in ("split", "merged", "handed_over") and dice.random() < 0.8:  # they end the case
        kind = "noted"
    fields = {"kind": kind, "on": str(day), **BODIES[kind]}
    if kind == "extended":
        fields["workdays"] = dice.randint(1, one["fields"]["workdays"].get("max", 20))
    elif kind in ("decided", "proposed"):
        fields["outcome"] = dice.choice(["unable.not_held", "decline.repeat", "grant"] if day.year > 2018
                                        else ["legacy.not_exist", "legacy.grant", "legacy.other_way"])
    elif kind in ("amended", "retracted"):
        fields["event"] = dice.randint(1, len(events))
        if kind == "amended":
            fields["field"], fields["to"] = dice.choice([("subject", "housing"), ("description", "另一份"), ("note", "改过"),
                                                         ("applicant.name", "李四"), ("on", str(day)), ("workdays", 3)])
    elif kind in ("delivered", "returned"):
        fields["of"] = dice.randint(1, len(events))
    elif kind == "reopened":
        fields["redo_due_on"] = str(day + datetime.timedelta(days=30))
    elif kind == "consultation_closed":
        fields["consultation"] = dice.randint(1, len(shown["consultations"]) or 1)
    elif kind == "remedy_concluded":
        fields["remedy"] = dice.randint(1, len(shown["remedies"]) or 1)
    return fields


def same(one, two):
    """But for the codes, which only the answer that made them gives."""
    def plain(shown):
        def link(to):
            return to and {k: v for k, v in to.items() if k != "query_code"}

        told = ("query_code", "moved", "rejudged")
        return {**{k: v for k, v in shown.items() if k not in told}, "split_into": [link(part) for part in shown["split_into"]],
                "handed_over_to": link(shown["handed_over_to"])}

    assert plain(one) == plain(two)


@pytest.mark.parametrize("seed", range(CASES))
def test_a_history(duo, seed):
    dice = random.Random(seed)
    facts = arrival(dice)
    shown = duo.register(**facts)
    path, day = f"/v1/cases/{shown['id']}", datetime.date.fromisoformat(facts["arrived_on"])
    for _ in range(22):
        day = min(TODAY, day + datetime.timedelta(days=dice.choice([0, 0, 1, 1, 2, 5, 20])))
        events = duo.get(path + "/events").json()["events"]
        sent = body(dice, shown, events, day)
        dry = duo.post(path + "/events?dry_run=true", sent)
        answer = duo.post(path + "/events", sent)
        assert (dry.status_code, answer.status_code) in ((200, 201), (409, 409), (422, 422)), (sent, dry.text, answer.text)
        after = duo.case(shown["id"])
        if answer.status_code != 201:
            same(after, shown)
            continue
        same(answer.json(), after)
        given = ("number", "display_number", "split_into", "handed_over_to")
        same({**dry.json(), **{name: after[name] for name in given}}, after)
        same(duo.case(shown["id"], query="?as_of=2026-06-01"), after)
        last = duo.get(path + "/events").json()["events"][-1]
        assert (last["seq"], last["due_before"], last["due_after"]) == (after["version"], shown["due_on"], after["due_on"])
        assert last["prev_hash"] == events[-1]["hash"]
        shown = after


def test_the_list_shows_every_case_as_it_shows_alone(duo):
    """One row after the other is read into the same memory: nothing of a case may stay in the next."""
    seen, after = [], ""
    while after is not None:
        page = duo.get("/v1/cases?limit=7&sort=number" + (f"&after={after}" if after else "")).json()
        seen, after = seen + page["cases"], page["next"]
    assert len(seen) >= CASES
    for listed in seen:
        alone = duo.case(listed["id"])
        assert listed == {k: v for k, v in alone.items() if k not in ("allowed", "refused")}


def test_afterwards_the_ledger_is_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 moved" in daemon.run("refold", "--dry-run").stdout
