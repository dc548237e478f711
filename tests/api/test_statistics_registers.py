# SPDX-License-Identifier: MulanPSL-2.0
"""What the small registers give the official forms (D:statistics, D:annual-report §4, §6): every cell by an entry of its own, what
stands behind it, frozen years. Today is 2026-06-01."""

import pytest

from support.api import problem

DAY, HEAD = {"on": "2017-05-06"}, {"with_head": True}
# register, entry, and all cells of the form of that year that it moves
F14 = [
    ("response", {**DAY, "topic": "a", "form": "press_conference"}, {"r.hot": 1, "r.press": 1}),
    ("response", {**DAY, "topic": "b", "form": "press_conference", **HEAD}, {"r.hot": 1, "r.press": 1, "r.press_head": 1}),
    ("response", {**DAY, "topic": "c", "form": "interview"}, {"r.hot": 1, "r.interview": 1}),
    ("response", {**DAY, "topic": "d", "form": "interview", **HEAD}, {"r.hot": 1, "r.interview": 1, "r.interview_head": 1}),
    ("response", {**DAY, "topic": "e", "form": "explanation"}, {"r.explain": 1}),
    ("response", {**DAY, "topic": "f", "form": "social_media"}, {"r.hot": 1, "r.social": 1}),
    ("response", {**DAY, "topic": "f", "form": "other"}, {"r.other": 1}),  # the same event answered in another way
    ("complaint", {**DAY, "subject": "逾期"}, {"c.total": 1}),
    ("org", {"office": "a", "from": "2015-01-01", "staff_full": 2, "staff_part": 3},
     {"o.units": 1, "o.staff": 5, "o.staff_full": 2, "o.staff_part": 3}),
    ("org", {"office": "b", "from": "2017-12-31", "to": "2017-12-31", "staff_part": 1}, {"o.units": 1, "o.staff": 1, "o.staff_part": 1}),
    ("org", {"office": "c", "from": "2015-01-01", "to": "2017-12-30", "staff_part": 1}, {}),
    ("org", {"office": "d", "from": "2018-01-01", "staff_part": 1}, {}),
    ("reading_point", {"place": "x", "number": 4, "from": "2016-01-01"}, {"o.reading_points": 4}),
    ("budget", {"year": 2017, "amount": 1.2345}, {"o.budget": 1.2345}),
    ("meeting", {"on": "2017-12-31"}, {"m.meetings": 1}),
    ("meeting", {"on": "2018-01-01"}, {}),
    ("training", {"on": "2017-01-01", "participants": 30}, {"m.courses": 1, "m.attendees": 30}),
    ("inspection", {**DAY, "unit": "各学校"}, {}),
    ("text_block", {"year": 2017, "section": 1, "text": "领导重视"}, {}),
    ("normative", {**DAY, "title": "办法", "doc_no": "朱府〔2017〕1号"}, {"p.normative_made": 1}),
    ("normative", {**DAY, "title": "规章", "doc_no": "令1", "type": "rule"}, {}),
    ("license", {"year": 2017, "decisions": 5}, {}),
]


def acts(form, name, register=None):
    return [(register or name, {"year": 2019, "items_prev": 11}, {f"t2.{name}.items_prev": 11}),
            (register or name, {"year": 2019, "items_delta": -2}, {f"t2.{name}.items_delta": -2}),
            (register or name, {"year": 2019, "decisions": 7}, {f"t2.{name}.decisions": 7})]


