# SPDX-License-Identifier: MulanPSL-2.0
"""Reads what a test runner wrote and prints two numbers, passed and failed: count.py meson-logs/testlog.json
(the cmocka tests of each program; a program without any is one), or count.py report.xml (JUnit, pytest)."""

import json
import sys
import xml.etree.ElementTree as tree


def of_meson(path):
    good = bad = 0
    with open(path, encoding="utf-8") as log:
        for program in map(json.loads, log):
            said = (program.get("stdout") or "") + (program.get("stderr") or "")
            passed = said.count("[       OK ]")
            named = {line for line in said.splitlines() if line.startswith("[  FAILED  ] ") and "test(s)" not in line}
            if program["result"] == "OK":
                good += passed or 1
            elif program["result"] != "SKIP":
                good += passed
                bad += len(named) or 1
    return good, bad


def of_pytest(path):
    suite = next(tree.parse(path).iter("testsuite"))
    bad = int(suite.get("errors")) + int(suite.get("failures"))
    return int(suite.get("tests")) - bad - int(suite.get("skipped")), bad


if __name__ == "__main__":
    print(*(of_meson if sys.argv[1].endswith(".json") else of_pytest)(sys.argv[1]))
