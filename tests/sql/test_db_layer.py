# SPDX-License-Identifier: MulanPSL-2.0
"""daemon/db against a real PostgreSQL: what its headers promise, kept in good and in bad times."""

import pathlib
import sys
import time
import uuid

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent)]

from probe import PATIENCE, Probe  # noqa: E402
from support.cluster import OWNER, Cluster  # noqa: E402

SCHEMA = """
CREATE TABLE item (org int, id bigint, version int NOT NULL DEFAULT 1, note text, PRIMARY KEY (org, id));
CREATE TABLE counter (org int PRIMARY KEY, n int NOT NULL DEFAULT 0);
CREATE TABLE late (id text, CONSTRAINT late_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE shape (a text, b text);
CREATE TABLE noted (at bigserial, xid text, what text);
INSERT INTO counter SELECT g FROM generate_series(1, 5) g;
INSERT INTO item SELECT 1, g, 1, 'item ' || g FROM generate_series(1, 1000) g;
INSERT INTO shape VALUES ('first', 'second');
CREATE SEQUENCE quarrels;
CREATE FUNCTION quarrel(times int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('quarrels') <= times THEN RAISE EXCEPTION 'quarrel' USING ERRCODE = '40001'; END IF;
    RETURN 'peace';
END $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO ogid_app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ogid_app;
"""
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def cluster():
    with Cluster(["autovacuum = off", "max_prepared_transactions = 0"]) as c:
        c.database("blank")
        c.execute("blank", OWNER, SCHEMA)
        yield c


class Database:
    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name

    @property
    def dsn(self):
        return self.cluster.dsn(self.name)

    def run(self, sql, values=None, role="postgres"):
        return self.cluster.execute(self.name, role, sql, values)

    def value(self, sql, values=None):
        return self.run(sql, values)[0][0]

    def until(self, sql, values=None):
        """Asks until the answer is true."""
        end = time.monotonic() + PATIENCE
        while not self.value(sql, values):
            assert time.monotonic() < end, f"never true: {sql}"


@pytest.fixture
def database(cluster):
    name = "t" + uuid.uuid4().hex[:12]
    cluster.database(name, "blank")
    yield Database(cluster, name)
    if cluster.pid() is None:
        cluster.start()
    cluster.drop(name)


def write(tag, *statement, org=1, rank=2, of=NOBODY):
    return f"write {tag} {org} {rank} {of} " + " ".join(map(str, statement))


RUNNING = "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE %s AND state = 'active' AND pid <> pg_backend_pid()"


# --- reads ---

def test_reads_of_one_turn_share_a_sync(database):
    with Probe(database.dsn) as p:
        p.ready()
        tags = [f"r{i}" for i in range(1, 65)]
        p.ask(*(f"read {tag} get_item 1 {tag[1:]}" for tag in tags))
        assert [a.text for a in p.answers(*tags)] == [f"item {tag[1:]}" for tag in tags]
        assert p.counts()["read_groups"] == 1


def test_a_read_that_is_refused_spoils_nobody_elses(database):
    with Probe(database.dsn) as p:
        p.ready()
        p.ask("read a get_item 1 1", "read b divide 0", "read c get_item 1 3", "read d nowhere", "read e divide 1")
        a, b, c, d, e = p.answers("a", "b", "c", "d", "e")
        assert (a.text, c.text, e.text) == ("item 1", "item 3", "1")
        assert (b.result, b.state) == ("ERROR", "22012")
        assert (d.result, d.state) == ("ERROR", "42P01")
        p.ask("read f divide 1")  # and the connection is as good as before
        assert p.answer("f").text == "1"
        assert p.counts()["reconnects"] == 0


