# SPDX-License-Identifier: MulanPSL-2.0
"""Slow, silent and greedy clients beside honest ones (goals S7): the honest ones are served as if they were alone, the
others are turned out in time, and memory stays within bounds."""

import contextlib
import pathlib
import re

import pytest
import requests

from ledger import settled
from siege import Siege
from waiting import until
from writers import PATIENCE, Writers, offices

LIMIT_MIB = 32  # goals G6
SETTINGS = {"request_timeout_s": 3, "idle_timeout_s": 3}
HONEST = 2.0  # longest seconds of an honest request, on a busy machine
KINDS = ["slow headers", "slow bodies", "half-sent bodies", "never reading", "silent"]


def peak(daemon):
    """Most resident memory so far, MiB."""
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def gauge(daemon, name):
    return int(re.search(rf"^ogid_{name} (\d+)$", requests.get(daemon.url + "/metrics", timeout=PATIENCE).text, re.M)[1])


def apart(serve, **settings):
    """A daemon that never hashed a password, and people who are logged in at it."""
    first = serve()
    people = offices(first, 2)
    first.stop()
    return serve(first.database_name, **settings), people


@pytest.mark.parametrize("kinds", [[kind] for kind in KINDS] + [KINDS], ids=[*KINDS, "all of them"])
def test_honest_clients_do_not_notice(serve, figures, kinds):
    daemon, people = apart(serve, **SETTINGS)
    with contextlib.ExitStack() as stack:
        sieges = [stack.enter_context(Siege(daemon.port, kind)) for kind in kinds]
        until(lambda: all(s.stands for s in sieges), PATIENCE)
        with Writers([daemon.port], people, count=16, sharing=0) as work:
            work.until(100)
            until(lambda: all(s.turned_out > 0 for s in sieges), PATIENCE)
            work.until(100)
        turned_out = [s.turned_out for s in sieges]
    assert set(work.answers()) == {201}, work.refusals
    assert work.longest < HONEST
    until(lambda: gauge(daemon, "connections") <= 2, PATIENCE)
    assert gauge(daemon, "buffered_bytes") == 0
    assert peak(daemon) <= LIMIT_MIB
    figures(turned_out=turned_out, longest_honest=f"{work.longest:.2f} s",
            peak_rss=f"{peak(daemon):.1f} MiB", **settled(daemon, work))


def within(daemon, most):
    """No more connections than that; those being closed are counted still, and whoever asks may be closed too."""
    with contextlib.suppress(requests.ConnectionError):
        return gauge(daemon, "connections") <= most
    return False


def test_more_connections_than_allowed(serve, figures):
    """Who holds a place without using it makes room; a request that has arrived is never given up for that."""
    daemon, people = apart(serve, max_connections=64)
    with Siege(daemon.port, "crowding") as siege:
        until(lambda: siege.stands, PATIENCE)
        with Writers([daemon.port], people, count=16, sharing=0) as work:
            work.until(200)
        until(lambda: siege.turned_out > 300, PATIENCE)
        until(lambda: within(daemon, 64), PATIENCE)
        turned_out = siege.turned_out
    told = settled(daemon, work)
    assert told["of these stored"] == 0
    figures(turned_out=turned_out, answers=work.answers(), peak_rss=f"{peak(daemon):.1f} MiB", **told)
