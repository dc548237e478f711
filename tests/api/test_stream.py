# SPDX-License-Identifier: MulanPSL-2.0
"""GET /v1/stream tells of the changes of the cases one may see, in their order, goes on where it broke off, and ends with the
session."""

import signal
import time

import jsonschema
import psycopg2
import pytest

from support.api import Api, document, problem
from support.cluster import OWNER
from support.events import Stream
from support.world import PASSWORD


@pytest.fixture(scope="module")
def daemon(world):
    made = world.daemon(stream_heartbeat_s=1)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def duo(daemon):
    return daemon.api("duo")


def watch(daemon, login="duo", **options):
    stream = Stream(daemon, daemon.api(login).token, **options)
    assert stream.status == 200
    return stream


def of(made):
    """Picks the events of a case at its version."""
    return lambda name, data, _: name == "case" and data["id"] == made["id"] and data["version"] >= made["version"]


def lines(stream):
    """The first block: how to come back, and where the stream stands."""
    return dict(line.split(": ", 1) for line in stream.block())


def test_a_change_is_told_with_how_the_case_stands(daemon, duo):
    with watch(daemon) as stream:
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-store" and stream.headers["x-accel-buffering"] == "no"
        assert lines(stream)["retry"] == "2000"
        made = duo.register()
        data = stream.until(of(made))[-1][1]
        assert data == {k: made[k] for k in ("id", "org", "number", "version", "status", "light", "due_on")}
        schema = {**document()["components"]["schemas"]["change"], "components": document()["components"]}
        jsonschema.Draft202012Validator(schema).validate(data)
        after = duo.event(made["id"], "correction_requested", on="2026-05-19", items=["说明所需信息"])
        data = stream.until(of(after))[-1][1]
        assert (data["version"], data["status"], data["due_on"], data["light"]) == (2, "correction_requested", None, "none")
        duo.post("/v1/cases/assign", {"cases": [made["id"]], "to": "handler"})
        assert stream.until(of({**made, "version": 3}))[-1][1]["version"] == 3
        arrived = duo.register(channel="letter", via="mail_ordinary", confirmed=False)
        assert stream.until(of(arrived))[-1][1]["number"] is None


def test_nothing_personal_is_told(daemon, duo):
    with watch(daemon) as stream:
        made = duo.register(applicant={"kind": "natural", "name": "王小明", "phone": "13912345678"}, description="很特别的描述")
        seen = stream.until(of(made))
        assert not any(word in str(seen) for word in ("王小明", "13912345678", "描述"))


def test_one_is_told_of_ones_own_subtree(daemon, duo):
    with watch(daemon) as own, watch(daemon, "other") as other, watch(daemon, "district") as district:
        first, second = duo.register(), daemon.api("other").register()
        third = duo.register()
        assert {d["org"] for _, d, _ in own.until(of(third))} == {"zhucun"}
        assert {d["org"] for _, d, _ in other.until(of(second))} == {"licheng"}
        told = [d["id"] for _, d, _ in district.until(of(third))]
        assert [i for i in told if i in (first["id"], second["id"], third["id"])] == [first["id"], second["id"], third["id"]]


def test_a_stream_goes_on_where_it_broke_off(daemon, duo):
    with watch(daemon) as stream:
        made = duo.register()
        last = stream.until(of(made))[-1][2]
        assert last is not None
    missed = [duo.register() for _ in range(5)]
    foreign = daemon.api("other").register()
    with watch(daemon, last=last) as stream:
        told = [d["id"] for _, d, _ in stream.until(of(missed[-1]))]
        assert told == [m["id"] for m in missed] and foreign["id"] not in told
        more = duo.register()
        assert [d["id"] for _, d, _ in stream.until(of(more))] == [more["id"]]
    with watch(daemon, last=last) as stream:  # the same id tells the same again
        assert stream.next()[1]["id"] == missed[0]["id"]


def test_the_id_of_a_quiet_stream_moves_on(daemon, duo):
    with watch(daemon, "other") as stream:
        first = lines(stream)["id"]
        duo.register()
        last = first
        while int(last) <= int(first):
            last = lines(stream).get("id", last)
    made = daemon.api("other").register()
    with watch(daemon, "other", last=last) as stream:
        assert stream.next()[1]["id"] == made["id"]


