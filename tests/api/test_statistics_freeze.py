# SPDX-License-Identifier: MulanPSL-2.0
"""A year as it is published: frozen with its cases, refused while figures do not agree, corrected only beside what was printed,
summed up with proof, and watched by verify."""

import concurrent.futures

import pytest

from support.api import key, problem

PLAIN = [("natural", "unable.not_held"), ("business", "decline.repeat"), ("research", "refuse.process")]


def request(api, on, kind="natural", **fields):
    return api.register(arrived_on=on, registered_on=on, applicant={"kind": kind, "name": "某", "phone": "1"}, **fields)


def closed(api, on, end, kind="natural", outcome="unable.not_held"):
    case = request(api, on, kind)
    api.event(case["id"], "decided", outcome=outcome, reason="理由", on=end)
    return api.event(case["id"], "served", by="post", on=end)


def ledger(api, year):
    """Some closed, one carried out, one with a suit."""
    cases = [closed(api, f"{year}-03-0{i + 1}", f"{year}-03-2{i}", kind, outcome) for i, (kind, outcome) in enumerate(PLAIN)]
    api.event(cases[0]["id"], "remedy_filed", remedy_kind="reconsideration", on=f"{year}-05-06")
    return [*cases, request(api, f"{year}-12-31", "legal_service")]


