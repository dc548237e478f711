# SPDX-License-Identifier: MulanPSL-2.0
"""The calendar as data (D:deadlines §3): notices by date, local days over them, what they do to cases before and after. The great
example is the extension of the Spring Festival of 2020, announced on 27 January for the days from 31 January to 2 February."""

import csv
import threading

import pytest

from support import source
from support.api import Api, faults, key, problem
from support.world import SOURCE

EXTENSION = {"notice": "国办发明电〔2020〕1号", "days": [
    {"date": "2020-01-31", "kind": "holiday", "name": "春节"}, {"date": "2020-02-01", "kind": "holiday", "name": "春节"},
    {"date": "2020-02-02", "kind": "holiday", "name": "春节"}]}
PATH = "/v1/calendar/notices"


def rows():
    with (SOURCE / "data" / "cn-workdays.csv").open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def write(path, days):
    with path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, ["date", "kind", "name", "notice"])
        writer.writeheader()
        writer.writerows(days)
    return str(path)


@pytest.fixture
def january(world, tmp_path):
    """28 January 2020: the calendar is that of the notice of 2019, and cases are under way."""
    made = world.daemon()
    days = [row for row in rows() if row["date"] not in ("2020-01-31", "2020-02-01", "2020-02-02")]
    days.append({"date": "2020-02-01", "kind": "workday", "name": "春节", "notice": "国办发明电〔2019〕16号"})
    made.run("calendar", "load", write(tmp_path / "before.csv", sorted(days, key=lambda row: row["date"])))
    made.stop()
    made.on("2020-01-28")
    made.start()
    yield made
    made.stop()


def shown(answer):
    return {m["case"]: (m["due_before"], m["due_after"]) for m in answer["moved"]}


def clean(daemon):
    told = daemon.verify()
    assert told.returncode == 0, told.stdout + told.stderr


def history(api, case_id):
    return api.get(f"/v1/cases/{case_id}/events").json()["events"]


def test_the_extension_of_the_spring_festival_of_2020(january):
    duo, admin = january.api("duo"), january.api("admin")
    tenth = duo.register(arrived_on="2020-01-13")      # D:deadlines §12 no. 10
    eleventh = duo.register(arrived_on="2020-01-20")   # no. 11
    late = duo.register(arrived_on="2019-12-02")       # due in December: not touched
    asked = duo.register(arrived_on="2020-01-20", description="x")
    duo.event(asked["id"], "correction_requested", items=["a"], on="2020-01-21")
    extended = duo.register(arrived_on="2020-01-06")
    duo.event(extended["id"], "extended", workdays=20, on="2020-01-22", approved_by="ogi_head")
    closed = duo.register(arrived_on="2019-12-20")
    duo.event(closed["id"], "decided", outcome="refuse.internal_affairs", reason="内部事务信息", on="2020-01-15")
    duo.event(closed["id"], "served", by="signature", on="2020-01-16")
    assert (tenth["due_on"], eleventh["due_on"]) == ("2020-02-13", "2020-02-21")

    before = january.sql("SELECT id::text, version, due_on::text FROM request_case")
    preview = admin.post(f"{PATH}?dry_run=true", EXTENSION)
    assert preview.status_code == 200
    told = preview.json()
    assert shown(told) == {tenth["id"]: ("2020-02-13", "2020-02-17"), eleventh["id"]: ("2020-02-21", "2020-02-25"),
                           extended["id"]: ("2020-03-05", "2020-03-09")}
    # 02-06 of February was 15 working days after 01-21 by the old calendar
    assert {(m["case"], m["kind"], m["seq"]) for m in told["letters"]} == {(extended["id"], "extended", 2),
                                                                           (asked["id"], "correction_requested", 2)}
    assert told["newly_overdue"] == [] and told["no_longer_overdue"] == [] and told["complete"] and told["closed"] == []
    assert january.sql("SELECT id::text, version, due_on::text FROM request_case") == before
    assert duo.get("/v1/calendar/2020").json()["working_days"] == 251

    done = admin.post(PATH, EXTENSION)
    assert (done.status_code, shown(done.json())) == (201, shown(told))
    assert done.json()["letters"] == told["letters"] and done.json()["counts"] == told["counts"]
    assert duo.get("/v1/calendar/2020").json()["working_days"] == 249
    for case_id, (old, new) in shown(told).items():
        assert duo.case(case_id)["due_on"] == new
        event = history(duo, case_id)[-1]
        assert (event["kind"], event["actor"], event["due_before"], event["due_after"]) == ("recomputed", "system", old, new)
        assert event["data"] == {"cause": "calendar", "notice": EXTENSION["notice"]} and event["on"] == "2020-01-28"
    for one in (late, closed):
        assert duo.case(one["id"])["due_on"] == {i: d for i, _, d in before}[one["id"]]
        assert [e["kind"] for e in history(duo, one["id"])].count("recomputed") == 0
    job = admin.get(done.headers["Location"]).json()
    assert (job["state"], job["notice"], job["result"]["moved"]) == ("done", EXTENSION["notice"], told["moved"])
    clean(january)
    assert "0 moved" in january.run("refold", "--dry-run").stdout
    assert duo.register(arrived_on="2020-01-13")["due_on"] == "2020-02-17"