@pytest.mark.parametrize("last", ["nonsense", "-5", "99999999999999999", "9223372036854775807", "99999999999999999999999", "1 2", "1.5"])
def test_an_id_that_is_none_is_a_reset(daemon, duo, last):
    with watch(daemon, last=last) as stream:
        assert stream.next()[:2] == ("reset", {})
        made = duo.register()
        told = stream.until(of(made))
        assert len(told) == 1
        last = told[-1][2]
    again = duo.register()
    with watch(daemon, last=last) as stream:
        assert stream.next()[1]["id"] == again["id"]


def many(daemon, case_id, count):
    """That many events in one transaction, as a program beside the service would write them."""
    daemon.sql("INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, canonical, prev_hash, hash)"
               " SELECT org_id, case_id, 1000000 + n, 'noted', on_date, recorded_at, '{}', hash, hash FROM case_event,"
               " generate_series(1, %s) n WHERE case_id = %s AND seq = 1", (count, case_id))


def test_too_much_at_once_is_a_reset(daemon, duo):
    made = duo.register()
    with watch(daemon) as stream:
        last = lines(stream)["id"]
        many(daemon, made["id"], 600)
        assert stream.until(lambda name, *_: name == "reset")
        after = duo.register()
        assert stream.until(of(after))[-1][1]["id"] == after["id"]
    with watch(daemon, last=last) as stream:
        assert stream.next()[0] == "reset"


def test_what_is_not_committed_yet_is_told_when_it_is(daemon, duo):
    """A slow transaction hides what others commit meanwhile; nothing of either is passed over."""
    made = duo.register()
    slow = psycopg2.connect(daemon.cluster.dsn(daemon.database_name, OWNER))
    with watch(daemon) as stream:
        lines(stream)
        with slow.cursor() as cursor:
            cursor.execute("INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, canonical, prev_hash, hash)"
                           " SELECT org_id, case_id, 2000000, 'noted', on_date, recorded_at, '{}', hash, hash FROM case_event"
                           " WHERE case_id = %s AND seq = 1", (made["id"],))
        quick = duo.register()
        slow.commit()
        told = [d["id"] for _, d, _ in stream.until(of(quick))]
        assert told == [made["id"], quick["id"]]
    slow.close()


def test_logging_out_ends_it_at_once_and_only_it(daemon, duo):
    token = Api(daemon.url).post("/v1/sessions", {"login": "duo", "password": PASSWORD}).json()["token"]
    with Stream(daemon, token) as mine, watch(daemon) as another:
        assert Api(daemon.url, token).call("DELETE", "/v1/sessions/current").status_code == 204
        assert mine.is_over()
        made = duo.register()
        assert another.until(of(made))
    problem(Api(daemon.url, token).get("/v1/me"), 401)


def test_it_ends_with_the_session(world):
    daemon = world.daemon(stream_heartbeat_s=1)
    with watch(daemon) as stream:
        daemon.now = "2026-06-01T14:00:00Z"
        assert stream.is_over()
    daemon.on("2026-06-02")
    admin = daemon.api("admin")
    with watch(daemon, "handler") as stream, watch(daemon) as another:
        assert admin.post("/v1/users/handler/disable").status_code == 200
        assert stream.is_over()
        made = daemon.api("duo").register()
        assert another.until(of(made))
    daemon.stop()


def test_it_ends_with_the_daemon(world):
    daemon = world.daemon()
    with watch(daemon) as stream, watch(daemon, version="1.0") as old:
        begun = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        assert stream.is_over() and old.is_over()
        assert daemon.process.wait(timeout=20) == 0
        assert time.monotonic() - begun < 10
    daemon.stop()


def test_another_process_tells_it_too(world, daemon, duo):
    second = world.daemon(daemon.database_name, stream_heartbeat_s=300)
    with watch(second) as stream:
        made = duo.register()
        assert stream.until(of(made))[-1][1]["id"] == made["id"]
    second.stop()


def test_a_lost_listener_is_a_reset(daemon, duo):
    with watch(daemon) as stream:
        lines(stream)
        killed = daemon.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%'",
                            (daemon.database_name,))
        assert killed == [(True,)]
        assert stream.until(lambda name, *_: name == "reset")
        made = duo.register()
        assert stream.until(of(made))


def test_who_may_not_and_what_is_no_stream(daemon):
    problem(daemon.api().get("/v1/stream"), 401, "no_session")
    head = daemon.api("duo").call("HEAD", "/v1/stream")
    assert head.status_code == 200 and head.headers["Content-Type"].startswith("text/event-stream")
    problem(daemon.api("duo").get("/v1/stream?org=zhucun"), 400, "bad_query")
