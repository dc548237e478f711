# SPDX-License-Identifier: MulanPSL-2.0
"""Files of a case: stored whole or not at all, told from their bytes, served so that nothing in them runs, in the audit."""

import hashlib
import http.client
import json
import os
import random
import socket
import threading
import urllib.parse

import pytest

from support.api import faults, key, problem

MIB = 1024 * 1024
CHUNK = 128 * 1024
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def attach(api, case_id, body, name=None, status=201, headers=None, idempotency=None):
    query = "" if name is None else "?name=" + urllib.parse.quote(name)
    answer = api.call("POST", f"/v1/cases/{case_id}/attachments{query}", body,
                      {"Content-Type": None, **(headers or {}), **({"Idempotency-Key": idempotency} if idempotency else {})})
    assert answer.status_code == status, answer.text
    return answer


def listed(api, case_id):
    answer = api.get(f"/v1/cases/{case_id}/attachments")
    assert answer.status_code == 200
    return answer.json()["attachments"]


def read(api, case_id, n, **headers):
    return api.call("GET", f"/v1/cases/{case_id}/attachments/{n}", headers={k.replace("_", "-"): v for k, v in headers.items()})


def rest(daemon):
    """Uploads that are no attachments, and chunks without an upload that is one."""
    return daemon.sql("SELECT (SELECT count(*) FROM attachment_upload u WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id)),"
                      " (SELECT count(*) FROM attachment_chunk c WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = c.upload_id))")[0]


@pytest.fixture(scope="module")
def case(duo):
    return duo.register()["id"]


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 1_000_003])
def test_a_file_comes_back_as_it_was(duo, case, size):
    data = (PDF + random.Random(size).randbytes(size))[:size]
    before = listed(duo, case)
    answer = attach(duo, case, data, "申请表 (1).pdf")
    made = answer.json()
    assert made == {"n": len(before) + 1, "name": "申请表 (1).pdf", "size": size, "sha256": hashlib.sha256(data).hexdigest(),
                    "content_type": "application/pdf" if size > 5 else "text/plain; charset=utf-8",
                    "recorded_at": "2026-06-01T01:00:00.000Z", "actor": "duo"}
    assert answer.headers["Location"] == f"/v1/cases/{case}/attachments/{made['n']}"
    assert listed(duo, case) == before + [made]
    got = read(duo, case, made["n"])
    assert (got.status_code, got.content == data) == (200, True)
    assert got.headers["ETag"] == f'"{made["sha256"]}"' and got.headers["Content-Length"] == str(size)
    assert got.headers["Accept-Ranges"] == "bytes" and got.headers["Cache-Control"] == "no-store"
    head = duo.call("HEAD", f"/v1/cases/{case}/attachments/{made['n']}")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(size))


def test_a_case_is_named_in_every_way(daemon, duo):
    made = duo.register()
    attach(duo, made["number"], b"one")
    assert len(listed(duo, f"zhucun:{made['number']}")) == 1
    assert read(daemon.api("district"), f"zhucun:{made['number']}", 1).content == b"one"


RANGES = [("bytes=0-0", 0, 1), ("bytes=0-131071", 0, CHUNK), ("bytes=131071-131072", CHUNK - 1, CHUNK + 1), ("bytes=131072-", CHUNK, None),
          ("bytes=-1", -1, None), ("bytes=-400000", 0, None), ("bytes=5-99999999", 5, None), ("bytes=300000-300000", 300000, 300001)]


@pytest.fixture(scope="module")
def large(duo):
    data = random.Random(7).randbytes(300_001)
    made = duo.register()["id"]
    return made, data, attach(duo, made, data).json()


@pytest.mark.parametrize("asked, first, last", RANGES)
def test_a_range(duo, large, asked, first, last):
    case_id, data, made = large
    got = read(duo, case_id, 1, Range=asked)
    assert got.status_code == 206
    assert got.content == data[first:last] if first >= 0 else data[first:]
    begin = first if first >= 0 else len(data) + first
    assert got.headers["Content-Range"] == f"bytes {begin}-{begin + len(got.content) - 1}/{len(data)}"
    assert read(duo, case_id, 1, Range=asked, If_Range=f'"{made["sha256"]}"').status_code == 206
    assert read(duo, case_id, 1, Range=asked, If_Range='"other"').content == data


@pytest.mark.parametrize("asked", ["bytes=300001-", "bytes=300001-300002", "bytes=-0", "bytes=9223372036854775-"])
def test_a_range_outside_the_file(duo, large, asked):
    answer = read(duo, large[0], 1, Range=asked)
    problem(answer, 416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == "bytes */300001"


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=2-1", "bytes=a-b", "bytes=0-1,3-4", "lines=1-2", "bytes=0-1 x", "bytes 0-1",
                                   "bytes=99999999999999999999-", "bytes=+1-2"])