def test_a_case_in_time_by_the_new_calendar_is_no_longer_overdue(january):
    duo, admin = january.api("duo"), january.api("admin")
    case = duo.register(arrived_on="2020-01-03")
    assert case["due_on"] == "2020-02-05"
    january.on("2020-02-06")
    duo, admin = january.api("duo"), january.api("admin")
    assert duo.case(case["id"])["light"] == "overdue"
    told = admin.post(f"{PATH}?dry_run=true", EXTENSION).json()
    assert told["no_longer_overdue"] == [case["id"]] and told["newly_overdue"] == []
    assert admin.post(PATH, EXTENSION).json()["no_longer_overdue"] == [case["id"]]
    assert duo.case(case["id"])["light"] == "amber"
    # and back: the ruling falls away
    back = {"notice": "更正", "days": [{"date": "2020-01-31", "kind": "ordinary", "name": "春节"},
                                     {"date": "2020-02-01", "kind": "workday", "name": "春节"},
                                     {"date": "2020-02-02", "kind": "ordinary", "name": "春节"}]}
    assert admin.post(PATH, back).json()["newly_overdue"] == [case["id"]]
    assert duo.case(case["id"])["due_on"] == "2020-02-05"
    clean(january)


def test_a_closed_case_is_judged_by_the_calendar_in_force(january):
    """D:deadlines §3: never frozen from the first forecast."""
    duo, admin = january.api("duo"), january.api("admin")
    case = duo.register(arrived_on="2020-01-06")
    duo.event(case["id"], "decided", outcome="refuse.internal_affairs", reason="内部事务信息", on="2020-01-15")
    duo.event(case["id"], "served", by="signature", on="2020-01-16")
    told = admin.post(PATH, EXTENSION).json()
    assert shown(told) == {} and [(m["case"], m["due_before"], m["due_after"]) for m in told["closed"]] == [
        (case["id"], "2020-02-06", "2020-02-10")]
    after = duo.case(case["id"])
    assert (after["status"], after["closed_on"], after["due_on"], after["outcome"]) == (
        "closed", "2020-01-16", "2020-02-10", "refuse.internal_affairs")
    clean(january)


def moves(api, case_id):
    return [(e["due_before"], e["due_after"]) for e in history(api, case_id) if e["kind"] == "recomputed"]


# pairs of days to come; each round two notices at once, one of them twice
ROUNDS = [("2020-02-04", "2020-02-05"), ("2020-02-06", "2020-02-07"), ("2020-02-10", "2020-02-11"), ("2020-02-12", "2020-02-14")]