def test_a_batch_is_answered_as_a_whole(database):
    with Probe(database.dsn) as p:
        p.ask("read a get_item 1 1 ; get_item 1 2", "read b get_item 1 1 ; divide 0 ; get_item 1 2",
              "read none get_item 9 9")
        a, b, none = p.answers("a", "b", "none")
        assert a.text == "item 2"
        assert (b.result, b.state, b.rows) == ("ERROR", "22012", 0)
        assert (none.result, none.rows) == ("DONE", 0)


def test_a_session_is_set_as_the_statements_expect_it(database):
    database.run(f'ALTER DATABASE "{database.name}" SET timezone = \'Asia/Shanghai\'')
    database.run(f'ALTER DATABASE "{database.name}" SET default_transaction_isolation = \'serializable\'')
    database.run(f'ALTER DATABASE "{database.name}" SET statement_timeout = \'1s\'')
    with Probe(database.dsn, slow_timeout=1234) as p:
        assert p.value("setting", "TimeZone") == "UTC"
        assert p.value("setting", "transaction_isolation") == "read committed"
        assert p.value("setting", "client_encoding") == "UTF8"
        assert p.value("setting", "application_name") == "ogid"
        assert p.value("setting", "statement_timeout") == "0"
        assert p.value("setting", "synchronous_commit") == "on"
        p.ask("slow s setting statement_timeout")
        assert p.answer("s").text == "1234ms"


def test_a_slow_read_ends_by_statement_timeout(database):
    with Probe(database.dsn, slow_timeout=100) as p:
        p.ask("slow s sleep 60", "slow t divide 1", "read r divide 1")
        assert p.answer("r").text == "1"
        s = p.answer("s")
        assert (s.result, s.state) == ("ERROR", "57014")
        assert p.answer("t").text == "1"  # waited its turn on the one slow connection


def test_answers_and_values_larger_than_every_buffer_pass(database):
    with Probe(database.dsn) as p:
        big = [f"read b{i} big 3000000" for i in range(8)] + [f"read l{i} length ~3000000" for i in range(8)]
        p.ask(*big)
        for i in range(8):
            assert p.answer(f"l{i}").text == "3000000"
            assert p.answer(f"b{i}").text == "x" * 200


# --- statements that must be prepared anew ---

def test_a_changed_result_type_is_prepared_anew(database):
    with Probe(database.dsn, readers=1) as p:
        assert p.value("shape") == "first"
        p.ask(write("w", "shape_write"))
        assert p.answer("w").text == "first"
        database.run("ALTER TABLE shape DROP COLUMN b, ADD COLUMN c int")
        p.ask("read a get_item 1 1", "read s shape", "read b get_item 1 2", write("w", "shape_write"),
              write("v", "touch", 1, 1))
        a, s, b, w, v = p.answers("a", "s", "b", "w", "v")
        assert (a.text, s.text, b.text, w.text, v.affected) == ("item 1", "first", "item 2", "first", 1)
        assert p.counts()["reconnects"] == 0 and p.counts()["errors"] == 0
        assert database.value("SELECT version FROM item WHERE org = 1 AND id = 1") == 2


def test_statements_that_vanished_are_prepared_anew(database):
    with Probe(database.dsn, readers=1) as p:
        assert p.value("get_item", 1, 1) == "item 1"
        p.ask("read d drop_plans")
        assert p.answer("d").result == "DONE"
        assert p.value("get_item", 1, 1) == "item 1"
        p.ask(write("t", "touch", 1, 1), write("d", "drop_plans"))
        p.answers("t", "d")
        p.ask(write("t", "touch", 1, 1))
        assert p.answer("t").affected == 1
        assert p.counts()["errors"] == 0
        assert database.value("SELECT version FROM item WHERE org = 1 AND id = 1") == 3


# --- writes ---

def test_writes_that_arrive_during_a_commit_share_the_next_one(database):
    with Probe(database.dsn) as p:
        p.ready()
        tags = [f"w{i}" for i in range(64)]
        p.ask(*(write(tag, "insert_item", 9, tag[1:], tag) for tag in tags))
        assert all(a.result == "DONE" and a.text == a.tag for a in p.answers(*tags))
        assert p.counts()["write_groups"] == 1
        assert database.value("SELECT count(*) FROM item WHERE org = 9") == 64
        assert database.value("SELECT count(DISTINCT xmin::text) FROM item WHERE org = 9") == 1


