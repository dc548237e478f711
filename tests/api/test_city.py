# SPDX-License-Identifier: MulanPSL-2.0
"""A city over six years: its table is the sum of its organisations' in every cell, each year takes over what the one before left
open, every identity holds, and a case amended after the year was printed shows on a correction sheet and nowhere else.

With OGID_TEST_LONG=1: 40 organisations, 12,000 requests a year."""

import os

import pytest

from support import city
from support.world import PASSWORD

LONG = bool(os.environ.get("OGID_TEST_LONG"))
YEARS = range(2020, 2026)
ORGS = [f"city-{i:02}" for i in range(40 if LONG else 5)]
EACH = 300 if LONG else 12  # requests of an organisation in a year
COLUMNS = ("natural", "business", "research", "public_interest", "legal_service", "other_org", "total")


@pytest.fixture(scope="module")
def town(world):
    made = world.daemon()
    admin = made.api("admin")
    for org in ORGS:
        assert admin.post("/v1/orgs", {"code": org, "name": f"{org}街道", "parent": "zengcheng"}).status_code == 201
    person = {"login": "clerk", "name": "统计", "org": ORGS[0], "roles": ["statistician", "ogi_head"], "password": PASSWORD}
    assert admin.post("/v1/users", person).status_code == 201
    raw = city.ndjson(city.lines(ORGS, YEARS, EACH))
    answer = admin.call("POST", "/v1/imports", raw, {"Content-Type": "application/x-ndjson"})
    report = answer.json()
    assert (report["stored"], report["errors"]) == (len(ORGS) * len(YEARS) * EACH, []), report["errors"][:3]
    yield made
    made.stop()


def name(year):
    return "f21" if year > 2020 else "f19"


def table(api, year, query):
    answer = api.get(f"/v1/statistics/{name(year)}/{year}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_city_is_the_sum_of_its_organisations(town):
    district = town.api("district")
    for year in YEARS:
        whole = table(district, year, "org=zengcheng&rollup=true")
        parts = [table(district, year, f"org={org}")["cells"] for org in ORGS]
        for key, cell in whole["cells"].items():
            for column, value in cell.items():
                assert value == sum(part[key][column] for part in parts), (year, key, column)
        assert whole["units"]["differences"] == [] and whole["warnings"] == []
        assert all(one["holds"] for one in whole["identities"]), [i for i in whole["identities"] if not i["holds"]]
        assert whole["cells"]["t3.new"]["total"] == len(ORGS) * EACH


def test_each_year_takes_over_what_the_one_before_left(town):
    district, carried = town.api("district"), 0
    for year in YEARS[1:]:
        before = table(district, year - 1, "org=zengcheng&rollup=true")["cells"]["t3.carried_out"]
        now = table(district, year, "org=zengcheng&rollup=true")["cells"]["t3.carried_in"]
        assert {c: before[c] for c in COLUMNS} == {c: now[c] for c in COLUMNS}, year
        carried += now["total"]
    assert carried > 0  # the city has such cases


def test_a_printed_year_is_corrected_beside_what_was_printed(town):
    clerk, district = town.api("clerk"), town.api("district")
    printed = table(clerk, 2022, f"org={ORGS[0]}")
    answer = clerk.post("/v1/statistics/f21/2022/freeze")
    assert answer.status_code == 201, answer.text
    (case, *_) = clerk.get("/v1/statistics/f21/2022/cells/t3.new/natural").json()["cases"]
    clerk.event(case["id"], "amended", event=1, field="applicant.kind", to="business", reason="申请人是企业")
    assert table(clerk, 2022, f"org={ORGS[0]}")["cells"] == printed["cells"]
    sheet = clerk.get("/v1/statistics/f21/2022/corrections").json()
    assert {(c["key"], c["column"], c["now"] - c["printed"]) for c in sheet["cells"] if c["key"] == "t3.new"} == \
        {("t3.new", "natural", -1), ("t3.new", "business", 1)}
    assert [(c["id"], [e["kind"] for e in c["events"]]) for c in sheet["cases"]] == [(case["id"], ["amended"])]
    (differs,) = table(district, 2022, "org=zengcheng&rollup=true")["units"]["differences"]
    assert differs["unit"] == ORGS[0]
    assert town.run("verify").returncode == 0
