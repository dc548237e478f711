# SPDX-License-Identifier: MulanPSL-2.0
"""Two people at one case: versions, If-Match, and no update that is lost."""

import concurrent.futures
import threading

import pytest

from support.api import problem


def at_once(*calls):
    """The answers of calls that begin together."""
    gate = threading.Barrier(len(calls))

    def run(call):
        gate.wait()
        return call()

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def recorder(daemon, made, login, kind, headers=None, **fields):
    api, path = daemon.api(login), f"/v1/cases/{made['id']}/events"
    return lambda: api.post(path, {"kind": kind, **fields}, headers=headers)


def test_if_match_holds_the_version(duo):
    made = duo.register()
    path, body = f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "a"}
    assert duo.post(path, body, headers={"If-Match": '"1"'}).status_code == 201
    found = problem(duo.post(path, body, headers={"If-Match": '"1"'}), 412, "precondition_failed")
    assert "2" in found["detail"]
    problem(duo.post(path, body, headers={"If-Match": '"3"'}), 412)
    problem(duo.post(path + "?dry_run=true", body, headers={"If-Match": '"1"'}), 412)
    assert duo.post(path, body, headers={"If-Match": '"2"'}).headers["ETag"] == '"3"'
    assert duo.post(path, body, headers={"If-Match": "*"}).status_code == 201
    assert duo.case(made["id"])["version"] == 4


@pytest.mark.parametrize("bad", ["1", "one", '"one"', 'W/"1"', '"1", "2"', '"-1"', '""', '"1'])
def test_if_match_is_a_version(duo, bad):
    made = duo.register()
    problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "a"}, headers={"If-Match": bad}), 400,
            "bad_header")


def test_nobody_is_told_that_a_case_has_not_changed(duo):
    made = duo.register()
    answer = duo.get(f"/v1/cases/{made['id']}", headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


PAIRS = [
    (("decided", {"outcome": "unable.not_held", "on": "2026-05-20"}), ("correction_requested", {"items": ["a"], "on": "2026-05-20"}),
     "one"),
    (("decided", {"outcome": "unable.not_held", "on": "2026-05-20"}), ("decided", {"outcome": "decline.repeat", "on": "2026-05-20"}),
     "one"),
    (("correction_requested", {"items": ["a"], "on": "2026-05-20"}), ("fee_noticed", {"basis": "pages", "quantity": 40,
                                                                                      "on": "2026-05-20"}), "one"),
    (("extended", {"workdays": 15, "on": "2026-05-20"}), ("extended", {"workdays": 15, "on": "2026-05-20"}), "one"),
    (("noted", {"note": "a"}), ("noted", {"note": "b"}), "both"),
    (("extended", {"workdays": 5, "on": "2026-05-20"}), ("extended", {"workdays": 6, "on": "2026-05-20"}), "both"),
    (("noted", {"note": "a"}), ("decided", {"outcome": "unable.not_held", "on": "2026-05-20"}), "both"),
]


@pytest.mark.parametrize("first, second, won", PAIRS, ids=lambda v: v if isinstance(v, str) else v[0])
def test_of_two_events_at_once_nothing_is_lost(daemon, duo, first, second, won):
    for _ in range(4):
        made = duo.register()
        answers = at_once(recorder(daemon, made, "duo", first[0], **first[1]),
                          recorder(daemon, made, "handler", second[0], **second[1]))
        stored = [a for a in answers if a.status_code == 201]
        assert len(stored) == (1 if won == "one" else 2), [a.text for a in answers]
        for refused in (a for a in answers if a.status_code != 201):
            assert problem(refused, 409)["code"] in ("not_in_this_state", "already_extended_fully")
        after = duo.case(made["id"])
        assert after["version"] == 1 + len(stored) == max(a.json()["version"] for a in stored)
        seqs = [e["seq"] for e in duo.get(f"/v1/cases/{made['id']}/events").json()["events"]]
        assert seqs == list(range(1, after["version"] + 1))
        if first[0] == second[0] == "extended":
            assert after["clock"]["extension"] == (15 if won == "one" else 5 + 6)


def test_of_many_with_the_same_version_one_wins(daemon, duo):
    made = duo.register()
    calls = [recorder(daemon, made, "duo", "noted", headers={"If-Match": '"1"'}, note=str(i)) for i in range(12)]
    answers = at_once(*calls)
    assert sorted(a.status_code for a in answers) == [201] + [412] * 11
    assert duo.case(made["id"])["version"] == 2


def test_many_notes_at_once_are_all_kept_in_one_chain(daemon, duo):
    made = duo.register()
    answers = at_once(*[recorder(daemon, made, ("duo", "handler", "front_desk")[i % 3], "noted", note=f"第{i}条") for i in range(16)])
    kept = duo.get(f"/v1/cases/{made['id']}/events").json()["events"]
    busy = [a for a in answers if a.status_code == 503]
    assert {a.status_code for a in answers} <= {201, 503} and len(busy) < 16
    assert len(kept) == 1 + len(answers) - len(busy)
    assert all(one["hash"] == two["prev_hash"] for one, two in zip(kept, kept[1:]))
    notes = {e["data"]["note"] for e in kept[1:]}
    assert notes == {f"第{i}条" for i in range(16) if answers[i].status_code == 201}


def test_a_reader_never_sees_half_a_write(daemon, duo):
    made = duo.register()
    path, stop = f"/v1/cases/{made['id']}", threading.Event()

    def read():
        api, seen = daemon.api("leader"), []
        while not stop.is_set():
            shown = api.get(path)
            events = api.get(path + "/events").json()["events"]
            seen.append((shown.json()["version"], shown.headers["ETag"], len(events)))
        return seen

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        reading = pool.submit(read)
        for i in range(20):
            duo.event(made["id"], "noted", note=str(i))
        stop.set()
        seen = reading.result()
    assert all(etag == f'"{version}"' and version <= events for version, etag, events in seen)
    assert [version for version, _, _ in seen] == sorted(version for version, _, _ in seen)


def test_after_all_this_the_ledger_is_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
