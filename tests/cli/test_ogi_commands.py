# SPDX-License-Identifier: MulanPSL-2.0
"""What each command sends, and what it makes of the answer."""
import json
import uuid

import pytest

from ogi_server import case, problem

EVENTS = "/v1/cases/2025-17/events"

# words of the command, kind of event, fields of the body
EVENT_COMMANDS = [
    (["extend", "2025-17", "--workdays", "20", "--on", "2025-05-20", "--approved-by", "ogi_head"],
     {"kind": "extended", "workdays": 20, "on": "2025-05-20", "approved_by": "ogi_head"}),
    (["correct", "2025-17", "--item", "年份", "--item", "地块", "--on=2025-04-23"],
     {"kind": "correction_requested", "items": ["年份", "地块"], "on": "2025-04-23"}),
    (["corrected", "2025-17", "--on", "2025-04-28"], {"kind": "correction_received", "on": "2025-04-28"}),
    (["consult", "2025-17", "--party", "third_party", "--name", "某公司"],
     {"kind": "consultation_opened", "party": "third_party", "name": "某公司"}),
    (["consulted", "2025-17", "--opinion", "object", "--reason", "商业秘密"],
     {"kind": "consultation_closed", "opinion": "object", "reason": "商业秘密"}),
    (["review", "2025-17", "--decision", "passed"], {"kind": "reviewed", "decision": "passed"}),
    (["decide", "2025-17", "--outcome", "grant", "--variant", "grant.provided", "--basis", "第三十六条",
      "--basis", "第四十条"],
     {"kind": "decided", "outcome": "grant", "variant": "grant.provided", "basis": ["第三十六条", "第四十条"]}),
    (["serve", "2025-17", "--by", "post", "--tracking-no", "EA123", "--on", "2025-05-21"],
     {"kind": "served", "by": "post", "tracking_no": "EA123", "on": "2025-05-21"}),
    (["withdraw", "2025-17", "--note", "电话撤回"], {"kind": "withdrawn", "note": "电话撤回"}),
    (["assign", "2025-17", "--to", "handler"], {"kind": "assigned", "to": "handler"}),
    (["note", "2025-17", "已电话联系"], {"kind": "noted", "note": "已电话联系"}),
    (["note", "2025-17", "--", "--not a flag"], {"kind": "noted", "note": "--not a flag"}),
    (["event", "2025-17", "fee_noticed", "basis=pages", "quantity=35", "amount=12.5", "approved_by=\"7\"",
      "items=[1,{\"a\":null}]", "note=0 + 0"],
     {"kind": "fee_noticed", "basis": "pages", "quantity": 35, "amount": 12.5, "approved_by": "7",
      "items": [1, {"a": None}], "note": "0 + 0"}),
    (["extend", "2025-17", "--workdays", "5", "--field", "evidence.attempts=[1]", "--field", "evidence.x=y=z"],
     {"kind": "extended", "workdays": 5, "evidence": {"attempts": [1], "x": "y=z"}}),
]


@pytest.mark.parametrize("words,body", EVENT_COMMANDS, ids=lambda value: value[0] if isinstance(value, list) else "")
def test_flags_become_the_fields_of_the_event(ogi, server, words, body):
    server.on("POST", EVENTS, (201, case(version=7)))
    done = ogi(*words)
    assert (done.returncode, done.stderr) == (0, "")
    request, = server.posts
    assert request.json == body
    assert request.query == {}
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == "Bearer token-of-test"
    assert uuid.UUID(request.headers["Idempotency-Key"]).version == 4
    assert "2025-17" in done.stdout and "2025-05-22" in done.stdout


def test_each_command_has_a_key_of_its_own(ogi, server):
    server.on("POST", EVENTS, (201, case()))
    ogi("note", "2025-17", "a")
    ogi("note", "2025-17", "a")
    one, two = server.posts
    assert one.headers["Idempotency-Key"] != two.headers["Idempotency-Key"]


def test_a_dry_run_says_that_nothing_was_recorded(ogi, server):
    server.on("POST", EVENTS, (201, case(due_on="2025-06-20")))
    done = ogi("extend", "2025-17", "--workdays", "20", "--dry-run")
    assert server.posts[0].query == {"dry_run": "true"}
    assert "nothing was recorded" in done.stderr and "2025-06-20" in done.stdout