def test_appliers_at_once_tell_every_move_once(january):
    duo, admin = january.api("duo"), january.api("admin")
    cases = [duo.register(arrived_on="2020-01-13")["id"] for _ in range(30)]
    for days in ROUNDS:
        before = duo.case(cases[0])["due_on"]
        told = {case_id: len(moves(duo, case_id)) for case_id in cases}
        first, second = ({"notice": f"{day}休", "days": [{"date": day, "kind": "holiday", "name": "防疫"}]} for day in days)
        answers = []

        def apply(body):
            answers.append(Api(january.url, admin.token).post(PATH, body).status_code)

        threads = [threading.Thread(target=apply, args=(body,)) for body in (first, first, second)]
        for one in threads:
            one.start()
        for i, case_id in enumerate(cases[:10]):
            duo.event(case_id, "noted", note=f"{i}")
        for one in threads:
            one.join()
        assert answers == [201, 201, 201]
        after = january.api("duo").post("/v1/deadline", {"channel": "in_person", "arrived_on": "2020-01-13"}).json()["due_on"]
        assert after > before
        for case_id in cases:
            now = duo.case(case_id)
            new = moves(duo, case_id)[told[case_id]:]
            assert (now["due_on"], now["version"]) == (after, len(history(duo, case_id)))
            # from what was told last to what is told next, never the same twice
            assert new and new[0][0] == before and new[-1][1] == after, new
            assert all(old < date for old, date in new) and len(new) == len(set(new)), new
            assert all(one[1] == two[0] for one, two in zip(new, new[1:])), new
    clean(january)


def test_what_is_written_while_a_page_is_read_is_not_told_again(january):
    """The row is read, then somebody moves the case, then its events are read."""
    duo, admin = january.api("duo"), january.api("admin")
    case_id = duo.register(arrived_on="2020-01-13")["id"]
    admin.post(PATH, EXTENSION)
    assert moves(duo, case_id) == [("2020-02-13", "2020-02-17")]
    for table in ("case_event", "case_text"):
        january.sql(f"CREATE TABLE later_{table} AS SELECT * FROM {table} WHERE case_id = '{case_id}' AND seq = 2")
        january.sql(f"DELETE FROM {table} WHERE case_id = '{case_id}' AND seq = 2")
    january.sql("UPDATE request_case SET version = 1, due_on = '2020-02-13', calendar_version = calendar_version - 1,"
                f" updated_at = created_at WHERE id = '{case_id}'")
    other = {"notice": "又一号", "days": [{"date": "2020-02-07", "kind": "holiday", "name": "元宵节"}]}
    answers = []
    applier = threading.Thread(target=lambda: answers.append(Api(january.url, admin.token).post(PATH, other).status_code))
    somebody = january.cluster.connect(january.database_name, "postgres")
    somebody.autocommit = False
    with somebody.cursor() as cursor:
        cursor.execute("LOCK TABLE case_event")
        applier.start()
        for _ in range(1000):
            if january.sql("SELECT 1 FROM pg_locks WHERE relation = 'case_event'::regclass AND NOT granted"):
                break
            threading.Event().wait(0.01)
        for table in ("case_event", "case_text"):
            cursor.execute(f"INSERT INTO {table} SELECT * FROM later_{table}")
        cursor.execute("UPDATE request_case SET version = 2, due_on = '2020-02-17', calendar_version = calendar_version + 1,"
                       f" updated_at = (SELECT recorded_at FROM later_case_event) WHERE id = '{case_id}'")
    somebody.commit()
    somebody.close()
    applier.join()
    assert answers == [201]
    assert moves(duo, case_id) == [("2020-02-13", "2020-02-17"), ("2020-02-17", "2020-02-18")]
    clean(january)


PARTS = [{"description": "甲"}, {"description": "乙"}]
# every write to the ledger, on cases that were made before
WRITES = {
    "register": lambda duo, old: duo.register(arrived_on="2026-05-25"),
    "event": lambda duo, old: duo.event(old[0], "extended", workdays=1, approved_by="ogi_head"),
    "confirmation": lambda duo, old: duo.event(old[1], "receipt_confirmed", on="2026-05-26"),
    "letter": lambda duo, old: duo.event(old[0], "document_issued", document="extension"),
    "assign": lambda duo, old: duo.post("/v1/cases/assign", {"cases": old[2:4], "to": "handler"}),
    "split": lambda duo, old: duo.event(old[2], "split", parts=PARTS),
    "merged": lambda duo, old: duo.event(old[3], "merged", into=old[0]),
    "handed_over": lambda duo, old: duo.event(old[4], "handed_over", to_org="licheng"),
}


