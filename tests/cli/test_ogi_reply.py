# SPDX-License-Identifier: MulanPSL-2.0
"""ogi reply: two events, each with its own key; a second call goes on where the first stopped."""
from ogi_server import case, problem

CASE = "/v1/cases/2025-17"
EVENTS = CASE + "/events"
WORDS = ["reply", "2025-17", "--outcome", "grant", "--variant", "grant.provided", "--by", "post", "--tracking-no",
         "EA1", "--on", "2025-05-20", "--basis", "第三十六条"]
DECIDED = case(status="decided", outcome="grant", outcome_variant="grant.provided")
CLOSED = case(status="closed", outcome="grant", outcome_variant="grant.provided", closed_on="2025-05-20")


def test_it_decides_and_serves_each_with_its_own_key(ogi, server):
    server.on("GET", CASE, (200, case()))
    server.on("POST", EVENTS, (201, DECIDED), (201, CLOSED))
    done = ogi(*WORDS)
    assert done.returncode == 0 and "closed" in done.stdout
    decided, served = server.posts
    assert decided.json == {"kind": "decided", "outcome": "grant", "variant": "grant.provided",
                            "on": "2025-05-20", "basis": ["第三十六条"]}
    assert served.json == {"kind": "served", "by": "post", "tracking_no": "EA1", "on": "2025-05-20"}
    assert decided.headers["Idempotency-Key"] != served.headers["Idempotency-Key"]


def test_a_second_call_goes_on_where_the_first_stopped(ogi, server):
    server.on("GET", CASE, (200, case()))
    server.on("POST", EVENTS, (201, DECIDED), problem(503, "unavailable", "away"))
    first = ogi(*WORDS)
    assert first.returncode == 1 and "not yet served" in first.stderr
    server.on("GET", CASE, (200, DECIDED))
    server.on("POST", EVENTS, (201, CLOSED))
    second = ogi(*WORDS)
    assert second.returncode == 0 and "already decided" in second.stderr
    assert [r.json["kind"] for r in server.posts] == ["decided", "served", "served"]


def test_only_the_way_of_service_is_needed_for_the_rest(ogi, server):
    server.on("GET", CASE, (200, DECIDED))
    server.on("POST", EVENTS, (201, CLOSED))
    assert ogi("reply", "2025-17", "--by", "post").returncode == 0


def test_what_was_replied_stays_replied(ogi, server):
    server.on("GET", CASE, (200, CLOSED))
    done = ogi(*WORDS)
    assert (done.returncode, server.posts) == (0, []) and "already replied" in done.stderr


def test_another_decision_is_not_served_in_place_of_the_one_asked_for(ogi, server):
    for status in ("decided", "closed"):
        server.on("GET", CASE, (200, case(status=status, outcome="refuse.process")))
        done = ogi(*WORDS)
        assert (done.returncode, server.posts) == (5, []) and "refuse.process" in done.stderr


def test_nothing_is_decided_before_the_way_of_service_is_known(ogi, server):
    server.on("GET", CASE, (200, case()))
    assert ogi("reply", "2025-17", "--outcome", "grant").returncode == 2
    assert ogi("reply", "2025-17", "--by", "post").returncode == 2
    assert server.posts == []


def test_a_refused_decision_is_not_served(ogi, server):
    server.on("GET", CASE, (200, case()))
    server.on("POST", EVENTS, problem(409, "review_missing", "no review", allowed=[{"kind": "reviewed"}]))
    done = ogi(*WORDS)
    assert done.returncode == 5 and len(server.posts) == 1 and "reviewed" in done.stderr
