# SPDX-License-Identifier: MulanPSL-2.0
"""`ogid verify` finds every row of the past that was changed, removed or added, in each table and each column, and names the case;
`ogid refold` answers a new calendar with recomputed events, after which it is clean again."""

import csv
import re

import pytest

from support.api import SOURCE


@pytest.fixture(scope="module")
def other_world(world):
    """A daemon of its own: its clock stands still and it is stopped while its ledger is falsified."""
    made = world.daemon()
    yield made
    made.stop()


def rich(duo, i):
    """A case in which most columns say something."""
    made = duo.register(
        channel="letter", arrived_on="2026-04-01", signed_on="2026-04-02", medium="paper", delivery="post", assisted=True,
        assisted_by="李四", legacy_number=f"旧{i}", document_ref="1号", subject="budget", assignee="handler",
        evidence={"tracking_no": "1"}, applicant={
            "kind": "natural", "name": "张三", "phone": "13800000026", "email": "a@example.cn", "address": "朱村", "postcode": "511370",
            "id_kind": "passport", "id_number": "E12345678", "contact_person": "李四", "others": [{"name": "王五"}]})
    duo.event(made["id"], "consultation_opened", party="third_party", name="某公司", on="2026-04-03", received_on="2026-04-03")
    duo.event(made["id"], "consultation_closed", opinion="agree", on="2026-04-08")
    duo.event(made["id"], "extended", workdays=5, on="2026-04-09", note="备注")
    return made


def finished(duo, made):
    duo.event(made["id"], "reviewed", decision="passed", on="2026-04-10")
    duo.event(made["id"], "decided", outcome="grant", variant="grant.provided", reason="理由", basis=["依据"], document_no="答1号",
              on="2026-04-13")
    return duo.event(made["id"], "served", by="post", on="2026-04-14")


OTHER = {"integer": "coalesce({c}, 0) + 1000", "bigint": "coalesce({c}, 0) + 1000", "text": "coalesce({c}, '') || 'x'",
         "date": "coalesce({c} + 1, '2020-01-01')", "boolean": "NOT coalesce({c}, false)",
         "timestamp with time zone": "coalesce({c}, '2020-01-01') + interval '1 second'",
         "bytea": "coalesce(set_byte({c}, 3, mod(get_byte({c}, 3) + 1, 256)), decode(repeat('ab', 32), 'hex'))",
         "json": "'{{\"x\": 1}}'", "uuid": "'01920000-0000-7000-8000-000000000000'"}


def columns(daemon, table):
    return daemon.sql("SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_name = %s"
                      " AND table_schema = 'public' ORDER BY ordinal_position", (table,))


def falsify(daemon, statement, values=None):
    """As somebody who owns the machine: no constraint stops him."""
    daemon.sql("SET session_replication_role = replica; " + statement, values)


def change(daemon, table, column, kind, udt, where, values):
    other = {"_date": "ARRAY['2020-01-01'::date]", "_text": "ARRAY['x']"}.get(udt) if kind == "ARRAY" else OTHER[kind].format(c=column)
    falsify(daemon, f"UPDATE {table} SET {column} = {other} WHERE {where}", values)


# Keys are what a row is found by; destroying texts by their retention leaves this date and is no fault; the
# transaction that wrote an event is not a fact of the case and is another one after a restore.
KEYS = {"org_id", "id", "case_id"}
LAWFUL = {("case_text", "destroyed_on"), ("case_event", "xact")}


@pytest.fixture(scope="module")
def falsified(other_world):
    """One case for each column of the tables of a case, that column changed; what verify said. And one left alone."""
    duo, made = other_world.api("duo"), {}
    for table in ("request_case", "applicant", "case_event", "case_text"):
        for column, kind, udt in columns(other_world, table):
            if column not in KEYS and (table, column) not in LAWFUL:
                one = rich(duo, len(made))
                if len(made) % 2 or column.startswith(("first_", "outcome", "served", "decided", "review", "effective", "closed")):
                    finished(duo, one)
                made[table, column, kind, udt] = one
    alone = finished(duo, rich(duo, "x"))
    clean = other_world.verify()
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert clean.stdout.startswith("verify: ") and clean.stdout.endswith(" 0 findings\n")
    other_world.stop()
    for (table, column, kind, udt), one in made.items():
        key = {"request_case": "id = %s", "applicant": "case_id = %s"}.get(table, "case_id = %s AND seq = 4")
        change(other_world, table, column, kind, udt, key, (one["id"],))
    found = other_world.verify()
    assert found.returncode == 1, found.stdout + found.stderr
    yield {(table, column): one for (table, column, _, _), one in made.items()}, alone, found.stdout