def test_a_group_has_a_limit(database):
    with Probe(database.dsn, group=10) as p:
        p.ready()
        tags = [f"w{i}" for i in range(64)]
        p.ask(*(write(tag, "insert_item", 9, tag[1:], tag) for tag in tags))
        assert all(a.result == "DONE" for a in p.answers(*tags))
        assert p.counts()["write_groups"] == 7


def test_a_poisonous_write_is_refused_and_the_others_are_stored(database):
    with Probe(database.dsn) as p:
        p.ready()
        p.ask(write("a", "number", 1, ";", "insert_item", 9, 1, "a"),
              write("b", "number", 1, ";", "insert_item", 1, 1, "taken"),
              write("c", "number", 1, ";", "insert_item", 9, 3, "c"))
        a, b, c = p.answers("a", "b", "c")
        assert (a.result, c.result) == ("DONE", "DONE")
        assert (b.result, b.state, b.constraint) == ("ERROR", "23505", "item_pkey")
        assert database.run("SELECT note FROM item WHERE org = 9 ORDER BY id") == [("a",), ("c",)]
        assert database.value("SELECT n FROM counter WHERE org = 1") == 2  # no gap
        counts = p.counts()
        assert counts["write_groups"] == 1 and counts["alone"] == 3
        p.ask(write("d", "insert_item", 9, 4, "d"))
        assert p.answer("d").result == "DONE"


def test_a_write_refused_at_the_commit_is_refused_alone(database):
    with Probe(database.dsn) as p:
        p.ready()
        p.ask(write("a", "insert_late", "x"), write("b", "insert_late", "x"), write("c", "insert_late", "y"))
        a, b, c = p.answers("a", "b", "c")
        assert (a.result, c.result) == ("DONE", "DONE")
        assert (b.result, b.state, b.constraint) == ("ERROR", "23505", "late_once")
        assert database.run("SELECT id FROM late ORDER BY id") == [("x",), ("y",)]


def test_a_group_is_sorted_and_equals_keep_their_order(database):
    with Probe(database.dsn) as p:
        p.ready()
        low, high = NOBODY, "ffffffff-0000-0000-0000-000000000000"
        order = [(2, 1, high, "h"), (2, 1, low, "f"), (1, 2, low, "d"), (1, 1, high, "b"), (2, 0, high, "e"),
                 (1, 2, low, "d2"), (1, 0, high, "a"), (2, 1, low, "g"), (1, 1, high, "c"), (-5, 9, high, "first")]
        p.ask(*(write(name, "note", name, org=org, rank=rank, of=of) for org, rank, of, name in order))
        assert all(a.result == "DONE" for a in p.answers(*(name for *_, name in order)))
        names = [name for name, in database.run("SELECT what FROM noted ORDER BY at")]
        assert names == ["first", "a", "b", "c", "d", "d2", "e", "f", "g", "h"]


def test_two_writers_with_crossing_orders_never_deadlock(database):
    with Probe(database.dsn) as p, Probe(database.dsn) as q:
        p.ready(), q.ready()
        for turn in range(20):
            tags = [f"w{i}" for i in range(20)]
            lines = [write(tag, "touch", 1, i + 1, of=str(uuid.UUID(int=i))) for i, tag in enumerate(tags)]
            p.ask(*lines)
            q.ask(*reversed(lines))
            assert all(a.affected == 1 for probe in (p, q) for a in probe.answers(*tags)), turn
        assert p.counts()["alone"] == q.counts()["alone"] == 0
        assert database.value("SELECT sum(version - 1) FROM item WHERE org = 1") == 800