def test_what_is_no_range_is_none(duo, large, asked):
    got = read(duo, large[0], 1, Range=asked)
    assert got.status_code == 200 and got.content == large[1]


TYPES = [
    (PDF, "a", "application/pdf", True), (b"\x89PNG\r\n\x1a\n0", "a", "image/png", True), (b"\xff\xd8\xff\xe0", "a", "image/jpeg", True),
    (b"GIF89a..", "a", "image/gif", True), (b"II*\0....", "a", "image/tiff", False), (b"MM\0*....", "a.html", "image/tiff", False),
    (b"PK\3\4" + b"\0" * 26 + b"a.txt", "a.docx", "application/zip", False),
    (b"PK\3\4" + b"\0" * 26 + b"[Content_Types].xml..word/document.xml", "a", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    (b"PK\3\4" + b"\0" * 26 + b"[Content_Types].xml..xl/workbook.xml", "a", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    (b"PK\3\4" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "a", "application/vnd.oasis.opendocument.text", False),
    (b"PK\3\4" + b"\0" * 26 + b"OFD.xml", "a", "application/ofd", False),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "a.DOC", "application/msword", False), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "a.pdf", "application/x-ole-storage", False),
    ("你好𠮷䶮".encode(), "a", "text/plain; charset=utf-8", True), ("请公开".encode("gb18030"), "a.txt", "text/plain; charset=gb18030", True),
    (b"<script>alert(1)</script>", "a.html", "text/plain; charset=utf-8", True), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "text/plain; charset=utf-8", True),
    (b"\0\1\2", "a.pdf", "application/octet-stream", False), (b"\xff\xff", "a", "application/octet-stream", False), (b"a\x1b[31m", "a", "application/octet-stream", False),
]


@pytest.mark.parametrize("data, name, kind, shown", TYPES)
def test_types_are_told_from_the_bytes_and_nothing_runs(duo, case, data, name, kind, shown):
    made = attach(duo, case, data, name, headers={"Content-Type": "text/html"}).json()
    assert made["content_type"] == kind
    got = read(duo, case, made["n"])
    assert got.headers["Content-Type"] == kind and got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("inline; " if shown else "attachment; ")
    policy = got.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and ("sandbox" in policy) == (kind != "application/pdf")


NAMES = [
    ("a.pdf", "a.pdf"), ("/etc/passwd", "passwd"), ("C:\\Users\\张三\\身份证.jpg", "身份证.jpg"), ("../../x", "x"), ("..", "附件"), (".", "附件"),
    ("", "附件"), ("/", "附件"), ("  a .pdf. ", "a .pdf"), ("a\u202egpj.exe", "agpj.exe"), ("\u200b\ufeffa", "a"), ("𠮷䶮.docx", "𠮷䶮.docx"),
    ("a\";filename=b.exe", "a\";filename=b.exe"), ("长" * 300 + ".pdf", "长" * 196 + ".pdf"), ("x" * 300, "x" * 200), ("a." + "e" * 300, "a." + "e" * 198),
]


@pytest.mark.parametrize("sent, kept", NAMES)
def test_names_are_cleaned(duo, case, sent, kept):
    made = attach(duo, case, b"x", sent).json()
    assert made["name"] == kept
    disposition = read(duo, case, made["n"]).headers["Content-Disposition"]
    assert urllib.parse.unquote(disposition.split("filename*=UTF-8''")[1]) == kept
    assert disposition.count('"') == 2 and disposition.isascii()


HEADERS = [
    ("attachment; filename=a.pdf", "a.pdf"), ('attachment; filename="a b.pdf"', "a b.pdf"), ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
    ("attachment; filename=\"x.pdf\"; filename*=UTF-8''%E7%94%B3%E8%AF%B7.pdf", "申请.pdf"), ("attachment; filename*=utf-8'zh'%e7%94%b3", "申"),
    ("attachment; filename*=UTF-8''%E7%94%GG; filename=b", "b"), ("attachment; filename*=ISO-8859-1''a; filename=b", "b"), ("attachment; filename*=UTF-8''a%00b; filename=c", "c"),
    ("attachment", "附件"), ("attachment;", "附件"), ("attachment; filename", "附件"), ('attachment; filename="', "附件"), ("; ; =;filename=a", "a"), ("attachment; size=3; FileName = c ; x", "c"),
]


@pytest.mark.parametrize("sent, kept", HEADERS)
def test_names_in_headers(duo, case, sent, kept):
    assert attach(duo, case, b"x", headers={"Content-Disposition": sent}).json()["name"] == kept


