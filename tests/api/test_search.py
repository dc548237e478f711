# SPDX-License-Identifier: MulanPSL-2.0
"""q of GET /v1/cases: words of two characters and more, in number, legacy number, applicant and description, inside an office and
across offices, before and after the search index took the case in (contract §2.1)."""

import contextlib
import json
import threading
import urllib.parse

import pytest

TEXTS = ["朱村街道 2025 年征地补偿方案", "南岗村宅基地审批材料", "关于PM2.5监测点设置的批复", "𠮷䶮路污水管网施工图", "中心小学招生方案",
         "村务公开栏照片", "100%_\\ 特殊字符", "ａｂｃ 全角", "第一行\n第二行", "征地" * 3000]
WORDS = ["征地", "补偿", "宅基地", "方案", "pm2.5", "PM2.5", "Pm", "2025", "𠮷䶮", "䶮路", "𠮷", "村", "100%", "%_", "\\ ", "街道 2025",
         "李四", "旧7", "旧", "2026-1", "2026", "没有这个词", "地征", "行第", "全角", "a' OR 1=1"]


def person(name):
    return {"kind": "natural", "name": name, "phone": "13800000026", "id_kind": "passport", "id_number": "E12345678"}


def found(api, word, query=""):
    cases, after = [], ""
    while after is not None:
        page = api.get(f"/v1/cases?limit=3&q={urllib.parse.quote(word)}{query}{after and '&after=' + after}").json()
        cases += page["cases"]
        after = page["next"]
    return [case["id"] for case in cases]


def holds(case, word):
    word = word.lower()
    return any(word in (text or "").lower() for text in (case["number"], case["legacy_number"], case["applicant"]["name"],
                                                         case["description"]))


def until(condition, seconds=30):
    """Waits for what happens in the background."""
    for _ in range(seconds * 20):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not happen")


def todo(daemon):
    return daemon.sql("SELECT count(*) FROM gram_todo")[0][0]


@pytest.fixture(scope="module")
def ledger(daemon):
    for n, text in enumerate(TEXTS * 2):
        daemon.api("duo" if n % 3 else "other").register(
            description=text, applicant=person("李四" if n % 4 == 0 else "王五"), legacy_number=f"旧{n}" if n % 7 == 0 else None,
            arrived_on=f"2026-05-{10 + n % 9}")
    daemon.api("duo").register(description="传真来的征地材料", channel="fax", confirmed=False)
    return daemon


@pytest.mark.parametrize("state", ["unread", "indexed"])
@pytest.mark.parametrize("login", ["duo", "district"])
def test_a_word_finds_the_cases_that_hold_it(ledger, state, login):
    if state == "indexed":
        ledger.run("index")
        assert todo(ledger) == 0
        assert ledger.sql("SELECT count(*) FROM case_gram") == [(21,)]
    else:
        ledger.run("index", "--rebuild")
        ledger.sql("DELETE FROM case_gram; INSERT INTO gram_todo SELECT org_id, id, version FROM request_case ON CONFLICT DO NOTHING")
    api = ledger.api(login)
    every = api.get("/v1/cases?limit=200").json()["cases"]
    for word in WORDS:
        wanted = [case["id"] for case in every if holds(case, word)]
        assert sorted(found(api, word)) == sorted(wanted), word


def test_what_is_found_stands_in_every_order_and_under_every_filter(ledger):
    ledger.run("index")
    api = ledger.api("district")
    for query in ("&sort=due_on", "&sort=-due_on", "&sort=receipt_date", "&sort=-receipt_date", "&sort=number", "&sort=-number",
                  "&sort=updated_at", "&sort=-updated_at", "&status=open", "&org=zhucun", "&channel=fax", "&status=arrived,closed",
                  "&org=licheng&sort=-due_on", "&light=green", "&received_from=2026-05-12"):
        every = api.get(f"/v1/cases?limit=200{query}").json()["cases"]
        assert found(api, "征地", query) == [case["id"] for case in every if holds(case, "征地")], query
    assert found(api, "征地", "&as_of=2026-05-31") == found(api, "征地")
    assert found(api, "pM2.5", "&as_of=2026-05-31") == found(api, "pm2.5")


def test_a_frequent_word_is_walked_to(ledger):
    """More cases than are looked at one by one: the same answer from a walk."""
    ledger.run("index")
    api = ledger.api("district")
    before = found(api, "征地", "&sort=-number")
    ledger.sql("INSERT INTO gram_todo SELECT (SELECT min(org_id) FROM request_case), gen_random_uuid(), 1 FROM generate_series(1, 4001)")
    assert found(api, "征地", "&sort=-number") == before
    ledger.sql("DELETE FROM gram_todo")