def test_a_serialization_failure_is_tried_three_times(database):
    with Probe(database.dsn) as p:
        p.ask(write("a", "quarrel", 2))
        assert p.answer("a").text == "peace"
        p.ask(write("b", "quarrel", 1000), "read r quarrel 1000")
        for answer in p.answers("b", "r"):
            assert (answer.result, answer.state) == ("ERROR", "40001")
        assert database.value("SELECT last_value FROM quarrels") == 9


# --- the database goes away ---

def test_a_commit_without_an_answer_is_unknown_and_not_sent_again(database):
    with Probe(database.dsn) as p:
        p.ready()
        with database.cluster.connect(database.name) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7)")
            p.ask(write("a", "insert_item", 9, 1, "a"), write("b", "lock", 7), write("c", "insert_item", 9, 2, "c"))
            database.until(RUNNING, ["%advisory_xact%"])
            p.ask(write("later", "insert_item", 9, 3, "later"))
            p.counts()
            database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%advisory_xact%'"
                         " AND pid <> pg_backend_pid()")
            assert [a.result for a in p.answers("a", "b", "c")] == ["UNKNOWN"] * 3
            assert p.answer("later").result == "DONE"  # had not been sent
        other.close()
        assert database.run("SELECT note FROM item WHERE org = 9") == [("later",)]
        counts = p.counts()
        assert (counts["unknown"], counts["reconnects"], counts["alone"]) == (3, 1, 0)


def test_a_commit_that_a_standby_may_lack_is_unknown(database):
    cluster = database.cluster
    try:
        with Probe(database.dsn) as p:
            p.ready()
            cluster.execute("postgres", "postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            database.run("SELECT pg_reload_conf()")
            database.until("SELECT current_setting('synchronous_standby_names') = 'nobody'")
            for how, tag in (("pg_cancel_backend", "cancelled"), ("pg_terminate_backend", "terminated")):
                p.ready()
                p.ask(write(tag, "insert_item", 9, len(tag), tag))
                waiting = "pg_stat_activity WHERE wait_event = 'SyncRep'"
                database.until(f"SELECT count(*) > 0 FROM {waiting}")
                database.run(f"SELECT {how}(pid) FROM {waiting}")
                assert p.answer(tag).result == "UNKNOWN"
            assert any("unreplicated=1" in line for line in p.log)
    finally:
        cluster.execute("postgres", "postgres", "ALTER SYSTEM RESET synchronous_standby_names")
        database.run("SELECT pg_reload_conf()")
    # It is stored, after all.
    assert database.value("SELECT count(*) FROM item WHERE org = 9") == 2


def test_a_read_whose_connection_breaks_is_asked_again(database):
    with Probe(database.dsn) as p:
        p.ready()
        with database.cluster.connect(database.name) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7)")
            kill = ("SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity"
                    " WHERE query LIKE '%advisory_xact%' AND state = 'active' AND pid <> pg_backend_pid()")
            p.ask("read a lock 7")
            database.until(RUNNING, ["%advisory_xact%"])
            assert database.value(kill) == 1
            database.until(RUNNING, ["%advisory_xact%"])
            cursor.execute("SELECT pg_advisory_unlock(7)")
            assert p.answer("a").result == "DONE"
            cursor.execute("SELECT pg_advisory_lock(7)")
            p.ask("read b lock 7")
            for _ in range(2):
                database.until(RUNNING, ["%advisory_xact%"])
                assert database.value(kill) == 1
            assert p.answer("b").result == "LOST"
        other.close()