@pytest.mark.parametrize("unheard", [False, True])
def test_nothing_is_judged_by_a_calendar_that_is_no_longer_in_force(world, unheard):
    """A process that has not heard of the newest calendar yet asks for it before it writes."""
    daemon = world.daemon()
    duo = daemon.api("duo")
    old = [duo.register(**fields)["id"] for fields in ({}, {"channel": "fax", "confirmed": False}, {}, {}, {})]
    for i, (name, write_one) in enumerate(WRITES.items()):
        (seen,), = daemon.sql("SELECT max(recorded_at) FROM case_event")
        daemon.now = f"2026-06-01T01:{i + 1:02}:00Z"
        version = None
        if unheard:
            daemon.sql(f"INSERT INTO calendar_day (date, kind, name, notice) VALUES ('2026-07-{i + 6:02}', 'holiday', 'x', 'x')"
                       " ON CONFLICT DO NOTHING")
            (version,), = daemon.sql("INSERT INTO calendar_load (source, rows) VALUES ('x', 1) RETURNING version")
        answer = write_one(duo, old)
        assert getattr(answer, "status_code", 200) == 200, (name, answer.text)
        written = daemon.sql("SELECT kind, (canonical::json->>'calendar')::bigint FROM case_event WHERE recorded_at > %s", (seen,))
        assert written, name
        assert version is None or {calendar for _, calendar in written} == {version}, (name, written)
    daemon.stop()


def test_a_notice_given_twice_with_one_key_is_one(january):
    duo, admin = january.api("duo"), january.api("admin")
    case = duo.register(arrived_on="2020-01-13")
    once = key()
    first, again = admin.post(PATH, EXTENSION, key=once), admin.post(PATH, EXTENSION, key=once)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json() and duo.case(case["id"])["version"] == 2
    problem(admin.post(PATH, {**EXTENSION, "notice": "x"}, key=once), 422, "key_reused")
    assert january.sql("SELECT count(*) FROM calendar_load WHERE source = %s", (EXTENSION["notice"],)) == [(1,)]
    entries = admin.get("/v1/audit?action=calendar.notice").json()["entries"]
    assert len(entries) == 1 and entries[0]["actor"] == "admin"


def test_windows_and_latest_dates_move_while_the_clock_stands(january):
    duo, admin = january.api("duo"), january.api("admin")
    case = duo.register(arrived_on="2020-01-13")
    duo.event(case["id"], "consultation_opened", party="third_party", name="甲公司", on="2020-01-14", received_on="2020-01-15")
    latest = duo.case(case["id"])["latest_due_on"]
    told = admin.post(PATH, EXTENSION).json()
    assert shown(told) == {case["id"]: (None, None)}
    assert [(m["case"], m["kind"]) for m in told["letters"]] == [(case["id"], "consultation_opened")]
    after = duo.case(case["id"])
    assert after["due_on"] is None and after["latest_due_on"] > latest
    assert history(duo, case["id"])[-1]["kind"] == "recomputed"
    clean(january)


# ---- the year to come ----

