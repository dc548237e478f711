# SPDX-License-Identifier: MulanPSL-2.0
"""Many people at one case. Each write needs the version the one before it left behind, so only one can win at a time:
the daemon lets them go on one after the other, and nobody is told to come back later."""

from ledger import settled
from writers import Writers, offices


def test_a_crowd_at_one_case_is_served_in_turn(serve, figures):
    daemon = serve()
    with Writers([daemon.port], offices(daemon), count=32, sharing=32) as work:
        work.until(200)
    assert set(work.answers()) == {201}
    case = work.resolved()[0].case
    versions = sorted(w.case["version"] for w in work.resolved())
    assert versions == list(range(2, len(versions) + 2)), case["id"]
    figures(longest=f"{work.longest:.2f} s", **settled(daemon, work))