@pytest.mark.parametrize("number,path", [
    ("zhucun:2025-17", "/v1/cases/zhucun:2025-17"),
    ("../users", "/v1/cases/..%2Fusers"),
    ("a b?c#d%", "/v1/cases/a%20b%3Fc%23d%25"),
    ("编号", "/v1/cases/%E7%BC%96%E5%8F%B7"),
    ("..", "/v1/cases/.."),
])
def test_a_number_is_one_part_of_the_path_whatever_it_holds(ogi, server, number, path):
    ogi("show", number)
    assert server.requests[0].target == path


def test_register_sends_nested_fields_and_prints_what_the_applicant_needs(ogi, server, tmp_path):
    text = tmp_path / "request.txt"
    text.write_text("\ufeff第一行\n第二行\n", encoding="utf-8")
    server.on("POST", "/v1/cases", (201, case(query_code="AB12-CD34", warnings=[
        {"code": "identity_missing", "detail": "未提供身份证明"}])))
    done = ogi("register", "--channel", "letter", "--via", "mail_signed", "--arrived-on", "2025-04-20",
               "--signed-on", "2025-04-21", "--applicant-kind", "natural", "--applicant-name", "王小明",
               "--phone", "020-82852559", "--description", f"@{text}", "--subject", "land_use",
               "--field", 'applicant.others=[{"name":"李四"}]', "--field", "assisted=true")
    assert done.returncode == 0
    assert server.posts[0].json == {
        "channel": "letter", "via": "mail_signed", "arrived_on": "2025-04-20", "signed_on": "2025-04-21",
        "applicant": {"kind": "natural", "name": "王小明", "phone": "020-82852559", "others": [{"name": "李四"}]},
        "description": "第一行\n第二行", "subject": "land_use", "assisted": True,
    }
    assert "Idempotency-Key" in server.posts[0].headers
    for text in ("2025-17", "2025-04-21", "2025-05-22", "AB12-CD34"):
        assert text in done.stdout
    assert done.stderr == "ogi: warning: 未提供身份证明 (identity_missing)\n"


def test_a_doubled_at_sign_begins_a_text(ogi, server):
    server.on("POST", "/v1/cases", (201, case()))
    ogi("register", "--channel", "fax", "--description", "@@home")
    assert server.posts[0].json["description"] == "@home"


def test_an_arrival_without_number_is_told_by_its_id(ogi, server):
    server.on("POST", "/v1/cases", (201, case(number=None, display_number=None, status="arrived")))
    done = ogi("register", "--channel", "fax")
    assert "01920000-0000-7000-8000-000000000001" in done.stdout


def test_json_is_the_answer_unchanged(ogi, server):
    raw = b'{"number":  "2025-17", "x": 1.50, "warnings": [], "name": "\xe6\x9c\xb1\\u001b"}\n'
    server.on("GET", "/v1/cases/2025-17", (200, raw))
    assert ogi("show", "2025-17", "--json").stdout.encode() == raw
    server.on("GET", "/v1/cases", (200, b'{"cases": [],   "next": null}'))
    assert ogi("list", "--json").stdout == '{"cases": [],   "next": null}\n'


def test_list_turns_flags_into_the_query(ogi, server):
    server.on("GET", "/v1/cases", (200, {"cases": [], "next": None}))
    done = ogi("list", "--overdue", "--status", "in_process,decided", "--channel", "letter", "--search", "土地 & 房",
               "--org", "zhucun", "--rollup", "--as-of", "2025-05-01", "--sort", "-receipt_date", "--limit", "10")
    assert done.returncode == 0
    assert server.requests[0].query == {
        "light": "overdue", "status": "in_process,decided", "channel": "letter", "q": "土地 & 房", "org": "zhucun",
        "rollup": "true", "as_of": "2025-05-01", "sort": "-receipt_date", "limit": "10"}


@pytest.mark.parametrize("words,query", [
    (["--due-within", "3"], {"due_from": "2025-05-16", "due_to": "2025-05-19", "status": "open"}),
    (["--due-within", "0", "--as-of", "2024-02-29"],
     {"as_of": "2024-02-29", "due_from": "2024-02-29", "due_to": "2024-02-29", "status": "open"}),
    (["--due-within", "2", "--as-of", "2024-02-28"],
     {"as_of": "2024-02-28", "due_from": "2024-02-28", "due_to": "2024-03-01", "status": "open"}),
    (["--due-within", "366", "--as-of", "2023-12-31"],
     {"as_of": "2023-12-31", "due_from": "2023-12-31", "due_to": "2024-12-31", "status": "open"}),
    (["--due-within", "3", "--overdue"], {"due_to": "2025-05-19", "status": "open"}),
    (["--due-within", "3", "--status", "decided"],
     {"due_from": "2025-05-16", "due_to": "2025-05-19", "status": "decided"}),
])
def test_due_within_counts_from_the_servers_day_in_china(ogi, server, words, query):
    server.on("GET", "/v1/cases", (200, {"cases": [], "next": None}))
    assert ogi("list", *words).returncode == 0
    assert server.asked("GET", "/v1/cases")[0].query == query


