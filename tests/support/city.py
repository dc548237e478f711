# SPDX-License-Identifier: MulanPSL-2.0
"""A city in lines of JSON: organisations that receive, extend, have corrected, consult about, answer, see withdrawn and carry
over requests, year after year. Every line is a legal story; the same seed gives the same city."""

import datetime
import json
import random

KINDS = ["natural"] * 12 + ["business", "research", "public_interest", "legal_service", "other_org"]
OUTCOMES = [("grant", "grant.provided")] * 6 + [(code, None) for code in (
    "grant_partial", "refuse.process", "refuse.internal_affairs", "unable.not_held", "unable.not_held", "decline.repeat",
    "decline.petition", "unable.needs_creation")]
CHANNELS = [("in_person", {}), ("online", {}), ("letter", {"via": "mail_signed"}), ("fax", {})]


def day(text, n=0):
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=n)).isoformat()


def story(dice, received):
    """Events of one request and what it became, all before its date is due."""
    events, at = [], received
    way = dice.random()
    if way < 0.06:
        return [{"kind": "withdrawn", "on": day(at, dice.randint(1, 6))}]
    if way < 0.12:
        at = day(at, 3)
        events.append({"kind": "correction_requested", "on": at, "items": ["写明所需信息的名称"]})
        at = day(at, 5)
        events.append({"kind": "correction_received", "on": at})
    elif way < 0.25:
        at = day(at, 4)
        events.append({"kind": "extended", "on": at, "workdays": dice.choice((10, 20))})
    elif way < 0.32:
        at = day(at, 2)
        events.append({"kind": "consultation_opened", "on": at, "party": "third_party", "name": "某公司"})
        at = day(at, 9)
        events.append({"kind": "consultation_closed", "on": at, "opinion": "agree"})
    at = day(at, dice.randint(3, 12))
    outcome, variant = dice.choice(OUTCOMES)
    events += [{"kind": "decided", "on": at, "outcome": outcome, "reason": "依法答复", **({"variant": variant} if variant else {})},
               {"kind": "served", "on": at, "by": "signature"}]
    return events


def lines(orgs, years, per_year, seed=1):
    """(body as a dict) of each request, in order of organisation and day; some of December stay open over the year."""
    dice = random.Random(seed)
    for org in orgs:
        for year in years:
            for n in sorted(dice.randrange(365) for _ in range(per_year)):
                received = day(f"{year}-01-01", n)
                channel, fields = dice.choice(CHANNELS)
                if fields.get("via") == "mail_signed":
                    fields = {**fields, "signed_on": received}
                if channel in ("online", "fax"):
                    fields = {**fields, "confirmed_on": received}
                yield {"org": org, "external_ref": f"{org}-{year}-{n}-{dice.randrange(10 ** 9)}", "historic": True,
                       "channel": channel, **fields, "arrived_on": received, "registered_on": received,
                       "applicant": {"kind": dice.choice(KINDS), "name": "某"}, "subject": "land_use",
                       "description": "征地补偿安置方案", "events": story(dice, received)}


def ndjson(bodies):
    return b"".join(json.dumps(body, ensure_ascii=False).encode() + b"\n" for body in bodies)
