# SPDX-License-Identifier: MulanPSL-2.0
"""What every route gets from the web layer: who asks, headers, query, body, problems, TLS, a graceful end (contract 2)."""

import pathlib
import socket
import ssl
import subprocess
import sys
import time
import warnings

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import Probe, get, post, trusting  # noqa: E402


@pytest.fixture(scope="module")
def probe():
    with Probe() as p:
        yield p


def test_every_answer_carries_the_safe_headers(probe):
    for raw in (get("/ping"), get("/nowhere"), b"X\r\n\r\n"):
        headers = probe.ask(raw).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["date"].endswith("GMT")


def test_problems_are_rfc_9457_in_the_language_asked_for(probe):
    for lines, english in [([], False), (["Accept-Language: en"], True), (["Accept-Language: zh-CN,en;q=0.9"], False),
                           (["Accept-Language: en-GB, zh;q=0.5"], True), (["Accept-Language: fr"], False),
                           (["Accept-Language: en;q=0"], False), (["Accept-Language: ;;;=,,"], False)]:
        answer = probe.ask(get("/nowhere", *lines))
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json) == {"type", "title", "status", "code", "detail", "instance"}
        assert answer.json["code"] == "no_such_route" and answer.json["instance"] == "/nowhere"
        assert answer.json["title"].isascii() == english, lines


def test_a_session_is_needed(probe):
    answer = probe.ask(get("/me"))
    assert (answer.status, answer.code, answer.headers["www-authenticate"]) == (401, "no_session", "Bearer")
    for token, code in [("nobody", "no_session"), ("expired", "session_expired")]:
        answer = probe.ask(get("/me", f"Authorization: Bearer {token}"))
        assert (answer.status, answer.code) == (401, code)
    for bad in ("clerk", "Basic clerk", "Bearer", "Bearer a b", "Bearer "):
        assert probe.ask(get("/me", f"Authorization: {bad}")).status == 401
    for _ in range(2):  # looked up, then from the cache
        assert probe.ask(get("/me", "Authorization: bearer clerk")).json["who"] == "clerk"


def test_a_connection_may_change_its_session(probe):
    with probe.client() as c:
        for who in ("clerk", "clerk", "head", "clerk", "head"):
            assert c.send(get("/me", f"Authorization: Bearer {who}")).answer().json["who"] == who
            for none in ("Bearer cler", "Bearer clerks", "Bearer " + "a" * 200, "Bearer clerK"):
                assert c.send(get("/me", f"Authorization: {none}")).answer().status == 401
            assert c.send(get("/me")).answer().status == 401


def test_a_cookie_is_a_session_too(probe):
    assert probe.ask(get("/me", "Cookie: a=b; ogid_session=clerk; c=d")).json["who"] == "clerk"
    assert probe.ask(get("/me", "Cookie: xogid_session=clerk")).status == 401
    assert probe.ask(get("/me", "Cookie: ogid_session=")).status == 401
    # the header wins, and a bad one is not made good by the cookie
    assert probe.ask(get("/me", "Authorization: Bearer nobody", "Cookie: ogid_session=clerk")).status == 401


@pytest.mark.parametrize("lines, status", [
    ([], 403),
    (["Sec-Fetch-Site: same-origin"], 200),
    (["Sec-Fetch-Site: none"], 200),
    (["Sec-Fetch-Site: same-site"], 403),
    (["Sec-Fetch-Site: cross-site"], 403),
    (["Sec-Fetch-Site: cross-site", "Origin: http://a"], 403),
    (["Origin: http://a"], 200),
    (["Origin: http://b"], 403),
    (["Origin: http://a.b"], 403),
    (["Origin: null"], 403),
])
def test_a_cookie_writes_only_from_our_own_pages(probe, lines, status):
    assert probe.ask(get("/me", "Cookie: ogid_session=clerk", *lines, method="POST")).status == status
    assert probe.ask(get("/me", "Authorization: Bearer clerk", *lines, method="POST")).status == 200
    assert probe.ask(get("/me", "Cookie: ogid_session=clerk", *lines)).status == 200


def test_a_role_is_needed_and_named(probe):
    answer = probe.ask(get("/heads", "Authorization: Bearer clerk", method="POST"))
    assert (answer.status, answer.code, answer.json["roles"]) == (403, "role_required", ["head"])
    assert probe.ask(get("/heads", "Authorization: Bearer head", method="POST")).status == 200


