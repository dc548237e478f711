# SPDX-License-Identifier: MulanPSL-2.0
"""Items as JSON Lines: good lines are stored, bad ones reported, a file loaded twice stores nothing twice (contract §4)."""

import json
import os
import socket

import pytest

from support.api import problem

NDJSON = {"Content-Type": "application/x-ndjson"}
PATH = "/v1/disclosures/import"


def line(ref, **fields):
    return json.dumps({"external_ref": ref, "title": f"第{ref}条", "category": "news", "created_on": "2017-01-03",
                       "publications": [{"channel": "website", "published_on": "2017-01-04"}], "historic": True, **fields},
                      ensure_ascii=False).encode() + b"\n"


def load(api, raw, query="", status=200):
    answer = api.call("POST", PATH + query, raw, NDJSON)
    assert answer.status_code == status, answer.text
    return answer.json()


def counts(report):
    return tuple(report[k] for k in ("lines", "stored", "skipped", "rejected"))


def items(daemon):
    return daemon.sql("SELECT count(*) FROM disclosure_item")[0][0]


def test_good_lines_are_stored_in_their_order(daemon, duo):
    report = load(duo, b"".join(line(f"good-{i}") for i in range(450)))
    assert counts(report) == (450, 450, 0, 0) and report["errors"] == []
    rows = daemon.sql("SELECT external_ref FROM disclosure_item WHERE external_ref LIKE 'good-%' ORDER BY seq")
    assert [ref for (ref,) in rows] == [f"good-{i}" for i in range(450)]
    page = duo.get("/v1/disclosures?q=第good-7条").json()["disclosures"]
    assert (page[0]["historic"], page[0]["due_on"], page[0]["recorded_by"]) == (True, "2017-02-04", "duo")


def test_a_file_loaded_twice_stores_nothing_twice(daemon, duo):
    raw = b"".join(line(f"twice-{i}") for i in range(30))
    assert counts(load(duo, raw)) == (30, 30, 0, 0)
    before = items(daemon)
    assert counts(load(duo, raw)) == (30, 0, 30, 0)
    assert counts(load(duo, raw + line("twice-30") + line("twice-30"))) == (32, 1, 31, 0)
    assert items(daemon) == before + 1


def test_bad_lines_are_reported_and_the_good_ones_stored(duo):
    raw = b"".join([
        line("mixed-1"), b"{\n", b"[]\n", b"7\n", b'{"title": "\xff"}\n', line("mixed-2", category="none", colour=1),
        line("mixed-3", title=""), b"\n", line("mixed-4", created_on="2099-01-01"), line("mixed-5", historic=False),
        b'{"title": "a", "category": "doc"}\n', line("mixed-6", org="licheng"), line("mixed-7", org="nowhere"),
        line("mixed-8", publications=[{"channel": "website"}, {"channel": "website"}]),
        line("mixed-9", published_on="2017-02-01"), b" \t\r\n", line("mixed-10", org="zhucun")])
    report = load(duo, raw)
    assert counts(report) == (17, 2, 0, 13), report
    found = {(e["line"], e["pointer"], e["code"]) for e in report["errors"]}
    assert found >= {(2, "", "bad_json"), (3, "", "bad_json"), (4, "", "bad_json"), (5, "", "bad_json"),
                     (6, "/category", "unknown_code"), (6, "/colour", "unknown_field"), (7, "/title", "required"),
                     (9, "/created_on", "future_date"), (10, "/publications", "review_missing"), (11, "/external_ref", "required"),
                     (12, "/org", "no_such_org"), (13, "/org", "no_such_org"), (14, "/publications/1/channel", "duplicate"),
                     (15, "/published_on", "contradiction")}
    assert {e["line"] for e in report["errors"]} == {2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15}
    assert all(e["detail"] for e in report["errors"])


def test_the_last_line_needs_no_end(duo):
    assert counts(load(duo, line("end-1") + line("end-2").rstrip(b"\n"))) == (2, 2, 0, 0)
    assert counts(load(duo, line("crlf-1").replace(b"\n", b"\r\n") + line("crlf-2").replace(b"\n", b"\r\n"))) == (2, 2, 0, 0)


def test_a_file_of_nothing(duo):
    assert counts(load(duo, b"\n")) == (1, 0, 0, 0)
    assert counts(load(duo, b"")) == (0, 0, 0, 0)


