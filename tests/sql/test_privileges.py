# SPDX-License-Identifier: MulanPSL-2.0
"""What the daemon's role may not do: change or remove the past, touch the schema. And each statement on tables of cases is bound to
its organisations."""

import re
import subprocess

import psycopg2
import pytest

from support.cluster import APPLICATION, OWNER
from support.world import program


@pytest.fixture(scope="module")
def ledger(world):
    """A daemon's database with something in every table of the past."""
    made = world.daemon()
    duo = made.api("duo")
    case = duo.register()
    duo.get(f"/v1/cases/{case['id']}?reveal=applicant")
    item = duo.post("/v1/disclosures", {"title": "a", "category": "doc"}).json()
    duo.post(f"/v1/disclosures/{item['id']}/reviews", {"decision": "passed"})
    duo.post(f"/v1/disclosures/{item['id']}/publications", {"channel": "website"})
    duo.post("/v1/registers/meeting", {})
    duo.call("POST", f"/v1/cases/{case['id']}/attachments", b"%PDF-1.7", {"Content-Type": "application/pdf"})
    duo.event(case["id"], "split", parts=[{"description": "a"}, {"description": "b"}])
    yield made
    made.stop()


def refused(daemon, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        daemon.sql(statement, role=APPLICATION)


NIGHTS = ["nightly_step", "seal", "seal_leaf"]
PAST = [*NIGHTS, "case_event", "audit_entry", "disclosure_item", "secrecy_review", "publication", "number_gap", "calendar_load", "setting",
        "attachment", "attachment_chunk", "attachment_inherited", "report_section", "statistics_snapshot", "statistics_case",
        "register_entry"]
KEPT = PAST + ["case_text", "request_case", "applicant", "reg_counter", "chain_head", "org", "app_user"]


@pytest.mark.parametrize("table", PAST)
def test_the_past_is_not_changed(ledger, table):
    columns = [name for (name,) in ledger.sql("SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,))]
    free = {"attachment": {"name", "upload_id", "destroyed_on"},
            "disclosure_item": {"published_on", "repealed_on", "valid_until", "withdrawn_on", "replaced_by"}}.get(table, set())
    assert len(columns) > len(free)
    for column in set(columns) - free:
        refused(ledger, f"UPDATE {table} SET {column} = DEFAULT")


@pytest.mark.parametrize("table", KEPT)
def test_nothing_that_is_kept_is_removed(ledger, table):
    refused(ledger, f"DELETE FROM {table}")
    refused(ledger, f"TRUNCATE {table}")


def test_texts_are_destroyed_but_not_rewritten_elsewhere(ledger):
    for column in ("org_id", "case_id", "seq", "salt"):
        refused(ledger, f"UPDATE case_text SET {column} = DEFAULT")


def tables(daemon):
    return [name for (name,) in daemon.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def test_the_schema_is_not_touched(ledger):
    for statement in ("CREATE TABLE mine (a int)", "CREATE SCHEMA mine", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                      "CREATE ROLE mine", "ALTER ROLE ogid_app SUPERUSER", "CREATE DATABASE mine", "CREATE EXTENSION pgcrypto",
                      "ALTER SYSTEM SET fsync = off", "COPY org TO PROGRAM 'cat'", "COPY org TO '/tmp/x'", "SELECT pg_read_file('PG_VERSION')",
                      "SET session_replication_role = replica"):
        refused(ledger, statement)
    for table in tables(ledger):
        for statement in (f"ALTER TABLE {table} ADD COLUMN x int", f"DROP TABLE {table}", f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                          f"CREATE TRIGGER t BEFORE UPDATE ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                          f"CREATE INDEX x ON {table} ((1))", f"GRANT DELETE ON {table} TO {APPLICATION}"):
            try:
                ledger.sql(statement, role=APPLICATION)
            except psycopg2.errors.InsufficientPrivilege:
                continue
            # GRANT by somebody without grant options is a warning; it must have done nothing
            assert statement.startswith("GRANT")
    assert ledger.sql("SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = %s AND privilege_type = 'DELETE'"
                      " AND table_name = ANY(%s)", (APPLICATION, KEPT)) == [(0,)]


def test_the_daemons_role_owns_nothing_and_is_nobody(ledger):
    assert ledger.sql("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", (APPLICATION,)) == [(0,)]
    assert ledger.sql("SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
                      (APPLICATION,)) == [(False,) * 5]
    assert ledger.sql("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
                      (APPLICATION,)) == [(0,)]
    owners = {owner for (owner,) in ledger.sql("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")}
    assert owners == {OWNER}


def test_every_table_and_column_is_explained(ledger):
    rows = ledger.sql("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                      " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped"
                      " AND col_description(c.oid, a.attnum) IS NULL")
    assert rows == []
    assert ledger.sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                      " AND obj_description(oid) IS NULL") == []


def test_there_are_no_triggers(ledger):
    assert ledger.sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []


# ---- tenancy ----

OF_CASES = {"statistics_running", "seal_leaf", "request_case", "applicant", "case_event", "case_text", "reg_counter", "number_gap", "idempotency_key", "disclosure_item",
            "publication", "secrecy_review", "audit_entry", "chain_head", "case_gram", "gram_todo", "attachment", "attachment_upload",
            "attachment_chunk", "attachment_inherited", "statistics_snapshot", "statistics_case", "report_section", "outbox"}


def statements():
    listed = subprocess.run([program(), "-c", "/dev/null", "statements", "--pgbench"], check=True, capture_output=True, text=True).stdout
    return {name: text for name, text in re.findall(r"^-- (\S+)\n(.*?);$", listed, re.S | re.M)}


STATEMENTS = statements()
# Those that look at every organisation: the walk of verify and refold, the sweep of old keys and sessions, the search index, the delivery of messages.
WHOLE = {name for name in STATEMENTS if name.startswith(("check_", "purge_", "gram_", "seal_", "nightly_", "outbox_", "retention_"))}


@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - WHOLE))
def test_a_statement_on_tables_of_cases_is_bound_to_organisations(name):
    text = " ".join(STATEMENTS[name].split())
    touched = OF_CASES & set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", text))
    if touched:
        assert re.search(r"org_id\s*(=|IN|>|>=)|\(org_id|\(\w+\.org_id", text), text
        assert ":p1" in text or "$1" in text


def test_every_key_of_a_table_of_cases_begins_with_the_organisation(ledger):
    rows = ledger.sql("SELECT c.relname, con.contype, a.attname FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid"
                      " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = con.conkey[1] WHERE con.contype IN ('p', 'u', 'f')"
                      " AND c.relname = ANY(%s)", (list(OF_CASES),))
    assert {table for table, _, _ in rows} == OF_CASES
    assert {column for _, _, column in rows} == {"org_id"}
    unique = ledger.sql("SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indisunique AND c.relname = ANY(%s)",
                        (list(OF_CASES),))
    assert {column for _, column in unique} == {"org_id"}


READS = ["/v1/cases", "/v1/cases?q=朱村", "/v1/cases?sort=-number&limit=2", "/v1/cases?status=open", "/v1/cases?waiting_for=me",
         "/v1/cases?as_of=2026-05-20", "/v1/cases?org=zhucun", "/v1/audit", "/v1/audit?action=case.registered", "/v1/disclosures",
         "/v1/disclosures?year=2026", "/v1/statistics/f14/2017", "/v1/statistics/f21/2026", "/v1/orgs", "/v1/users", "/v1/cases/2026-1", "/v1/cases/2026-1/events",
         "/v1/cases/2026-1?as_of=2026-05-20", "/v1/cases/2026-1/attachments", "/v1/cases/2026-2/attachments"]


def test_an_answer_is_the_same_when_the_database_hides_all_other_organisations(ledger):
    """Row-level security as an oracle: what no statement should have read is taken away, and nobody notices."""
    duo = ledger.api("duo")
    for login in ("duo", "other"):
        api = ledger.api(login)
        for _ in range(3):
            made = api.register()
            api.event(made["id"], "noted", note="a")
            api.post("/v1/disclosures", {"title": "a", "category": "doc"})
        old = api.register(arrived_on="2017-03-14")
        api.event(old["id"], "decided", outcome="legacy.not_exist", on="2017-03-15")
        api.event(old["id"], "served", by="post", on="2017-03-16")
    before = {path: duo.get(path) for path in READS}
    assert {answer.status_code for answer in before.values()} == {200}
    own = ledger.sql("SELECT id FROM org WHERE code = 'zhucun'")[0][0]
    for table in OF_CASES:
        ledger.sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON {table} TO {APPLICATION} USING (org_id = {own})")
    try:
        for path, answer in before.items():
            assert duo.get(path).content == answer.content, path
        assert ledger.api("other").get("/v1/cases").json()["cases"] == []  # it does hide
        made = duo.register()
        assert duo.event(made["id"], "noted", note="b")["version"] == 2
    finally:
        for table in OF_CASES:
            ledger.sql(f"DROP POLICY own ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