def test_headers_given_twice_are_refused(probe):
    for line in ("Authorization: Bearer clerk", "Cookie: a=b", "Content-Type: application/json", "If-Match: \"1\""):
        answer = probe.ask(get("/ping", line, line))
        assert (answer.status, answer.code) == (400, "bad_header"), line


def test_idempotency_keys_are_uuids(probe):
    key = "0192f0c1-2d3e-7a4b-8c5d-6e7f80910a1b"
    post_me = lambda *lines: probe.ask(get("/me", "Authorization: Bearer clerk", *lines, method="POST"))  # noqa: E731
    assert post_me(f"Idempotency-Key: {key}").json["key"] == key
    assert post_me(f"Idempotency-Key: {key.upper()}").json["key"] == key
    assert post_me().json["key"] is None
    for bad in ("1", key[:-1], key + "0", "00000000-0000-0000-0000-000000000000", "{" + key[1:-1] + "}"):
        assert post_me(f"Idempotency-Key: {bad}").code == "bad_header"


def test_if_match_is_a_quoted_version(probe):
    delete = lambda value: probe.ask(get("/items/a", f"If-Match: {value}", method="DELETE"))  # noqa: E731
    assert delete('"12"').json["if_match"] == 12
    assert delete("*").json["if_match"] == -1
    for bad in ("12", 'W/"12"', '"-1"', '"a"', '""', '"1", "2"', '"99999999999999999999"'):
        assert delete(bad).code == "bad_header", bad


def test_path_parameters_are_decoded(probe):
    answer = probe.ask(get("/items/%E6%9C%B1%E6%9D%91%3A2017-1/parts/a+b%20c"))
    assert (answer.json["first"], answer.json["second"]) == ("朱村:2017-1", "a+b c")
    assert probe.ask(get("/items/")).status == 404
    assert probe.ask(get("/ping/")).status == 404
    assert probe.ask(get("/")).status == 404


def test_the_query_is_decoded_strictly(probe):
    assert probe.ask(get("/query?limit=5&after=%E6%9C%B1+a%2Bb")).json["query"] == ["limit", "5", "after", "朱 a+b"]
    assert probe.ask(get("/query?limit")).json["query"] == ["limit", ""]
    assert probe.ask(get("/query?limit=a=b")).json["query"] == ["limit", "a=b"]
    assert probe.ask(get("/query?")).json["query"] == []
    assert probe.ask(get("/ping?")).status == 200
    for bad, code in [("limit=%zz", "bad_query"), ("limit=%4", "bad_query"), ("limit=%00", "bad_query"),
                      ("limit=%0a", "bad_query"), ("limit=%ff", "bad_encoding"), ("limit=%c0%80", "bad_encoding"),
                      ("limit=%c2%85", "bad_query"), ("=5", "bad_query"), ("limit=1&", "bad_query"),
                      ("limit=1&limit=1", "bad_query"), ("other=1", "bad_query"),
                      ("&".join(f"a{i}=1" for i in range(65)), "bad_query")]:
        answer = probe.ask(get(f"/query?{bad}"))
        assert (answer.status, answer.code) == (400, code), bad
    assert probe.ask(get("/ping?a=1")).code == "bad_query"


@pytest.mark.parametrize("kind, status", [
    ("application/json", 201), ("Application/JSON; charset=utf-8", 201), ('application/json;charset="UTF-8"', 201),
    ("application/json;", 201), ("application/json; charset=gbk", 415), ("application/jsonp", 415),
    ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("", 415),
])
def test_bodies_are_json_by_name(probe, kind, status):
    assert probe.ask(post("/echo", b'{"a":1}', kind=kind)).status == status


def test_bodies_are_json_objects(probe):
    for body, code in [(b"{", "bad_json"), (b"[]", "bad_json"), (b"1", "bad_json"), (b"", "bad_json"),
                       (b'{"a":1}x', "bad_json"), (b'{"a":1,"a":2}', "bad_json"),
                       (b'{"a":"\xff"}', "bad_encoding")]:
        answer = probe.ask(post("/echo", body))
        assert (answer.status, answer.code) == (400, code), body
    assert probe.ask(get("/echo", method="POST")).code == "bad_json"
    assert probe.ask(get("/echo", "Content-Length: 2", method="POST") + b"{}").status == 415
    assert probe.ask(post("/plain", b"{}")).status == 200  # nothing in it
    for body in (b"[]", b"{ }", b'{"a":1}'):
        assert probe.ask(post("/plain", body)).status == 415, body
    assert probe.ask(get("/plain", "Content-Length: 2", method="POST") + b"{}").status == 415
    assert probe.ask(post("/plain", b"")).status == 200


