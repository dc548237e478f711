# SPDX-License-Identifier: MulanPSL-2.0
"""Waiting for a condition, never for a time."""

import threading
import time


def until(condition, seconds, every=0.02):
    """Gives what the condition gave when it held; fails when it does not in time."""
    end = time.monotonic() + seconds
    while True:
        held = condition()
        if held:
            return held
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(every)