def form(api, year, query="", name=None):
    answer = api.get(f"/v1/statistics/{name or ('f21' if year > 2020 else 'f19' if year > 2018 else 'f14')}/{year}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def freeze(api, year, query="", **options):
    return api.post(f"/v1/statistics/{'f21' if year > 2020 else 'f19' if year > 2018 else 'f14'}/{year}/freeze{query}", **options)


@pytest.fixture(scope="module")
def frozen(world):
    """An office that froze 2022; everything of that year in `cases`."""
    made = world.daemon()
    duo = made.api("duo")
    made.cases = ledger(duo, 2022)
    made.before = form(duo, 2022)
    answer = freeze(duo, 2022)
    assert answer.status_code == 201, answer.text
    made.told = answer.json()
    yield made
    made.stop()


def test_a_frozen_year_answers_its_cells(frozen):
    duo = frozen.api("duo")
    (snapshot,) = frozen.told["snapshots"]
    assert (snapshot["by"], snapshot["rollup"], snapshot["cases"]) == ("duo", False, 5)  # four cases, one remedy
    for query in ("", "?org=zhucun", "?org=zhucun&rollup=true"):
        made = form(duo, 2022, query)
        assert made["frozen"] and made["freeze"] == snapshot and made["cells"] == frozen.before["cells"]
        assert all(one["holds"] for one in made["identities"])
    live = form(duo, 2022, "?live=true")
    assert not live["frozen"] and live["freeze"] is None and live["cells"] == frozen.before["cells"]
    assert form(frozen.api("statistician"), 2022)["frozen"]


def test_later_events_change_only_what_is_live_and_the_corrections(frozen):
    duo, cases = frozen.api("duo"), frozen.cases
    assert duo.get("/v1/statistics/f21/2022/corrections").json()["cells"] == []
    duo.event(cases[0]["id"], "amended", event=1, field="applicant.kind", to="other_org", reason="更正")
    duo.event(cases[1]["id"], "reopened", on="2022-06-01", redo_due_on="2022-07-01")  # moves nothing: the first closing counts
    duo.event(cases[2]["id"], "amended", event=1, field="arrived_on", to="2021-12-30", reason="更正")
    duo.event(cases[0]["id"], "remedy_concluded", result="corrected", on="2022-08-01")
    new = closed(duo, "2022-11-01", "2022-11-10", "public_interest")
    assert form(duo, 2022)["cells"] == frozen.before["cells"]
    live = form(duo, 2022, "?live=true")["cells"]
    told = duo.get("/v1/statistics/f21/2022/corrections").json()
    differ = {(k, c): (frozen.before["cells"][k][c], live[k][c]) for k in live for c in live[k]
              if live[k][c] != frozen.before["cells"][k][c]}
    assert {(one["key"], one["column"]): (one["printed"], one["now"]) for one in told["cells"]} == differ
    assert differ[("t3.new", "natural")] == (1, 0) and differ[("t3.carried_in", "research")] == (0, 1)
    assert differ[("t4.review.pending", "value")] == (1, 0)
    moved = {(one["id"], one.get("remedy")): one for one in told["cases"]}
    assert set(moved) == {(cases[0]["id"], None), (cases[0]["id"], 1), (cases[2]["id"], None), (new["id"], None)}
    assert told["moved"] == 4
    amended = moved[(cases[0]["id"], None)]
    assert amended["printed"] == {"keys": ["t3.new", "t3.unable.not_held", "t3.results_total"], "applicant_kind": "natural"}
    assert amended["now"]["applicant_kind"] == "other_org"
    assert [e["kind"] for e in amended["events"]] == ["amended", "remedy_concluded"]
    assert moved[(new["id"], None)]["printed"] is None
    assert moved[(cases[2]["id"], None)]["now"]["keys"] == ["t3.carried_in", "t3.refuse.process", "t3.results_total"]


def test_what_stands_behind_a_frozen_cell_is_its_list(frozen):
    duo = frozen.api("duo")
    page = duo.get("/v1/statistics/f21/2022/cells/t3.new/natural").json()
    assert page["frozen"] and page["value"] == 1 and [c["id"] for c in page["cases"]] == [frozen.cases[0]["id"]]
    live = duo.get("/v1/statistics/f21/2022/cells/t3.new/natural?live=true").json()
    assert not live["frozen"] and live["value"] == len(live["cases"])
    total, cursor = [], ""
    while cursor is not None:
        page = duo.get("/v1/statistics/f21/2022/cells/t3.new/total?limit=1" + (f"&after={cursor}" if cursor else "")).json()
        total, cursor = total + page["cases"], page["next"]
    assert {c["id"] for c in total} == {c["id"] for c in frozen.cases}
    remedy = duo.get("/v1/statistics/f21/2022/cells/t4.review.pending/value").json()
    assert [(c["id"], c["remedy"], c["result"]) for c in remedy["cases"]] == [(frozen.cases[0]["id"], 1, None)]


def test_a_year_is_frozen_once_and_by_those_who_may(frozen):
    duo = frozen.api("duo")
    problem(freeze(duo, 2022), 409, "frozen_year")
    for login in ("ogi_head", "supervisor", "admin", "handler"):
        problem(freeze(frozen.api(login), 2023), 403, "role_required")
    problem(freeze(frozen.api("district"), 2023, "?org=zhucun"), 403, "forbidden")
    problem(freeze(duo, 2023, "?org=licheng"), 404, "no_such_org")
    problem(freeze(duo, 2026), 409, "year_not_ended")
    problem(freeze(duo, 2027), 409, "year_not_ended")
    problem(duo.post("/v1/statistics/f19/2022/freeze"), 404, "not_found")
    problem(duo.get("/v1/statistics/f21/2024/corrections"), 404, "not_found")
    problem(freeze(duo, 2023, "?live=true"), 400, "bad_query")


def test_the_year_ends_in_china(world):
    made = world.daemon(now="2026-12-31T15:59:59Z")
    duo = made.api("duo")
    problem(freeze(duo, 2026), 409, "year_not_ended")
    made.now = "2026-12-31T16:00:00Z"
    assert freeze(duo, 2026).status_code == 201
    made.stop()


def test_a_repeated_freeze_is_answered_again_and_two_at_once_freeze_once(world):
    made = world.daemon()
    duo, once = made.api("duo"), key()
    ledger(duo, 2023)
    first = freeze(duo, 2023, key=once)
    again = freeze(duo, 2023, key=once)
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(freeze(duo, 2021, key=once), 422, "key_reused")
    assert freeze(made.api("statistician"), 2021, body={}).status_code == 201
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: freeze(made.api("other"), 2023).status_code, range(4)))
    assert sorted(answers) == [201, 409, 409, 409]
    assert made.run("verify").returncode == 0
    made.stop()


