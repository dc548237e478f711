# SPDX-License-Identifier: MulanPSL-2.0
"""Exit status, problems, and what a hostile server or a clumsy caller can do."""
import os
import pathlib
import socket
import subprocess

import pytest

from ogi_server import case, problem

EVENTS = "/v1/cases/2025-17/events"


@pytest.mark.parametrize("status,exit_status", [
    (400, 1), (401, 4), (403, 4), (404, 1), (405, 1), (409, 5), (412, 5), (413, 1), (415, 1), (422, 1), (429, 1),
    (500, 1), (503, 1), (302, 1)])
def test_exit_status_follows_the_contract(ogi, server, status, exit_status):
    server.on("POST", EVENTS, problem(status, "some_code", "Some title", detail="in detail"))
    done = ogi("note", "2025-17", "x")
    assert (done.returncode, done.stdout) == (exit_status, "")
    assert done.stderr.startswith("ogi: Some title: in detail (some_code)\n")
    assert len(server.posts) == 1


def test_every_fault_is_named_by_its_flag(ogi, server):
    server.on("POST", "/v1/cases", problem(422, "invalid", "The body has faults", errors=[
        {"pointer": "/applicant/name", "code": "required", "detail": "is missing"},
        {"pointer": "/arrived_on", "code": "future_date", "detail": "lies in the future"},
        {"pointer": "/applicant/others/0/name", "code": "required", "detail": ""},
        {"pointer": "/a~1b/c~0d", "code": "unknown_field", "detail": "no such field"}],
        article="Art. 29", errors_left_out=7))
    done = ogi("register", "--channel", "letter")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "ogi: The body has faults (invalid, Art. 29)",
        "  --applicant-name: is missing (required)",
        "  --arrived-on: lies in the future (future_date)",
        "  --field applicant.others.0.name: required",
        "  --field a/b.c~d: no such field (unknown_field)",
        "  and 7 more"]
    server.on("POST", EVENTS, problem(422, "invalid", errors=[
        {"pointer": "/items/3", "code": "length", "detail": "too long"}]))
    assert "--item: too long" in ogi("correct", "2025-17", "--item", "x").stderr


def test_a_conflict_says_what_is_possible_and_a_refusal_who_may(ogi, server):
    server.on("POST", EVENTS, problem(409, "not_in_this_state", allowed=[{"kind": "extended"}, {"kind": "served"}]))
    assert "possible now: extended, served" in ogi("note", "2025-17", "x").stderr
    server.on("POST", EVENTS, problem(403, "role_required", roles=["ogi_head"]))
    assert "roles that may: ogi_head (head of the unit)" in ogi("note", "2025-17", "x").stderr


def test_a_throttled_caller_hears_how_long(ogi, server):
    status, body = problem(429, "slow_down", "Too many")
    server.on("POST", EVENTS, (status, body, {"Retry-After": "17"}))
    assert "17 seconds" in ogi("note", "2025-17", "x").stderr


def test_a_bare_refusal_is_told_by_its_status(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (431, b"<html>\x1b[2J</html>"))
    done = ogi("show", "2025-17")
    assert done.returncode == 1 and "431" in done.stderr and "\x1b" not in done.stderr


def test_an_answer_that_is_not_json_is_no_answer(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, b"<html>hello</html>"))
    done = ogi("show", "2025-17", "--json")
    assert (done.returncode, done.stdout) == (1, "") and "not JSON" in done.stderr


