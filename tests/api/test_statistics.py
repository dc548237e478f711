# SPDX-License-Identifier: MulanPSL-2.0
"""The form of 2014: the ledger of 2017 counts what the annual report of 2017 printed, and every cell counts what it should."""

import csv

import pytest

from support.api import SOURCE, problem

LEDGER = SOURCE / "data" / "demo" / "zhucun-2017-disclosures.ndjson"
# The figures of the printed report.
PRINTED = {"p.total": 644, "p.ch.website": 316, "p.ch.other": 328, "a.received": 2, "a.ch.in_person": 1, "a.ch.online": 1,
           "a.ch.letter": 0, "a.ch.fax": 0, "a.closed": 2, "a.answered": 2, "a.grant": 1, "a.not_this_agency": 1, "v.total": 0,
           "s.total": 0, "fee.amount": 0}
CATEGORIES = {"org": 2, "doc": 50, "news": 127, "power": 1, "budget": 1, "misc": 463}

with (SOURCE / "tests" / "unit" / "form-2014.tsv").open(encoding="utf-8") as f:
    ROWS = [row for row in csv.reader(f, delimiter="\t") if row and not row[0].startswith("#")]


def form(api, year=2017, query=""):
    return api.get(f"/v1/statistics/f14/{year}{query}").json()


def values(made):
    return {key: cell["value"] for key, cell in made["cells"].items()}


def moved(before, after):
    """The cells that differ, and by how much."""
    return {key: round(after[key] - before[key], 4) for key in after if after[key] != before[key]}


@pytest.fixture(scope="module")
def seeded(duo):
    """What ./dev run loads: two requests and 644 items."""
    first = duo.register(arrived_on="2017-03-14", registered_on="2017-03-14", subject="land_use",
                         applicant={"kind": "natural", "name": "演示申请人甲", "address": "朱村"})
    duo.event(first["id"], "reviewed", decision="passed", on="2017-03-24")
    duo.event(first["id"], "decided", outcome="legacy.grant", label="同意公开", on="2017-03-28")
    duo.event(first["id"], "served", by="signature", on="2017-03-29")
    second = duo.register(channel="online", via="form", arrived_on="2017-09-06", confirmed_on="2017-09-07",
                          registered_on="2017-09-07", subject="schooling",
                          applicant={"kind": "natural", "name": "演示申请人乙", "address": "朱村"})
    duo.event(second["id"], "decided", outcome="legacy.not_this_agency", label="非本机关政府信息", reason="内部管理信息",
              basis=["国办发〔2010〕5号"], on="2017-09-19")
    duo.event(second["id"], "served", by="electronic", on="2017-09-20")
    report = duo.call("POST", "/v1/disclosures/import", LEDGER.read_bytes(), {"Content-Type": "application/x-ndjson"}).json()
    assert (report["stored"], report["rejected"], report["skipped"]) == (644, 0, 0), report
    return duo


def test_the_ledger_of_2017_counts_what_was_printed(seeded):
    made = form(seeded)
    assert {key: values(made)[key] for key in PRINTED} == PRINTED
    assert sum(values(made).values()) == sum(PRINTED.values()) + values(made)["a.closed_on_time"]
    assert values(made)["a.closed_on_time"] == 2
    assert all(one["holds"] for one in made["identities"])
    assert (made["form"], made["year"], made["org"], made["rollup"], made["frozen"]) == ("f14", 2017, "zhucun", True, False)
    assert made["warnings"] == []


def test_the_categories_of_the_printed_report(seeded):
    for category, count in CATEGORIES.items():
        found, after = 0, ""
        while after is not None:
            page = seeded.get(f"/v1/disclosures?year=2017&category={category}&limit=200" + (f"&after={after}" if after else "")).json()
            found, after = found + len(page["disclosures"]), page["next"]
        assert found == count, category


def test_every_cell_of_the_form_is_there(seeded):
    made = form(seeded)
    keys = [row["key"] for row in made["rows"] if row["key"]]
    assert len(keys) == 58 == len(set(keys)) and set(made["cells"]) == set(keys)
    assert [row["number"] for row in made["rows"] if row["key"]] == list(range(1, 59))
    assert all(row["zh"] for row in made["rows"])
    printed = {key for row in ROWS for key in row if key in set(keys)}
    assert printed == set(keys)