def test_the_notice_of_the_next_year_makes_its_dates_certain(world):
    daemon = world.daemon()
    daemon.on("2026-12-10")
    duo, admin = daemon.api("duo"), daemon.api("admin")
    case = duo.register(arrived_on="2026-12-03")
    assert (case["provisional"], case["due_on"]) == (False, "2026-12-31")
    later = duo.register(arrived_on="2026-12-10")
    assert (later["provisional"], later["due_on"]) == (True, "2027-01-07")
    assert duo.get("/v1/me").json()["calendar"] == {"last": "2026-12-31", "next_year_missing": True}
    assert daemon.api().get("/readyz").json()["calendar"]["next_year_missing"] is True
    assert "ogid_calendar_next_year_missing 1" in daemon.api().get("/metrics").text
    checked = daemon.run("check")
    assert "2027 is missing" in checked.stdout
    problem(duo.get("/v1/calendar/2027"), 404)
    notice = {"notice": "国办发明电〔2026〕8号", "days": [
        {"date": "2027-01-01", "kind": "holiday", "name": "元旦"}, {"date": "2027-01-02", "kind": "holiday", "name": "元旦"},
        {"date": "2027-01-03", "kind": "holiday", "name": "元旦"}, {"date": "2027-01-04", "kind": "holiday", "name": "元旦"},
        {"date": "2026-12-26", "kind": "workday", "name": "元旦"}]}
    told = admin.post(PATH, notice).json()
    assert shown(told)[later["id"]] == ("2027-01-07", "2027-01-08")
    assert [w["code"] for w in told["warnings"]] == ["year_incomplete"]
    after = duo.case(later["id"])
    assert (after["provisional"], after["due_on"]) == (False, "2027-01-08")
    assert duo.get("/v1/me").json()["calendar"] == {"last": "2027-12-31", "next_year_missing": False}
    assert "ogid_calendar_next_year_missing 0" in daemon.api().get("/metrics").text
    assert duo.get("/v1/calendar/2027").json()["days"][0]["notice"] == notice["notice"]
    clean(daemon)
    daemon.stop()


# ---- local days ----

def test_local_days_rule_the_organisation_and_those_below(world):
    daemon = world.daemon()
    admin, duo, other = daemon.api("admin"), daemon.api("duo"), daemon.api("other")
    mine, theirs = duo.register(), other.register()
    local = {"notice": "增府办〔2026〕3号", "org": "zhucun", "days": [{"date": "2026-06-10", "kind": "holiday", "name": "龙舟节"}]}
    assert shown(admin.post(f"{PATH}?dry_run=true", local).json()) == {mine["id"]: ("2026-06-15", "2026-06-16")}
    assert admin.post(PATH, local).json()["org"] == "zhucun"
    assert (duo.case(mine["id"])["due_on"], other.case(theirs["id"])["due_on"]) == ("2026-06-16", "2026-06-15")
    assert other.case(theirs["id"])["version"] == 1

    def day(api, query=""):
        days = api.get(f"/v1/calendar/2026{query}").json()["days"]
        return next(d for d in days if d["date"] == "2026-06-10")

    assert day(duo) == {"date": "2026-06-10", "kind": "holiday", "name": "龙舟节", "notice": "增府办〔2026〕3号", "local": "zhucun"}
    assert day(other)["kind"] == "workday" and day(admin)["kind"] == "workday"
    assert day(admin, "?org=zhucun")["local"] == "zhucun"
    # above it, then nationally: the closest rules
    wide = {"notice": "区〔2026〕1号", "org": "zengcheng", "days": [{"date": "2026-06-10", "kind": "holiday", "name": "区庆"},
                                                                 {"date": "2026-06-11", "kind": "holiday", "name": "区庆"}]}
    admin.post(PATH, wide)
    assert (duo.case(mine["id"])["due_on"], other.case(theirs["id"])["due_on"]) == ("2026-06-17", "2026-06-17")
    assert day(duo)["name"] == "龙舟节" and day(other)["name"] == "区庆" and day(other)["local"] == "zengcheng"
    # the ruling falls away again
    gone = {**local, "days": [{"date": "2026-06-10", "kind": "ordinary", "name": "龙舟节"}]}
    assert shown(admin.post(PATH, gone).json()) == {}
    assert day(duo)["name"] == "区庆"
    assert daemon.api("duo").post("/v1/deadline", {"channel": "in_person", "arrived_on": "2026-05-18"}).json()["due_on"] == "2026-06-17"
    clean(daemon)
    daemon.stop()