F19 = [
    *acts("f19", "license"), *acts("f19", "service"), *acts("f19", "penalty"), *acts("f19", "coercion"), *acts("f19", "charges")[:2],
    ("charges", {"year": 2019, "amount": 5}, {}),
    ("procurement", {"year": 2019, "items": 3, "amount": 100.5}, {"t2.procurement.items": 3, "t2.procurement.amount": 100.5}),
    ("normative", {"on": "2019-02-03", "title": "a", "doc_no": "1"}, {"t2.normative.made": 1}),
    ("normative", {"on": "2019-02-03", "title": "a", "doc_no": "2", "type": "rule"}, {"t2.rules.made": 1}),
    ("license", {"year": 2020, "decisions": 7}, {}),
]
F21 = [
    ("license", {"year": 2024, "decisions": 5}, {"t2.license.decisions": 5}),
    ("license", {"year": 2024, "period": "2024Q2", "decisions": 3}, {"t2.license.decisions": 3}),
    ("penalty", {"year": 2024, "decisions": 6}, {"t2.penalty.decisions": 6}),
    ("coercion", {"year": 2024, "decisions": 7}, {"t2.coercion.decisions": 7}),
    ("charges", {"year": 2024, "amount": 0.0001}, {"t2.charges.amount": 0.0001}),
    ("normative", {"on": "2024-02-03", "title": "a", "doc_no": "1"}, {"t2.normative.made": 1, "t2.normative.valid": 1}),
    ("normative", {"on": "2024-02-03", "title": "a", "doc_no": "2", "type": "rule", "repealed_on": "2024-05-01"},
     {"t2.rules.made": 1, "t2.rules.repealed": 1}),
    ("normative", {"on": "2010-02-03", "title": "a", "doc_no": "3", "type": "rule"}, {"t2.rules.valid": 1}),
    ("normative", {"on": "2010-02-03", "title": "a", "doc_no": "4", "valid_until": "2024-12-30"}, {}),
    ("normative", {"on": "2010-02-03", "title": "a", "doc_no": "5", "repealed_on": "2024-01-01"}, {"t2.normative.repealed": 1}),
    ("procurement", {"year": 2024, "items": 3}, {}),
]
ALL = [("f14", 2017, F14), ("f19", 2019, F19), ("f21", 2024, F21)]


@pytest.fixture(scope="module")
def office(world):
    made = world.daemon()
    yield made
    made.stop()