def test_all_follows_the_cursors(ogi, server):
    pages = [(200, {"cases": [case(number=f"2025-{i}")], "next": f"c{i}" if i < 3 else None}) for i in (1, 2, 3)]
    server.on("GET", "/v1/cases", *pages)
    done = ogi("list", "--all")
    assert [r.query.get("after") for r in server.asked("GET", "/v1/cases")] == [None, "c1", "c2"]
    assert {r.query["limit"] for r in server.asked("GET", "/v1/cases")} == {"200"}
    assert all(f"2025-{i} " in done.stdout for i in (1, 2, 3))
    server.on("GET", "/v1/cases", *pages)
    whole = json.loads(ogi("list", "--all", "--json").stdout)
    assert [row["number"] for row in whole["cases"]] == ["2025-1", "2025-2", "2025-3"]
    assert whole["next"] is None
    server.on("GET", "/v1/cases", (200, {"cases": [], "next": None}))
    assert json.loads(ogi("list", "--all", "--json").stdout) == {"cases": [], "next": None}


def test_one_page_says_that_there_are_more(ogi, server):
    server.on("GET", "/v1/cases", (200, {"cases": [case()], "next": "abc"}))
    done = ogi("list")
    assert "--after abc" in done.stderr and done.returncode == 0


def test_the_number_of_another_organisation_names_it(ogi, server):
    server.on("GET", "/v1/cases", (200, {"cases": [case(), case(org="shitan", number="2025-3")], "next": None}))
    lines = ogi("list").stdout.splitlines()
    assert lines[1].startswith("2025-17 ") and lines[2].startswith("shitan:2025-3 ")


def test_show_asks_for_what_was_known(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case()))
    ogi("show", "2025-17", "--as-of", "2025-05-01", "--known-at", "2025-05-02T00:00:00Z", "--reveal")
    assert server.requests[0].query == {"as_of": "2025-05-01", "known_at": "2025-05-02T00:00:00Z",
                                        "reveal": "applicant"}


def test_show_says_what_to_watch_and_how_the_clock_stands(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case(
        watch=[{"kind": "consultation", "on": "2025-05-22", "number": 1}, {"kind": "newer", "on": "2025-06-01"}],
        clock={"state": "suspended", "period": 20, "extension": 15, "counted": 12, "remaining": 23,
               "excluded": [["2025-04-26", "2025-05-02"], ["2025-05-10", None]]})))
    lines = ogi("show", "2025-17").stdout.splitlines()
    assert "to watch              consultation 1: 2025-05-22, newer: 2025-06-01" in lines
    assert ("clock                 suspended: 12 of 20 + 15 working days, 23 left; excluded 2025-04-26 – 2025-05-02, "
            "2025-05-10 – …") in lines


def test_show_leaves_out_what_says_nothing(ogi, server):
    server.on("GET", "/v1/cases/2025-17", (200, case(display_number="2025-17", light="none", overdue_workdays=0)))
    lines = ogi("show", "2025-17").stdout.splitlines()
    assert lines[0].split() == ["number", "2025-17"]
    assert not [line for line in lines if line.startswith(("light", "working days overdue", "outcome", "marks"))]
    server.on("GET", "/v1/cases/2025-17", (200, case(light="overdue", overdue_workdays=3)))
    assert "working days overdue  3" in ogi("show", "2025-17").stdout.splitlines()


def test_the_story_leaves_out_what_the_ledger_added(ogi, server):
    server.on("GET", EVENTS, (200, {"events": [
        {"seq": 1, "kind": "registered", "on": "2025-04-21", "actor": "front_desk", "due_before": None, "due_after": None,
         "data": {"channel": "letter", "year": 2025, "serial": 17, "has_identity": False, "subject": None}}]}))
    assert ogi("show", "2025-17", "--events").stdout.splitlines() == [
        "   1  2025-04-21  registered · front_desk", "      channel: letter"]


