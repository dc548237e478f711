# SPDX-License-Identifier: MulanPSL-2.0
"""PostgreSQL stops, stands still or hangs up under 64 writers (goals S2, S3; contract §2): meanwhile everybody is
answered 503 with Retry-After, afterwards service comes back by itself, and no write is lost or doubled."""

import json
import time

import pytest
import requests

from ledger import settled
from support.api import case, key
from waiting import until
from writers import PATIENCE, Writers, offices

SETTINGS = {"operation_timeout_ms": 1000, "request_timeout_s": 5}
LONGEST = 5 + 2.5  # of one request: its time-out, and how late a busy machine may notice
BACK = 5  # seconds until service is back


class Visitor:
    """Somebody who reads and writes once in a while, and notes how long that took."""

    def __init__(self, daemon, office):
        self.url, self.office = daemon.url, office
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": f"Bearer {office.token}", "Accept-Language": "en"})
        self.longest, self.refused = 0.0, 0

    def ask(self, method, path, body=None, **headers):
        begun = time.monotonic()
        answer = self.session.request(method, self.url + path, data=body, headers=headers, timeout=PATIENCE)
        self.longest = max(self.longest, time.monotonic() - begun)
        assert answer.status_code in (200, 201, 503), answer.text
        if answer.status_code == 503:
            self.refused += 1
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.headers["Content-Type"] == "application/problem+json"
            problem = answer.json()
            assert problem["status"] == 503 and problem["code"] in ("database_away", "timeout", "unresolved", "busy")
            assert problem["title"] and problem["detail"]
        return answer.status_code

    def read(self):
        return self.ask("GET", f"/v1/cases/{self.office.shared}")

    def write(self):
        return self.ask("POST", "/v1/cases", json.dumps(case()).encode(),
                        **{"Content-Type": "application/json", "Idempotency-Key": key()})

    def is_refused(self):
        """Both are refused, and in time."""
        refused = [self.read(), self.write()] == [503, 503]
        assert self.longest < LONGEST
        return refused


def comes_back(work, since):
    """A write begun after the database was back is acknowledged within BACK seconds of that."""
    with work.changed:
        assert work.changed.wait_for(
            lambda: any(w.done > since for w in work.journal) or work.wrong, PATIENCE)
    first = min(w.done for w in work.journal if w.done > since)
    assert first - since < BACK, first - since
    work.until(64)
    return first - since


def lives(daemon):
    """The process itself answers without a database, and says what is missing."""
    assert requests.get(daemon.url + "/healthz", timeout=PATIENCE).status_code == 200
    ready = requests.get(daemon.url + "/readyz", timeout=PATIENCE)
    assert ready.status_code == 503 and ready.json()["database"] is False and ready.headers["Retry-After"]


def test_postgresql_stopped_at_once_and_started_again(world, serve, rounds, figures):
    daemon = serve(**SETTINGS)
    people = offices(daemon, 2)
    visitor = Visitor(daemon, people[0])
    back = []
    with Writers([daemon.port], people) as work:
        for _ in range(min(rounds, 20)):
            work.until(150)
            world.cluster.stop("immediate")
            until(visitor.is_refused, PATIENCE)
            until(lambda: lives(daemon) is None, PATIENCE)
            world.cluster.start()
            back.append(comes_back(work, time.monotonic()))
    assert work.longest < LONGEST
    figures(rounds=len(back), back_after=f"{max(back):.2f} s", longest_request=f"{max(visitor.longest, work.longest):.2f} s",
            answers=work.answers(), **settled(daemon, work))


def test_postgresql_frozen_and_thawed(world, serve, rounds, figures):
    daemon = serve(**SETTINGS)
    people = offices(daemon, 2)
    visitor = Visitor(daemon, people[0])
    back = []
    with Writers([daemon.port], people) as work:
        for _ in range(min(rounds, 10)):
            work.until(150)
            with world.cluster.frozen():
                frozen = time.monotonic()
                work.until_all(lambda w: w.begun < frozen and 503 in w.statuses or w.begun > frozen and w.attempts > 1)
                assert visitor.is_refused()
                lives(daemon)
            back.append(comes_back(work, time.monotonic()))
    assert work.longest < LONGEST
    figures(rounds=len(back), back_after=f"{max(back):.2f} s", longest_request=f"{max(visitor.longest, work.longest):.2f} s",
            answers=work.answers(), **settled(daemon, work))


@pytest.mark.parametrize("which", ["backend_xid IS NOT NULL", "true"], ids=["that commit", "any"])
def test_backends_terminated(world, serve, rounds, figures, which):
    """A commit whose answer is lost is resolved by the daemon itself: nobody is told to try again."""
    daemon = serve(**SETTINGS)
    people = offices(daemon, 2)
    terminated = 0
    with Writers([daemon.port], people) as work:
        for _ in range(10 * rounds):
            work.until(25)
            terminated += until(lambda: len(daemon.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ogid_app'"
                f" AND datname = %s AND {which} ORDER BY random() LIMIT 1", [daemon.database_name])), PATIENCE, 0.001)
        work.until(64)
    assert None not in work.answers()
    figures(terminated=terminated, answers=work.answers(), **settled(daemon, work))