def test_the_district_counts_what_is_below_it(daemon, seeded):
    district = daemon.api("district")
    assert values(form(district))["a.received"] == 2
    assert values(form(district, query="?org=zengcheng"))["a.received"] == 0
    assert values(form(district, query="?org=zengcheng&rollup=true"))["p.total"] == 644
    assert values(form(district, query="?org=zhucun"))["p.total"] == 644
    assert values(form(district, query="?org=licheng"))["p.total"] == 0


def test_a_year_has_its_form(daemon, seeded):
    for year in (2014, 2018):
        assert values(form(seeded, year))["p.total"] == 0
    for path in ("f14/2013", "f14/2019", "f19/2017", "f21/2017", "f14/x", "f14/201", "f14/02017", "f14/20171", "f99/2017", "x/2017"):
        problem(seeded.get(f"/v1/statistics/{path}"), 404, "not_found")


# ---- what each cell counts ----

def answered(duo, outcome, year=2016, day="-06-01", channel="in_person", extended=False, served="-06-10", **fields):
    made = duo.register(arrived_on=f"{year}{day}", channel=channel, confirmed_on=f"{year}{day}" if channel in ("online", "fax") else None)
    if extended:
        duo.event(made["id"], "extended", workdays=15, on=f"{year}{day}")
    if outcome in ("legacy.grant", "legacy.grant_partial"):
        duo.event(made["id"], "reviewed", decision="passed", on=f"{year}{day}")
    duo.event(made["id"], "decided", outcome=outcome, reason="理由", on=f"{year}{served}", **fields)
    return duo.event(made["id"], "served", by="post", on=f"{year}{served}")


LEGACY = {"legacy.already_public": "a.already_public", "legacy.grant": "a.grant", "legacy.grant_partial": "a.grant_partial",
          "legacy.not_this_agency": "a.not_this_agency", "legacy.not_exist": "a.not_exist", "legacy.amend": "a.amend",
          "legacy.other_way": "a.other_way", **{f"legacy.refuse.{k}": f"a.refuse.{k}" for k in (
              "state_secret", "trade_secret", "privacy", "security_stability", "not_gov_info", "other_law")}}


@pytest.mark.parametrize("outcome", LEGACY)
def test_an_answer_is_counted_in_its_row_and_the_sums(duo, outcome):
    before = values(form(duo, 2016))
    answered(duo, outcome)
    wanted = {"a.received", "a.ch.in_person", "a.closed", "a.closed_on_time", "a.answered", LEGACY[outcome]}
    if outcome.startswith("legacy.refuse."):
        wanted.add("a.refuse")
    assert moved(before, values(form(duo, 2016))) == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize("channel", ["in_person", "online", "letter", "fax"])
def test_a_request_is_counted_by_its_channel(duo, channel):
    before = values(form(duo, 2015))
    made = duo.register(channel=channel, arrived_on="2015-07-01", confirmed_on="2015-07-01" if channel in ("online", "fax") else None)
    assert made["status"] == "in_process"
    assert moved(before, values(form(duo, 2015))) == {"a.received": 1, f"a.ch.{channel}": 1}


def test_an_arrival_is_not_counted(duo):
    before = values(form(duo, 2015))
    duo.register(channel="fax", arrived_on="2015-07-01")
    assert values(form(duo, 2015)) == before


def test_closed_in_the_base_period_in_the_extension_and_too_late(duo):
    before = values(form(duo, 2016))
    answered(duo, "legacy.not_exist", extended=True, served="-06-20")  # in the first fifteen days all the same
    between = values(form(duo, 2016))
    assert moved(before, between)["a.closed_on_time"] == 1
    answered(duo, "legacy.not_exist", extended=True, served="-07-08")
    assert moved(between, values(form(duo, 2016)))["a.closed_extended"] == 1
    between = values(form(duo, 2016))
    answered(duo, "legacy.not_exist", served="-07-15")
    late = form(duo, 2016)
    assert moved(between, values(late))["a.closed_extended"] == 1
    assert "closed_late" in {w["code"] for w in late["warnings"]}
    assert all(one["holds"] for one in late["identities"] if not one["warning_only"])