def test_events_tell_the_story(ogi, server):
    server.on("GET", EVENTS, (200, {"events": [
        {"seq": 1, "kind": "registered", "on": "2025-04-21", "actor": "front_desk",
         "data": {"channel": "letter", "applicant": {"name": "王小明"}}, "due_before": None,
         "due_after": "2025-05-22"},
        {"seq": 2, "kind": "consultation_opened", "on": "2025-04-25", "actor": "handler",
         "data": {"party": "third_party", "name": "某公司"}, "due_before": "2025-05-22", "due_after": None},
        {"seq": 3, "kind": "extended", "on": "2025-05-20", "actor": "handler", "data": {"workdays": 20},
         "due_before": "2025-06-20", "due_after": "2025-07-18"},
        {"seq": 4, "kind": "noted", "on": "2025-05-20", "actor": "handler", "data": {"note": "x"},
         "due_before": "2025-07-18", "due_after": "2025-07-18"},
    ]}))
    assert ogi("show", "2025-17", "--events", env={"LC_ALL": "zh_CN.UTF-8"}).stdout.splitlines() == [
        "   1  2025-04-21  登记 · front_desk", "      申请渠道：信函 · 申请人：王小明", "      期限 2025-05-22",
        "   2  2025-04-25  征求意见 · handler", "      征求对象类别：第三方 · 名称：某公司",
        "      期限 2025-05-22 → 无",
        "   3  2025-05-20  延长期限 · handler", "      工作日：20", "      期限 2025-06-20 → 2025-07-18",
        "   4  2025-05-20  noted · handler", "      备注：x",
    ]


def test_deadline_takes_a_file_standard_input_or_flags(ogi, server, tmp_path):
    server.on("POST", "/v1/deadline", (200, {"receipt_date": "2025-04-21", "due_on": "2025-05-22", "why": {"days": [
        {"date": "2025-04-21", "counted": False, "n": 0, "reason": "receipt_day", "detail": "Art. 33"},
        {"date": "2025-04-22", "counted": True, "n": 1, "reason": "workday", "detail": ""}]}}))
    scenario = tmp_path / "scenario.json"
    scenario.write_text('{"channel": "letter", "events": [{"kind": "extended", "workdays": 20}]}')
    assert "2025-05-22" in ogi("deadline", str(scenario), "--explain").stdout
    ogi("deadline", "-", stdin='{"channel": "fax"}')
    ogi("deadline", stdin='{"channel": "online"}')
    done = ogi("deadline", "--channel", "in_person", "--arrived-on", "2025-04-21")
    assert [r.json for r in server.posts] == [
        {"channel": "letter", "events": [{"kind": "extended", "workdays": 20}], "explain": True},
        {"channel": "fax"}, {"channel": "online"}, {"channel": "in_person", "arrived_on": "2025-04-21"}]
    assert all("Idempotency-Key" not in r.headers for r in server.posts)
    assert "21 receipt 22 day 1" in done.stdout
    for bad in ("[1]", "{", "nonsense"):
        assert ogi("deadline", "-", stdin=bad).returncode == 2


def test_stats_prints_cells_and_what_does_not_add_up(ogi, server):
    columns = ["natural", "business", "research", "public_interest", "legal_service", "other_org", "total"]
    server.on("GET", "/v1/statistics/f21/2025", (200, {
        "form": "f21", "year": 2025, "org": "zhucun", "rollup": False, "as_of": "2026-01-05", "frozen": True,
        "cells": {"t3.new": dict(zip(columns, [13, 0, 0, 0, 1, 0, 14])), "t4.review.upheld": {"value": 7},
                  "t2.charges.amount": {"value": 0.25}},
        "identities": [{"id": "I1", "column": "natural", "holds": True, "left": 15, "right": 15},
                       {"id": "I3", "column": "total", "holds": False, "left": 14, "right": 15}],
        "warnings": [{"code": "x", "detail": "careful"}]}))
    done = ogi("stats", "f21", "2025", "--org", "zhucun", "--rollup")
    assert server.requests[0].query == {"org": "zhucun", "rollup": "true"}
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["t3.new", "13", "0", "0", "0", "1", "0", "14"] in lines
    assert ["t4.review.upheld", "7"] in lines and ["t2.charges.amount", "0.25"] in lines
    assert ["frozen"] in lines
    assert "I3 (total) does not hold: 14, 15" in done.stderr and "careful" in done.stderr