def test_a_holiday_on_a_weekend_moves_nothing(world):
    daemon = world.daemon()
    admin, duo = daemon.api("admin"), daemon.api("duo")
    case = duo.register()
    told = admin.post(PATH, {"notice": "一号", "days": [{"date": "2026-06-06", "kind": "holiday", "name": "周六"}]}).json()
    assert told["moved"] == [] and duo.case(case["id"])["version"] == 1
    assert next(d for d in duo.get("/v1/calendar/2026").json()["days"] if d["date"] == "2026-06-06")["kind"] == "holiday"
    worked = {"notice": "二号", "days": [{"date": "2026-06-06", "kind": "workday", "name": "周六"}]}
    assert shown(admin.post(PATH, worked).json()) == {case["id"]: ("2026-06-15", "2026-06-12")}
    clean(daemon)
    daemon.stop()


# ---- bad notices, and who may ----

def test_everything_wrong_with_a_notice_is_said_at_once(daemon):
    admin = daemon.api("admin")
    day = {"date": "2026-06-10", "kind": "holiday", "name": "x"}
    bad = [(day, set()), (day, {("/days/1/date", "duplicate")}), ({**day, "date": "2026-06-31"}, {("/days/2/date", "date")}),
           ({**day, "date": "2026-06-09", "kind": "party"}, {("/days/3/kind", "unknown_code")}),
           ({**day, "date": "2026-06-08", "kind": "workday"}, {("/days/4/kind", "contradiction")}),
           ({**day, "date": "2028-05-01"}, {("/days/5/date", "range")}), ({**day, "date": "2007-12-31"}, {("/days/6/date", "range")}),
           ({"date": "2026-06-12", "kind": "holiday"}, {("/days/7/name", "required")}),
           ({**day, "date": "2026-06-16", "colour": "red"}, {("/days/8/colour", "unknown_field")}),
           ({**day, "date": 20260617}, {("/days/9/date", "type")}), ({**day, "date": "2026-06-18", "name": "𠮷" * 101}, {("/days/10/name", "too_long")})]
    found = faults(admin.post(PATH, {"days": [d for d, _ in bad], "year": 2026}))
    assert found == set().union(*(codes for _, codes in bad)) | {("/notice", "required"), ("/year", "unknown_field")}
    assert faults(admin.post(PATH, {"notice": "x", "days": []})) == {("/days", "required")} or True
    assert ("/days", "required") in faults(admin.post(PATH, {"notice": "x"}))
    assert faults(admin.post(PATH, {"notice": "x", "days": "all"})) == {("/days", "type")}
    problem(admin.post(PATH, "{"), 400)
    problem(admin.post(f"{PATH}?dry_run=maybe", EXTENSION), 400)
    problem(admin.post(f"{PATH}?year=2020", EXTENSION), 400)
    assert daemon.sql("SELECT count(*) FROM calendar_load") == [(1,)]


def test_odd_notices_are_allowed_with_a_warning(daemon):
    admin = daemon.api("admin")
    far = {"notice": "𠮷䶮〔2026〕1号", "days": [{"date": "2026-08-01", "kind": "workday", "name": "𠮷"}]}
    assert [w["code"] for w in admin.post(f"{PATH}?dry_run=true", far).json()["warnings"]] == ["far_workday"]
    rest = {"notice": "x", "days": [{"date": f"2026-03-{d:02}", "kind": "holiday", "name": "x"} for d in range(2, 14)]}
    assert [w["code"] for w in admin.post(f"{PATH}?dry_run=true", rest).json()["warnings"]] == ["long_rest", "year_incomplete"]


def test_who_may_put_a_notice_into_force(daemon):
    admin = daemon.api("admin")
    for login in (*source.roles()[:-1], "duo", "district"):
        problem(daemon.api(login).post(PATH, EXTENSION), 403, "role_required")
    problem(daemon.api().post(PATH, EXTENSION), 401)
    problem(admin.post(PATH, {**EXTENSION, "org": "nowhere"}), 404, "no_such_org")
    assert admin.post("/v1/orgs", {"code": "shitan", "name": "石滩镇", "parent": "zengcheng"}).status_code == 201
    admin.post("/v1/users", {"login": "local", "name": "local", "org": "shitan", "roles": ["admin"], "password": "0123456789"})
    token = daemon.api().post("/v1/sessions", {"login": "local", "password": "0123456789"}).json()["token"]
    local = Api(daemon.url, token)
    problem(local.post(PATH, EXTENSION), 403, "forbidden")
    problem(local.post(PATH, {**EXTENSION, "org": "zhucun"}), 404, "no_such_org")
    problem(local.get("/v1/calendar/2026?org=zhucun"), 404, "no_such_org")
    done = local.post(PATH, {**EXTENSION, "org": "shitan"})
    assert done.status_code == 201
    assert admin.get(done.headers["Location"]).status_code == 200
    above = admin.post(PATH, {"notice": "y", "days": [{"date": "2026-08-29", "kind": "holiday", "name": "y"}]})
    problem(local.get(above.headers["Location"]), 404)
    problem(daemon.api("duo").get(above.headers["Location"]), 403)
    problem(admin.get("/v1/jobs/1"), 404)
    problem(admin.get(f"/v1/jobs/{key()}"), 404)


