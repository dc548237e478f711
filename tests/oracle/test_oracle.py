# SPDX-License-Identifier: MulanPSL-2.0
"""The law of the daemon against the law of law.py, which was written from the articles alone: 200,000 random scenarios, event by
event the same verdict and the same dates (1,000,000 with OGID_TEST_LONG=1). A scenario is made again by its seed:
python3 tests/oracle/test_oracle.py SEED (with OGID_BUILD_RELEASE, OGID_SOURCE and PYTHONPATH as ./dev test sets them)."""

import os
import pathlib
import subprocess
import sys

from oracle.law import Calendar
from oracle.scenarios import scenario

SOURCE = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
SCENARIOS = 1_000_000 if os.environ.get("OGID_TEST_LONG") == "1" else 200_000
FIRST_SEED = 20190515
BATCH = 10_000


def ask(lines):
    """The judge's answers, a list of events for each line."""
    build = os.environ.get("OGID_BUILD_RELEASE") or os.environ["OGID_BUILD"]
    done = subprocess.run([os.path.join(build, "tests", "oracle", "oracle_judge")], input="\n".join(lines) + "\n", text=True,
                          capture_output=True, check=False, env={**os.environ, "OGID_SOURCE": str(SOURCE)}, timeout=300)
    assert done.returncode == 0, done.stderr
    return [line.rstrip(";").split(";") for line in done.stdout.splitlines()]


def differs(wanted, got):
    """Number of the first event that was judged otherwise; -1 none."""
    if len(wanted) != len(got):
        return min(len(wanted), len(got))
    return next((i for i, (w, g) in enumerate(zip(wanted, got)) if w != g and not (isinstance(w, list) and g in w)), -1)


def story(seed, made, got):
    lines = [f"seed {seed}"]
    for i, (event, wanted) in enumerate(zip(made.line, made.wanted)):
        answer = got[i] if i < len(got) else "nothing"
        same = wanted == answer or (isinstance(wanted, list) and answer in wanted)
        lines.append(f"{'  ' if same else '! '}{event}\n      {answer}" + ("" if same else f"\n      {wanted}  <- the articles"))
    return "\n".join(lines)


def compare(cal, first, count, most=5):
    """Stories of what was judged otherwise, and what was looked at."""
    found, allowed, refused = [], 0, 0
    made = [scenario(cal, seed) for seed in range(first, first + count)]
    answers = ask([" ".join(one.line) for one in made])
    assert len(answers) == count
    for i, one in enumerate(made):
        allowed += one.allowed
        refused += one.refused
        if one.wanted != answers[i] and differs(one.wanted, answers[i]) >= 0 and len(found) < most:
            found.append(story(first + i, one, answers[i]))
    return found, allowed, refused


def test_the_daemon_judges_as_the_articles_do():
    cal = Calendar(SOURCE / "data" / "cn-workdays.csv")
    allowed = refused = 0
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + SCENARIOS - 1}")
    for first in range(FIRST_SEED, FIRST_SEED + SCENARIOS, BATCH):
        found, a, r = compare(cal, first, BATCH)
        assert not found, "\n\n".join(found)
        allowed, refused = allowed + a, refused + r
    print(f"{SCENARIOS} scenarios, {allowed} events allowed, {refused} refused")
    assert allowed > 4 * SCENARIOS and refused > SCENARIOS // 2


if __name__ == "__main__":
    seeds = range(int(sys.argv[1]), int(sys.argv[1]) + int((sys.argv + [0, 1])[2] or 1))
    for text in compare(Calendar(SOURCE / "data" / "cn-workdays.csv"), seeds.start, len(seeds), most=3)[0]:
        print(text)
