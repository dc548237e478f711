# SPDX-License-Identifier: MulanPSL-2.0
"""What a client hears when the database fails in each of its ways (architecture 2.10, goals S3)."""

import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import PATIENCE, Probe, get  # noqa: E402


@pytest.fixture(scope="module")
def probe():
    with Probe(pool=1) as p:
        yield p


def read(script):
    return get(f"/database?script={script}")


def write(script):
    return get(f"/database?script={script}", method="POST")


@pytest.mark.parametrize("script, status, said", [
    ("done", 200, 0),
    ("away", 503, "database_away"),
    ("lost", 503, "database_away"),
    ("full", 503, "busy"),
    ("timeout", 503, "timeout"),
    ("40001,done", 200, 1),
    ("40P01,40001,23505,done", 200, 3),
    (",".join(["40001"] * 40), 503, "busy"),
    ("57014", 503, "timeout"),
    ("53300", 503, "database_away"),
    ("57P03", 503, "database_away"),
    ("25006", 503, "database_away"),
    ("08006", 503, "database_away"),
    ("42P01", 500, "internal"),
])
def test_a_read_that_fails(probe, script, status, said):
    answer = probe.ask(read(script))
    assert (answer.status, answer.json["tries"] if status == 200 else answer.code) == (status, said)
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize("script, status, said", [
    ("done,done", 200, 0),
    ("done,away", 503, "database_away"),
    ("done,full", 503, "busy"),
    ("done,unknown,done,done", 200, 1),
    ("done,unknown,done,unknown,done,done", 200, 2),
    ("done,down,done,done", 200, 1),
    ("done,unknown,away", 503, "unresolved"),  # the fate of the first attempt is still unknown
    ("done,unknown,done,full", 503, "unresolved"),
    ("done,unknown,done,timeout", 503, "unresolved"),
    (",".join(["done,unknown"] * 40), 503, "unresolved"),
    ("done,40001,done,done", 200, 1),
    ("done,23505,done,done", 200, 1),
    ("done,23514", 500, "internal"),
])
def test_a_write_that_fails(probe, script, status, said):
    answer = probe.ask(write(script))
    assert (answer.status, answer.json["tries"] if status == 200 else answer.code) == (status, said)


def test_what_the_database_said_is_for_the_log(probe):
    answer = probe.ask(read("42P01"))
    assert b"42P01" not in answer.body
    assert any("sqlstate=42P01" in line and "route=/database" in line for line in probe.log)


@pytest.mark.parametrize("raw, code", [
    (read("later"), "timeout"),
    (write("later,done"), "timeout"),
    (write("done,later"), "unresolved"),  # it may yet be stored: the same key tells
    (write("done,dead"), "unresolved"),
])
def test_the_deadline_answers_while_the_database_is_still_at_it(raw, code):
    with Probe(pool=1, request=1) as probe:
        answer = probe.ask(raw)
        assert (answer.status, answer.code) == (503, code)
        end = time.monotonic() + PATIENCE
        while probe.counts()["running"] > 1:
            assert time.monotonic() < end
            time.sleep(0.02)  # polling
        assert probe.ask(get("/ping")).status == 200


def test_the_end_does_not_wait_for_the_database():
    with Probe(pool=1) as probe:
        clients = [probe.client().send(raw) for raw in (read("later"), write("done,later"), write("done,dead"))]
        assert probe.ask(get("/ping")).status == 200
    for c in clients:
        c.close()


def test_a_client_that_left_does_not_stop_its_write():
    with Probe(pool=1) as probe:
        probe.client().send(write("done,later")).close()
        end = time.monotonic() + PATIENCE
        while not any("route=/database" in line for line in probe.log):
            assert time.monotonic() < end
            time.sleep(0.02)  # polling
        assert probe.ask(get("/ping")).status == 200


def test_without_a_pool_the_database_is_away():
    with Probe() as probe:
        assert probe.ask(get("/database")).code == "database_away"
