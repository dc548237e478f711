# SPDX-License-Identifier: MulanPSL-2.0
"""ogi on a terminal of 80 columns: tables with Chinese, colours, questions; and in the C locale."""
import os
import signal

import pytest

from ogi_server import case, problem
from ogi_terminal import plain, width

LONG = "关于朱村街道二〇一六年度征收集体土地的补偿安置方案、批准文件及公告的全文"
ROWS = [
    case(description=LONG * 3),
    case(number="2025-18", status="correction_requested", due_on=None, light="none", assignee="duo",
         applicant={"name": "广州某某环境科技有限公司增城分公司"}, description="a" + LONG),
    case(number=None, id="01920000-0000-7000-8000-0000000000aa", status="arrived", due_on=None, light="none",
         applicant={"name": "é́́" * 30}),
    case(number="2025-19", light="overdue", due_on="2025-03-02", description="line\nbreak\tand tab"),
    case(number="2025-20", light="amber", due_on=None, latest_due_on="2025-06-30"),
]
LOCALES = [{"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "zh_CN.UTF-8"},
           {"LC_ALL": None, "LANG": "zh_CN.GB18030"}, {"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8", "LANG": "C"}, {"LC_ALL": None}]


@pytest.fixture(name="ledger")
def fixture_ledger(server):
    server.on("GET", "/v1/cases", (200, {"cases": ROWS, "next": None}))
    server.on("GET", "/v1/cases/2025-17", (200, case(description=LONG * 5 + "word " * 40 + "x" * 200)))
    server.on("GET", "/v1/cases/2025-17/events", (200, {"events": [
        {"seq": 1, "kind": "registered", "on": "2025-04-21", "actor": "front_desk", "due_before": None,
         "due_after": "2025-05-22", "data": {"description": LONG * 5, "applicant": {"name": "é́́" * 90}}}]}))
    columns = ["natural", "business", "research", "public_interest", "legal_service", "other_org", "total"]
    server.on("GET", "/v1/statistics/f21/2025", (200, {
        "form": "f21", "year": 2025, "org": "zhucun", "cells": {"t3.refuse.security_stability": dict.fromkeys(columns, 13810)},
        "rows": [{"number": 7, "key": "t3.refuse.security_stability", "zh": "危及“三安全一稳定”",
                  "en": "endangers security", "unit": "件"}], "identities": []}))
    return server


@pytest.mark.parametrize("locale", LOCALES, ids=str)
@pytest.mark.parametrize("words", [["list"], ["show", "2025-17"], ["show", "2025-17", "--events"],
                                   ["stats", "f21", "2025"], ["help"], ["help", "list"]], ids=" ".join)
def test_no_line_is_wider_than_the_terminal(ogi, ledger, words, locale):
    printed, status = ogi.on_terminal(*words, env=locale).finish()
    assert status == 0
    lines = plain(printed).splitlines()
    assert lines and max(map(width, lines)) <= 80, [line for line in lines if width(line) > 80]
    assert "\ufffd" not in printed


def test_columns_stand_below_each_other(ogi, ledger):
    for locale in LOCALES:
        done = ogi("list", env={**locale, "COLUMNS": "80"})
        lines = done.stdout.splitlines()[:1 + len(ROWS)]
        due = width(lines[0].split("due")[0].split("答复期限")[0])
        for line in lines[1:]:
            cells = [line[i:] for i in range(len(line)) if width(line[:i]) == due]
            assert cells and cells[0][:4] in ("2025", "    ", "<=20"), line


def test_an_arrivals_id_is_told_below_the_table(ogi, ledger):
    done = ogi("list", env={"COLUMNS": "80"})
    assert done.stdout.splitlines()[-1] == "*1  01920000-0000-7000-8000-0000000000aa"
    assert "\n*1 " in done.stdout
    assert "01920000-0000-7000-8000-0000000000aa 2025-04-21" in ogi("list").stdout


def test_a_pipe_gets_the_whole_text(ogi, ledger):
    assert LONG * 3 in ogi("list").stdout
    assert LONG * 5 in ogi("show", "2025-17").stdout


def test_language_follows_the_first_variable_that_is_set(ogi, ledger):
    def head(**env):
        return ogi("list", env={"LC_ALL": None, **env}).stdout.splitlines()[0].split()[0]
    assert head(LC_ALL="zh_CN.UTF-8", LANG="en_US.UTF-8") == "编号"
    assert head(LC_MESSAGES="zh_CN", LANG="en_US.UTF-8") == "编号"
    assert head(LANG="zh_CN.UTF-8") == "编号"
    assert head(LC_ALL="C", LANG="zh_CN.UTF-8") == "number"
    assert head() == "number"


def test_the_server_hears_the_language(ogi, ledger):
    ogi("list", "--json", env={"LC_ALL": "zh_CN.UTF-8"})
    ogi("list", "--json", env={"LC_ALL": "C"})
    assert [r.headers["Accept-Language"] for r in ledger.requests] == ["zh-CN", "en"]


def test_codes_stand_where_the_server_has_no_labels(ogi, ledger):
    ledger.on("GET", "/v1/vocabulary", problem(404, "unknown"))
    done = ogi("list")
    assert "correction_requested" in done.stdout and done.stderr == ""


def test_colour_is_for_terminals_that_want_it(ogi, ledger):
    assert "\x1b[3" in ogi.on_terminal("list").finish()[0]
    assert "\x1b[" not in ogi.on_terminal("list", env={"NO_COLOR": "1"}).finish()[0]
    assert "\x1b[" not in ogi.on_terminal("list", env={"TERM": "dumb"}).finish()[0]
    assert "\x1b[3" in ogi.on_terminal("list", env={"NO_COLOR": ""}).finish()[0]
    assert "\x1b[" not in ogi("list").stdout


def test_json_on_a_terminal_keeps_its_meaning_and_steers_nothing(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, '{"a": "x\u009b31m\u202ey朱"}'.encode()))
    printed, _ = ogi.on_terminal("show", "2025-17", "--json").finish()
    assert printed == '{"a": "x\\u009b31m\\u202ey朱"}\n'
    assert ogi("show", "2025-17", "--json").stdout == '{"a": "x\u009b31m\u202ey朱"}\n'


