# SPDX-License-Identifier: MulanPSL-2.0
"""The ledger that is measured: real cases in several stages, made through the API, multiplied by COPY over 250 offices."""

import datetime
import hashlib
import subprocess

from support.cluster import OWNER, pgbin
from support.world import PASSWORD

OFFICES, DESKS = 250, 64  # organisations; the first 64 have somebody at the desk
ID = "00000000-0000-7000-8000-"
FIRST = 100_000_000_000  # number of case 0 in its id


def this_year():
    """In China: the year of new numbers."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).year


def columns(daemon, table):
    rows = daemon.sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                      " AND NOT attisdropped ORDER BY attnum", (table,))
    return [name for name, in rows]


def prototypes(daemon):
    """One case of each kind of stage, in the mixture they are found in an office; their ids."""
    duo = daemon.api("duo")
    made = []

    def one(day, *events):
        case = duo.register(arrived_on=day, subject="land_use")
        for kind, fields in events:
            case = duo.event(case["id"], kind, **fields)
        made.append(case["id"])

    passed = ("reviewed", {"decision": "passed", "on": "2026-04-10"})
    granted = ("decided", {"outcome": "grant", "variant": "grant.provided", "on": "2026-04-13"})
    refused = ("decided", {"outcome": "refuse.internal_affairs", "reason": "内部事务信息", "on": "2026-04-13"})
    for _ in range(6):
        one("2026-04-07", passed, granted, ("served", {"by": "post", "on": "2026-04-14"}))
    for _ in range(2):
        one("2026-04-07", refused, ("served", {"by": "signature", "on": "2026-04-14"}))
    one("2026-05-18")
    one("2026-05-18", ("extended", {"workdays": 20, "on": "2026-05-20"}), ("noted", {"note": "已电话联系"}))
    return made


def copy(daemon, table, select):
    """COPY (select) TO STDOUT | COPY table FROM STDIN"""
    dsn = daemon.cluster.dsn(daemon.database_name, OWNER)
    psql = [pgbin() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", dsn, "-c"]
    with subprocess.Popen([*psql, f"COPY ({select}) TO STDOUT"], stdout=subprocess.PIPE) as out:
        subprocess.run([*psql, f"COPY {table} FROM STDIN"], stdin=out.stdout, check=True)
    assert out.returncode == 0


def people(daemon):
    """250 offices below the district, one person each at the first 64; their tokens."""
    daemon.sql("INSERT INTO org (code, name, parent_id) SELECT 'office-' || i, '第' || i || '街道', (SELECT id FROM org"
               " WHERE code = 'zengcheng') FROM generate_series(0, %s) i", (OFFICES - 1,))
    daemon.sql("WITH RECURSIVE t AS (SELECT id, row_number() OVER (ORDER BY parent_id NULLS FIRST, id) AS n FROM org)"
               " UPDATE org SET lo = n, hi = n FROM t WHERE t.id = org.id")
    daemon.sql("UPDATE org SET lo = 1, hi = (SELECT count(*) FROM org) WHERE parent_id IS NULL")
    first = daemon.sql("SELECT min(id) FROM org WHERE code LIKE 'office-%%'", ())[0][0]
    daemon.sql("INSERT INTO app_user (login, name, org_id, password_hash) SELECT 'desk' || i, 'desk', %s + i,"
               " (SELECT password_hash FROM app_user WHERE login = 'duo') FROM generate_series(0, %s) i",
               (first, DESKS - 1))
    daemon.sql("INSERT INTO user_role SELECT u.id, u.org_id, r FROM app_user u, unnest(ARRAY['front_desk', 'handler'])"
               " r WHERE login LIKE 'desk%%'", ())
    tokens = [f"bench-token-{i:04d}-{PASSWORD.replace(' ', '-')}-0000000000" for i in range(DESKS)]
    for i, token in enumerate(tokens):
        daemon.sql("INSERT INTO session SELECT %s, id, now(), now(), now() + interval '11 hours' FROM app_user"
                   " WHERE login = %s", (hashlib.sha256(token.encode()).digest(), f"desk{i}"))
    return first, tokens


DAYS = 6 * 365  # cases of six years
TABLES = ("request_case", "applicant", "case_event", "case_text")


def without_indexes(daemon, table, work):
    """Does the work on a table whose indexes are made anew behind it: quicker than to keep them."""
    found = daemon.sql("SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                       " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary", (table,))
    for name, _ in found:
        daemon.sql(f"DROP INDEX {name}")
    work()
    for _, definition in found:
        daemon.sql(definition.replace("%", "%%"), ())


def multiply(daemon, cases, made, first_org, tables):
    """`cases` cases: case n is a copy of a prototype, in office n modulo 250, with its own number and days."""
    ids = "ARRAY[" + ", ".join(f"'{i}'::uuid" for i in made) + "]"
    series = f"generate_series(0, {cases - 1}) n JOIN {{table}} t ON t.{{id}} = ({ids})[1 + n / {OFFICES} % {len(made)}]"
    new = {"org_id": f"{first_org} + n % {OFFICES}", "id": f"('{ID}' || {FIRST} + n)::uuid",
           "case_id": f"('{ID}' || {FIRST} + n)::uuid", "year": "2025", "serial": f"1 + n / {OFFICES}",
           "due_on": "t.due_on + (n % 97)", "receipt_date": f"t.receipt_date - (n % {DAYS})",
           "closed_on": f"t.closed_on - (n % {DAYS})", "first_closed_on": f"t.first_closed_on - (n % {DAYS})",
           "updated_at": "t.updated_at - n * interval '1 second'",
           "canonical": "regexp_replace(t.canonical, '\"year\":\\d+,\"serial\":\\d+',"
                        f" '\"year\":2025,\"serial\":' || 1 + n / {OFFICES})"}
    for table in tables:
        key = "id" if table == "request_case" else "case_id"
        select = ", ".join(new.get(c, f"t.{c}") for c in columns(daemon, table))
        select = f"SELECT {select} FROM " + series.format(table=table, id=key)
        without_indexes(daemon, table, lambda: copy(daemon, table, select))
    daemon.sql(f"INSERT INTO reg_counter SELECT org_id, 2025, max(serial) FROM request_case WHERE year = 2025"
               f" AND org_id >= {first_org} GROUP BY org_id")
    daemon.sql(f"INSERT INTO reg_counter SELECT {first_org} + i, {this_year()}, 1000000 FROM generate_series(0, {OFFICES - 1}) i"
               " ON CONFLICT DO NOTHING")
    daemon.cluster.execute(daemon.database_name, "postgres", "VACUUM (ANALYZE)")
    daemon.cluster.execute(daemon.database_name, "postgres", "CHECKPOINT")


def literals(daemon, case_id):
    """A case that was really registered, as SQL literals: columns of request_case and applicant, event, text."""
    found = []
    for table, key in (("request_case", "id"), ("applicant", "case_id")):
        names = columns(daemon, table)
        shown = ", ".join(f"quote_nullable({name}::text)" for name in names)
        values = daemon.sql(f"SELECT {shown} FROM {table} WHERE {key} = %s", (case_id,))[0]
        found.append(dict(zip(names, values)))
    for select in ("quote_nullable(canonical), quote_nullable(prev_hash::text), quote_nullable(hash::text) FROM case_event",
                   "quote_nullable(salt::text), quote_nullable(body) FROM case_text"):
        found.append(daemon.sql(f"SELECT {select} WHERE case_id = %s AND seq = 1", (case_id,))[0])
    return found
