# SPDX-License-Identifier: MulanPSL-2.0
"""The forms since 2019: every cell by a constructed ledger, a random ledger against a counter that knows only the cases, year
boundaries, both regimes, what stands behind a cell, the ledger as it stood, quarters."""

import csv
import datetime
import io
import random
import zipfile

import pytest

from support.api import SOURCE, document, problem

KINDS = ["natural", "business", "research", "public_interest", "legal_service", "other_org"]
COLUMNS = [*KINDS, "total"]
PLAIN = ["grant", "grant_partial", "refuse.state_secret", "refuse.law_forbids", "refuse.security_stability", "refuse.third_party",
         "refuse.internal_affairs", "refuse.process", "refuse.enforcement_file", "refuse.special_inquiry", "unable.not_held",
         "unable.needs_creation", "unable.still_unclear", "decline.petition", "decline.repeat", "decline.publication",
         "decline.excessive", "decline.reconfirm"]
BY_EVENT = ["other.no_correction", "other.fee_unpaid", "other.other"]
RESULTS = PLAIN + BY_EVENT


def form(api, year, query="", name=None):
    answer = api.get(f"/v1/statistics/{name or ('f21' if year > 2020 else 'f19')}/{year}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def moved(before, after):
    """(key, column) of the cells that differ, and by how much."""
    return {(key, column): after[key][column] - before[key][column] for key in after for column in after[key]
            if after[key][column] != before[key][column]}


def request(api, on, kind="natural", **fields):
    return api.register(arrived_on=on, registered_on=on, applicant={"kind": kind, "name": "某", "phone": "1"}, **fields)


def after(day, days):
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(days))


def close(api, case, outcome, on, served=None):
    """Ends it with the outcome on that day."""
    start = case["receipt_date"]
    if outcome == "other.no_correction":
        api.event(case["id"], "correction_requested", items=["补正"], on=start, due_on=after(on, -1))
        return api.event(case["id"], "correction_lapsed", on=on)
    if outcome == "other.fee_unpaid":
        api.event(case["id"], "fee_noticed", basis="pages", quantity=31, amount=10, received_on=start, on=start)
        return api.event(case["id"], "fee_lapsed", on=on)
    if outcome == "other.other":
        return api.event(case["id"], "withdrawn", on=on)
    if outcome.startswith("grant"):
        api.event(case["id"], "reviewed", decision="passed", on=start)
    api.event(case["id"], "decided", outcome=outcome, reason="理由", on=served or on)
    return api.event(case["id"], "served", by="post", on=on)


def results_of(name):
    return {r: "t3." + (r if name == "f21" or not r.startswith("other.") else "other") for r in RESULTS}


# ---- each cell ----

