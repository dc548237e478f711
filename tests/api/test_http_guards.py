# SPDX-License-Identifier: MulanPSL-2.0
"""Crooked requests over a raw socket: each is refused with a problem, and the connection closed, before evhttp sees it."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import Probe, get, post  # noqa: E402


@pytest.fixture(scope="module")
def probe():
    with Probe() as p:
        yield p


HOST = b"Host: a\r\n"
CROOKED = {
    "two different Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                     + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "the same Content-Length twice": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                      + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
    "a list as Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 2, 2\r\n\r\n{}"),
    "a signed Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: +2\r\n\r\n{}"),
    "a negative Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: -2\r\n\r\n"),
    "a hexadecimal Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 0x2\r\n\r\n{}"),
    "an empty Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length:\r\n\r\n"),
    "a Content-Length with a blank inside": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1 0\r\n\r\n"),
    "an overflowing Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                      + b"Content-Length: 18446744073709551618\r\n\r\n{}"),
    "a space before the colon": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length : 2\r\n\r\n{}"),
    "a tab before the colon": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A\t: 2\r\n\r\n"),
    "a line without colon": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n"),
    "a header without name": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b": 2\r\n\r\n"),
    "a header name that is no token": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X(A): 2\r\n\r\n"),
    "a header name beyond ASCII": (400, b"GET /ping HTTP/1.1\r\n" + HOST + "é: 2\r\n\r\n".encode()),
    "Transfer-Encoding chunked": (411, b"POST /echo HTTP/1.1\r\n" + HOST
                                  + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    "Transfer-Encoding and Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                             + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"),
    "Transfer-Encoding of two codings": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                         + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
    "Transfer-Encoding twice": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "Transfer-Encoding almost chunked": (400, b"POST /echo HTTP/1.1\r\n" + HOST
                                         + b"Transfer-Encoding: xchunked\r\n\r\n"),
    "Transfer-Encoding in HTTP/1.0": (400, b"POST /echo HTTP/1.0\r\n" + HOST
                                      + b"Transfer-Encoding: chunked\r\n\r\n"),
    "no Host": (400, b"GET /ping HTTP/1.1\r\n\r\n"),
    "two Hosts": (400, b"GET /ping HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    "an empty Host": (400, b"GET /ping HTTP/1.1\r\nHost:\r\n\r\n"),
    "a Host with a path": (400, b"GET /ping HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    "NUL in a header": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\0b\r\n\r\n"),
    "NUL in a header name": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-\0A: b\r\n\r\n"),
    "NUL in the target": (400, b"GET /pi\0ng HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a control character in a header": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\x07b\r\n\r\n"),
    "DEL in a header": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\x7fb\r\n\r\n"),
    "a folded header": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\r\n b\r\n\r\n"),
    "a folded header by tab": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\r\n\tb\r\n\r\n"),
    "a folded Content-Length": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\n 0\r\n\r\n"),
    "a fold before any header": (400, b"GET /ping HTTP/1.1\r\n Host: a\r\n\r\n"),
    "a bare LF": (400, b"GET /ping HTTP/1.1\nHost: a\n\n"),
    "a bare LF between headers": (400, b"GET /ping HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n"),
    "a bare LF that hides a header": (400, b"GET /ping HTTP/1.1\r\nHost: a\r\nX-A: abc\nX-B: d\r\n\r\n"),
    "a bare CR in a header": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\rb\r\n\r\n"),
    "a bare CR in the request line": (400, b"GET /pi\rng HTTP/1.1\r\n" + HOST + b"\r\n"),
    "CR CR LF": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"X-A: a\r\r\n\r\n"),
    "an empty line first": (400, b"\r\nGET /ping HTTP/1.1\r\n" + HOST + b"\r\n"),
    "two slashes first": (400, get("//a/ping")),
    "raw bytes beyond ASCII in the target": (400, "GET /items/é HTTP/1.1\r\nHost: a\r\n\r\n".encode()),
    "a fragment in the target": (400, get("/ping#a")),
    "a target of another shape": (400, get("ping")),
    "a blank in the target": (400, get("/items/a b")),
    "two blanks in the request line": (400, b"GET  /ping HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a blank behind the version": (400, b"GET /ping HTTP/1.1 \r\n" + HOST + b"\r\n"),
    "no version": (400, b"GET /ping\r\n" + HOST + b"\r\n"),
    "HTTP/0.9": (400, b"GET /ping HTTP/0.9\r\n" + HOST + b"\r\n"),
    "HTTP/1.2": (400, b"GET /ping HTTP/1.2\r\n" + HOST + b"\r\n"),
    "HTTP/2.0": (400, b"GET /ping HTTP/2.0\r\n" + HOST + b"\r\n"),
    "HTTP/1.10": (400, b"GET /ping HTTP/1.10\r\n" + HOST + b"\r\n"),
    "the preface of HTTP/2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "http in small letters": (400, b"GET /ping http/1.1\r\n" + HOST + b"\r\n"),
    "a method that is no token": (400, b"G@T /ping HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a GET with a body": (400, b"GET /ping HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}"),
    "a HEAD with a body": (400, b"HEAD /ping HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}"),
    "a DELETE with a body": (400, b"DELETE /items/a HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}"),
    "another expectation": (400, b"POST /echo HTTP/1.1\r\n" + HOST + b"Expect: miracles\r\nContent-Length: 2\r\n\r\n{}"),
    "too many headers": (431, get("/ping", *[f"X-{i}: a" for i in range(100)])),
    "a header too large": (431, get("/ping", "X-A: " + "a" * 20000)),
    "a target too long": (400, get("/items/" + "a" * 2000)),
    "an endless line": (431, b"G" * 40000),
    "an absolute target of another host": (400, get("http://b/ping")),
    "a body with an unknown method": (405, b"PATCH /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}"),
}


@pytest.mark.parametrize("what", CROOKED)
def test_a_crooked_request_is_refused_and_the_connection_closed(probe, what):
    status, raw = CROOKED[what]
    smuggled = get("/items/smuggled")
    with probe.client() as c:
        c.send(raw + smuggled)
        answer = c.answer()
        assert answer.status == status, answer
        if not raw.startswith(b"HEAD"):
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json["status"] == status and answer.json["detail"]
        assert answer.headers["connection"] == "close"
        assert c.closed(), "what followed a crooked request was read as one"


# The head is sound, only the path is not: the next request stands where it should.
ASTRAY = {
    "%00 in the path": "/items/a%00b",
    "a bad escape in the path": "/items/a%zz",
    "a cut escape in the path": "/items/a%4",
    "a line break escaped in the path": "/items/a%0d%0aX-A:b",
    "an escaped slash": "/items/a%2fb",
    "a backslash": "/items/a%5cb",
    "dots": "/items/../ping",
    "escaped dots": "/items/%2e%2e/ping",
    "an empty segment": "/items//a",
    "ill-formed UTF-8 in the path": "/items/%ff%fe",
    "overlong UTF-8 in the path": "/items/%c0%af",
}


@pytest.mark.parametrize("what", ASTRAY)
def test_a_path_that_is_no_text_is_refused(probe, what):
    with probe.client() as c:
        c.send(get(ASTRAY[what]) + get("/items/next"))
        answer = c.answer()
        assert (answer.status, answer.json["status"]) == (400, 400)
        assert c.answer().json["path"] == "/items/next"


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_crooked_request_is_seen_however_it_is_cut(probe, cut):
    raw = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    with probe.client() as c:
        c.send(raw[:cut])
        assert probe.ask(get("/ping")).status == 200
        c.send(raw[cut:])
        assert c.answer().status == 400


def test_a_request_may_come_byte_by_byte(probe):
    with probe.client() as c:
        for byte in post("/echo", b'{"a":1}'):
            c.send(bytes([byte]))
        answer = c.answer()
        assert (answer.status, answer.json) == (201, {"a": 1})


def test_pipelined_requests_are_answered_in_order(probe):
    with probe.client() as c:
        c.send(b"".join(get(f"/items/{i}") + post("/echo", b'{"n":%d}' % i) for i in range(50)))
        for i in range(50):
            assert c.answer().json["path"] == f"/items/{i}"
            assert c.answer().json == {"n": i}


def test_pipelined_requests_before_a_half_close_are_answered(probe):
    with probe.client() as c:
        c.send(get("/items/1") + get("/items/2"))
        c.socket.shutdown(1)
        assert c.answer().json["path"] == "/items/1"
        assert c.answer().json["path"] == "/items/2"
        assert c.closed()


@pytest.mark.parametrize("scheme", ["http", "https", "HTTP"])
def test_an_absolute_target_of_our_host_is_taken(probe, scheme):
    with probe.client() as c:
        for query in ("", "?limit=5"):
            c.send(get(f"{scheme}://a/query{query}"))
            assert c.answer().json["path"] == "/query"
        c.send(post(f"{scheme}://a/echo", b'{"a":2}'))
        assert c.answer().json == {"a": 2}


def test_other_methods_are_405_with_the_list_of_those_that_are(probe):
    for method in ("PATCH", "OPTIONS", "TRACE", "BREW", "get"):
        with probe.client() as c:
            c.send(get("/items/a", method=method) + get("/ping"))
            answer = c.answer()
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, PUT, DELETE"), method
            assert c.answer().status == 200
    assert probe.ask(get("/ping", method="POST")).headers["allow"] == "GET, HEAD"
    assert probe.ask(get("/nowhere", method="PATCH")).status == 404
    assert probe.ask(get("a:443", method="CONNECT")).status == 400
    assert probe.ask(get("/ping", method="X")).status == 405


def test_head_is_answered_like_get_without_body(probe):
    with probe.client() as c:
        c.send(get("/ping", method="HEAD") + get("/ping"))
        head, whole = c.answer(body=False), c.answer()
        assert head.status == 200
        drop = lambda headers: {k: v for k, v in headers.items() if k != "date"}  # noqa: E731
        assert drop(head.headers) == drop(whole.headers)
        assert head.headers["content-length"] == str(len(whole.body))


def test_connections_are_kept_or_closed_as_the_client_asks(probe):
    for version, lines, kept in [("1.1", [], True), ("1.1", ["Connection: close"], False),
                                 ("1.1", ["Connection: x, Close"], False), ("1.0", [], False),
                                 ("1.0", ["Connection: keep-alive"], True),
                                 ("1.1", ["Connection: keep-alive"], True)]:
        with probe.client() as c:
            answer = c.send(get("/ping", *lines, version=version)).answer()
            assert answer.status == 200
            assert answer.headers.get("connection", "keep-alive" if kept else None) == ("keep-alive" if kept else "close")
            if kept:
                assert c.send(get("/ping")).answer().status == 200
            else:
                assert c.closed()


def test_http_1_0_needs_no_host(probe):
    assert probe.ask(b"GET /ping HTTP/1.0\r\n\r\n").status == 200


def test_100_continue_is_said_before_the_body_and_not_after(probe):
    with probe.client() as c:
        raw = post("/echo", b'{"a":3}', "Expect: 100-continue")
        c.send(raw[:-7])
        assert c.answer(body=False).status == 100
        c.send(raw[-7:])
        assert c.answer().json == {"a": 3}
        c.send(raw)
        assert c.answer().json == {"a": 3}


def test_a_refused_expectation_is_answered_without_100(probe):
    with probe.client() as c:
        c.send(get("/echo", "Expect: 100-continue", "Content-Length: 2000000", method="POST"))
        assert c.answer().status == 413


def test_bodies_over_the_limit_are_413_declared_or_sent(probe):
    with probe.client() as c:
        answer = c.send(get("/echo", "Content-Length: 1048577", method="POST")).answer()
        assert (answer.status, answer.code) == (413, "too_large")
        assert c.closed()
    with probe.client() as c:
        c.send(post("/echo", b" " * 30_000_000))
        assert c.answer().status == 413  # the client has sent everything and still gets the answer
        assert c.closed()
    body = b'"' + b"a" * (1048576 - 9) + b'"'
    raw = b'{"a":' + body + b" }"
    assert len(raw) == 1048576
    assert probe.ask(post("/echo", raw)).status == 201


def test_no_crooked_request_was_worth_a_line_with_its_text(probe):
    probe.ask(get("/items/secret-name?phone=13800138000"))
    probe.ask(post("/echo", b'{"name": "secret-name"}', "X-Name: secret-name"))
    assert not [line for line in probe.log if "secret-name" in line or "13800138000" in line]
