# SPDX-License-Identifier: MulanPSL-2.0
"""Slow, silent, greedy clients: each is ended in time, memory stays bounded, and others are served meanwhile (goals S7)."""

import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import PATIENCE, Probe, get, post  # noqa: E402

HALF = 900_000  # bytes of a body that stays half sent
MEMORY_KIB = 32 * 1024


def until(holds, what):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)  # polling, not a wait of a fixed length


def seconds(act):
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


@pytest.mark.parametrize("part", [b"GET /ping HTTP/1.1\r\nHo", post("/echo", b'{"a":1}')[:-3], b"G"])
def test_a_request_that_does_not_end_is_ended(part):
    with Probe(request=1, idle=60) as probe, probe.client() as c:
        c.send(part)
        assert 0.5 < seconds(lambda: c.closed()) < 5


def test_dripping_bytes_wins_no_time():
    with Probe(request=1, idle=60) as probe, probe.client() as c:
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < 10:
                c.send(b"X")
                time.sleep(0.05)
        except (ConnectionResetError, BrokenPipeError):
            pass
        assert time.monotonic() - begun < 5


def test_a_silent_connection_is_closed():
    with Probe(request=60, idle=1) as probe:
        with probe.client() as c:
            assert 0.5 < seconds(lambda: c.closed()) < 5
        with probe.client() as c:
            assert c.send(get("/ping")).answer().status == 200
            assert 0.5 < seconds(lambda: c.closed()) < 5


def test_an_exchange_has_one_deadline_and_answers_at_it():
    with Probe(request=1) as probe, probe.client() as c:
        c.send(get("/forever"))
        assert probe.ask(get("/ping")).status == 200
        answer = c.answer()
        assert (answer.status, answer.code) == (503, "timeout")
        assert answer.headers["retry-after"]
        assert c.send(get("/ping")).answer().status == 200


def test_a_client_that_leaves_does_not_disturb_what_runs():
    with Probe(request=1) as probe:
        for _ in range(20):
            probe.client().send(get("/forever")).close()
            probe.client().send(post("/echo", b'{"a":1}')[:-1]).close()
            probe.client().send(get("/big?bytes=1000000")).close()
        until(lambda: probe.counts()["connections"] == 1, "connections stay")
        # a parked exchange has nobody to wait for and ends with the server
        assert probe.ask(get("/ping")).status == 200


def test_a_client_that_never_reads_is_ended_and_costs_little():
    with Probe(request=1, budget=1_000_000) as probe:
        with probe.client(receive_buffer=4096) as c:
            c.send(get("/big?bytes=8000000") * 10)
            until(lambda: probe.counts()["buffered"] > 100_000, "nothing is buffered")
            until(lambda: probe.counts()["connections"] == 1, "it stays")
        assert probe.counts()["buffered"] == 0


def test_many_clients_that_never_read_share_one_budget():
    with Probe(request=60, budget=20_000_000) as probe:
        clients = [probe.client(receive_buffer=4096).send(get("/big?bytes=8000000")) for _ in range(20)]
        until(lambda: probe.counts()["connections"] < 10, "nobody is turned out")
        assert probe.counts()["buffered"] <= 28_000_000
        for c in clients:
            c.close()


def test_requests_are_not_read_ahead():
    """Pipelined requests wait in the client's socket, not in our memory."""
    with Probe(request=2) as probe, probe.client() as c:
        c.socket.settimeout(0.5)
        c.send(get("/forever"))
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < 200_000_000:
                sent += c.socket.send(get("/ping") * 1000)
        assert sent < 20_000_000
        assert probe.counts()["buffered"] < 20_000


def test_200_half_sent_bodies_cost_no_more_than_the_budget():
    with Probe(budget=8_000_000) as probe:
        clients, refused = [], 0
        for i in range(200):
            c = probe.client()
            clients.append(c)
            try:
                c.send(get("/echo", "Content-Type: application/json", "Content-Length: 1000000", method="POST"))
                c.send(b" " * HALF)
            except (ConnectionResetError, BrokenPipeError):
                refused += 1
            if i % 20 == 0:  # an honest body among them
                assert probe.ask(post("/echo", b'{"text":"' + b"a" * 200_000 + b'"}')).status == 201
        until(lambda: refused + probe.counts()["classes"][5] >= 185, "nobody is turned out")
        assert probe.counts()["buffered"] <= 9_000_000
        if not probe.sanitized:
            assert probe.memory() < MEMORY_KIB
        last = clients[-1]
        last.send(b" " * (1000000 - HALF - 2) + b"{}")
        assert last.answer().status == 201
        answers = [c.answer() for c in clients[:20]]
        assert {(a.status, a.code) for a in answers if a is not None} == {(503, "busy")}
        for c in clients:
            c.close()


def test_large_unfinished_heads_share_the_budget():
    with Probe(budget=1_000_000, connections=500) as probe:
        clients = []
        for _ in range(300):
            clients.append(probe.client())
            clients[-1].send(b"GET /ping HTTP/1.1\r\nX-A: " + b"a" * 15000)
        until(lambda: probe.counts()["buffered"] < 1_100_000, "heads pile up")
        assert probe.ask(get("/ping")).status == 200
        for c in clients:
            c.close()


def test_when_connections_run_out_the_idle_make_room():
    with Probe(connections=20) as probe:
        silent = [probe.client() for _ in range(40)]
        for _ in range(10):
            assert probe.ask(get("/ping")).status == 200
        assert probe.counts()["connections"] <= 22
        for c in silent:
            c.close()


def test_when_all_are_at_work_a_newcomer_is_refused():
    with Probe(connections=10, request=3) as probe:
        busy = [probe.client().send(get("/forever")) for _ in range(10)]
        time.sleep(0.2)  # until they are all at work; the count cannot be asked for here
        with probe.client() as c:
            answer = c.answer()
            assert (answer.status, answer.code) == (503, "busy")
            assert c.closed()
        assert [c.answer().status for c in busy] == [503] * 10
        for c in busy:
            c.close()
        until(lambda: probe.counts().get("refused", 0) >= 1, "nobody was refused")


def test_a_thousand_kept_connections_are_cheap():
    with Probe(connections=1200) as probe:
        clients = [probe.client() for _ in range(1000)]
        for c in clients:
            c.send(get("/ping"))
        assert all(c.answer().status == 200 for c in clients)
        assert probe.counts()["connections"] == 1001
        if not probe.sanitized:
            assert probe.memory() < 16 * 1024
        for c in clients:
            c.close()