def test_a_name_in_raw_utf_8_and_one_that_is_none(duo, case):
    raw = {"Content-Disposition": 'attachment; filename="申请.pdf"'.encode()}
    assert attach(duo, case, b"x", headers=raw).json()["name"] == "申请.pdf"
    problem(attach(duo, case, b"x", headers={"Content-Disposition": b'attachment; filename="\xc9\xea.pdf"'}, status=400), 400, "bad_header")
    problem(duo.call("POST", f"/v1/cases/{case}/attachments?name=%C9%EA", b"x"), 400)
    problem(duo.call("POST", f"/v1/cases/{case}/attachments?name=a%0Ab", b"x"), 400)
    problem(duo.call("POST", f"/v1/cases/{case}/attachments?title=a", b"x"), 400, "bad_query")


def test_who_may(daemon, duo, case):
    attach(duo, case, b"for all", "all.txt")
    n = listed(duo, case)[-1]["n"]
    for login in ("front_desk", "handler", "ogi_head", "reviewer", "leader"):
        attach(daemon.api(login), case, b"x", login)
    for login in ("supervisor", "archivist", "district"):
        problem(attach(daemon.api(login), case, b"x", status=403), 403)
        assert read(daemon.api(login), case, n).content == b"for all"
    for login in ("statistician", "admin"):
        problem(attach(daemon.api(login), case, b"x", status=403), 403, "role_required")
        problem(read(daemon.api(login), case, n), 403, "role_required")
        assert len(listed(daemon.api(login), case)) == len(listed(duo, case))
    other = daemon.api("other")
    for answer in (attach(other, case, b"x", status=404), read(other, case, n), other.get(f"/v1/cases/{case}/attachments")):
        problem(answer, 404, "no_such_case")
    problem(attach(duo, "2025-99999", b"x", status=404), 404, "no_such_case")
    for number in ("0", "999", "-1", "1x", "99999999999", "%20", "01x"):
        problem(read(duo, case, number), 404)