def test_a_case_is_received_in_one_year_and_closed_in_the_next(duo):
    before = [values(form(duo, year)) for year in (2014, 2015)]
    made = duo.register(arrived_on="2014-12-30")
    duo.event(made["id"], "decided", outcome="legacy.not_exist", on="2015-01-05")
    duo.event(made["id"], "served", by="post", on="2015-01-06")
    after = [values(form(duo, year)) for year in (2014, 2015)]
    assert moved(before[0], after[0]) == {"a.received": 1, "a.ch.in_person": 1}
    assert moved(before[1], after[1]) == dict.fromkeys(["a.closed", "a.closed_on_time", "a.answered", "a.not_exist"], 1)


def test_the_first_closing_counts_and_only_it(duo):
    made = answered(duo, "legacy.not_exist")
    before = values(form(duo, 2016))
    duo.event(made["id"], "reopened", on="2016-09-01", redo_due_on="2016-09-30")
    duo.event(made["id"], "decided", outcome="legacy.other_way", on="2016-09-05")
    duo.event(made["id"], "served", by="post", on="2016-09-06")
    assert values(form(duo, 2016)) == before


def test_remedies_are_counted_by_kind_and_result(duo):
    made = answered(duo, "legacy.not_exist")
    for kind, result, cells in [
            ("reconsideration", "upheld", {"v.total", "v.upheld"}), ("reconsideration", "corrected", {"v.total", "v.corrected"}),
            ("reconsideration", "other", {"v.total", "v.other"}), ("suit_direct", "upheld", {"s.total", "s.upheld"}),
            ("suit_after", "corrected", {"s.total", "s.corrected"}), ("complaint", "other", {"c.total"})]:
        before = values(form(duo, 2016))
        duo.event(made["id"], "remedy_filed", remedy_kind=kind, on="2016-07-01")
        duo.event(made["id"], "remedy_concluded", result=result, on="2016-08-01")
        assert moved(before, values(form(duo, 2016))) == dict.fromkeys(cells, 1), (kind, result)


def test_amended_and_retracted_facts_are_counted_as_they_are_now(duo):
    made = answered(duo, "legacy.not_exist")
    before = values(form(duo, 2016))
    duo.event(made["id"], "amended", event=2, field="outcome", to="legacy.other_way", reason="r")
    assert moved(before, values(form(duo, 2016))) == {"a.not_exist": -1, "a.other_way": 1}
    duo.event(made["id"], "amended", event=1, field="arrived_on", to="2015-12-30", reason="r")
    assert moved(before, values(form(duo, 2016)))["a.received"] == -1
    duo.event(made["id"], "retracted", event=3, reason="r")
    assert moved(before, values(form(duo, 2016)))["a.closed"] == -1


@pytest.mark.parametrize("channel, cell", [("gazette", "p.ch.gazette"), ("website", "p.ch.website"), ("weibo", "p.ch.weibo"),
                                           ("wechat", "p.ch.wechat"), ("media", "p.ch.other"), ("press", "p.ch.other"),
                                           ("board", "p.ch.other"), ("reading_room", "p.ch.other"), ("other", "p.ch.other")])
def test_an_item_is_counted_by_its_channel(duo, channel, cell):
    before = values(form(duo, 2018))
    made = duo.post("/v1/disclosures", {"title": "公开", "category": "misc"}).json()
    assert values(form(duo, 2018)) == before  # not yet published
    duo.post(f"/v1/disclosures/{made['id']}/reviews", {"decision": "passed", "on": "2018-03-01"})
    duo.post(f"/v1/disclosures/{made['id']}/publications", {"channel": channel, "published_on": "2018-03-02"})
    assert moved(before, values(form(duo, 2018))) == {"p.total": 1, cell: 1}


def test_one_item_on_two_channels_is_one_item(duo):
    before = values(form(duo, 2018))
    made = duo.post("/v1/disclosures", {"title": "规范性文件", "category": "doc", "is_normative": True}).json()
    duo.post(f"/v1/disclosures/{made['id']}/reviews", {"decision": "passed", "on": "2018-03-01"})
    for channel in ("website", "media", "board"):
        duo.post(f"/v1/disclosures/{made['id']}/publications", {"channel": channel, "published_on": "2018-03-02"})
    after = moved(before, values(form(duo, 2018)))
    assert (after["p.total"], after["p.normative"], after["p.ch.website"]) == (1, 1, 1)
    assert after["p.ch.other"] in (1, 2)
