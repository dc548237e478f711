# SPDX-License-Identifier: MulanPSL-2.0
"""What every story shares: one world a run, one daemon a module."""

import pytest

from support.world import World


@pytest.fixture(scope="session")
def world():
    made = World()
    yield made
    made.close()


@pytest.fixture(scope="module")
def daemon(world):
    """A daemon on a ledger of the module's own. It is 2026-06-01 in China."""
    made = world.daemon()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def duo(daemon):
    """Somebody who holds all roles of the office."""
    return daemon.api("duo")