def test_register_asks_for_what_is_missing(ogi, server):
    server.on("POST", "/v1/cases", (201, case(query_code="AB12")))
    terminal = ogi.on_terminal("register", env={"LC_ALL": "zh_CN.UTF-8"})
    for question, answer in [
            ("申请渠道：", "3"), ("递交方式（", "mail_signed"), ("到件日期（", "2025-04-20"), ("签收日期（", "2025-04-21"),
            ("确认日期（", ""), ("申请人类别：", ""), ("申请人类别：", "1"), ("申请人：", "王小明"), ("证件类型（", ""),
            ("证件号码（", ""), ("联系电话（", ""), ("电子邮箱（", "wang@example.org"), ("所需信息：", "征地批文"),
            ("主题（", "")]:
        terminal.expect(question)
        terminal.type(answer + "\n")
    printed, status = terminal.finish()
    assert status == 0 and "AB12" in printed and "信函" in printed, repr(printed)
    assert server.posts[0].json == {
        "channel": "letter", "via": "mail_signed", "arrived_on": "2025-04-20", "signed_on": "2025-04-21",
        "applicant": {"kind": "natural", "name": "王小明", "email": "wang@example.org"}, "description": "征地批文"}


def test_register_asks_nothing_that_was_given(ogi, server):
    server.on("POST", "/v1/cases", (201, case()))
    terminal = ogi.on_terminal("register", "--channel", "in_person", "--applicant-kind", "natural", "--applicant-name",
                               "王", "--phone", "1")
    terminal.expect("description: ")
    terminal.type("征地\x7f\x7f土地\n")
    _, status = terminal.finish()
    assert status == 0 and server.posts[0].json["description"] == "土地"
    whole = ogi.on_terminal("register", "--channel", "fax", "--field", "confirmed=false")
    assert whole.finish()[1] == 0
    assert server.posts[1].json == {"channel": "fax", "confirmed": False}


def test_the_end_of_input_registers_nothing(ogi, server):
    terminal = ogi.on_terminal("register")
    terminal.expect("channel: ")
    terminal.type("\x04")
    printed, status = terminal.finish()
    assert status == 2 and server.posts == [] and "nothing was registered" in printed


def test_an_ended_session_is_said_before_the_typing(ogi, server):
    server.on("GET", "/v1/me", problem(401, "no_session", "Log in"))
    printed, status = ogi.on_terminal("register").finish()
    assert status == 4 and "channel" not in printed


def test_a_password_is_asked_for_without_echo(ogi, server):
    server.on("POST", "/v1/sessions", (201, {"token": "secret", "user": {"name": "双人", "org": "zhucun"}}))
    terminal = ogi.on_terminal("login", "--server", server.url, env={"OGI_TOKEN": None})
    terminal.expect("login: ")
    terminal.type("duo\n")
    terminal.expect("password: ")
    assert not terminal.echoes()
    terminal.type("correct horse 朱\n")
    printed, status = terminal.finish()
    assert status == 0 and "horse" not in printed
    assert server.posts[0].json == {"login": "duo", "password": "correct horse 朱"}
    again = ogi.on_terminal("login", env={"OGI_TOKEN": None, "OGI_SERVER": None})
    again.expect("login [duo]: ")
    again.type("\n")
    again.expect("password: ")
    again.type("x\n")
    assert again.finish()[1] == 0 and server.posts[1].json["login"] == "duo"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_password_gives_the_echo_back(ogi, server, number):
    terminal = ogi.on_terminal("login", "--user", "duo")
    terminal.expect("password: ")
    assert not terminal.echoes()
    if number == signal.SIGINT:
        terminal.type("\x03")
    else:
        os.kill(terminal.pid, number)
    while terminal.read_more():
        pass
    assert terminal.echoes()
    assert terminal.finish()[1] == -number and server.posts == []