def test_a_line_too_long_is_rejected_and_the_next_one_read(duo):
    long = b'{"external_ref": "long", "title": "' + b"a" * 1500000 + b'", "category": "doc"}\n'
    report = load(duo, line("before") + long + line("after"))
    assert counts(report) == (3, 2, 0, 1) and (report["errors"][0]["line"], report["errors"][0]["code"]) == (2, "too_long")
    report = load(duo, long + long.rstrip(b"\n"))
    assert counts(report) == (2, 0, 0, 2)


def test_only_the_first_errors_are_kept(duo):
    report = load(duo, b"x\n" * 2500)
    assert counts(report) == (2500, 0, 0, 2500) and len(report["errors"]) == 1000


def test_a_dry_run_stores_nothing_and_counts_the_same(daemon, duo):
    raw = b"".join(line(f"dry-{i}") for i in range(250)) + b"{\n" + line("dry-0")
    before = (items(daemon), daemon.sql("SELECT count(*) FROM audit_entry"))
    dry = load(duo, raw, "?dry_run=true")
    assert (items(daemon), daemon.sql("SELECT count(*) FROM audit_entry")) == before
    assert dry["dry_run"] is True and dry["stored"] >= 250 and dry["rejected"] == 1
    assert counts(load(duo, raw)) == (252, 250, 1, 1)
    problem(duo.call("POST", PATH + "?dry_run=yes", b"\n", NDJSON), 400, "bad_query")


def test_an_import_is_in_the_audit(daemon, duo):
    load(duo, line("audited-1") + b"{\n")
    action, canonical = daemon.sql("SELECT action, canonical FROM audit_entry ORDER BY at DESC, seq DESC LIMIT 1")[0]
    assert action == "disclosure.import"
    assert json.loads(canonical)["detail"] == {"lines": 2, "stored": 1, "rejected": 1}


def test_an_administrator_imports_for_the_organisations_below(daemon):
    admin = daemon.api("admin")
    report = load(admin, line("a-1", org="zhucun") + line("a-2", org="licheng") + line("a-3", org="zhucun") + line("a-4"))
    assert counts(report) == (4, 4, 0, 0), report
    rows = daemon.sql("SELECT o.code, count(*) FROM disclosure_item d JOIN org o ON o.id = d.org_id"
                      " WHERE external_ref LIKE 'a-_' GROUP BY 1 ORDER BY 1")
    assert rows == [("licheng", 1), ("zengcheng", 1), ("zhucun", 2)]
    for login in ("leader", "reviewer", "statistician", "archivist", "supervisor", "district"):
        problem(daemon.api(login).call("POST", PATH, line("no"), NDJSON), 403, "role_required")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/csv", "application/x-ndjson-x", None])
def test_a_file_of_another_kind_is_refused(daemon, duo, kind):
    before = items(daemon)
    problem(duo.call("POST", PATH, line("kind"), {"Content-Type": kind}), 415, "media_type")
    assert items(daemon) == before


def test_an_upload_broken_off_leaves_nothing_half(daemon, duo):
    raw = b"".join(line(f"broken-{i}") for i in range(1000))
    with socket.create_connection(("127.0.0.1", daemon.port)) as s:
        s.sendall(b"POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n"
                  b"Content-Length: %d\r\n\r\n" % (PATH.encode(), duo.token.encode(), len(raw)))
        s.sendall(raw[:len(raw) * 2 // 3 + 7])
    assert daemon.api("duo").get("/v1/me").status_code == 200  # and the daemon goes on
    report = load(duo, raw)
    assert report["lines"] == 1000 and report["stored"] + report["skipped"] == 1000
    assert daemon.sql("SELECT count(*) FROM disclosure_item WHERE external_ref LIKE 'broken-%%'") == [(1000,)]
    assert daemon.sql("SELECT count(*) FROM disclosure_item d WHERE external_ref LIKE 'broken-%%' AND NOT EXISTS"
                      " (SELECT 1 FROM publication p WHERE p.org_id = d.org_id AND p.item_id = d.id)") == [(0,)]


def test_memory_does_not_grow_with_the_file(world, monkeypatch):
    monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1")
    daemon = world.daemon(request_timeout_s=120)
    duo = daemon.api("duo")
    load(duo, b"".join(line(f"warm-{i}") for i in range(400)))
    before, body = daemon.rss(), "字" * 5000
    raw = b"".join(line(f"big-{i}", summary=body) for i in range(1600))  # 25 MB
    assert counts(load(duo, raw)) == (1600, 1600, 0, 0)
    assert daemon.rss() - before < 40
    daemon.stop()


def test_the_register_is_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