def test_a_server_that_is_down_is_status_3(ogi, server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        for words in (["list"], ["note", "2025-17", "x"], ["deadline", "--channel", "fax"]):
            done = ogi(*words, env={"OGI_SERVER": url})
            assert (done.returncode, done.stdout) == (3, "") and url in done.stderr
            assert "not known" not in done.stderr
    assert ogi("list", env={"OGI_SERVER": "nonsense://x"}).returncode == 3


def test_a_lost_answer_is_asked_for_again_under_the_same_key(ogi, server):
    server.on("POST", EVENTS, "hang up", (201, case()))
    assert ogi("note", "2025-17", "x").returncode == 0
    one, two = server.posts
    assert one.headers["Idempotency-Key"] == two.headers["Idempotency-Key"] and one.body == two.body


def test_an_unresolved_commit_is_asked_for_again_under_the_same_key(ogi, server):
    status, body = problem(503, "unresolved", "Whether it was stored is not known")
    unresolved = (status, body, {"Retry-After": "0"})
    server.on("POST", EVENTS, unresolved, (201, case()))
    assert ogi("note", "2025-17", "x").returncode == 0
    assert len({r.headers["Idempotency-Key"] for r in server.posts}) == 1 and len(server.posts) == 2
    server.on("POST", EVENTS, unresolved)
    done = ogi("note", "2025-17", "x")
    assert done.returncode == 1 and "not known whether this was recorded" in done.stderr


def test_when_no_answer_comes_the_user_hears_that_it_may_be_recorded(ogi, server):
    server.on("POST", EVENTS, "hang up")
    done = ogi("note", "2025-17", "x")
    assert done.returncode == 3 and "not known whether this was recorded" in done.stderr
    assert len({r.headers["Idempotency-Key"] for r in server.posts}) == 1


@pytest.mark.parametrize("words", [
    [], ["nonsense"], ["show"], ["show", "a", "b"], ["show", ""], ["show", "2025-17", "--nonsense"],
    ["show", "2025-17", "-x"], ["show", "2025-17", "--json=yes"], ["list", "--status"],
    ["extend", "2025-17"], ["extend", "2025-17", "--workdays", "many"],
    ["extend", "2025-17", "--workdays", "99999999999999999999"], ["extend", "2025-17", "--workdays", "5.0"],
    ["extend", "2025-17", "--workdays", ""], ["serve", "2025-17"], ["decide", "2025-17"], ["assign", "2025-17"],
    ["review", "2025-17"], ["correct", "2025-17"], ["consult", "2025-17", "--party", "third_party"],
    ["consulted", "2025-17"], ["note", "2025-17"], ["event", "2025-17"], ["event", "2025-17", "noted", "x"],
    ["event", "2025-17", "noted", "=x"], ["event", "2025-17", "noted", "a..b=x"],
    ["event", "2025-17", "noted", "a=1", "a.b=2"], ["register"], ["register", "--channel", "fax", "--description",
    "@/nonexistent"], ["stats", "f14"], ["list", "--due-within", "-1"], ["list", "--due-within", "3", "--as-of", "x"],
    ["deadline", "/nonexistent.json"], ["help", "nonsense"], ["login"]])
def test_wrong_use_is_status_2_and_asks_nothing_of_the_server(ogi, server, words):
    done = ogi(*words)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("ogi: ")
    assert server.posts == []


def test_a_required_flag_may_come_as_a_field(ogi, server):
    server.on("POST", EVENTS, (201, case()))
    assert ogi("extend", "2025-17", "--field", "workdays=5").returncode == 0
    assert server.posts[0].json == {"kind": "extended", "workdays": 5}


def test_bytes_that_are_no_text_are_refused(ogi, server, tmp_path):
    for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe6\x9c", "朱".encode("gb18030")):
        done = subprocess.run([ogi.program.encode(), b"note", b"2025-17", bad], env=ogi.env(), check=False,
                              capture_output=True)
        assert done.returncode == 2 and b"argument 3 is not UTF-8" in done.stderr
        done.stderr.decode("utf-8")
        file = tmp_path / "bad.txt"
        file.write_bytes(bad)
        done = ogi("register", "--channel", "fax", "--description", f"@{file}")
        assert done.returncode == 2 and "not UTF-8" in done.stderr
    assert server.requests == []


def test_huge_values_go_through_or_are_refused_whole(ogi, server, tmp_path):
    server.on("POST", "/v1/cases", (201, case()))
    large = tmp_path / "large.txt"
    large.write_text("字" * 300_000)
    assert ogi("register", "--channel", "fax", "--description", f"@{large}").returncode == 0
    assert server.posts[0].json["description"] == "字" * 300_000
    argument = "字" * 40_000
    assert ogi("register", "--channel", "fax", "--description", argument).returncode == 0
    assert server.posts[1].json["description"] == argument
    large.write_text("字" * 400_000)
    done = ogi("register", "--channel", "fax", "--description", f"@{large}")
    assert done.returncode == 2 and "too long" in done.stderr
    assert ogi("register", "--channel", "fax", "--description", "@/dev/zero").returncode == 2
    deep = "=" + "[" * 100_000
    assert ogi("event", "2025-17", "noted", "a" + deep).returncode == 1  # text, unknown to the server
    assert ogi("event", "2025-17", "noted", "a." * 20_000 + "b=1").returncode in (1, 2)


def test_a_huge_answer_is_printed_whole(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case(description="字" * 200_000)))
    shown = ogi("show", "2025-17", env={"COLUMNS": "80"}).stdout
    assert shown.count("字") == 200_000