def test_stats_saves_the_file_of_that_kind(ogi, server, tmp_path):
    server.on("GET", "/v1/statistics/f14/2017.xlsx", (200, b"PK\x00\xff", {"Content-Type": "x/y"}))
    server.on("GET", "/v1/statistics/f14/2017.csv", problem(404, "unknown", "There is no such thing"))
    target = tmp_path / "表.xlsx"
    assert ogi("stats", "f14", "2017", "--output", str(target)).returncode == 0
    assert target.read_bytes() == b"PK\x00\xff"
    kept = tmp_path / "kept.csv"
    kept.write_text("before")
    done = ogi("stats", "f14", "2017", "--output", str(kept))
    assert done.returncode == 1 and "There is no such thing" in done.stderr
    assert kept.read_text() == "before"
    assert ogi("stats", "f14", "2017", "--output", str(tmp_path / "x.doc")).returncode == 2
    assert ogi("stats", "f14", "2017", "--output", "/nonexistent/x.csv").returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.csv", "表.xlsx"]


def why(**changes):
    """An explanation as GET /v1/cases/{id}/why gives it: over National Day, with a make-up Saturday."""
    told = {30: ("receipt_day", "收到之日不计"), 1: ("holiday", "国庆节、中秋节"), 2: ("holiday", "很长很长的节日"), 9: ("excluded", "其他机关（第 1 号）"),
            10: ("workday", "工作日"), 11: ("makeup_workday", "国庆节调休上班")}
    days = [{"date": f"2025-{9 if day == 30 else 10:02}-{day:02}", "counted": day in (10, 11), "n": max(0, day - 9) if day < 30 else 0,
             "reason": told.get(day, told[1])[0], "detail": told.get(day, told[1])[1], "article": "条例"} for day in [30, *range(1, 12)]]
    return {"receipt_date": "2025-09-30", "due_on": "2025-10-11", "latest_due_on": None, "provisional": False, "days": days,
            "steps": [{"rule": "other_agency", "number": 1, "article": "art. 33 para. 3", "from": "2025-10-09", "to": None}],
            "alternatives": [{"reading": "inclusive", "due_on": "2025-10-13"}, {"reading": "by_reply", "due_on": None}], **changes}


ENGLISH = """\
receipt date          2025-09-30
due on                2025-10-11

2025-09
Mon        Tue        Wed        Thu        Fri        Sat        Sun
           30 receipt

2025-10
Mon        Tue        Wed        Thu        Fri        Sat        Sun
                      01 holiday 02 holiday 03 holiday 04 holiday 05 holiday
06 holiday 07 holiday 08 holiday 09 excl. a 10 day 1   11 day 2*!

a   其他机关（第 1 号）
*   make-up working day
!   due date

other_agency 1            2025-10-09 – …, art. 33 para. 3

under other readings
2025-10-13  inclusive
…           by_reply
"""
CHINESE = """\
收到日期      2025-09-30
答复期限      2025-10-11

2025 年 9 月
周一       周二       周三       周四       周五       周六       周日
           30 收到

2025 年 10 月
周一       周二       周三       周四       周五       周六       周日
                      01 国庆节  02 节假日  03 国庆节  04 国庆节  05 国庆节
06 国庆节  07 国庆节  08 国庆节  09 不计 a  10 第1日   11 第2日*!
"""


@pytest.mark.parametrize("language,page", [("C.UTF-8", ENGLISH), ("zh_CN.UTF-8", CHINESE)])
def test_why_is_a_calendar(ogi, server, language, page):
    server.on("GET", "/v1/cases/2025-17/why", (200, why()))
    done = ogi("why", "2025-17", "--as-of", "2025-10-20", "--known-at", "2025-10-21T00:00:00Z", env={"LC_ALL": language})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(page)
    assert language != "C.UTF-8" or done.stdout == page
    assert server.asked("GET", "/v1/cases/2025-17/why")[0].query == {"as_of": "2025-10-20", "known_at": "2025-10-21T00:00:00Z"}


def test_why_is_a_list_where_a_week_does_not_fit(ogi, server):
    server.on("GET", "/v1/cases/2025-17/why", (200, why()))
    lines = ogi("why", "2025-17", env={"COLUMNS": "60"}).stdout.splitlines()
    assert lines[3].split() == ["2025-09-30", "收到之日不计"]
    assert ["2025-10-11", "2", "国庆节调休上班"] in [line.split() for line in lines]


@pytest.mark.parametrize("answer", [
    {}, {"days": None, "steps": 7}, {"days": [{}, 3, {"date": "x"}, {"date": "2025-13-01"}], "steps": [{}], "alternatives": [{}]},
    {"days": [{"date": "2025-10-01", "counted": True, "n": 12345, "reason": "\u001b[2J", "detail": None}]},
    {"days": [{"date": "2025-10-01", "reason": "excluded", "detail": "\u001b[2J"}]}])