def test_a_year_that_does_not_agree_is_refused_with_its_cases(world):
    made = world.daemon()
    duo = made.api("duo")
    cases = ledger(duo, 2021)
    made.sql("UPDATE request_case SET receipt_date = '2022-01-05' WHERE id = %s", (cases[0]["id"],))
    found = problem(freeze(duo, 2021), 409, "identity_fails")
    assert {(one["id"], one["column"]) for one in found["identities"]} == {("I1", "natural"), ("I1", "total")}
    assert {c["id"] for one in found["identities"] for c in one["cases"]} == {cases[0]["id"]}
    made.sql("UPDATE request_case SET receipt_date = '2021-03-01', applicant_kind = 'unknown' WHERE id = %s", (cases[0]["id"],))
    found = problem(freeze(duo, 2021), 409, "applicant_kind_unknown")
    assert [(c["id"], c["number"], c["org"]) for c in found["unknown"]] == [(cases[0]["id"], cases[0]["number"], "zhucun")]
    made.sql("UPDATE request_case SET applicant_kind = 'natural' WHERE id = %s", (cases[0]["id"],))
    assert freeze(duo, 2021).status_code == 201
    # the open case of 2021 turns out to have been withdrawn that year: 2022 cannot carry it in any more
    late = closed(duo, "2021-12-01", "2021-12-20", "business")
    duo.event(cases[3]["id"], "withdrawn", on="2021-12-31")
    made_up = [one for one in form(duo, 2022)["identities"] if not one["holds"]]
    assert {one["id"] for one in made_up} == {"I4"}
    found = problem(freeze(duo, 2022), 409, "identity_fails")
    assert {(one["id"], one["column"], one["left"], one["right"]) for one in found["identities"]} == \
        {("I4", "legal_service", 0, 1), ("I4", "total", 0, 1)}
    assert {c["id"] for one in found["identities"] for c in one["cases"]} == {cases[3]["id"]}
    assert late["id"] in {c["id"] for c in duo.get("/v1/statistics/f21/2021/corrections").json()["cases"]}
    made.stop()


def test_the_form_of_2014_is_frozen_without_kinds_of_applicants(world):
    made = world.daemon()
    duo = made.api("duo")
    case = request(duo, "2017-03-14")
    duo.event(case["id"], "decided", outcome="legacy.not_exist", on="2017-03-20")
    duo.event(case["id"], "served", by="post", on="2017-03-21")
    made.sql("UPDATE request_case SET applicant_kind = 'unknown' WHERE id = %s", (case["id"],))
    before = form(duo, 2017)
    assert freeze(duo, 2017).status_code == 201
    assert form(duo, 2017)["cells"] == before["cells"] and form(duo, 2017)["frozen"]
    made.stop()


# ---- roll-up ----