HOSTILE = "a\x1b]0;owned\x07b\x9b31mc\u202ed\u2066e\x7ffg\r\nh\u200fi"


@pytest.mark.parametrize("words", [
    ["show", "2025-17"], ["show", "2025-17", "--events"], ["list"], ["stats", "f14", "2017"], ["whoami"],
    ["deadline", "--channel", "fax"], ["note", "2025-17", "x"], ["note", "2025-18", "x"]])
def test_nothing_a_server_says_steers_the_terminal(ogi, server, words):
    evil = case(description=HOSTILE, display_number=HOSTILE, assignee=HOSTILE, status=HOSTILE, due_on=HOSTILE,
                applicant={"name": HOSTILE, HOSTILE: HOSTILE}, allowed=[{"kind": HOSTILE, "until": HOSTILE}],
                warnings=[{"code": HOSTILE, "detail": HOSTILE}], clock={"state": HOSTILE, "excluded": [[HOSTILE, None]]})
    event = {"seq": 1, "kind": HOSTILE, "on": HOSTILE, "actor": HOSTILE, "data": {HOSTILE: HOSTILE},
             "due_before": HOSTILE, "due_after": None}
    server.on("GET", "/v1/cases/2025-17", (200, evil))
    server.on("GET", EVENTS, (200, {"events": [event]}))
    server.on("GET", "/v1/cases", (200, {"cases": [evil, case(number=None, id=HOSTILE)], "next": HOSTILE}))
    server.on("GET", "/v1/statistics/f14/2017", (200, {
        "form": HOSTILE, "year": 2017, "org": HOSTILE, "cells": {HOSTILE: {"value": HOSTILE}},
        "rows": [{"key": HOSTILE, "zh": HOSTILE, "en": HOSTILE}], "identities": [{"id": HOSTILE, "column": HOSTILE}], "warnings": [HOSTILE]}))
    server.on("GET", "/v1/me", (200, {"login": HOSTILE, "roles": [HOSTILE]}))
    server.on("POST", "/v1/deadline", (200, {"due_on": HOSTILE, "why": {"days": [{"date": HOSTILE, "reason": HOSTILE}]}}))
    server.on("POST", EVENTS, (201, evil))
    server.on("POST", "/v1/cases/2025-18/events", problem(422, HOSTILE, HOSTILE, detail=HOSTILE, allowed=[HOSTILE],
              errors=[{"pointer": "/" + HOSTILE, "code": HOSTILE, "detail": HOSTILE}]))
    server.on("GET", "/v1/vocabulary", (200, {"status": [{"code": HOSTILE, "en": HOSTILE}]}))
    for columns in (None, "80"):
        done = ogi(*words, env={"COLUMNS": columns})
        printed = done.stdout + done.stderr
        assert not set(printed) & set("\x1b\x07\x9b\x7f\r\u202e\u2066\u200f"), repr(printed)
        assert "<U+001B>" in printed


def test_a_text_with_nul_is_refused_with_the_whole_answer(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, b'{"number": "2025\\u0000-17"}'))
    assert ogi("show", "2025-17").returncode == 1


def test_escapes_are_shown_not_obeyed(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case(description="a\x1b[31mb\u202ec\x9bd")))
    assert "a<U+001B>[31mb<U+202E>c<U+009B>d" in ogi("show", "2025-17").stdout


def test_a_token_is_only_sent_to_the_server_that_gave_it(ogi, server, tmp_path):
    server.on("POST", "/v1/sessions", (201, {"token": "secret", "user": {"login": "duo", "org": "zhucun"}}))
    server.on("GET", "/v1/cases/2025-17", (200, case()))
    alone = {"OGI_TOKEN": None, "OGI_SERVER": None}
    assert ogi("login", "--server", server.url + "/", "--user", "duo", "--password-stdin", stdin="pw\n",
               env=alone).returncode == 0
    ogi("show", "2025-17", env=alone)
    assert server.requests[-2].headers["Authorization"] == "Bearer secret"
    other = server.url.replace("127.0.0.1", "localhost")
    ogi("show", "2025-17", "--json", env={**alone, "OGI_SERVER": other})
    assert "Authorization" not in server.requests[-1].headers


