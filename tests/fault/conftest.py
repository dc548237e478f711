# SPDX-License-Identifier: MulanPSL-2.0
"""Faults are made on a cluster that writes to disk as in service; what each campaign counted is printed at the end."""

import os
import threading

import pytest

from support.world import World

FIGURES = []


@pytest.fixture(scope="session")
def world():
    made = World(("fsync = on", "recovery_init_sync_method = syncfs", "deadlock_timeout = 200ms"))
    yield made
    made.close()


@pytest.fixture
def serve(world):
    """Makes daemons that end with the test."""
    made = []

    def start(*args, **settings):
        made.append(world.daemon(*args, **settings))
        return made[-1]

    yield start
    if world.cluster.pid() is None:
        world.cluster.start()
    for one in made:
        one.stop()


@pytest.fixture
def rounds():
    """How often a campaign is repeated."""
    return 100 if os.environ.get("OGID_TEST_LONG") else 3


@pytest.fixture
def figures(request):
    """figures(acknowledged=3): a line of the report."""
    def tell(**counted):
        FIGURES.append(f"{request.node.name}: " + ", ".join(f"{name} {value}" for name, value in counted.items()))
    return tell


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive(), thread


def pytest_terminal_summary(terminalreporter):
    if FIGURES:
        terminalreporter.section("figures")
        for line in FIGURES:
            terminalreporter.write_line(line)
