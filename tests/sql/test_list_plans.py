# SPDX-License-Identifier: MulanPSL-2.0
"""Lists on a large ledger: every statement walks an index from a place on, fetches a page and stops, whatever the filters and
however little the planner knows of the values (generic plans, as the daemon's prepared statements get)."""

import contextlib
import os
import pathlib
import re
import subprocess

import pytest

from support.cluster import APPLICATION, OWNER, Cluster

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
PROGRAM = pathlib.Path(os.environ["OGID_BUILD"], "daemon/ogid")
CASES, ORGANISATIONS, PAGE = 120000, 400, 51
FIRST, LAST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"

# One organisation holds a tenth of the cases; four in a hundred are open, with the latest due dates.
FILL = f"""
INSERT INTO request_case (org_id, id, version, year, serial, status, channel, applicant_kind, arrived_on, receipt_date, due_on,
	closed_on, calendar_version, created_at, updated_at)
SELECT CASE WHEN n % 10 = 0 THEN 1 ELSE 2 + n % {ORGANISATIONS - 1} END, gen_random_uuid(), 4, extract(year FROM day)::integer, n,
	CASE WHEN open THEN 'in_process' ELSE 'closed' END, 'letter', 'natural', day, day,
	CASE WHEN n % 50 > 0 THEN day + 28 END, CASE WHEN NOT open THEN day + 20 END, 1, day, day + n * interval '1 ms'
FROM (SELECT n, date '2016-01-01' + n * 3700 / {CASES} AS day, n > {CASES} * 0.96 AS open FROM generate_series(1, {CASES}) n) c;
INSERT INTO applicant (org_id, case_id, name, description) SELECT org_id, id, '张三', '征地补偿方案' FROM request_case;
"""


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as made:
        yield made


@pytest.fixture(scope="module")
def conf(cluster, tmp_path_factory):
    file = tmp_path_factory.mktemp("conf") / "ogid.conf"
    secret = file.with_name("secret")
    secret.write_text("ab" * 32 + "\n")
    secret.chmod(0o600)
    file.write_text(f"database = {cluster.dsn('large')}\nowner_database = {cluster.dsn('large', OWNER)}\n"
                    f"secret_file = {secret}\n")
    return file


@pytest.fixture(scope="module")
def ledger(cluster, conf):
    cluster.database("large")
    subprocess.run([PROGRAM, "-c", conf, "migrate", "--directory", TOP / "migrations"], check=True)
    cluster.execute("large", OWNER, FILL)
    cluster.execute("large", "postgres", "VACUUM (ANALYZE)")
    with contextlib.closing(cluster.connect("large", APPLICATION)) as connection, connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
        for name, sql in statements(conf).items():
            cursor.execute(f"PREPARE {name} AS {sql}")
        yield cursor


def statements(conf):
    printed = subprocess.run([PROGRAM, "-c", conf, "statements", "--pgbench"], check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"^-- (case_list_\w+)\n(.*?);\n", printed, flags=re.M | re.S))
    return {name: re.sub(r":p(\d+)", r"$\1", sql) for name, sql in found.items()}


def rows_fetched(plan):
    """Rows that scans of request_case in the walk gave or threw away; a sort over more than the merged pages fails."""
    seen, kinds = 0, set()

    def look(node):
        nonlocal seen
        loops = node["Actual Loops"]
        kinds.add(node["Node Type"])
        if node.get("Relation Name") == "request_case":
            seen += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * loops
        elif node.get("Index Name", "").startswith("request_case"):
            seen += node["Actual Rows"] * loops
        for child in node.get("Plans", []):
            look(child)

    look(plan["Plan"])
    return seen, kinds


def explain(cursor, name, org, key, place, bound, **filters):
    values = [org, key, place, bound, PAGE, *[None] * 14, "2026-06-01", "2026-06-04", None, 1, None, False, False, None]
    for index, value in filters.items():
        values[int(index[1:]) - 1] = value
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name}({', '.join(['%s'] * len(values))})", values)
    return rows_fetched(cursor.fetchone()[0][0])


def walk(name, middle=False):
    """Organisations and range of a statement, from its end or from the middle."""
    down = "_down" in name
    org = 1 if not re.search("_each|_many", name) else list(range(1, 11)) if "_each" in name else list(range(1, ORGANISATIONS + 1))
    low, high = ("-9223372036854775808", "9223372036854775807") if "number" in name else ("-infinity", "infinity")
    key = (high if down else low) if not middle else "2021000060000" if "number" in name else "2021-01-31"
    return org, key, FIRST, low if down else high


NAMES = [f"case_list_{sort}{down}{scope}" for sort in ("due", "receipt", "number", "updated") for down in ("", "_down")
         for scope in ("", "_each")] + ["case_list_many", "case_list_many_down"]


def test_the_names_are_those_of_the_program(conf):
    assert set(statements(conf)) == {name + end for name in NAMES for end in ("", "_open")}


@pytest.mark.parametrize("middle", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_a_walk_along_an_index(ledger, name, middle):
    seen, kinds = explain(ledger, name, *walk(name, middle))
    pages = 10 if "_each" in name else 1
    assert seen <= (pages + 1) * PAGE + pages, (seen, kinds)
    assert not {"Seq Scan", "Bitmap Heap Scan", "Gather", "Gather Merge"} & kinds


@pytest.mark.parametrize("name", [n + "_open" for n in NAMES if "due" in n or "many" in n])
def test_a_page_of_open_cases_passes_over_the_closed_ones(ledger, name):
    seen, kinds = explain(ledger, name, *walk(name))
    pages = 10 if "_each" in name else 1
    assert seen <= (pages + 1) * PAGE + pages, (seen, kinds)


@pytest.mark.parametrize("name", [n + "_open" for n in NAMES if "due" not in n and "many" not in n])
def test_open_cases_in_another_order_are_sorted_among_themselves(ledger, name):
    seen, _ = explain(ledger, name, *walk(name))
    assert seen <= 2 * CASES * 0.04 + PAGE


def test_filters_are_looked_at_row_by_row_until_the_page_is_full(ledger):
    seen, _ = explain(ledger, "case_list_due", *walk("case_list_due"), p8="{letter}", p10="{natural}")
    assert seen <= 2 * PAGE + 1
    seen, _ = explain(ledger, "case_list_due_open", *walk("case_list_due"), p22="nobody", p24="{in_process}")
    assert seen <= 2 * PAGE + 1


def test_a_range_of_due_dates_begins_at_its_first_day(ledger):
    seen, _ = explain(ledger, "case_list_due", 1, "2021-01-01", FIRST, "2021-01-31", p15="2021-01-01", p16="2021-01-31")
    assert seen <= 2 * PAGE + 1