def test_the_pool_comes_back_after_an_immediate_stop(database):
    with Probe(database.dsn, "listen=cases", wait=20000) as p:
        p.ready()
        assert p.line("notified") == "notified - -"
        database.cluster.stop("immediate")
        p.ask("read r get_item 1 1", write("w", "insert_item", 9, 1, "w"))
        p.send("ready")
        database.cluster.start()
        begun = time.monotonic()
        p.line("ready")
        assert time.monotonic() - begun < 5
        w = p.answer("w")
        assert p.answer("r").text == "item 1" and w.result in ("DONE", "UNKNOWN")
        if w.result == "DONE":
            assert database.value("SELECT count(*) FROM item WHERE org = 9") == 1
        assert p.line("notified") == "notified - -"  # what was missed is not known: drop all
        database.run("NOTIFY cases, 'hello'")
        assert p.line("notified") == "notified cases hello"
        p.until(lambda counts: counts["connections"] == 5)
        assert p.counts()["reconnects"] == 5


def test_while_the_database_is_away_waiting_has_an_end(database):
    with Probe(database.dsn, wait=300, queue=3) as p:
        p.ready()
        database.cluster.stop("immediate")
        p.ask("read r1 pid", "slow s1 pid", write("w1", "pid"))  # the first ones may meet the broken sockets
        p.answers("r1", "s1", "w1")
        assert p.counts()["ready"] == 0
        p.ask(*(f"read r{i} pid" for i in range(5)), *(write(f"w{i}", "pid") for i in range(5)), "slow s pid")
        assert [a.result for a in p.answers("r3", "r4", "w3", "w4")] == ["FULL"] * 4
        assert [a.result for a in p.answers("r0", "r1", "r2", "w0", "w1", "w2", "s")] == ["AWAY"] * 7
        counts = p.counts()
        assert (counts["busy"], counts["waiting_reads"], counts["waiting_writes"]) == (0, 0, 0)
        p.send("never", "ready")
        database.cluster.start()
        p.line("ready")
        assert p.value("get_item", 1, 1) == "item 1"
        assert "never" not in [line.split(" ")[0] for line in p.early]


def test_a_time_out_closes_the_socket_and_cancels_nothing(database):
    with Probe(database.dsn, operation=300, readers=1) as p:
        p.ready()
        with database.cluster.connect(database.name) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7)")
            p.ask(write("w", "lock", 7, ";", "insert_item", 9, 1, "w"), "read r lock 7")
            assert p.answer("r").result == "TIMEOUT"
            assert p.answer("w").result == "UNKNOWN"
            # The server knows nothing of it: both go on, and the write is committed.
            assert database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'") == 2
            cursor.execute("SELECT pg_advisory_unlock(7)")
        other.close()
        database.until("SELECT count(*) = 1 FROM item WHERE org = 9")
        assert p.value("get_item", 1, 1) == "item 1"
        p.until(lambda counts: counts["connections"] == 4)
        counts = p.counts()
        assert (counts["timeouts"], counts["unknown"], counts["reconnects"]) == (1, 1, 2)


def test_a_frozen_database_is_left_and_found_again(database):
    with Probe(database.dsn, operation=300, wait=600) as p:
        p.ready()
        with database.cluster.frozen():
            p.ask("read r pid", write("w", "insert_item", 9, 1, "w"))
            assert p.answer("r").result == "TIMEOUT"
            assert p.answer("w").result == "UNKNOWN"
            p.ask("read r2 pid", write("w2", "insert_item", 9, 2, "w2"))
            assert p.answer("r2").result in ("AWAY", "TIMEOUT")  # the second reader may not know yet
            assert p.answer("w2").result == "AWAY"
            p.send("ready")
        begun = time.monotonic()
        p.line("ready")
        assert time.monotonic() - begun < 5
        assert p.value("get_item", 1, 1) == "item 1"


def test_a_silent_host_does_not_hide_the_ones_behind_it(cluster, database):
    with Cluster() as silent:
        with silent.frozen():
            dsn = f"host={silent.folder},{cluster.folder} dbname={database.name} user=ogid_app"
            with Probe(dsn) as p:
                p.ready()
                assert p.value("get_item", 1, 1) == "item 1"