def test_why_prints_nothing_that_steers_a_terminal(ogi, server, answer):
    server.on("GET", "/v1/cases/2025-17/why", (200, answer))
    done = ogi("why", "2025-17")
    assert done.returncode == 0 and "\u001b" not in done.stdout


def test_why_without_days_says_the_dates_it_has(ogi, server):
    server.on("GET", "/v1/cases/2025-17/why", (200, why(receipt_date=None, due_on=None, days=[], steps=[], alternatives=[])))
    assert ogi("why", "2025-17").stdout == ""


def test_similar_asks_before_registering(ogi, server):
    server.on("GET", "/v1/cases/similar", (200, {
        "same_applicant": [{"id": "01920000-0000-7000-8000-000000000001", "number": "2025-17", "org": "zhucun", "applicant_name": "王小明",
                            "applicant_kind": "natural", "description": "宅基地", "subject": None, "status": "closed",
                            "arrived_on": "2025-04-20", "receipt_date": "2025-04-21", "due_on": None, "outcome": None, "closed_on": None,
                            "match": "name", "score": 64}],
        "similar": [], "published": [{"id": "01920000-0000-7000-8000-000000000002", "org": "zhucun", "title": "审批结果公示",
                                      "doc_no": None, "category": "doc", "published_on": "2025-03-01", "channel": "website",
                                      "locator": "http://example.test/1", "score": 70}],
        "month": {"count": 11, "fee": 100}}))
    run = ogi("similar", "--applicant-name", "王小明", "--id-number", "E1", "--description", "宅基地")
    assert run.returncode == 0, run.stderr
    assert any(r.query == {"applicant": "王小明", "id_number": "E1", "description": "宅基地"} for r in server.requests)
    for shown in ("2025-17", "宅基地", "64", "审批结果公示", "11", "100"):
        assert shown in run.stdout
    assert ogi("similar").returncode == 2


@pytest.mark.parametrize("name, kind", [("a.jsonl", "application/x-ndjson"), ("a.CSV", "text/csv")])
def test_import_sends_the_file_as_it_is(server, ogi, tmp_path, name, kind):
    raw = ("{\"description\": \"𠮷\"}\n" * 3).encode()
    (tmp_path / name).write_bytes(raw)
    server.on("POST", "/v1/imports", (200, {"lines": 3, "stored": 1, "skipped": 1, "rejected": 1, "errors": [
        {"line": 3, "pointer": "/applicant/name", "code": "required", "detail": "请填写申请人。"}]}))
    done = ogi("import", str(tmp_path / name), "--dry-run", "--all-or-nothing")
    sent = server.requests[-1]
    assert (sent.body, sent.headers["Content-Type"]) == (raw, kind)
    assert sent.query == {"dry_run": "true", "all_or_nothing": "true"}
    assert done.returncode == 1 and "/applicant/name" in done.stdout
    assert ogi("import", str(tmp_path / "none")).returncode == 2


def test_document_prints_or_saves_the_page(ogi, server, tmp_path):
    html = "<!doctype html><p>答复书</p>".encode()
    server.on("GET", "/v1/cases/2025-17/documents/reply.html", (200, html, {"Content-Type": "text/html; charset=utf-8"}))
    server.on("GET", "/v1/cases/2025-17/documents/extension.html", problem(409, "not_in_this_state", "not yet"))
    assert ogi("document", "2025-17", "reply").stdout.encode() == html
    target = tmp_path / "答复书.html"
    assert ogi("document", "2025-17", "reply", "--output", str(target)).returncode == 0
    assert target.read_bytes() == html
    done = ogi("document", "2025-17", "extension", "--output", str(tmp_path / "x.html"))
    assert done.returncode == 5 and "not yet" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["答复书.html"]


def test_export_writes_the_lines_as_they_come(server, ogi, tmp_path):
    raw = '{"id": "𠮷"}\n{}\n'.encode()
    server.on("GET", "/v1/exports", (200, raw, {"Content-Type": "application/x-ndjson"}))
    assert ogi("export").stdout.encode() == raw
    assert ogi("export", "--org", "zhucun", "--rollup", "--output", str(tmp_path / "all.jsonl")).returncode == 0
    assert (tmp_path / "all.jsonl").read_bytes() == raw
    assert server.requests[-1].query == {"format": "ndjson", "org": "zhucun", "rollup": "true"}