def form(api, name, year, query=""):
    answer = api.get(f"/v1/statistics/{name}/{year}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def values(shown):
    return {key: cell.get("value", cell.get("total")) for key, cell in shown["cells"].items()}


def moved(before, after):
    return {key: round(after[key] - before[key], 4) for key in after if after[key] != before[key]}


def behind(api, name, year, key, query=""):
    answer = api.get(f"/v1/statistics/{name}/{year}/cells/{key}/value?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def add(api, register, entry):
    answer = api.post(f"/v1/registers/{register}", entry)
    assert answer.status_code == 201, answer.text
    return answer.json()


ENTRIES = [(name, year, *one) for name, year, many in ALL for one in many]


@pytest.mark.parametrize("name,year,register,entry,cells", ENTRIES, ids=lambda v: v if isinstance(v, str) else None)
def test_an_entry_moves_its_cells_and_no_other(office, name, year, register, entry, cells):
    """Made, it counts; behind each cell it stands; taken back, it counts no more."""
    api = office.api("duo")
    before = form(api, name, year)
    if entry.get("topic") == "f" and entry["form"] == "other":
        other = add(api, register, {**entry, "form": "social_media"})
        before = form(api, name, year)
    made = add(api, register, entry)
    after = form(api, name, year)
    assert moved(values(before), values(after)) == cells
    for key in cells:
        found = behind(api, name, year, key) if key != "o.staff" else {}
        mine = [e for e in found.get("entries", []) if e["id"] == made["id"]]
        assert key == "o.staff" or [e["counts"] for e in mine] == [cells[key]], key
        if key not in ("o.staff", "r.hot"):
            assert round(sum(e["counts"] for e in found["entries"]), 4) == found["value"] == values(after)[key]
    api.call("DELETE", f"/v1/registers/{register}/{made['id']}")
    assert values(form(api, name, year)) == values(before)
    if entry.get("topic") == "f" and entry["form"] == "other":
        api.call("DELETE", f"/v1/registers/{register}/{other['id']}")


def test_every_cell_from_a_register_is_tried(office):
    fed = {key for register in office.api("duo").get("/v1/registers").json()["registers"] for key in register["feeds"]}
    assert fed == {key for *_, cells in ENTRIES for key in cells} - {"o.staff"}


def test_a_replaced_entry_counts_as_it_is_now(office):
    api = office.api("duo")
    before = values(form(api, "f21", 2023))
    made = add(api, "license", {"year": 2023, "decisions": 5})
    api.call("PUT", f"/v1/registers/license/{made['id']}", {"year": 2023, "decisions": 9})
    assert moved(before, values(form(api, "f21", 2023))) == {"t2.license.decisions": 9}
    api.call("PUT", f"/v1/registers/license/{made['id']}", {"year": 2022, "decisions": 9})
    assert values(form(api, "f21", 2023)) == before


def test_a_document_in_the_proactive_register_is_counted_there(office):
    api = office.api("duo")
    before = values(form(api, "f21", 2022))
    add(api, "normative", {"on": "2022-02-03", "title": "办法", "doc_no": "朱府规〔2022〕9号"})
    item = api.post("/v1/disclosures", {"title": "办法", "category": "doc", "doc_no": "朱府规〔2022〕9号", "is_normative": True,
                                        "created_on": "2022-02-03"})
    assert item.status_code == 201
    assert moved(before, values(form(api, "f21", 2022))) == {"t2.normative.made": 1, "t2.normative.valid": 1}
    found = behind(api, "f21", 2022, "t2.normative.made")
    assert [i["id"] for i in found["items"]] == [item.json()["id"]] and found["entries"] == []


def test_what_was_withdrawn_is_not_valid_and_its_replacement_counts_once(office):
    api = office.api("duo")
    start = values(form(api, "f21", 2023)), values(form(api, "f21", 2024))
    def item(doc_no, day):
        answer = api.post("/v1/disclosures", {"title": "办法", "category": "doc", "doc_no": doc_no, "is_normative": True, "created_on": day})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]
    def become(id, **fields):
        answer = api.call("PUT", f"/v1/disclosures/{id}/validity", {"reason": "有误", **fields})
        assert answer.status_code == 200, answer.text
    def counted(year):
        return moved(start[year - 2023], values(form(api, "f21", year)))
    def items(key):
        return [i["id"] for i in behind(api, "f21", 2023, key)["items"]]
    def entries():
        return len(behind(api, "f21", 2023, "t2.normative.valid")["entries"])
    made, valid, registered = items("t2.normative.made"), items("t2.normative.valid"), entries()
    wrong, right = item("朱府规〔2023〕1号", "2023-02-03"), item("朱府规〔2023〕2号", "2023-02-04")
    assert counted(2023) == {"t2.normative.made": 2, "t2.normative.valid": 2}
    become(wrong, withdrawn_on="2024-01-01", replaced_by=right)  # not yet at the end of 2023
    assert counted(2023) == {"t2.normative.made": 2, "t2.normative.valid": 2} and counted(2024) == {"t2.normative.valid": 1}
    become(wrong, withdrawn_on="2023-12-31", replaced_by=right)
    assert counted(2023) == {"t2.normative.made": 1, "t2.normative.valid": 1} and counted(2024) == {"t2.normative.valid": 1}
    assert set(items("t2.normative.made")) == {*made, right} and set(items("t2.normative.valid")) == {*valid, right}
    # in the register of documents too: there as long as the item does not count itself
    add(api, "normative", {"on": "2023-02-03", "title": "办法", "doc_no": "朱府规〔2023〕2号"})
    assert counted(2023) == {"t2.normative.made": 1, "t2.normative.valid": 1}
    become(right, withdrawn_on="2023-12-31")  # it was made all the same
    assert counted(2023) == {"t2.normative.made": 1, "t2.normative.valid": 1}
    assert set(items("t2.normative.valid")) == set(valid) and entries() == registered + 1


def test_a_part_of_the_year_has_what_lies_in_it(office):
    api = office.api("duo")
    add(api, "penalty", {"year": 2021, "unit": "一", "decisions": 100})
    add(api, "penalty", {"year": 2021, "unit": "二", "period": "2021Q1", "decisions": 10})
    add(api, "penalty", {"year": 2021, "unit": "三", "period": "2021M02", "decisions": 1})
    for query, value in (("", 111), ("period=2021Q1", 11), ("period=2021M02", 1), ("period=2021M01", 0), ("period=2021Q4", 0)):
        assert values(form(api, "f21", 2021, query))["t2.penalty.decisions"] == value, query
        assert behind(api, "f21", 2021, "t2.penalty.decisions", query)["value"] == value


def test_as_of_a_day_has_what_was_so_then(office):
    api = office.api("duo")
    add(api, "training", {"on": "2018-03-05", "participants": 3})
    add(api, "reading_point", {"place": "a", "from": "2018-01-01", "to": "2018-06-30"})
    def at(day):
        return values(form(api, "f14", 2018, f"as_of={day}"))
    assert (at("2018-03-04")["m.courses"], at("2018-03-05")["m.courses"], at("2018-12-31")["m.attendees"]) == (0, 1, 3)
    assert at("2018-06-30")["o.reading_points"] - at("2018-12-31")["o.reading_points"] == 1


def test_the_entries_behind_a_cell_come_in_pages(office):
    api = office.api("duo")
    made = {add(api, "meeting", {"on": "2016-02-03"})["id"] for _ in range(5)}
    seen, query = [], "limit=2"
    while query:
        page = behind(api, "f14", 2016, "m.meetings", query)
        seen += [e["id"] for e in page["entries"]]
        query = page["next"] and f"limit=2&after={page['next']}"
    assert set(seen) == made and len(seen) == 5
    problem(api.get("/v1/statistics/f14/2016/cells/m.meetings/value?after=x"), 400)


def test_the_district_counts_what_is_below_it(office):
    add(office.api("duo"), "meeting", {"on": "2015-02-03"})
    add(office.api("other"), "meeting", {"on": "2015-02-03"})
    admin = office.api("admin")
    for org, value in (("zhucun", 1), ("licheng", 1), ("zengcheng", 0)):
        assert values(form(admin, "f14", 2015, f"org={org}"))["m.meetings"] == value
    shown = form(admin, "f14", 2015, "org=zengcheng&rollup=true")
    assert values(shown)["m.meetings"] == 2
    assert [e["org"] for e in behind(admin, "f14", 2015, "m.meetings", "org=zengcheng&rollup=true")["entries"]] in (
        ["zhucun", "licheng"], ["licheng", "zhucun"])
    assert len(behind(office.api("duo"), "f14", 2015, "m.meetings")["entries"]) == 1


def test_an_identity_over_entries_is_checked(office):
    """J8: with the head at most all; the sums of staff are of the parts. Both hold whatever is entered."""
    shown = form(office.api("duo"), "f14", 2017)
    assert {i["id"] for i in shown["identities"]} >= {"J6", "J8"}
    assert all(i["holds"] for i in shown["identities"] if i["id"] in ("J6", "J8"))


def test_a_frozen_year_keeps_its_figures_and_tells_what_was_entered_since(world):
    daemon = world.daemon()
    try:
        api = daemon.api("duo")
        kept = add(api, "license", {"year": 2022, "decisions": 5})
        changed = add(api, "penalty", {"year": 2022, "decisions": 6, "note": "初报"})
        daemon.now = "2026-06-01T02:00:00Z"
        assert api.post("/v1/statistics/f21/2022/freeze").status_code == 201
        assert api.get("/v1/statistics/f21/2022/corrections").json()["entries"] == []
        daemon.now = "2026-06-01T03:00:00Z"
        api.call("PUT", f"/v1/registers/penalty/{changed['id']}", {"year": 2022, "decisions": 8})
        api.post(f"/v1/registers/license/{kept['id']}/retract", {"reason": "重复"})
        later = add(api, "coercion", {"year": 2022, "decisions": 2})
        add(api, "coercion", {"year": 2023, "decisions": 2})
        printed, live = values(form(api, "f21", 2022)), values(form(api, "f21", 2022, "live=true"))
        assert moved(printed, live) == {"t2.license.decisions": -5, "t2.penalty.decisions": 2, "t2.coercion.decisions": 2}
        for key, value, version in (("license", 5, 1), ("penalty", 6, 1)):
            found = behind(api, "f21", 2022, f"t2.{key}.decisions")
            assert (found["frozen"], found["value"]) == (True, value)
            assert [(e["counts"], e["version"]) for e in found["entries"]] == [(value, version)]
        assert behind(api, "f21", 2022, "t2.coercion.decisions")["entries"] == []
        assert behind(api, "f21", 2022, "t2.license.decisions", "live=true")["entries"] == []
        told = api.get("/v1/statistics/f21/2022/corrections").json()
        assert {(c["key"], c["printed"], c["now"]) for c in told["cells"]} == {
            ("t2.license.decisions", 5, 0), ("t2.penalty.decisions", 6, 8), ("t2.coercion.decisions", 0, 2)}
        assert [(e["id"], e["version"], e["retracted"], e["reason"]) for e in told["entries"]] == [
            (later["id"], 1, False, None), (kept["id"], 2, True, "重复"), (changed["id"], 2, False, None)]
        assert daemon.verify().returncode == 0
    finally:
        daemon.stop()