def test_every_changed_column_of_a_case_is_found_and_the_case_named(falsified):
    made, alone, told = falsified
    missed = [key for key, one in made.items() if one["id"] not in told]
    assert missed == [], told[-3000:]
    assert alone["id"] not in told
    by_number = {one["number"] for key, one in made.items() if key[1] not in ("year", "serial")}
    assert all(f"zhucun:{number} " in told for number in by_number)


def scenarios(duo):
    """What a forger does, and what verify must say then."""
    def new(*_):
        return finished(duo, rich(duo, "f"))

    event = "case_id = %(id)s AND seq = %(seq)s"
    return {
        "an event in the middle is removed": (new(), "DELETE FROM case_event WHERE " + event, 3, "missing"),
        "the first event is removed": (new(), "DELETE FROM case_event WHERE " + event, 1, "missing"),
        "the last event is removed": (new(), "DELETE FROM case_event WHERE " + event, 7, "projection"),
        "all events are removed": (new(), "DELETE FROM case_event WHERE case_id = %(id)s", 0, "no events"),
        "the text of an event is removed": (new(), "DELETE FROM case_text WHERE " + event, 1, "missing"),
        "an event is added at the end": (
            new(), "INSERT INTO case_event SELECT org_id, case_id, 8, kind, on_date, recorded_at, actor_id, canonical, hash, hash"
                   " FROM case_event WHERE " + event, 7, "event 8"),
        "an event is repeated": (
            new(), "UPDATE case_event SET seq = 8 WHERE case_id = %(id)s AND seq = 7; INSERT INTO case_event SELECT org_id, case_id, 7,"
                   " kind, on_date, recorded_at, actor_id, canonical, prev_hash, hash FROM case_event WHERE " + event, 6, "event"),
        "two events change places": (
            new(), "UPDATE case_event SET seq = 99 WHERE case_id = %(id)s AND seq = 3; UPDATE case_event SET seq = 3 WHERE case_id ="
                   " %(id)s AND seq = 4; UPDATE case_event SET seq = 4 WHERE case_id = %(id)s AND seq = 99", 0, "event"),
        "a text is added where there was none": (
            new(), "INSERT INTO case_text SELECT org_id, case_id, 7, salt, body FROM case_text WHERE " + event, 1, "text"),
        "texts of two events change places": (
            new(), "UPDATE case_text a SET body = b.body, salt = b.salt FROM case_text b WHERE a.case_id = b.case_id AND"
                   " a.case_id = %(id)s AND a.seq + b.seq = 5 AND a.seq IN (1, 4)", 0, "text was changed"),
        "the applicant is removed": (new(), "DELETE FROM applicant WHERE case_id = %(id)s", 0, "differs"),
        "a deadline is moved": (new(), "UPDATE request_case SET due_on = due_on + 30 WHERE id = %(id)s", 0, "due_on"),
    }


@pytest.fixture(scope="module")
def forged(world):
    daemon = world.daemon()
    made = scenarios(daemon.api("duo"))
    daemon.stop()
    for one, statement, seq, _ in made.values():
        falsify(daemon, statement, {"id": one["id"], "seq": seq})
    found = daemon.verify()
    assert found.returncode == 1, found.stdout + found.stderr
    return {what: (one, said) for what, (one, _, _, said) in made.items()}, found.stdout


@pytest.mark.parametrize("what", [
    "an event in the middle is removed", "the first event is removed", "the last event is removed", "all events are removed",
    "the text of an event is removed", "an event is added at the end", "an event is repeated", "two events change places",
    "a text is added where there was none", "texts of two events change places", "the applicant is removed", "a deadline is moved"])
def test_a_forgery_is_found_and_the_case_named(forged, what):
    made, told = forged
    one, said = made[what]
    lines = [line for line in told.splitlines() if one["id"] in line]
    assert lines, told
    assert any(said in line for line in lines), lines


def test_a_case_taken_from_its_neighbour_is_found(world):
    """Its events copied to another case, chain and all."""
    daemon = world.daemon()
    duo = daemon.api("duo")
    one, two = rich(duo, 1), rich(duo, 2)
    daemon.stop()
    falsify(daemon, "DELETE FROM case_event WHERE case_id = %(b)s; DELETE FROM case_text WHERE case_id = %(b)s;"
                    " INSERT INTO case_event SELECT org_id, %(b)s, seq, kind, on_date, recorded_at, actor_id, canonical, prev_hash, hash"
                    " FROM case_event WHERE case_id = %(a)s; INSERT INTO case_text SELECT org_id, %(b)s, seq, salt, body, destroyed_on"
                    " FROM case_text WHERE case_id = %(a)s", {"a": one["id"], "b": two["id"]})
    found = daemon.verify()
    assert found.returncode == 1 and two["id"] in found.stdout and one["id"] not in found.stdout