@pytest.mark.parametrize("outcome", RESULTS)
@pytest.mark.parametrize("year", [2020, 2025])
def test_a_closing_is_counted_in_its_row_and_column(duo, year, outcome):
    if (year, outcome) == (2020, "other.fee_unpaid"):
        pytest.skip("no fee before 2021")
    kind = KINDS[RESULTS.index(outcome) % 6]
    before = form(duo, year)["cells"]
    close(duo, request(duo, f"{year}-03-02", kind), outcome, f"{year}-05-20")
    made = form(duo, year)
    keys = ["t3.new", results_of(made["form"])[outcome], "t3.results_total"]
    assert moved(before, made["cells"]) == {(key, column): 1 for key in keys for column in (kind, "total")}
    assert all(one["holds"] for one in made["identities"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_case_is_carried_over_until_it_is_closed(duo, kind):
    before = {year: form(duo, year)["cells"] for year in (2022, 2023, 2024)}
    case = request(duo, "2022-12-31", kind)
    close(duo, case, "unable.not_held", "2024-12-31")
    after_ = {year: form(duo, year)["cells"] for year in (2022, 2023, 2024)}
    both = lambda *keys: {(key, column): 1 for key in keys for column in (kind, "total")}  # noqa: E731
    assert moved(before[2022], after_[2022]) == both("t3.new", "t3.carried_out")
    assert moved(before[2023], after_[2023]) == both("t3.carried_in", "t3.carried_out")
    assert moved(before[2024], after_[2024]) == both("t3.carried_in", "t3.unable.not_held", "t3.results_total")
    assert form(duo, 2025)["cells"]["t3.carried_in"]["total"] == after_[2024]["t3.carried_out"]["total"]


@pytest.mark.parametrize("kind, group", [("reconsideration", "review"), ("suit_direct", "suit_direct"), ("suit_after", "suit_after")])
@pytest.mark.parametrize("result", ["upheld", "corrected", "other"])
def test_a_remedy_is_pending_until_it_is_concluded(duo, kind, group, result):
    case = close(duo, request(duo, "2023-02-01"), "unable.not_held", "2023-02-10")
    before = {year: form(duo, year)["cells"] for year in (2023, 2024, 2025)}
    duo.event(case["id"], "remedy_filed", remedy_kind=kind, on="2023-03-01", accepted_on="2023-03-08")
    duo.event(case["id"], "remedy_concluded", result=result, on="2025-01-01")
    cell = lambda name: (f"t4.{group}.{name}", "value")  # noqa: E731
    now = {year: form(duo, year)["cells"] for year in (2023, 2024, 2025)}
    assert moved(before[2023], now[2023]) == {cell("pending"): 1, cell("total"): 1}
    assert moved(before[2024], now[2024]) == {cell("pending"): 1, cell("total"): 1}
    assert moved(before[2025], now[2025]) == {cell(result): 1, cell("total"): 1}


def test_rules_and_normative_documents_are_acts_of_their_day(duo):
    before = {year: form(duo, year)["cells"] for year in (2020, 2022, 2023, 2024)}
    for flag in ("is_rule", "is_normative"):
        made = duo.post("/v1/disclosures", {"title": "文件", "category": "doc", flag: True, "created_on": "2019-12-30",
                                            "repealed_on": "2023-06-01"}).json()
        duo.post(f"/v1/disclosures/{made['id']}/reviews", {"decision": "passed", "on": "2020-01-03"})
        duo.post(f"/v1/disclosures/{made['id']}/publications", {"channel": "website", "published_on": "2020-01-06"})
    now = {year: form(duo, year)["cells"] for year in (2020, 2022, 2023, 2024)}
    both = lambda name: {(f"t2.{kind}.{name}", "value"): 1 for kind in ("rules", "normative")}  # noqa: E731
    assert moved(before[2020], now[2020]) == {**both("published"), **both("public_total")}
    assert moved(before[2022], now[2022]) == both("valid")
    assert moved(before[2023], now[2023]) == both("repealed")
    assert moved(before[2024], now[2024]) == {}
    assert form(duo, 2019)["cells"]["t2.rules.made"]["value"] == 1


def test_every_key_and_column_of_the_forms_is_there(duo):
    for year, name in ((2019, "f19"), (2021, "f21")):
        with (SOURCE / "tests" / "unit" / f"form-{name.replace('f', '20')}.tsv").open(encoding="utf-8") as f:
            rows = list(csv.DictReader(f, delimiter="\t"))
        made = form(duo, year)
        assert [(r["key"] or "", r["mark"], r["zh"], r["unit"]) for r in made["rows"]] == \
            [(r["key"], r["mark"], r["label"], r["unit"]) for r in rows]
        for row in rows:
            if row["key"]:
                assert list(made["cells"][row["key"]]) == (COLUMNS if row["key"].startswith("t3.") else ["value"])
        assert len(made["cells"]) == sum(bool(r["key"]) for r in rows)
    for path in ("f19/2021", "f21/2020", "f21/2019", "f19/2018", "f14/2019", "f21/2013", "f22/2025", "f21/2025.pdf"):
        problem(duo.get(f"/v1/statistics/{path}"), 404, "not_found")


def test_what_is_not_received_or_not_a_request_of_its_own_is_not_counted(duo):
    before = form(duo, 2025)["cells"]
    arrived = duo.register(channel="fax", arrived_on="2025-12-30")  # not confirmed on 31 December
    duo.event(duo.register(channel="fax", arrived_on="2025-12-30")["id"], "withdrawn", on="2025-12-31")
    assert form(duo, 2025)["cells"] == before
    next_year = form(duo, 2026)["cells"]
    duo.event(arrived["id"], "receipt_confirmed", on="2026-01-02")
    assert form(duo, 2025)["cells"] == before
    assert moved(next_year, form(duo, 2026)["cells"])[("t3.new", "total")] == 1


def test_handling_again_counts_once(duo):
    case = close(duo, request(duo, "2024-02-01"), "refuse.process", "2024-02-10")
    before = [form(duo, year)["cells"] for year in (2024, 2025)]
    duo.event(case["id"], "reopened", on="2025-01-10", redo_due_on="2025-02-10")
    assert [form(duo, year)["cells"] for year in (2024, 2025)] == before
    duo.event(case["id"], "reviewed", decision="passed", on="2025-01-11")
    duo.event(case["id"], "decided", outcome="grant", on="2025-01-12")
    duo.event(case["id"], "served", by="post", on="2025-01-13")
    assert [form(duo, year)["cells"] for year in (2024, 2025)] == before


# ---- 2019 has both regimes ----

OLD = [("legacy.grant", None, "t3.grant"), ("legacy.already_public", None, "t3.grant"),
       ("legacy.refuse.trade_secret", None, "t3.refuse.third_party"), ("legacy.not_exist", None, "t3.unable.not_held"),
       ("legacy.refuse.other_law", "refuse.enforcement_file", "t3.refuse.enforcement_file"),
       ("legacy.refuse.not_gov_info", "refuse.process", "t3.refuse.process"),
       ("legacy.other_way", "decline.petition", "t3.decline.petition"), ("legacy.other_way", None, "t3.other")]


@pytest.mark.parametrize("outcome, chosen, key", OLD)
def test_an_old_outcome_served_in_2019_stands_on_the_new_form(duo, outcome, chosen, key):
    before = form(duo, 2019)
    case = request(duo, "2018-12-10")
    if outcome == "legacy.grant":
        duo.event(case["id"], "reviewed", decision="passed", on="2018-12-20")
    duo.event(case["id"], "decided", outcome=outcome, outcome_form=chosen, reason="理由", on="2018-12-28")
    duo.event(case["id"], "served", by="post", on="2019-01-02")
    if chosen == "decline.petition":  # the first closing counts, and its form
        duo.event(case["id"], "reopened", on="2019-03-01", redo_due_on="2019-03-30")
    made = form(duo, 2019)
    got = moved(before["cells"], made["cells"])
    assert got == {(k, c): 1 for k in ("t3.carried_in", key, "t3.results_total") for c in ("natural", "total")}
    unmapped = [w for w in made["warnings"] if w["code"] == "outcome_unmapped"]
    assert bool(unmapped) == (any(o == "legacy.other_way" and f is None for o, f, _ in OLD[:OLD.index((outcome, chosen, key)) + 1]))
    assert all(one["holds"] for one in made["identities"])
    page = duo.get(f"/v1/statistics/f19/2019/cells/{key}/natural?limit=200").json()
    assert case["id"] in {c["id"] for c in page["cases"]} and page["value"] == len(page["cases"])


# ---- a random ledger ----

def counted(cases, year, name):
    """What the form should say, from the cases alone."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    cells = {f"t3.{key}": dict.fromkeys(COLUMNS, 0) for key in ["new", "carried_in", "results_total", "carried_out"]}
    cells |= {key: dict.fromkeys(COLUMNS, 0) for key in results_of(name).values()}
    for group in ("review", "suit_direct", "suit_after"):
        cells |= {f"t4.{group}.{key}": {"value": 0} for key in ("upheld", "corrected", "other", "pending", "total")}
    for case in cases:
        receipt, closed = case["receipt_date"], case["first_closed_on"]
        if receipt is None or case["status"].startswith("void"):
            continue
        keys = []
        if first <= receipt <= last:
            keys.append("t3.new")
        if receipt < first and (closed is None or closed >= first):
            keys.append("t3.carried_in")
        if receipt <= last and (closed is None or closed > last):
            keys.append("t3.carried_out")
        if closed is not None and first <= closed <= last:
            keys += ["t3.results_total", results_of(name)[case["first_outcome"]]]
        for key in keys:
            cells[key][case["applicant"]["kind"]] += 1
            cells[key]["total"] += 1
        for remedy in case["remedies"]:
            group = {"reconsideration": "review"}.get(remedy["remedy_kind"], remedy["remedy_kind"])
            ended = remedy["concluded_on"]
            if group == "complaint" or remedy["accepted_on"] > last or (ended is not None and ended < first):
                continue
            cells[f"t4.{group}.{'pending' if ended is None or ended > last else remedy['result']}"]["value"] += 1
            cells[f"t4.{group}.total"]["value"] += 1
    return cells


def all_cases(api, query=""):
    found, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/v1/cases?limit=200{query}" + (f"&after={cursor}" if cursor else "")).json()
        found, cursor = found + page["cases"], page["next"]
    return found


@pytest.fixture(scope="module")
def random_ledger(world):
    """Two offices, seven years, closings on and around the last days of years."""
    made = world.daemon()
    draw = random.Random(20250101)
    for api in (made.api("duo"), made.api("other")):
        for _ in range(45):
            year = draw.randrange(2019, 2026)
            day = draw.choice([f"{year}-12-31", f"{year}-12-30", f"{year}-01-01", f"{year}-{draw.randrange(1, 13):02}-15"])
            case = request(api, day, draw.choice(KINDS), channel=draw.choice(["in_person", "letter"]))
            if draw.random() < 0.12:
                continue
            outcome = draw.choice([o for o in RESULTS if o != "other.fee_unpaid" or year > 2020])
            ends = [f"{year}-12-31", f"{year + 1}-01-01", f"{year + 1}-12-31", after(day, 5), after(day, 60), after(day, 400)]
            least = 45 if outcome in BY_EVENT else 0
            ends = [e for e in ends if after(day, least) <= e <= "2026-05-30"]
            if not ends:
                continue
            closed = draw.choice(ends)
            close(api, case, outcome, closed)
            if draw.random() < 0.4 and after(closed, 20) < "2026-05-01":
                filed = after(closed, draw.randrange(1, 20))
                api.event(case["id"], "remedy_filed", remedy_kind=draw.choice(["reconsideration", "suit_direct", "suit_after",
                                                                              "complaint"]), on=filed)
                ended = after(filed, draw.choice([0, 30, 300]))
                if ended <= "2026-05-30" and draw.random() < 0.7:
                    api.event(case["id"], "remedy_concluded", result=draw.choice(["upheld", "corrected", "other"]), on=ended)
            if draw.random() < 0.2:
                api.event(case["id"], "amended", event=1, field="applicant.kind", to=draw.choice(KINDS), reason="更正")
            if draw.random() < 0.1:
                seen = api.case(case["id"])
                if seen["status"] == "closed" and closed < "2026-05-01":
                    api.event(case["id"], "reopened", on=after(closed, 15), redo_due_on=after(closed, 60))
    yield made
    made.stop()


@pytest.mark.parametrize("year", range(2019, 2027))
def test_a_random_ledger_is_counted_as_its_cases_are(random_ledger, year):
    name = "f21" if year > 2020 else "f19"
    for login, query in (("duo", ""), ("other", ""), ("district", ""), ("district", "?org=zhucun"), ("district", "?org=zengcheng")):
        api = random_ledger.api(login)
        cases = all_cases(api, query.replace("?", "&"))
        made = form(api, year, query)
        want = counted(cases, year, name)
        got = {key: cell for key, cell in made["cells"].items() if not key.startswith("t2.")}
        assert got == want, (login, query)
        assert all(one["holds"] for one in made["identities"])
        assert len({(one["id"], one.get("key"), one["column"], one["rule"]) for one in made["identities"]}) == len(made["identities"])


def test_every_cell_lists_as_many_cases_as_it_counts(random_ledger):
    api = random_ledger.api("district")
    for year in (2020, 2024):
        made = form(api, year)
        for key, cell in made["cells"].items():
            for column, value in cell.items():
                found, cursor = [], ""
                while cursor is not None and (value or key == "t3.new"):
                    page = api.get(f"/v1/statistics/{made['form']}/{year}/cells/{key}/{column}?limit=7"
                                   + (f"&after={cursor}" if cursor else "")).json()
                    assert page["value"] == value
                    found, cursor = found + page["cases"], page["next"]
                assert len(found) == value == len({(c["org"], c["id"], c.get("remedy")) for c in found}), (key, column)


def test_the_form_as_it_stood_is_that_of_the_cases_as_they_stood(random_ledger):
    api = random_ledger.api("duo")
    for year, day in ((2023, "2023-06-30"), (2023, "2024-01-01"), (2022, "2025-03-01"), (2019, "2019-01-01")):
        made = form(api, year, f"?as_of={day}")
        cases = [c for c in all_cases(api, f"&as_of={day}")]
        want = counted(cases, year, made["form"])
        assert {key: cell for key, cell in made["cells"].items() if not key.startswith("t2.")} == want, (year, day)
        assert made["as_of"] == day


def test_quarters_add_up_to_the_year(random_ledger):
    api = random_ledger.api("duo")
    year = form(api, 2024)["cells"]
    quarters = [form(api, 2024, f"?period=2024Q{q}") for q in (1, 2, 3, 4)]
    for made in quarters:
        assert all(one["holds"] for one in made["identities"])
    for key in ("t3.new", "t3.results_total", *(f"t3.{r}" for r in RESULTS)):
        for column in COLUMNS:
            assert sum(q["cells"][key][column] for q in quarters) == year[key][column]
    for one, two in zip(quarters, quarters[1:]):
        assert one["cells"]["t3.carried_out"] == two["cells"]["t3.carried_in"]
    assert quarters[3]["cells"]["t3.carried_out"] == year["t3.carried_out"]
    assert form(api, 2024, "?period=2024M01")["period"] == "2024M01"
    for bad in ("2023Q1", "2024Q5", "2024Q0", "2024M13", "2024", "Q1", "2024Q1x", ""):
        problem(api.get(f"/v1/statistics/f21/2024?period={bad}"), 400, "bad_query")


def test_crooked_questions_are_refused(random_ledger):
    api = random_ledger.api("duo")
    for query in ("as_of=2024", "live=x", "rollup=x", "limit=3", "known_at=2024-01-01T00:00:00Z"):
        problem(api.get(f"/v1/statistics/f21/2024?{query}"), 400, "bad_query")
    problem(api.get("/v1/statistics/f21/2024?org=licheng"), 404, "no_such_org")
    problem(api.get("/v1/statistics/f21/2024/cells/t3.new/value"), 404, "not_found")
    for path in ("t3.nothing/total", "t3.new/nobody", "t2.rules.made/total", "x.closed_late/value", "𠮷/value"):
        problem(api.get(f"/v1/statistics/f21/2024/cells/{path}"), 404, "not_found")
    problem(api.get("/v1/statistics/f14/2017/cells/x.closed_late/value"), 404, "not_found")
    some = "01920000-0000-7000-8000-000000000000"
    for cursor in ("x", "1", "1.2.3", f"1.{some}", f"1.{some}.0.0", "..", f"-1.{some}.0"):
        problem(api.get(f"/v1/statistics/f21/2024/cells/t3.new/total?after={cursor}"), 400, "bad_query")
    for login in ("handler", "front_desk", "reviewer", "leader", "archivist"):
        problem(random_ledger.api(login).get("/v1/statistics/f21/2024/cells/t3.new/total"), 403, "role_required")


# ---- checks that fail ----

def test_an_amendment_that_breaks_an_identity_is_named(daemon, duo):
    case = close(duo, request(duo, "2021-05-10"), "decline.repeat", "2021-05-20")
    assert all(one["holds"] for one in form(duo, 2021)["identities"])
    # behind the law's back: the case now was received in the year after it was closed
    daemon.sql("UPDATE request_case SET receipt_date = '2022-01-05' WHERE id = %s", (case["id"],))
    for year in (2021, 2022):
        failed = [one for one in form(duo, year)["identities"] if not one["holds"]]
        assert {(one["id"], one["column"]) for one in failed} == {("I1", "natural"), ("I1", "total")}
        for one in failed:
            assert [c["id"] for c in one["cases"]] == [case["id"]] and abs(one["left"] - one["right"]) == 1
    daemon.sql("UPDATE request_case SET receipt_date = '2021-05-10', first_outcome = NULL WHERE id = %s", (case["id"],))
    failed = [one for one in form(duo, 2021)["identities"] if not one["holds"]]
    assert {(one["id"], one["column"]) for one in failed} == {("I2", "natural"), ("I2", "total")}
    daemon.sql("UPDATE request_case SET first_outcome = 'decline.repeat', applicant_kind = 'unknown' WHERE id = %s", (case["id"],))
    made = form(duo, 2021)
    failed = [one for one in made["identities"] if not one["holds"]]
    assert {(one["id"], one["key"]) for one in failed} == {("I3", k) for k in ("t3.new", "t3.decline.repeat", "t3.results_total")}
    assert {c["id"] for one in failed for c in one["cases"]} == {case["id"]}
    assert "applicant_kind_unknown" in {w["code"] for w in made["warnings"]}
    daemon.sql("UPDATE request_case SET applicant_kind = 'natural' WHERE id = %s", (case["id"],))
    assert all(one["holds"] for one in form(duo, 2021)["identities"])


def test_withdrawn_cases_need_no_answer(duo):
    before = form(duo, 2016, name="f14")
    duo.event(request(duo, "2016-04-01")["id"], "withdrawn", on="2016-04-05")
    made = form(duo, 2016, name="f14")
    assert moved(before["cells"], made["cells"]) == {(k, "value"): 1 for k in ("a.received", "a.ch.in_person", "a.closed",
                                                                             "a.closed_on_time")}
    assert made["warnings"] == [] and all(one["holds"] for one in made["identities"])


# ---- on paper ----

@pytest.mark.parametrize("path", ["f14/2016", "f19/2019", "f21/2025"])
def test_the_form_goes_out_as_csv_xlsx_and_html(duo, path):
    made = duo.get(f"/v1/statistics/{path}").json()
    sheet = duo.get(f"/v1/statistics/{path}.csv")
    assert sheet.content.startswith(b"\xef\xbb\xbf") and sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1 and len(rows) == 1 + len(made["rows"])
    for row, told in zip(rows[1:], made["rows"]):
        assert (row[1], row[2]) == (told["key"] or "", told["mark"] + told["zh"])
        if told["key"] is None:
            assert set(row[3:]) == {"—"}
            continue
        cell = list(made["cells"][told["key"]].values())
        assert [float(v) for v in row[-len(cell):]] == cell and set(row[4:-len(cell)]) <= {"—"}
    book = duo.get(f"/v1/statistics/{path}.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as file:
        inside = file.read("xl/worksheets/sheet1.xml").decode()
        assert "mergeCell" in inside and "<f>" not in inside
    page = duo.get(f"/v1/statistics/{path}.html")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8" and 'lang="zh-CN"' in page.text
    assert page.text.count("<td class=\"n\"") == sum(len(cell) for cell in made["cells"].values())
    assert page.text.count("<th ") == page.text.count("<th scope=")
    assert "朱村街道" in page.text and all(told["zh"] in page.text for told in made["rows"])


def test_the_document_knows_the_roles_of_the_cell_route():
    assert document()["paths"]["/v1/statistics/{form}/{year}/cells/{key}/{column}"]["get"]["x-roles"]