def test_a_server_that_only_reads_is_passed_over(database):
    cluster = database.cluster
    with Probe(database.dsn, wait=700) as p:
        p.ready()
        database.run(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = on')
        database.run("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE application_name = 'ogid'")
        p.ask(write("w", "insert_item", 9, 1, "w"))
        assert p.answer("w").result in ("AWAY", "UNKNOWN")  # may have met the broken socket
        p.ask(write("w", "insert_item", 9, 1, "w"), "slow s setting default_transaction_read_only")
        assert p.answer("w").result == "AWAY"  # though the server was reached many times
        assert p.answer("s").text == "on"  # slow reads take any server
        assert p.counts()["ready"] == 0
        p.send("ready")
        cluster.execute("postgres", "postgres", f'ALTER DATABASE "{database.name}" RESET default_transaction_read_only')
        p.line("ready")
        p.ask(write("x", "insert_item", 9, 2, "x"))
        assert p.answer("x").result == "DONE"


def test_a_session_that_may_not_write_any_more_is_left(database):
    with Probe(database.dsn) as p:
        p.ask(write("o", "read_only"))
        assert p.answer("o").result == "DONE"
        p.ask(write("a", "insert_item", 9, 1, "a"), write("b", "insert_item", 9, 2, "b"))
        assert [a.result for a in p.answers("a", "b")] == ["DONE"] * 2
        assert p.counts()["reconnects"] == 1


def test_everybody_is_answered_when_the_pool_ends(database):
    with Probe(database.dsn) as p:
        p.ready()
        with database.cluster.connect(database.name) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7)")
            p.ask("read r lock 7", "slow s lock 7", "slow s2 lock 7", write("w", "lock 7"))
            database.until("SELECT count(*) = 3 FROM pg_stat_activity WHERE wait_event = 'advisory'")
            p.ask(write("w2", "pid"))
            p.send("free")
            assert [a.result for a in p.answers("r", "s", "s2", "w", "w2")] == ["AWAY"] * 3 + ["UNKNOWN", "AWAY"]
        other.close()


def test_the_log_names_no_values(database):
    with Probe(database.dsn) as p:
        p.ask("read a big Zhang-San", write("b", "insert_item", 1, 1, "Zhang-San"), "read c nowhere")
        p.answers("a", "b", "c")
    log = "".join(p.log)
    assert "sqlstate=22P02" in log and "constraint=item_pkey" in log and "nowhere" in log
    assert "Zhang" not in log and "(1, 1)" not in log


# --- much at once ---

@pytest.mark.parametrize("clients, operations", [(1, 2000), (64, 10000), (300, 10000)])
def test_mixed_operations_are_all_answered_rightly(database, clients, operations):
    with Probe(database.dsn) as p:
        p.ready()
        p.send(f"load {operations} {clients} mixed")
        load = dict(word.split("=") for word in p.line("load").split(" ")[1:])
        assert int(load["wrong"]) == 0 and int(load["done"]) + int(load["refused"]) == operations
        written = database.value("SELECT count(*) FROM item WHERE org > 1")
        assert written > operations // 5
        # Counters without gap: one number for each item stored.
        assert database.value("SELECT sum(n) FROM counter") == written
        assert p.counts()["busy"] == 0


def test_connections_that_are_killed_all_the_time_lose_nothing(database):
    with Probe(database.dsn, wait=30000) as p:
        p.ready()
        p.send("load 4000 16 create")
        kills = 0
        while kills < 60:
            kills += database.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                    " WHERE application_name = 'ogid'")
        load = dict(word.split("=") for word in p.line("load").split(" ")[1:])
        written = database.value("SELECT count(*) FROM item WHERE org > 1")
        assert database.value("SELECT sum(n) FROM counter") == written
        # wrong: the unknown ones; what was acknowledged is there.
        assert int(load["done"]) <= written <= 4000
        assert int(load["done"]) + int(load["wrong"]) + int(load["refused"]) == 4000
        assert int(load["wrong"]) == p.counts()["unknown"]
