# SPDX-License-Identifier: MulanPSL-2.0
"""The applicant's pages in Debian's Chromium without scripts: every journey of portal.mjs. Pictures of every page are left in
.test/browser for a person to look at."""

import json
import pathlib
import shutil
import subprocess

import pytest

from support.world import SOURCE

SCRIPT = pathlib.Path(__file__).with_name("portal.mjs")
PATIENCE = 600

pytestmark = pytest.mark.skipif(shutil.which("chromium") is None or not (SOURCE / "client/web/node_modules/playwright-core").exists(),
                                reason="there is no Chromium, or npm's packages are not there")


def test_journeys(world):
    pictures = SOURCE / ".test" / "browser"
    pictures.mkdir(parents=True, exist_ok=True)
    daemon = world.daemon(portal_requests=10000, portal_refusals=1000)
    done = subprocess.run(["node", SCRIPT, daemon.url, pictures], capture_output=True, text=True, encoding="utf-8",
                          timeout=PATIENCE, check=False)
    daemon.stop()
    assert done.returncode == 0, done.stderr[-4000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 11 and not [one for one in told if not one["ok"]]
