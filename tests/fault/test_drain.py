# SPDX-License-Identifier: MulanPSL-2.0
"""SIGTERM under load: what was begun is answered, nobody new is let in, the end is clean."""

import http.client
import os
import signal
import socket
import time

import pytest

from ledger import settled, verified
from waiting import until
from writers import PATIENCE, Line, Writers, offices, registration


def refuses(daemon):
    with socket.socket() as s:
        s.settimeout(PATIENCE)
        return s.connect_ex(("127.0.0.1", daemon.port)) != 0


def ended(daemon):
    """It went by itself, with status 0."""
    until(lambda: daemon.process.poll() is not None, PATIENCE)
    assert daemon.process.returncode == 0, daemon.log.read_text()[-4000:]
    daemon.process = None


def raw(write, token, close=False):
    return (f"POST {write.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {write.key}\r\nContent-Length: {len(write.body)}\r\n"
            + ("Connection: close\r\n" if close else "") + "\r\n").encode() + write.body


def connected(daemon):
    s = socket.create_connection(("127.0.0.1", daemon.port), PATIENCE)
    s.settimeout(PATIENCE)
    return s


def status_of(s):
    """Of the answer on that connection, which then ends; None when there is none."""
    try:
        answer = http.client.HTTPResponse(s)
        answer.begin()
        answer.read()
        assert answer.getheader("Connection") == "close"
        return answer.status
    except (OSError, http.client.HTTPException):
        return None


def test_what_was_begun_under_load_is_answered(serve, rounds, figures):
    daemon = serve()
    people = offices(daemon, 2)
    begun = after = 0
    known = set()
    for _ in range(min(rounds, 20)):
        with Writers([daemon.port], people, patient=False) as work:
            work.until(150)
            asked = time.monotonic()
            daemon.process.send_signal(signal.SIGTERM)
            ended(daemon)
            assert refuses(daemon)
        lost = [w for w in work.unresolved() if 0 < w.sent < asked]
        assert not lost, (len(lost), lost[:3])
        begun += sum(w.begun < asked < w.done for w in work.resolved())
        after += sum(w.begun > asked for w in work.resolved())
        daemon.start()
        told = settled(daemon, work, known)
        assert told["of these stored"] == 0  # whoever got no answer was never let in
        known |= {w.key for w in work.journal}
    figures(under_way=begun, begun_meanwhile=after, unanswered_and_begun=0)


def test_what_had_arrived_when_the_signal_came_is_answered(serve):
    """Also on connections that were waiting to be accepted."""
    daemon = serve()
    people = offices(daemon)
    os.kill(daemon.process.pid, signal.SIGSTOP)
    waiting = [connected(daemon) for _ in range(8)]
    for s in waiting:
        s.sendall(raw(registration(people[0]), people[0].token))
    daemon.process.send_signal(signal.SIGTERM)
    os.kill(daemon.process.pid, signal.SIGCONT)
    assert [status_of(s) for s in waiting] == [201] * len(waiting)
    ended(daemon)


def test_a_kept_connection_is_answered_once_more(serve):
    daemon = serve()
    people = offices(daemon)
    line, kept = Line(daemon.port), [Line(daemon.port) for _ in range(8)]
    for one in [line, *kept]:
        assert one.send(registration(people[0]), people[0].token)[0] == 201
    os.kill(daemon.process.pid, signal.SIGSTOP)
    for one in kept:
        one.http.sock.sendall(raw(registration(people[0]), people[0].token))
    daemon.process.send_signal(signal.SIGTERM)
    os.kill(daemon.process.pid, signal.SIGCONT)
    assert [status_of(one.http.sock) for one in kept] == [201] * len(kept)
    with pytest.raises((OSError, http.client.HTTPException)):  # it was idle, so it was closed
        line.send(registration(people[0]), people[0].token)
    ended(daemon)


def test_a_body_half_received_is_received_to_its_end(serve):
    daemon = serve()
    people = offices(daemon)
    write = registration(people[0])
    request = raw(write, people[0].token)
    with connected(daemon) as s:
        s.sendall(request[:-20])
        until(lambda: b"buffered_bytes 0\n" not in metrics(daemon), PATIENCE)
        daemon.process.send_signal(signal.SIGTERM)
        until(lambda: refuses(daemon), PATIENCE)
        assert daemon.process.poll() is None
        s.sendall(request[-20:])
        assert status_of(s) == 201
    ended(daemon)
    daemon.start()
    verified(daemon)


def metrics(daemon):
    client = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=PATIENCE)
    client.request("GET", "/metrics", headers={"Connection": "close"})
    return client.getresponse().read()


def test_a_database_that_is_away_does_not_hold_up_the_end(world, serve):
    daemon = serve(operation_timeout_ms=1000, request_timeout_s=3)
    people = offices(daemon)
    with connected(daemon) as s, world.cluster.frozen():
        s.sendall(raw(registration(people[0]), people[0].token))
        until(lambda: b"running 2\n" in metrics(daemon), PATIENCE)  # it, and the question itself
        daemon.process.send_signal(signal.SIGTERM)
        assert status_of(s) == 503
        ended(daemon)


def test_asked_twice_it_ends_at_once(serve):
    daemon = serve()
    with connected(daemon) as s:
        s.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        until(lambda: b"buffered_bytes 0\n" not in metrics(daemon), PATIENCE)
        daemon.process.send_signal(signal.SIGTERM)
        until(lambda: refuses(daemon), PATIENCE)
        daemon.process.send_signal(signal.SIGTERM)
        ended(daemon)