def test_steps_may_run_again_from_the_first_with_clean_state(probe):
    answer = probe.ask(get("/thrice", method="POST"))
    assert (answer.status, answer.json) == (200, {"tries": 3})
    assert answer.headers["x-dirt"] == "1"
    answer = probe.ask(get("/always-again", method="POST"))
    assert (answer.status, answer.code) == (503, "busy")


def test_the_address_behind_a_trusted_proxy(probe):
    assert probe.ask(get("/items/a", "X-Forwarded-For: 1.2.3.4")).json["address"] == "127.0.0.1"
    with Probe(proxy="127.0.0.1") as behind:
        for value, address in [("1.2.3.4", "1.2.3.4"), ("9.9.9.9, 1.2.3.4", "1.2.3.4"), ("1.2.3.4, 127.0.0.1", "1.2.3.4"),
                               ("2001:db8::1", "2001:db8::1"), ("nonsense", "127.0.0.1"), ("", "127.0.0.1"),
                               ("1.2.3.4, nonsense", "127.0.0.1"), ("a" * 300, "127.0.0.1")]:
            assert behind.ask(get("/items/a", f"X-Forwarded-For: {value}")).json["address"] == address, value


def test_passwords_are_hashed_and_compared_beside_the_loop(probe):
    first = probe.ask(post("/hash", b'{"password":"correct horse"}')).json["hash"]
    assert first.startswith("$y$")
    stored = first.encode()
    assert probe.ask(post("/hash", b'{"password":"correct horse","stored":"%s"}' % stored)).json["same"] is True
    assert probe.ask(post("/hash", b'{"password":"correct house","stored":"%s"}' % stored)).json["same"] is False
    assert probe.ask(post("/hash", b'{"password":"correct horse","stored":"nobody"}')).json["same"] is False
    assert probe.ask(post("/hash", b'{"password":"correct horse","stored":"crooked"}')).json["same"] is False


def test_an_unknown_login_takes_as_long_as_a_known_one(probe):
    stored = probe.ask(post("/hash", b'{"password":"correct horse"}')).json["hash"].encode()

    def took(value):
        begun = time.monotonic()
        probe.ask(post("/hash", b'{"password":"correct house","stored":"%s"}' % value))
        return time.monotonic() - begun
    known, unknown = (min(took(value) for _ in range(3)) for value in (stored, b"nobody"))
    assert unknown > known / 3


def test_a_full_queue_of_passwords_is_503():
    with Probe(threads=1, queue=2) as probe:
        clients = [probe.client().send(post("/hash", b'{"password":"correct horse"}')) for _ in range(10)]
        codes = sorted(c.answer().status for c in clients)
        assert 503 in codes and 200 in codes
        for c in clients:
            c.close()


def test_a_hash_nobody_waits_for_ends_quietly():
    with Probe(threads=1, queue=50) as probe:
        for _ in range(20):
            probe.client().send(post("/hash", b'{"password":"correct horse"}')).close()
        assert probe.ask(get("/ping")).status == 200


# ---- TLS ----

@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                    folder / "key.pem", "-out", folder / "certificate.pem"], check=True, capture_output=True)
    return folder


def test_tls_speaks_like_the_plain_socket(certificate):
    with Probe(certificate=certificate / "certificate.pem", key=certificate / "key.pem") as probe:
        tls = trusting(certificate / "certificate.pem")
        with probe.client(tls=tls) as c:
            for _ in range(3):
                assert c.send(get("/ping")).answer().status == 200
                assert len(c.send(get("/big?bytes=3000000")).answer().body) == 3000000
                assert c.send(post("/echo", b'{"a":"' + b"a" * 500_000 + b'"}')).answer().status == 201
                body = b"abc" * 100_000
                raw = get("/stream", f"Content-Length: {len(body)}", method="POST") + body
                assert c.send(raw + get("/ping")).answer().json["bytes"] == len(body)
                assert c.answer().status == 200
            assert c.send(get("/ping", "Connection: close")).answer().status == 200
            assert c.closed()
        with probe.client(tls=tls) as c:
            assert c.send(b"GET /ping HTTP/1.1\r\nHost : a\r\n\r\n").answer().status == 400
            assert c.closed()
        with probe.client() as c:  # a client that does not speak TLS
            c.send(get("/ping"))
            assert not (c.more() and b"200" in c.seen)