def test_bodies_that_are_refused(daemon, duo, case):
    before = listed(duo, case)
    assert faults(attach(duo, case, b"", status=422)) == {("", "empty")}
    problem(attach(duo, case, b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"}, status=415), 415, "media_type")
    for size in (50 * MIB + 1, 2**31, 2**40, 2**63 - 1):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
        connection.putrequest("POST", f"/v1/cases/{case}/attachments")
        connection.putheader("Authorization", f"Bearer {duo.token}")
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        answer = connection.getresponse()  # at once: no byte of the body was sent
        assert answer.status in (413, 400) and (answer.status == 413 or size > 2**40)
        assert answer.getheader("Connection") == "close"
        connection.close()
    for length in ("-1", "1x", "0x10", "99999999999999999999", "1, 1", ""):
        with socket.create_connection(("127.0.0.1", daemon.port), 10) as s:
            s.sendall(f"POST /v1/cases/{case}/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {duo.token}\r\n"
                      f"Content-Length: {length}\r\n\r\nx".encode())
            assert s.recv(4096).startswith(b"HTTP/1.1 4")
    assert listed(duo, case) == before and rest(daemon) == (0, 0)


def test_the_same_key_stores_it_once(daemon, duo):
    case_id, one, data = duo.register()["id"], key(), os.urandom(400_000)
    first = attach(duo, case_id, data, "a.bin", idempotency=one)
    again = attach(duo, case_id, data, "a.bin", idempotency=one)
    assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    problem(attach(duo, case_id, data + b"x", idempotency=one, status=422), 422, "key_reused")
    problem(attach(duo, duo.register()["id"], data, idempotency=one, status=422), 422, "key_reused")
    problem(duo.post("/v1/cases", {"channel": "in_person"}, key=one), 422)
    assert [f["n"] for f in listed(duo, case_id)] == [1] and rest(daemon) == (0, 0)


def together(calls):
    answers = [None] * len(calls)

    def work(i):
        answers[i] = calls[i]()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(calls))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


def test_many_at_once_get_numbers_of_their_own(daemon, duo):
    case_id = duo.register()["id"]
    data = [os.urandom(200_000 + i) for i in range(12)]
    answers = together([lambda d=d: attach(daemon.api("duo"), case_id, d) for d in data])
    assert sorted(a.json()["n"] for a in answers) == list(range(1, 13))
    for answer, sent in zip(answers, data):
        assert read(duo, case_id, answer.json()["n"]).content == sent


def test_one_key_at_the_same_time_stores_one(daemon, duo):
    case_id, one, data = duo.register()["id"], key(), os.urandom(300_000)
    answers = together([lambda: attach(daemon.api("duo"), case_id, data, idempotency=one) for _ in range(4)])
    assert {a.json()["n"] for a in answers} == {1}
    assert len(listed(duo, case_id)) == 1 and rest(daemon) == (0, 0)


def test_it_is_in_the_audit(daemon, duo):
    case_id = duo.register()["id"]
    attach(duo, case_id, b"12345", "李四的申请.txt")
    read(duo, case_id, 1)
    read(duo, case_id, 1, Range="bytes=1-2")
    duo.call("HEAD", f"/v1/cases/{case_id}/attachments/1")
    read(duo, case_id, 1, Range="bytes=9-")
    rows = daemon.sql("SELECT action, canonical FROM audit_entry WHERE object = %s ORDER BY seq", (case_id,))
    assert [action for action, _ in rows] == ["case.attach", "case.download", "case.download"]
    details = [json.loads(canonical)["detail"] for _, canonical in rows]
    assert details[0]["sha256"] == hashlib.sha256(b"12345").hexdigest() and details[0]["size"] == 5
    assert details[1:] == [{"n": 1, "from": 0, "to": 4}, {"n": 1, "from": 1, "to": 2}]
    assert "李四" not in str(rows) and "李四" not in daemon.log.read_text()


# ---- verify ----

TAMPERING = [
    ("UPDATE attachment_chunk SET bytes = overlay(bytes placing '\\x00' from 3 for 1) WHERE seq = 1 AND upload_id = %(upload)s", "bytes were changed"),
    ("DELETE FROM attachment_chunk WHERE seq = 1 AND upload_id = %(upload)s", "bytes were changed"),
    ("INSERT INTO attachment_chunk SELECT org_id, upload_id, 3, 'x' FROM attachment_chunk WHERE seq = 0 AND upload_id = %(upload)s", "bytes were changed"),
    ("UPDATE attachment SET name = 'other' WHERE upload_id = %(upload)s", "differs from what was recorded"),
    ("UPDATE attachment SET content_type = 'text/html' WHERE upload_id = %(upload)s", "differs from what was recorded"),
    ("UPDATE attachment SET recorded_at = recorded_at + interval '1 day' WHERE upload_id = %(upload)s", "differs from what was recorded"),
    ("UPDATE attachment SET actor_id = actor_id + 1 WHERE upload_id = %(upload)s", "differs from what was recorded"),
    ("UPDATE attachment SET n = 2 WHERE upload_id = %(upload)s", "one before it is missing"),
    ("DELETE FROM attachment WHERE upload_id = %(upload)s", "of the audit is missing"),
]


def test_verify_names_what_was_changed(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    done = []
    for change, said in TAMPERING:
        case_id = duo.register()["id"]
        attach(duo, case_id, os.urandom(300_000), "附件.bin")
        done.append((case_id, change, said))
    assert daemon.verify().returncode == 0
    for case_id, change, said in done:
        (upload,), = daemon.sql("SELECT upload_id::text FROM attachment WHERE case_id = %s", (case_id,))
        daemon.sql(change, {"upload": upload})
    found = daemon.verify()
    assert found.returncode == 1
    for case_id, change, said in done:
        assert any(case_id in line and said in line for line in found.stdout.splitlines()), (change, found.stdout)
    # a changed file is not given out as if it were the one that was stored
    with pytest.raises(Exception):
        assert read(duo, done[0][0], 1).status_code == 500
    daemon.stop()


def test_what_broke_off_is_swept_at_night(daemon, duo):
    case_id = duo.register()["id"]
    attach(duo, case_id, b"kept")
    org, = daemon.sql("SELECT org_id FROM request_case WHERE id = %s", (case_id,))[0]
    for age in ("25 hours", "1 hour"):
        daemon.sql("WITH u AS (INSERT INTO attachment_upload VALUES (%s, gen_random_uuid(), %s, '2026-06-01T01:00:00Z'::timestamptz - %s::interval)"
                   " RETURNING org_id, id) SELECT 1 FROM u", (org, case_id, age))
    daemon.sql("INSERT INTO attachment_chunk SELECT org_id, id, 0, 'x' FROM attachment_upload u"
               " WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id)")
    daemon.sql("UPDATE attachment_upload SET started_at = '2020-01-01' WHERE id IN (SELECT upload_id FROM attachment)")
    assert rest(daemon) == (2, 2)
    assert "uploads that broke off a day ago: 1 removed" in daemon.run("nightly").stdout
    assert rest(daemon) == (1, 1) and read(duo, case_id, 1).content == b"kept"
    daemon.sql("DELETE FROM attachment_upload u WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id)")
