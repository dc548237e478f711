# SPDX-License-Identifier: MulanPSL-2.0
"""kill -9 of the daemon under 64 writers (goals S1): no acknowledged write is lost, none is stored twice, no number is
left out, and whoever got no answer learns it under the same key."""

import collections

import pytest

from ledger import settled
from writers import PATIENCE, Writers, offices
from waiting import until


def no_orphan(daemon):
    """The backends of a killed daemon finish what they were told and leave."""
    return not daemon.sql("SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename = 'ogid_app'",
                          [daemon.database_name])


@pytest.mark.parametrize("count", [1, 4], ids=["one office", "four offices"])
def test_a_killed_daemon_loses_and_doubles_nothing(serve, rounds, figures, count):
    daemon = serve()
    people = offices(daemon, count)
    known, total = set(), collections.Counter()
    for turn in range(rounds):
        patient = turn % 2 == 1
        with Writers([daemon.port], people, patient=patient) as work:
            work.until(100 + 37 * (turn % 5))
            daemon.kill()
            if patient:  # they ask again while the new daemon starts and the old backends still commit
                daemon.start()
                work.until(100)
            else:
                work.stop()
                until(lambda: no_orphan(daemon), PATIENCE)
                daemon.start()
        total.update(settled(daemon, work, known))
        known |= {w.key for w in work.journal}
    figures(rounds=rounds, **total)