@pytest.mark.parametrize("where, said", [("serial = 2", "numbers 2 to 2 are missing"), ("serial = 3", "counter stands at 3")])
def test_a_case_removed_without_a_trace_leaves_a_gap(world, where, said):
    daemon = world.daemon()
    for i in range(3):
        daemon.api("duo").register()
    daemon.stop()
    for table in ("case_event", "case_text", "applicant"):
        falsify(daemon, f"DELETE FROM {table} WHERE case_id = (SELECT id FROM request_case WHERE {where})")
    falsify(daemon, f"DELETE FROM request_case WHERE {where}")
    found = daemon.verify()
    assert found.returncode == 1 and said in found.stdout, found.stdout


@pytest.mark.parametrize("statement, said", [
    ("UPDATE reg_counter SET last = last + 1", "counter stands at"), ("DELETE FROM reg_counter", "counter stands at 0"),
    ("INSERT INTO case_text SELECT org_id, '01920000-0000-7000-8000-000000000000', 1, salt, body FROM case_text", "without its event"),
    ("INSERT INTO request_case SELECT (r).* FROM (SELECT jsonb_populate_record(c, '{\"id\": \"01920000-0000-7000-8000-000000000000\","
     " \"serial\": 2}') AS r FROM request_case c) s", "no events")])
def test_what_does_not_belong_is_found(world, statement, said):
    daemon = world.daemon()
    daemon.api("duo").register()
    daemon.stop()
    falsify(daemon, statement)
    found = daemon.verify()
    assert found.returncode == 1 and said in found.stdout, found.stdout + found.stderr


def test_another_key_does_not_verify(world):
    daemon = world.daemon()
    daemon.api("duo").register()
    daemon.stop()
    daemon.secret.write_text("cd" * 32 + "\n")
    assert daemon.verify().returncode != 0


# ---- registers ----

@pytest.fixture(scope="module")
def registers(world):
    """Items, reviews and audit entries enough for one per column; each falsified in that column."""
    daemon = world.daemon()
    duo = daemon.api("duo")
    changed = {}
    wanted = {table: [c for c in columns(daemon, table) if c[0] not in {"org_id", "id", "item_id"}]
              for table in ("disclosure_item", "secrecy_review", "audit_entry", "publication")}
    for i in range(max(map(len, wanted.values())) + 3):
        item = duo.post("/v1/disclosures", {
            "title": f"第{i}条", "category": "doc", "category_art20": "a20.01", "doc_no": "1", "index_no": "2", "summary": "s",
            "created_on": "2026-04-01", "valid_until": "2030-01-01", "repealed_on": "2029-01-01", "owner": "duo",
            "external_ref": f"r{i}"}).json()
        path = f"/v1/disclosures/{item['id']}"
        assert duo.post(path + "/reviews", {"decision": "passed", "checks": ["a"], "note": "n"}).status_code == 201
        assert duo.post(path + "/publications", {"channel": "website", "locator": "l"}).status_code == 201
    clean = daemon.verify()
    assert clean.returncode == 0, clean.stdout + clean.stderr
    daemon.stop()
    for table, named in wanted.items():
        if table == "publication":
            rows = daemon.sql("SELECT p.org_id, i.seq, p.ctid::text FROM publication p JOIN disclosure_item i ON i.id = p.item_id"
                              " ORDER BY i.seq")
        else:
            rows = daemon.sql(f"SELECT org_id, seq, ctid::text FROM {table} WHERE org_id > 0 ORDER BY org_id DESC, seq")
        for (column, kind, udt), (_, seq, place) in zip(named, rows[1:]):
            if column == "channel":
                falsify(daemon, "UPDATE publication SET channel = 'media' WHERE ctid = %s::tid", (place,))
            elif column == "decision":
                falsify(daemon, "UPDATE secrecy_review SET decision = 'refused' WHERE ctid = %s::tid", (place,))
            elif column == "seq":
                falsify(daemon, f"UPDATE {table} SET seq = seq + 100000 WHERE ctid = %s::tid", (place,))
            else:
                change(daemon, table, column, kind, udt, "ctid = %s::tid", (place,))
            changed[table, column] = seq
    found = daemon.verify()
    assert found.returncode == 1
    return changed, found.stdout


REGISTER = {"disclosure_item": "disclosure", "secrecy_review": "review", "audit_entry": "audit", "publication": "disclosure"}


