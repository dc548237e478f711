# SPDX-License-Identifier: MulanPSL-2.0
"""Logging in and out: tokens, cookies, limits in time, throttling, passwords (contract §2). The clock is moved, nobody waits."""

import http.client
import json

import pytest

from support.api import Api, case, faults, problem
from support.world import PASSWORD

NOON = "2026-06-01T04:00:00Z"


@pytest.fixture(autouse=True)
def noon(daemon):
    """Each story begins on that day at noon, without earlier failures or sessions."""
    daemon.now = NOON
    daemon.tokens.clear()
    daemon.sql("DELETE FROM login_failure")


@pytest.fixture
def admin(daemon):
    return daemon.api("admin")


def login(daemon, who, password=PASSWORD, **more):
    return daemon.api().post("/v1/sessions", {"login": who, "password": password, **more})


def person(daemon, admin, name, **fields):
    answer = admin.post("/v1/users", {"login": name, "name": name, "org": "zhucun", "roles": ["handler"],
                                      "password": "0123456789", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def with_token(daemon, token):
    return Api(daemon.url, token)


def test_a_login_gives_a_token_that_works(daemon):
    answer = login(daemon, "duo")
    assert answer.status_code == 201 and "Set-Cookie" not in answer.headers
    made = answer.json()
    assert made["expires_at"] == "2026-06-01T16:00:00.000Z"
    assert (made["user"]["login"], made["user"]["org"], len(made["user"]["roles"])) == ("duo", "zhucun", 8)
    me = with_token(daemon, made["token"]).get("/v1/me").json()
    assert (me["login"], me["org"], me["org_name"], me["expires_at"]) == ("duo", "zhucun", "朱村街道", made["expires_at"])
    assert me["roles"] == made["user"]["roles"]
    assert len(made["token"]) >= 32 and made["token"] not in daemon.log.read_text()
    assert login(daemon, "duo").json()["token"] != made["token"]


def test_a_token_is_kept_as_a_hash_only(daemon):
    token = login(daemon, "duo").json()["token"]
    for (row,) in daemon.sql("SELECT s::text FROM session s"):
        assert token not in row
    assert daemon.sql("SELECT count(*) FROM session WHERE token_hash = sha256(%s)", (token.encode(),)) == [(1,)]


def test_a_login_is_not_case_sensitive(daemon):
    assert login(daemon, "DUO").status_code == 201


def test_a_wrong_login_and_a_wrong_password_get_one_answer(daemon):
    one, two = login(daemon, "duo", "wrong password"), login(daemon, "nobody", "wrong password")
    assert problem(one, 401, "bad_credentials") == problem(two, 401, "bad_credentials")
    for who, password in [("duo", PASSWORD + " "), ("duo", PASSWORD.upper()), ("duo", "x"), ("duo\u00a0", PASSWORD),
                          ("ｄｕｏ", PASSWORD), ("' OR '1'='1", PASSWORD)]:
        problem(login(daemon, who, password), 401, "bad_credentials")


def test_what_is_missing_is_said(daemon):
    api = daemon.api()
    assert faults(api.post("/v1/sessions", {})) == {("/login", "required"), ("/password", "required")}
    assert faults(api.post("/v1/sessions", {"login": 1, "password": "x" * 513, "cookie": "yes", "otp": 1})) == {
        ("/login", "type"), ("/password", "too_long"), ("/cookie", "type"), ("/otp", "unknown_field")}


# ---- throttling ----

def test_failures_are_slowed_down_by_address_and_login(daemon, admin):
    for _ in range(5):
        problem(login(daemon, "handler", "wrong password"), 401)
    answer = login(daemon, "handler", "wrong password")
    problem(answer, 429, "throttled")
    assert 1 <= int(answer.headers["Retry-After"]) <= 301
    problem(login(daemon, "handler"), 429)  # the right password does not help now
    problem(login(daemon, "Handler"), 429)
    assert login(daemon, "leader").status_code == 201  # another login is not locked
    assert from_address(daemon, "127.0.0.2", "handler") == 201  # another address is not locked
    daemon.now = "2026-06-01T04:05:01Z"
    assert login(daemon, "handler").status_code == 201
    for _ in range(4):
        problem(login(daemon, "handler", "wrong password"), 401)  # the count began anew
    assert login(daemon, "handler").status_code == 201


def from_address(daemon, address, who, password=PASSWORD):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, source_address=(address, 0), timeout=30)
    connection.request("POST", "/v1/sessions", json.dumps({"login": who, "password": password}),
                       {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_an_unknown_login_is_slowed_down_as_well(daemon):
    for _ in range(5):
        problem(login(daemon, "nobody", "wrong password"), 401)
    problem(login(daemon, "nobody", "wrong password"), 429)


def test_retry_after_says_when(daemon):
    for second in range(5):
        daemon.now = f"2026-06-01T04:00:{second * 10:02}Z"
        problem(login(daemon, "handler", "wrong password"), 401)
    wait = int(login(daemon, "handler").headers["Retry-After"])
    daemon.now = "2026-06-01T04:%02d:%02dZ" % divmod(40 + wait - 2, 60)
    problem(login(daemon, "handler"), 429)
    daemon.now = "2026-06-01T04:%02d:%02dZ" % divmod(40 + wait + 1, 60)
    assert login(daemon, "handler").status_code == 201


def test_an_administrator_clears_it(daemon, admin):
    for _ in range(6):
        login(daemon, "handler", "wrong password")
    problem(login(daemon, "handler"), 429)
    problem(daemon.api("leader").post("/v1/users/handler/unlock"), 403, "role_required")
    assert admin.post("/v1/users/handler/unlock").json()["login"] == "handler"
    assert login(daemon, "handler").status_code == 201


# ---- time ----

def test_a_session_not_used_for_two_hours_ends(daemon):
    token = login(daemon, "duo").json()["token"]
    api = with_token(daemon, token)
    for hour in (5, 6, 7, 8):
        daemon.now = f"2026-06-01T{hour:02}:59:00Z"
        assert api.get("/v1/me").status_code == 200, hour
    daemon.now = "2026-06-01T10:59:01Z"
    problem(api.get("/v1/me"), 401, "session_expired")
    daemon.now = "2026-06-01T08:59:30Z"


def test_a_session_ends_after_twelve_hours_however_it_is_used(daemon):
    token = login(daemon, "duo").json()["token"]
    api = with_token(daemon, token)
    for hour in range(5, 16):
        daemon.now = f"2026-06-01T{hour:02}:59:59Z"
        assert api.get("/v1/me").status_code == 200, hour
    daemon.now = "2026-06-01T16:00:00Z"
    problem(api.get("/v1/me"), 401, "session_expired")


def test_logging_out_ends_this_session_only(daemon):
    one, two = (with_token(daemon, login(daemon, "duo").json()["token"]) for _ in range(2))
    answer = one.call("DELETE", "/v1/sessions/current")
    assert (answer.status_code, answer.content) == (204, b"")
    problem(one.get("/v1/me"), 401, "no_session")
    problem(one.call("DELETE", "/v1/sessions/current"), 401)
    assert two.get("/v1/me").status_code == 200


# ---- cookies ----

def test_a_cookie_instead_of_a_token(daemon):
    answer = login(daemon, "duo", cookie=True)
    assert answer.status_code == 201 and "token" not in answer.json()
    parts = [part.strip() for part in answer.headers["Set-Cookie"].split(";")]
    assert parts[0].startswith("ogid_session=") and {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(parts)
    assert "Max-Age=43200" in parts
    cookie = {"Cookie": "theme=dark; " + parts[0] + "; x=y"}
    assert daemon.api().get("/v1/me", headers=cookie).json()["login"] == "duo"


def test_a_cookie_does_nothing_for_another_site(daemon):
    cookie = login(daemon, "duo", cookie=True).headers["Set-Cookie"].split(";")[0]
    host = f"127.0.0.1:{daemon.port}"
    api = daemon.api()
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{host}"},
                    {"Origin": f"http://{host}.evil.example"}, {"Origin": f"http://evil.example/{host}"}):
        problem(api.post("/v1/cases", case(), headers={"Cookie": cookie, **headers}), 403, "forbidden")
        problem(api.call("DELETE", "/v1/sessions/current", headers={"Cookie": cookie, **headers}), 403, "forbidden")
    for headers in ({"Origin": f"http://{host}"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert api.post("/v1/cases", case(), headers={"Cookie": cookie, **headers}).status_code == 201
    assert api.get("/v1/me", headers={"Cookie": cookie, "Sec-Fetch-Site": "cross-site"}).status_code == 200  # SameSite=Strict
    out = api.call("DELETE", "/v1/sessions/current", headers={"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
    assert out.status_code == 204 and "Max-Age=0" in out.headers["Set-Cookie"]
    problem(api.get("/v1/me", headers={"Cookie": cookie}), 401)


def test_a_token_is_not_hampered_by_the_site(daemon):
    api = with_token(daemon, login(daemon, "duo").json()["token"])
    assert api.post("/v1/cases", case(), headers={"Origin": "https://other.example"}).status_code == 201


# ---- passwords ----

def test_a_new_password_ends_the_other_sessions(daemon, admin):
    person(daemon, admin, "li")
    one, two = (with_token(daemon, login(daemon, "li", "0123456789").json()["token"]) for _ in range(2))
    assert faults(one.post("/v1/me/password", {"old": "wrong one", "new": "abcdefghij"})) == {("/old", "wrong_password")}
    assert two.get("/v1/me").status_code == 200
    assert one.post("/v1/me/password", {"old": "0123456789", "new": "abcdefghij"}).status_code == 204
    assert one.get("/v1/me").status_code == 200
    problem(two.get("/v1/me"), 401)
    problem(login(daemon, "li", "0123456789"), 401, "bad_credentials")
    assert login(daemon, "li", "abcdefghij").status_code == 201


def test_a_password_has_ten_characters_and_is_not_the_login(daemon, admin):
    for password, code in [("123456789", "too_short"), ("九个字符的密码短短", "too_short"), ("", "required")]:
        found = faults(admin.post("/v1/users", {"login": "wang", "name": "王", "roles": ["handler"], "password": password}))
        assert found == {("/password", code)}, password
    body = {"login": "wang-and-sons", "name": "王", "roles": ["handler"], "password": "Wang-And-Sons"}
    assert faults(admin.post("/v1/users", body)) == {("/password", "password_is_login")}
    person(daemon, admin, "zhao-and-sons", password="十个字符的密码够长了")
    api = with_token(daemon, login(daemon, "zhao-and-sons", "十个字符的密码够长了").json()["token"])
    for new, code in [("123456789", "too_short"), ("zhao-and-sons", "password_is_login")]:
        assert faults(api.post("/v1/me/password", {"old": "十个字符的密码够长了", "new": new})) == {("/new", code)}


def test_no_password_is_kept_readable(daemon, admin):
    person(daemon, admin, "sun", password="unmistakable 4711")
    login(daemon, "sun", "unmistakable 4711")
    for table in ("app_user", "audit_entry", "idempotency_key", "session", "login_failure"):
        for (row,) in daemon.sql(f"SELECT t::text FROM {table} t"):
            assert "unmistakable" not in row
    assert daemon.sql("SELECT password_hash FROM app_user WHERE login = 'sun'")[0][0].startswith("$y$")
    assert "unmistakable" not in daemon.log.read_text()


# ---- people who may no longer ----

def test_a_disabled_person_is_out_at_once(daemon, admin):
    person(daemon, admin, "qian")
    api = with_token(daemon, login(daemon, "qian", "0123456789").json()["token"])
    assert api.get("/v1/me").status_code == 200
    assert admin.post("/v1/users/qian/disable").json()["disabled"] is True
    problem(api.get("/v1/me"), 401)
    problem(login(daemon, "qian", "0123456789"), 401, "bad_credentials")
    assert admin.post("/v1/users/qian/enable").json()["disabled"] is False
    assert login(daemon, "qian", "0123456789").status_code == 201
    problem(api.get("/v1/me"), 401)


def test_new_roles_hold_at_once(daemon, admin):
    person(daemon, admin, "zhou")
    api = with_token(daemon, login(daemon, "zhou", "0123456789").json()["token"])
    assert api.post("/v1/cases", case()).status_code == 201
    assert admin.call("PUT", "/v1/users/zhou/roles", {"roles": ["archivist"]}).json()["roles"] == ["archivist"]
    problem(api.post("/v1/cases", case()), 403, "role_required")
    assert api.get("/v1/me").json()["roles"] == ["archivist"]