def test_login_keeps_the_token_privately_and_logout_forgets_it(ogi, server, tmp_path):
    server.on("POST", "/v1/sessions", (201, {"token": "secret", "expires_at": "x", "user": {
        "login": "duo", "name": "双人", "org": "zhucun", "roles": ["handler"]}}))
    server.on("DELETE", "/v1/sessions/current", (204, b""))
    state = tmp_path / "deep" / "er"
    alone = {"OGI_TOKEN": None, "OGI_SERVER": None, "OGI_STATE": None, "XDG_STATE_HOME": str(state)}
    done = ogi("login", "--server", server.url, "--user", "duo", "--password-stdin", stdin="pass word\n", env=alone)
    assert done.returncode == 0 and "双人" in done.stdout and "secret" not in done.stdout + done.stderr
    assert server.posts[0].json == {"login": "duo", "password": "pass word"}
    assert "Idempotency-Key" not in server.posts[0].headers and "Authorization" not in server.posts[0].headers
    file = state / "ogi" / "session.json"
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    assert "secret" in file.read_text() and "pass word" not in file.read_text()
    ogi("whoami", env=alone)
    assert server.asked("GET", "/v1/me")[-1].headers["Authorization"] == "Bearer secret"
    assert ogi("logout", env=alone).returncode == 0
    assert server.asked("DELETE", "/v1/sessions/current")[0].headers["Authorization"] == "Bearer secret"
    assert "secret" not in file.read_text() and server.url in file.read_text()
    assert ogi("logout", env=alone).returncode == 0
    assert [p.name for p in file.parent.iterdir()] == ["session.json"]


def test_a_wrong_password_is_status_4_and_leaves_no_session(ogi, server, tmp_path):
    server.on("POST", "/v1/sessions", problem(401, "bad_credentials", "Wrong login or password"))
    done = ogi("login", "--user", "duo", "--password-stdin", stdin="x", env={"OGI_TOKEN": None})
    assert done.returncode == 4 and "Wrong login" in done.stderr and "ogi login" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_state_folder_that_cannot_be_written_is_said(ogi, server):
    server.on("POST", "/v1/sessions", (201, {"token": "secret", "user": {}}))
    done = ogi("login", "--user", "duo", "--password-stdin", stdin="x", env={"OGI_STATE": "/proc/nowhere"})
    assert done.returncode == 1 and "/proc/nowhere" in done.stderr


def test_a_broken_session_file_counts_as_none(ogi, server, tmp_path):
    (tmp_path / "session.json").write_bytes(b'{"server": 5, "token": [\xff')
    server.on("GET", "/v1/me", problem(401, "no_session", "Log in"))
    done = ogi("whoami", env={"OGI_TOKEN": None})
    assert done.returncode == 4 and "ogi login" in done.stderr


def test_a_full_disk_is_not_success(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case()))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([ogi.program, "show", "2025-17", "--json"], stdout=full, stderr=subprocess.PIPE,
                              env=ogi.env(), check=False)
    assert done.returncode == 1 and b"stdout" in done.stderr


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case()))
    assert ogi("show", "2025-17", env={"http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}
               ).returncode == 0


def test_help_names_every_command_and_flag(ogi):
    everything = ogi("help").stdout
    top = pathlib.Path(__file__).parents[2]
    manual = (top / "doc" / "man" / "ogi.1").read_text(encoding="utf-8")
    commands = [line.split()[0] for line in everything.splitlines()[1:]]
    assert sorted(commands) == sorted(f.stem.removeprefix("cmd_") for f in (top / "client" / "cli").glob("cmd_*.c"))
    for name in commands:
        told = ogi("help", name)
        assert told.returncode == 0
        assert f".It Cm {name}" in manual, name
        for word in told.stdout.split():
            if word.startswith("--") and word != "--…]":
                assert word[2:].replace("-", "\\-") in manual or word[2:] in manual, (name, word)
    assert ogi("note", "--help").stdout == ogi("help", "note").stdout
    assert os.path.basename(ogi.program) + " " in ogi("--version").stdout
