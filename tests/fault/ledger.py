# SPDX-License-Identifier: MulanPSL-2.0
"""The journal of the writers held against the database."""

import collections
import dataclasses
import json
import re

from writers import Line

MARK = re.compile("<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>")


@dataclasses.dataclass
class Found:
    """Of each key: the cases whose events carry its mark, and the rows of the key itself."""
    marks: dict
    keys: collections.Counter


def found(daemon):
    marks = collections.defaultdict(list)
    for case_id, body in daemon.sql("SELECT case_id::text, body FROM case_text WHERE body IS NOT NULL"):
        for mark in MARK.findall(body):
            marks[mark].append(case_id)
    return Found(marks, collections.Counter(key for key, in daemon.sql("SELECT key::text FROM idempotency_key")))


def numbers_have_no_gaps(daemon):
    """Of every office and year: 1, 2, 3 … as far as the counter."""
    counters = {(org, year): last for org, year, last in daemon.sql("SELECT org_id, year, last FROM reg_counter")}
    rows = daemon.sql("SELECT org_id, year, array_agg(serial ORDER BY serial) FROM request_case"
                      " WHERE year IS NOT NULL GROUP BY org_id, year")
    for org, year, serials in rows:
        assert serials == list(range(1, len(serials) + 1)), (org, year, serials)
        assert counters.pop((org, year)) == len(serials)
    assert not counters


def no_acknowledged_write_is_lost(work, there):
    for w in work.resolved():
        assert len(there.marks[w.key]) == 1, ("lost" if not there.marks[w.key] else "doubled", w)
        assert there.keys[w.key] == 1, w
        assert there.marks[w.key] == [w.case["id"]], w


def every_other_write_is_whole_or_absent(work, there):
    """Gives the keys of those that were stored though nobody was told."""
    stored = set()
    for w in work.unresolved():
        assert len(there.marks[w.key]) <= 1, ("doubled", w)
        assert there.keys[w.key] == len(there.marks[w.key]), ("half", w)
        if there.keys[w.key]:
            stored.add(w.key)
    return stored


def nothing_was_invented(work, there, before=()):
    sent = {w.key for w in work.journal} | set(before)
    assert set(k for k, cases in there.marks.items() if cases) <= sent


def ask_again(port, work, writes):
    """Repeats writes under their keys; gives key -> (replayed, case)."""
    tokens = {office.code: office.token for office in work.offices}
    line, answers = Line(port), {}
    for w in writes:
        status, headers, body = line.send(w, tokens[w.office])
        assert status == 201, (w, status, body)
        answers[w.key] = (headers["Idempotency-Replayed"] == "true", json.loads(body))
    line.close()
    return answers


def verified(daemon):
    done = daemon.verify()
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def settled(daemon, work, known=()):
    """Every invariant of the contract. Gives figures; `known` are keys of earlier rounds."""
    there = found(daemon)
    assert not work.wrong, work.wrong[:3]
    no_acknowledged_write_is_lost(work, there)
    stored = every_other_write_is_whole_or_absent(work, there)
    nothing_was_invented(work, there, known)
    numbers_have_no_gaps(daemon)

    unresolved = work.unresolved()
    for key, (replayed, answer) in ask_again(daemon.port, work, unresolved).items():
        assert replayed == (key in stored), key
        if replayed:
            assert [answer["id"]] == there.marks[key]
    sample = work.resolved()[:: max(1, len(work.resolved()) // 20)]
    told = {w.key: w.case for w in sample}
    for key, (replayed, answer) in ask_again(daemon.port, work, sample).items():
        assert replayed
        same = ("id", "number", "version", "query_code", "due_on")
        assert {k: answer.get(k) for k in same} == {k: told[key].get(k) for k in same}

    after = found(daemon)
    for w in work.journal:
        assert len(after.marks[w.key]) == after.keys[w.key] == 1, w
    numbers_have_no_gaps(daemon)
    verified(daemon)
    return {"writes": len(work.journal), "acknowledged": len(work.resolved()), "unresolved": len(unresolved),
            "of these stored": len(stored), "lost": 0, "doubled": 0, "gaps": 0}