def test_a_handshake_that_does_not_end_is_ended(certificate):
    with Probe(certificate=certificate / "certificate.pem", key=certificate / "key.pem", idle=1) as probe:
        with probe.client() as c:
            c.send(b"\x16\x03\x01")
            assert c.closed()


def test_old_tls_is_refused(certificate):
    with Probe(certificate=certificate / "certificate.pem", key=certificate / "key.pem") as probe:
        tls = trusting(certificate / "certificate.pem")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            tls.minimum_version = ssl.TLSVersion.TLSv1
            tls.maximum_version = ssl.TLSVersion.TLSv1_1
        tls.set_ciphers("DEFAULT@SECLEVEL=0")
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            probe.client(tls=tls)


def test_a_bad_certificate_stops_the_start(certificate):
    other = certificate / "other.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other], check=True)
    for chain, key in [("nothing.pem", "key.pem"), ("certificate.pem", "nothing.pem"), ("certificate.pem", "other.pem")]:
        with pytest.raises(ValueError):
            Probe(certificate=certificate / chain, key=certificate / key)


# ---- the end ----

def test_a_drain_answers_what_was_begun_and_ends_the_rest():
    probe = Probe(request=2, drain=10)
    idle, half, busy = (probe.client() for _ in range(3))
    assert idle.send(get("/ping")).answer().status == 200
    half.send(post("/echo", b'{"a":1}')[:-1])
    busy.send(get("/forever"))
    assert probe.ask(get("/ping")).status == 200
    probe.terminate()
    assert idle.closed()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", probe.port), 5)
    half.send(b"}")
    answer = half.answer()
    assert (answer.status, answer.headers["connection"]) == (201, "close")
    assert half.closed()
    assert busy.answer().status == 503
    assert busy.closed()
    assert probe.process.wait(10) == 0
    probe.close()


def test_a_drain_ends_when_its_time_is_up():
    probe = Probe(request=60, drain=1)
    busy = probe.client().send(get("/forever"))
    assert probe.ask(get("/ping")).status == 200
    probe.terminate()
    assert probe.process.wait(10) == 0
    assert busy.closed()
    probe.close()


def test_two_processes_share_one_port():
    with Probe() as first, Probe(listen=f"127.0.0.1:{first.port}") as second:
        assert first.port == second.port
        for _ in range(20):
            assert first.ask(get("/ping")).status == 200


def test_a_listening_socket_may_be_handed_over():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with Probe(inherited=listening) as probe:
            assert probe.port == listening.getsockname()[1]
            assert probe.ask(get("/ping")).status == 200
    with socket.socket() as deaf, pytest.raises(ValueError):
        Probe(inherited=deaf)


@pytest.mark.parametrize("listen", ["", "127.0.0.1", "localhost:80", "127.0.0.1:70000", "127.0.0.1:x", "[::1:80", "192.0.2.1:80"])
def test_an_address_that_is_none_stops_the_start(listen):
    with pytest.raises(ValueError):
        Probe(listen=listen)


def test_every_exchange_is_one_line_of_the_log():
    with Probe() as probe:
        probe.ask(get("/items/secret/parts/2", "Authorization: Bearer clerk"))
        probe.ask(get("/me", "Authorization: Bearer clerk"))
        probe.ask(get("/nowhere/secret"))
        probe.ask(b"secret\r\n\r\n")
        probe.counts()  # hidden
    lines = [line for line in probe.log if "exchange" in line]
    assert len(lines) == 4 and not any("secret" in line for line in lines)
    assert "method=GET route=/items/{id}/parts/{n} status=200" in lines[0]
    assert "route=/me status=200" in lines[1] and "user=1" in lines[1]
    assert "route=- status=404" in lines[2] and "route=- status=400" in lines[3]