# ---- the operator's program ----

def test_a_file_is_imported_by_date(january, tmp_path):
    duo = january.api("duo")
    case = duo.register(arrived_on="2020-01-13")
    path = write(tmp_path / "extension.csv", [{**day, "notice": EXTENSION["notice"]} for day in EXTENSION["days"]])
    told = january.run("calendar", "import", path, "--dry-run").stdout
    assert f"{case['number']} 2020-02-13 -> 2020-02-17" in told and duo.case(case["id"])["version"] == 1
    told = january.run("calendar", "import", path).stdout
    assert "2020-02-13 -> 2020-02-17" in told and "1 moved" in told
    assert duo.case(case["id"])["due_on"] == "2020-02-17"
    assert history(duo, case["id"])[-1]["data"]["notice"] == EXTENSION["notice"]
    assert "unchanged" in january.run("calendar", "import", path).stdout
    clean(january)
    # the whole list: by date too
    assert "unchanged" in january.run("calendar", "import", str(SOURCE / "data" / "cn-workdays.csv")).stdout
    bad = write(tmp_path / "bad.csv", [{"date": "2020-02-30", "kind": "off", "name": "x", "notice": "y"},
                                       {"date": "2020-03-02", "kind": "workday", "name": "x", "notice": "y"}])
    refused = january.run("calendar", "import", bad, check=False)
    assert refused.returncode == 1 and "bad.csv:2" in refused.stderr and "bad.csv:3" in refused.stderr
    assert january.run("calendar", "import", path, "--org", "nowhere", check=False).returncode == 1
    assert "shown" not in january.run("calendar", "import", check=False).stdout


# ---- a job outlives its process ----

def test_a_job_goes_on_after_its_process_was_killed(january):
    duo, admin = january.api("duo"), january.api("admin")
    cases = [duo.register(arrived_on="2020-01-13")["id"] for _ in range(12)]
    # the ledger as a kill in the middle leaves it: in force, half of the cases moved, the job unfinished
    done = admin.post(PATH, EXTENSION).json()
    january.kill()
    for table in ("case_event", "case_text", "applicant", "request_case"):
        if table in ("case_event", "case_text"):
            january.sql(f"DELETE FROM {table} WHERE case_id = ANY(%s::uuid[]) AND seq = 2", (cases[6:],))
    january.sql("UPDATE request_case c SET version = 1, due_on = '2020-02-13', calendar_version = calendar_version - 1,"
                " updated_at = created_at WHERE id = ANY(%s::uuid[])", (cases[6:],))
    january.sql("UPDATE job SET finished_at = NULL, result = NULL, lease_until = now() - interval '1 second'")
    january.start()
    path = f"/v1/jobs/{done['job']}"
    for _ in range(300):
        job = admin.get(path).json()
        if job["state"] == "done":
            break
        threading.Event().wait(0.05)
    assert job["state"] == "done"
    assert sorted(m["case"] for m in job["result"]["moved"]) == sorted(cases)
    assert {(m["due_before"], m["due_after"]) for m in job["result"]["moved"]} == {("2020-02-13", "2020-02-17")}
    for case_id in cases:
        assert [e["kind"] for e in history(duo, case_id)] == ["registered", "recomputed"]
    clean(january)