def test_a_superior_freezes_the_sum_of_its_units(world):
    made = world.daemon()
    duo, other, district = made.api("duo"), made.api("other"), made.api("district")
    cases = ledger(duo, 2023)
    ledger(other, 2023)
    assert freeze(duo, 2023).status_code == 201
    own = form(duo, 2023)["cells"]
    table = form(district, 2023)
    assert table["units"] == {"count": 3, "frozen": ["zhucun"], "not_frozen": ["zengcheng", "licheng"], "differences": []} or \
        sorted(table["units"]["not_frozen"]) == ["licheng", "zengcheng"]
    # what is amended later stays out of the superior's table, and is named
    duo.event(cases[0]["id"], "amended", event=1, field="applicant.kind", to="business", reason="更正")
    table = form(district, 2023)
    rest = form(district, 2023, "?org=licheng")["cells"]
    for name, cell in table["cells"].items():
        for column in cell:
            assert cell[column] == own[name][column] + rest[name][column], (name, column)
    (differs,) = table["units"]["differences"]
    assert differs["unit"] == "zhucun" and [c["id"] for c in differs["cases"]] == [cases[0]["id"]]
    assert {(one["key"], one["column"], one["printed"], one["now"]) for one in differs["cells"]} == {
        (k, c, p, n) for k in ("t3.new", "t3.unable.not_held", "t3.results_total")
        for c, p, n in (("natural", 1, 0), ("business", own[k]["business"], own[k]["business"] + 1))}
    assert form(district, 2023, "?live=true")["cells"]["t3.new"]["natural"] == table["cells"]["t3.new"]["natural"] - 1
    answer = freeze(district, 2023)
    assert answer.status_code == 201, answer.text
    assert [(s["rollup"], s["cases"]) for s in answer.json()["snapshots"]] == [(False, 0), (True, 10)]
    assert answer.json()["not_frozen"] == ["licheng"]
    printed = form(district, 2023)
    assert printed["frozen"] and printed["cells"] == table["cells"] and printed["units"]["differences"] == []
    assert form(district, 2023, "?org=zengcheng")["frozen"] and form(district, 2023, "?org=zhucun")["frozen"]
    # a unit that froze later than its superior, and not the same
    late = closed(other, "2023-10-09", "2023-10-20", "research")
    assert freeze(other, 2023).status_code == 201
    (differs,) = form(district, 2023)["units"]["differences"]
    assert differs["unit"] == "licheng" and [c["id"] for c in differs["cases"]] == [late["id"]]
    assert ("t3.new", "research", 1, 2) in {(o["key"], o["column"], o["printed"], o["now"]) for o in differs["cells"]}
    assert made.run("verify").returncode == 0
    made.stop()


# ---- verify ----

TAMPERINGS = [
    ("UPDATE statistics_snapshot SET canonical = replace(canonical, '\"natural\":1', '\"natural\":2')", "entry 1 was changed"),
    ("UPDATE statistics_snapshot SET frozen_at = frozen_at - interval '1 day'", "columns of entry 1 differ"),
    ("UPDATE statistics_snapshot SET calendar_version = calendar_version + 1", "columns of entry 1 differ"),
    ("UPDATE statistics_case SET fact = replace(fact, 'natural', 'business') WHERE fact LIKE '%natural%'", "columns of entry 1 differ"),
    ("DELETE FROM statistics_case WHERE number = 1", "columns of entry 1 differ"),
    ("INSERT INTO statistics_case SELECT org_id, snapshot, case_org_id, gen_random_uuid(), 0, 1, fact FROM statistics_case"
     " LIMIT 1", "columns of entry 1 differ"),
    ("DELETE FROM statistics_case; DELETE FROM statistics_snapshot", "all its entries are missing"),
]


@pytest.mark.parametrize("statement, found", TAMPERINGS, ids=[t[:50] for t, _ in TAMPERINGS])
def test_verify_finds_what_was_changed_in_a_frozen_year(frozen, statement, found):
    tables = ("statistics_case", "statistics_snapshot")
    for table in tables:
        frozen.sql(f"CREATE TABLE IF NOT EXISTS kept_{table} AS TABLE {table}")
    try:
        frozen.sql(statement)
        done = frozen.run("verify", check=False)
        assert done.returncode == 1 and found in done.stdout and "register statistics" in done.stdout, done.stdout
    finally:
        frozen.sql("DELETE FROM statistics_case; DELETE FROM statistics_snapshot;"
                   " INSERT INTO statistics_snapshot TABLE kept_statistics_snapshot;"
                   " INSERT INTO statistics_case TABLE kept_statistics_case;"
                   " DROP TABLE kept_statistics_case; DROP TABLE kept_statistics_snapshot")


def test_verify_is_content_with_a_frozen_year(frozen):
    done = frozen.run("verify")
    assert "0 findings" in done.stdout
