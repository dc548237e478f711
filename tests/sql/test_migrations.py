# SPDX-License-Identifier: MulanPSL-2.0
"""ogid migrate: forward only, one transaction a file, nothing applied twice, nothing changed unseen."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(TOP / "tests"))

from support.cluster import APPLICATION, OWNER, Cluster  # noqa: E402

PROGRAM = pathlib.Path(os.environ["OGID_BUILD"], "daemon/ogid")
FILES = sorted((TOP / "migrations").glob("*.sql"))


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as made:
        yield made


class Office:
    """A database and a folder of migrations that nobody else uses."""

    def __init__(self, cluster, folder):
        self.cluster, self.name, self.folder = cluster, folder.name, folder / "migrations"
        self.conf = folder / "ogid.conf"
        self.folder.mkdir()
        cluster.database(self.name)
        self.conf.write_text(f"database = {cluster.dsn(self.name)}\nowner_database = {cluster.dsn(self.name, OWNER)}\n",
                             encoding="utf-8")

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def command(self, folder=None):
        return [PROGRAM, "-c", self.conf, "migrate", "--directory", folder or self.folder]

    def migrate(self, folder=None):
        return subprocess.run(self.command(folder), capture_output=True, text=True, check=False)

    def refused(self):
        answer = self.migrate()
        assert answer.returncode == 1, answer.stdout
        return answer.stdout + answer.stderr

    def done(self):
        answer = self.migrate()
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def ask(self, sql, role=OWNER):
        return self.cluster.execute(self.name, role, sql)

    def version(self):
        return self.ask("SELECT version FROM schema")[0][0]


@pytest.fixture
def office(cluster, tmp_path_factory):
    made = Office(cluster, tmp_path_factory.mktemp("office"))
    yield made
    cluster.drop(made.name)


def test_files_are_applied_in_order_and_only_once(office):
    office.file("0001_one.sql", "CREATE TABLE t (a integer);")
    office.file("0002_two.sql", "ALTER TABLE t ADD b integer;\nALTER TABLE t ADD c integer;")
    said = office.done()
    assert re.fullmatch(r"0001_one.sql: applied in \d+ ms\n0002_two.sql: applied in \d+ ms\n", said)
    assert office.done() == "migrate: nothing to do, the schema is at 2\n"
    assert office.ask("SELECT version, name, length(checksum) FROM schema_migration ORDER BY 1") == [
        (1, "0001_one.sql", 64), (2, "0002_two.sql", 64)]


def test_the_role_of_the_settings_is_known_to_the_file(office):
    office.file("0001_one.sql", "CREATE TABLE t (a integer); DO $$ BEGIN EXECUTE format('GRANT SELECT ON t TO %I',"
                " current_setting('ogid.application_role')); END $$;")
    office.done()
    assert office.ask("SELECT * FROM t", APPLICATION) == []
    assert office.ask("SELECT version FROM schema", APPLICATION) == [(1,)]


def test_a_file_that_fails_leaves_nothing_and_is_named_with_its_line(office):
    office.file("0001_one.sql", "CREATE TABLE t (a integer);")
    office.file("0002_two.sql", "CREATE TABLE u (a integer);\n-- 一行中文\nSELECT nothing FROM t;\n")
    said = office.refused()
    assert f"{office.folder}/0002_two.sql:3: " in said
    assert office.version() == 1
    assert office.ask("SELECT to_regclass('u')") == [(None,)]


def test_a_changed_file_is_refused_by_name(office):
    office.file("0001_one.sql", "CREATE TABLE t (a integer);")
    office.done()
    office.file("0001_one.sql", "CREATE TABLE t (a integer); ")
    office.file("0002_two.sql", "CREATE TABLE u (a integer);")
    assert "0001_one.sql: changed after it was applied" in office.refused()
    assert office.version() == 1


@pytest.mark.parametrize("names", [["0002_two.sql"], ["0001_one.sql", "0003_three.sql"], ["0001_a.sql", "0001_b.sql"],
                                   ["1_one.sql"], ["0001_one.sql", "notes.sql"], ["0001-one.sql"], []])
def test_a_folder_with_gaps_or_strange_names_is_refused(office, names):
    for name in names:
        office.file(name, "SELECT 1;")
    office.refused()
    assert office.ask("SELECT to_regclass('schema_migration')") == [(None,)]


def test_a_database_newer_than_the_folder_is_refused(office):
    office.file("0001_one.sql", "SELECT 1;")
    office.file("0002_two.sql", "SELECT 2;")
    office.done()
    (office.folder / "0002_two.sql").unlink()
    assert "the database is newer" in office.refused()


@pytest.mark.parametrize("text", ["COMMIT;", "CREATE TABLE t (a integer); ROLLBACK;"])
def test_a_file_may_not_end_its_transaction(office, text):
    office.file("0001_one.sql", text)
    assert "may hold no BEGIN or COMMIT" in office.refused()


def test_an_empty_file_is_refused(office):
    office.file("0001_one.sql", "")
    office.refused()


def test_two_at_once_take_turns(office):
    office.file("0001_one.sql", "CREATE TABLE t (a integer); SELECT pg_sleep(0.2);")
    both = [subprocess.Popen(office.command(), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(one.communicate()[0] for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert said[0].startswith("0001_one.sql: applied") and said[1] == "migrate: nothing to do, the schema is at 1\n"


def test_the_project_s_own_migrations_apply_to_an_empty_database(office):
    answer = office.migrate(TOP / "migrations")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert office.version() == len(FILES)


def test_the_program_knows_the_newest_migration():
    known = re.search(r"MIGRATE_SCHEMA_VERSION = (\d+)", (TOP / "daemon/migrate.h").read_text(encoding="utf-8"))
    assert int(known.group(1)) == len(FILES)
    assert [int(p.name[:4]) for p in FILES] == list(range(1, len(FILES) + 1))


def test_every_table_and_column_is_explained(office):
    office.migrate(TOP / "migrations")
    missing = office.ask("""
        SELECT c.relname, a.attname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND col_description(c.oid, a.attnum) IS NULL
        UNION ALL SELECT relname, NULL FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'p') AND obj_description(oid, 'pg_class') IS NULL""")
    assert missing == []


def test_the_application_role_owns_nothing_and_cannot_touch_the_past(office):
    office.migrate(TOP / "migrations")
    assert office.ask(f"SELECT relname FROM pg_class WHERE relowner = '{APPLICATION}'::regrole") == []
    for table in ("case_event", "audit_entry"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            assert office.ask(f"SELECT has_table_privilege('{APPLICATION}', '{table}', '{right}')") == [(False,)]
            if right == "UPDATE":
                assert office.ask(f"SELECT has_any_column_privilege('{APPLICATION}', '{table}', 'UPDATE')") == [(False,)]
    assert office.ask(f"SELECT has_schema_privilege('{APPLICATION}', 'public', 'CREATE')") == [(False,)]


def serve(office, program=PROGRAM):
    return subprocess.run([program, "-c", office.conf, "serve"], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("change, sentence", [
    ("UPDATE schema SET version = version - 1", "run ogid migrate"),
    ("UPDATE schema SET version = version + 2, min_program = version + 1", "install a newer one"),
    ("DROP TABLE schema", "holds no schema of ogid"),
])
def test_nobody_serves_on_a_schema_it_does_not_know(office, change, sentence):
    office.migrate(TOP / "migrations")
    secret = office.conf.parent / "secret"
    secret.write_text("ab" * 32, encoding="utf-8")
    with office.conf.open("a", encoding="utf-8") as f:
        f.write(f"listen = 127.0.0.1:0\nsecret_file = {secret}\n")
    office.ask(change)
    answer = serve(office)
    assert answer.returncode == 1
    assert sentence in answer.stderr