def test_an_office_finds_nothing_of_another(ledger):
    ledger.run("index")
    mine = found(ledger.api("other"), "征地")
    assert mine and not set(mine) & set(found(ledger.api("duo"), "征地"))


def test_the_daemon_takes_new_texts_in_by_itself(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    made = duo.register(description="请公开鳌头水库的水质")
    assert found(duo, "鳌头") == [made["id"]]  # at once
    until(lambda: todo(daemon) == 0)
    assert found(duo, "鳌头") == [made["id"]]
    duo.event(made["id"], "noted", note="x")
    assert todo(daemon) == 0  # no text changed
    duo.event(made["id"], "amended", event=1, field="description", to="请公开龟岭水库的水质", reason="录入有误")
    assert found(duo, "龟岭") == [made["id"]] and found(duo, "鳌头") == []
    until(lambda: todo(daemon) == 0)
    assert found(duo, "龟岭") == [made["id"]] and found(duo, "鳌头") == []
    # an arrival is completed: its number can be searched
    note = duo.register(channel="fax", confirmed=False, description="传真")
    until(lambda: todo(daemon) == 0)
    number = duo.event(note["id"], "receipt_confirmed", on="2026-05-29")["number"]
    assert note["id"] in found(duo, number)
    daemon.stop()


def test_what_a_killed_daemon_left_is_done_by_the_next(world):
    daemon = world.daemon()
    made = [daemon.api("duo").register(description=f"第{n}号塘口的承包合同")["id"] for n in range(30)]
    daemon.kill()
    assert todo(daemon) + daemon.sql("SELECT count(*) FROM case_gram")[0][0] >= 30
    daemon.start()
    assert sorted(found(daemon.api("duo"), "塘口")) == sorted(made)
    until(lambda: todo(daemon) == 0)
    assert sorted(found(daemon.api("duo"), "塘口")) == sorted(made)
    assert daemon.sql("SELECT count(*) FROM case_gram") == [(30,)]
    assert daemon.verify().returncode == 0
    daemon.stop()


def test_an_older_text_never_replaces_a_newer_one(ledger):
    """Two processes read the same case; the slower one read it before the amendment."""
    case = ledger.api("duo").register(description="新的词语")
    ledger.run("index")
    org, version = ledger.sql("SELECT org_id, version FROM case_gram WHERE case_id = %s", (case["id"],))[0]
    put = next(sql for name, sql in statements(ledger).items() if name == "gram_put")
    ledger.sql(put.replace(":p1", str(org)).replace(":p2", f"'{case['id']}'::uuid").replace(":p3", str(version - 1))
               .replace(":p4", "true").replace(":p5", "'{1}'"))
    assert found(ledger.api("duo"), "词语") == [case["id"]]


def statements(daemon):
    lines = daemon.run("statements", "--pgbench").stdout.splitlines()
    return {a[3:]: b for a, b in zip(lines, lines[1:]) if a.startswith("-- ")}


def test_destroyed_texts_leave_the_index(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    case = duo.register(description="档案期满的密语")
    daemon.run("index")
    grams = len(daemon.sql("SELECT grams FROM case_gram")[0][0])
    daemon.stop()
    daemon.sql("UPDATE applicant SET name = NULL, description = NULL")
    daemon.run("nightly", check=False)
    (left, personal), = daemon.sql("SELECT grams, personal FROM case_gram")
    assert not personal and len(left) < grams
    word = "密语"
    assert ord(word[0]) << 16 | ord(word[1]) not in [g & 0xFFFFFFFF for g in left]
    daemon.start()
    assert found(daemon.api("duo"), case["number"]) == [case["id"]]
    daemon.stop()


def test_a_word_that_cannot_be_is_refused(ledger):
    api = ledger.api("duo")
    for bad in ("", "长" * 101, "a\x01b"):
        assert api.get("/v1/cases?q=" + urllib.parse.quote(bad)).status_code == 400
    assert api.get("/v1/cases?q=%FF%FE").status_code == 400
    assert api.get("/v1/cases?q=" + urllib.parse.quote("长" * 100)).json()["cases"] == []


def test_nothing_that_was_searched_is_logged(ledger):
    found(ledger.api("duo"), "宅基地")
    with contextlib.suppress(FileNotFoundError):
        assert "宅基地" not in ledger.log.read_text() and json.dumps("宅基地")[1:-1] not in ledger.log.read_text()