def test_every_changed_column_of_a_register_is_found(registers):
    changed, told = registers
    missed = [key for key, seq in changed.items()
              if not re.search(rf"register {REGISTER[key[0]]} of organisation \d+: .*\b({seq}|{seq + 1}|{seq + 100000})\b", told)]
    assert missed == [], told[-3000:]


@pytest.mark.parametrize("statement, said", [
    ("DELETE FROM audit_entry WHERE seq = 2 AND org_id = (SELECT max(org_id) FROM audit_entry WHERE seq = 3)", "missing or was added"),
    ("DELETE FROM audit_entry a WHERE seq = (SELECT max(seq) FROM audit_entry b WHERE b.org_id = a.org_id)", "at its end are missing"),
    ("DELETE FROM audit_entry", "audit"), ("DELETE FROM secrecy_review", "review"),
    ("DELETE FROM publication", "disclosure"), ("DELETE FROM disclosure_item WHERE seq = 1", "disclosure"),
    ("DELETE FROM chain_head", "no head"), ("UPDATE chain_head SET seq = seq - 1", "at its end"),
    ("INSERT INTO publication SELECT org_id, item_id, 'gazette', published_on, locator FROM publication", "disclosure")])
def test_a_register_robbed_or_stuffed_is_found(world, statement, said):
    daemon = world.daemon()
    duo = daemon.api("duo")
    for i in range(2):
        item = duo.post("/v1/disclosures", {"title": "a", "category": "doc"}).json()
        duo.post(f"/v1/disclosures/{item['id']}/reviews", {"decision": "passed"})
        duo.post(f"/v1/disclosures/{item['id']}/publications", {"channel": "website"})
        duo.get(f"/v1/cases/{duo.register()['id']}?reveal=applicant")
    daemon.stop()
    falsify(daemon, statement)
    found = daemon.verify()
    assert found.returncode == 1 and said in found.stdout, found.stdout + found.stderr


# ---- refold ----

def test_a_new_calendar_is_answered_by_recomputed_events(world, tmp_path):
    daemon = world.daemon()
    duo = daemon.api("duo")
    due = duo.register(arrived_on="2026-05-18")  # due on 2026-06-15
    early = duo.register(arrived_on="2026-04-01")  # due before the change
    closed = finished(duo, rich(duo, 1))
    with (SOURCE / "data" / "cn-workdays.csv").open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    rows.append({"date": "2026-06-10", "kind": "holiday", "name": "台风停工", "notice": "国办发明电〔2026〕9号"})
    rows.sort(key=lambda row: row["date"])
    changed = tmp_path / "days.csv"
    with changed.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    daemon.run("calendar", "load", str(changed))
    told = daemon.run("refold", "--dry-run")
    assert due["id"] in told.stdout and "2026-06-15 -> 2026-06-16" in told.stdout
    assert duo.case(due["id"])["version"] == 1
    daemon.run("refold")
    moved = duo.case(due["id"])
    assert (moved["due_on"], moved["version"]) == ("2026-06-16", 2)
    event = duo.get(f"/v1/cases/{due['id']}/events").json()["events"][-1]
    assert (event["kind"], event["actor"], event["due_before"], event["due_after"]) == ("recomputed", "system", "2026-06-15", "2026-06-16")
    assert event["data"]["cause"] == "calendar"
    assert duo.case(early["id"])["due_on"] == early["due_on"] and duo.case(closed["id"])["due_on"] == closed["due_on"]
    clean = daemon.verify()
    assert clean.returncode == 0, clean.stdout + clean.stderr
    versions = daemon.sql("SELECT sum(version) FROM request_case")
    assert "0 moved" in daemon.run("refold").stdout
    assert daemon.sql("SELECT sum(version) FROM request_case") == versions
    assert duo.register(arrived_on="2026-05-18")["due_on"] == "2026-06-16"


def test_a_calendar_loaded_again_changes_nothing(world):
    daemon = world.daemon()
    made = daemon.api("duo").register()
    before = daemon.sql("SELECT * FROM request_case")
    daemon.run("calendar", "load", str(SOURCE / "data" / "cn-workdays.csv"))
    assert "0 moved" in daemon.run("refold").stdout
    assert daemon.sql("SELECT * FROM request_case") == before and daemon.api("duo").case(made["id"])["version"] == 1


def test_verify_needs_a_database(world):
    daemon = world.daemon(start=False)
    daemon.conf.write_text(daemon.conf.read_text().replace(daemon.database_name, "nowhere"))
    found = daemon.verify()
    assert found.returncode != 0 and "findings" not in found.stdout  # not asked is not clean
