# SPDX-License-Identifier: MulanPSL-2.0
"""Large bodies come in pieces, with back-pressure: memory does not grow with them (architecture 2.12)."""

import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import Probe, get, post  # noqa: E402

BLOCK = bytes(range(256)) * 256


def head(size, *lines, path="/stream"):
    return get(path, f"Content-Length: {size}", *lines, method="POST")


def checksum(data):
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFFFF
    return total


@pytest.fixture(scope="module")
def probe():
    with Probe() as p:
        yield p


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 300_000])
def test_a_stream_arrives_whole(probe, size):
    data = (BLOCK * 5)[:size]
    with probe.client() as c:
        for _ in range(2):  # the connection stays usable
            answer = c.send(head(size) + data + get("/items/next")).answer()
            assert answer.status == 200
            assert (answer.json["bytes"], answer.json["declared"], answer.json["state"]) == (size, size, "end")
            assert answer.json["sum"] == checksum(data)
            assert c.answer().json["path"] == "/items/next"


def test_200_megabytes_need_no_memory(probe):
    size = 200_000_000
    before = probe.memory()
    with probe.client() as c:
        c.send(head(size))
        left = size
        while left > 0:
            c.send(BLOCK[:left])
            left -= min(left, len(BLOCK))
        answer = c.answer()
    assert answer.json["bytes"] == size
    if not probe.sanitized:
        assert probe.memory() - before < 2 * 1024


def test_a_broken_stream_reaches_its_steps_as_broken(probe):
    for sent in (0, 10, 70_000):
        with probe.client() as c:
            c.send(head(1_000_000) + (BLOCK * 2)[:sent])
    end = time.monotonic() + 10
    while probe.counts()["running"] > 1:
        assert time.monotonic() < end
    assert probe.ask(get("/ping")).status == 200


def test_a_stream_shorter_than_declared_is_ended():
    with Probe(request=1) as probe, probe.client() as c:
        c.send(head(10_000) + b"a" * 9_999)
        answer = c.answer()
        assert answer.json["state"] == "broken"
        assert answer.headers["connection"] == "close"
        assert c.closed()


def test_what_follows_a_stream_is_the_next_request(probe):
    with probe.client() as c:
        c.send(head(5) + b"12345" + get("/ping") + head(5) + b"12345")
        assert c.answer().json["bytes"] == 5
        assert c.answer().status == 200
        assert c.answer().json["bytes"] == 5


def test_a_slow_stream_may_take_longer_than_a_request(probe):
    """16 KiB a second on average are enough."""
    with Probe(request=1) as slow, slow.client() as c:
        c.send(head(200_000))
        for _ in range(20):
            c.send(b"a" * 10_000)
            time.sleep(0.1)
        assert c.answer().json["state"] == "end"


def test_a_stream_nobody_wants_is_refused_before_its_body(probe):
    with probe.client() as c:
        c.send(head(50_000_000, "Expect: 100-continue", path="/refuse-stream"))
        answer = c.answer()
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert c.closed()


def test_a_refused_stream_that_comes_all_the_same_still_gets_its_answer(probe):
    with probe.client() as c:
        c.send(head(30_000_000, path="/refuse-stream") + BLOCK * 458)
        assert c.answer().status == 413
        assert c.closed()


def test_100_continue_is_said_when_the_stream_is_wanted(probe):
    with probe.client() as c:
        c.send(head(5, "Expect: 100-continue"))
        assert c.answer(body=False).status == 100
        c.send(b"12345")
        assert c.answer().json["bytes"] == 5


def test_no_more_is_read_than_was_asked_for():
    with Probe() as probe:
        clients = [probe.client() for _ in range(30)]
        for c in clients:
            c.send(head(1_000_000) + BLOCK[:60_000])
        assert probe.counts()["buffered"] <= 30 * 65536
        for c in clients:
            c.close()


def test_streams_do_not_stop_others(probe):
    with probe.client() as c:
        c.send(head(100_000) + b"a")
        assert probe.ask(get("/ping")).status == 200
        assert probe.ask(post("/echo", b'{"a":1}')).status == 201
