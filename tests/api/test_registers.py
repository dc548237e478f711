# SPDX-License-Identifier: MulanPSL-2.0
"""The small registers (contract §2.1, D:annual-report §6): entries made, replaced, taken back, read. Today is 2026-06-01."""

import concurrent.futures

import pytest

from support.api import faults, key, problem

UNKNOWN = "01920000-0000-7000-8000-000000000000"


def add(api, register, **fields):
    answer = api.post(f"/v1/registers/{register}", fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def replace(api, made, headers=None, **fields):
    return api.call("PUT", f"/v1/registers/{made['register']}/{made['id']}", fields, headers)


def entries(api, register, query=""):
    return api.get(f"/v1/registers/{register}?{query}").json()["entries"]


MINIMAL = {"org": {"office": "党政综合办公室"}, "meeting": {}, "training": {"participants": 30}, "response": {"topic": "拆迁", "form": "interview"},
           "complaint": {"subject": "未按时答复"}, "reading_point": {"place": "政务服务中心"}, "budget": {"year": 2025, "amount": 3.5},
           "inspection": {"unit": "各村居"}, "text_block": {"year": 2025, "section": 1, "text": "领导重视。"},
           "normative": {"title": "办法", "doc_no": "朱府规〔2026〕1号"}, "license": {"year": 2025}, "service": {"year": 2025},
           "penalty": {"year": 2025}, "coercion": {"year": 2025}, "charges": {"year": 2025}, "procurement": {"year": 2025},
           "quarterly_return": {"year": 2025, "period": "2025Q1"}}


def test_every_register_says_what_it_takes(duo):
    said = duo.get("/v1/registers").json()["registers"]
    assert [r["code"] for r in said] == list(MINIMAL)
    for register in said:
        names = [f["name"] for f in register["fields"]]
        assert len(set(names)) == len(names) and register["zh"] and register["en"] and register["source"]
        assert {f["name"] for f in register["fields"] if f["required"]} <= set(MINIMAL[register["code"]])
        for field in register["fields"]:
            assert field["zh"] and field["en"]
            assert (field["type"] == "code") == bool(field.get("codes"))


@pytest.mark.parametrize("register", MINIMAL)
def test_an_entry_is_made_replaced_taken_back_and_kept(duo, register):
    answer = duo.post(f"/v1/registers/{register}", MINIMAL[register])
    assert answer.status_code == 201, answer.text
    made = answer.json()
    path = f"/v1/registers/{register}/{made['id']}"
    assert (answer.headers["Location"], answer.headers["ETag"]) == (path, '"1"')
    for name, value in MINIMAL[register].items():
        assert made[name] == value
    assert (made["register"], made["org"], made["version"], made["recorded_by"]) == (register, "zhucun", 1, "duo")
    assert duo.get(path).json() == made
    assert made["id"] in [e["id"] for e in entries(duo, register)]
    changed = replace(duo, made, {"If-Match": '"1"'}, **MINIMAL[register], note="更正 𠮷\n第二行")
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert [(v["version"], v["entry"]["note"]) for v in changed.json()["versions"]] == [(2, "更正 𠮷\n第二行"), (1, None)]
    gone = duo.post(f"{path}/retract", {"reason": "重复登记"}).json()
    assert (gone["version"], gone["retracted"], gone["reason"], len(gone["versions"])) == (3, True, "重复登记", 3)
    assert made["id"] not in [e["id"] for e in entries(duo, register)]
    assert made["id"] in [e["id"] for e in entries(duo, register, "retracted=true")]
    problem(replace(duo, made, **MINIMAL[register]), 409, "not_in_this_state")
    problem(duo.call("DELETE", path), 409, "not_in_this_state")


def test_a_delete_takes_back_without_a_reason(duo):
    made = add(duo, "meeting")
    path = f"/v1/registers/meeting/{made['id']}"
    problem(duo.call("DELETE", path, None, {"If-Match": '"2"'}), 412)
    gone = duo.call("DELETE", path, None, {"If-Match": '"1"'})
    assert gone.status_code == 200 and gone.json()["retracted"] and gone.json()["reason"] is None


def test_days_follow_from_what_was_entered(duo):
    made = add(duo, "meeting")
    assert (made["on"], made["year"], made["counted_from"], made["counted_to"]) == ("2026-06-01", 2026, "2026-06-01", "2026-06-01")
    made = add(duo, "license", year=2024, decisions=7)
    assert (made["counted_from"], made["counted_to"]) == ("2024-01-01", "2024-12-31")
    made = add(duo, "penalty", year=2024, period="2024M02", decisions=7)
    assert (made["counted_from"], made["counted_to"]) == ("2024-02-01", "2024-02-29")
    made = add(duo, "org", office="办公室", **{"from": "2015-03-01"})
    assert (made["year"], made["counted_from"], made["counted_to"]) == (2015, "2015-03-01", None)
    made = add(duo, "normative", title="a", doc_no="b", on="2020-01-01", valid_until="2024-12-31", repealed_on="2023-05-01")
    assert (made["counted_from"], made["counted_to"]) == ("2020-01-01", "2023-04-30")
    assert add(duo, "reading_point", place="村委会")["number"] == 1


def test_the_faults_of_an_entry_are_said_at_once(duo):
    def wrong(register, **fields):
        return faults(duo.post(f"/v1/registers/{register}", fields))
    assert wrong("response") == {("/topic", "required"), ("/form", "required")}
    assert wrong("response", topic="字" * 501, form="letter", with_head="yes", on="2026-02-30", colour=1, note="a\u0007") == {
        ("/topic", "too_long"), ("/form", "unknown_code"), ("/with_head", "type"), ("/on", "date"), ("/colour", "unknown_field"),
        ("/note", "control_character")}
    assert wrong("meeting", on="2026-06-02", participants=-1) == {("/on", "future_date"), ("/participants", "range")}
    assert wrong("meeting", year=2025) == {("/on", "required")}
    assert wrong("meeting", year=2025, on="2026-01-01") == {("/year", "contradiction")}
    assert wrong("license") == {("/year", "required")}
    assert wrong("license", year=2027, decisions=1.5, items_prev="3") == {("/year", "future_date"), ("/decisions", "type"),
                                                                         ("/items_prev", "type")}
    assert wrong("license", year=2025, period="2024Q1") == {("/period", "period")}
    assert wrong("license", year=2025, period="2025Q1", items_prev=3) == {("/period", "contradiction")}
    assert wrong("budget", year=2025) == {("/amount", "required")}
    assert wrong("budget", year=2025, amount=1.23456) == {("/amount", "decimals")}
    assert wrong("budget", year=2025, amount=-1) == {("/amount", "range")}
    assert wrong("budget", year=2025, amount="12") == {("/amount", "type")}
    assert wrong("org", office="a", **{"from": "2020-01-02", "to": "2020-01-01"}) == {("/to", "contradiction")}
    assert wrong("normative", title="a", doc_no="b", on="2020-01-02", repealed_on="2020-01-01", valid_until="2019-01-01") == {
        ("/repealed_on", "contradiction"), ("/valid_until", "contradiction")}
    assert wrong("text_block", year=2025, section=7, text="字" * 20001) == {("/section", "range"), ("/text", "too_long")}
    assert wrong("quarterly_return", year=2025, period="2025Q5") == {("/period", "period")}
    for body in (b"{", b"[]", b'{"note":"\xff"}'):
        assert duo.call("POST", "/v1/registers/meeting", body).status_code in (400, 422)
    assert faults(duo.post(f"/v1/registers/meeting/{add(duo, 'meeting')['id']}/retract", {})) == {("/reason", "required")}


def test_no_day_counts_twice(daemon, duo):
    whole = add(duo, "coercion", year=2021, unit="城管", decisions=7)
    quarter = {"year": 2021, "unit": "城管", "period": "2021Q1", "decisions": 2}
    answer = duo.post("/v1/registers/coercion", quarter)
    assert faults(answer) == {("/period", "contradiction")} and "2021-01-01 至 2021-12-31" in answer.text
    add(duo, "coercion", **{**quarter, "unit": "消防"})  # another unit, another register, another organisation
    add(duo, "penalty", **quarter)
    add(daemon.api("other"), "coercion", **quarter)
    assert replace(duo, whole, year=2021, unit="城管", decisions=8).status_code == 200
    assert replace(duo, whole, year=2021, unit="城管", items_prev=5).status_code == 200  # numbers of items are the year's
    made = add(duo, "coercion", **quarter)
    assert faults(replace(duo, whole, year=2021, unit="城管", decisions=8)) == {("/period", "contradiction")}
    assert faults(duo.post("/v1/registers/coercion", {**quarter, "period": "2021M02"})) == {("/period", "contradiction")}
    add(duo, "coercion", **{**quarter, "period": "2021Q2"})
    assert duo.post(f"/v1/registers/coercion/{made['id']}/retract", {"reason": "误"}).status_code == 200
    add(duo, "coercion", **{**quarter, "period": "2021M02"})


def test_of_a_year_and_its_quarters_sent_at_once_one_sort_stays(duo):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda i: duo.post("/v1/registers/service", {
            "year": 2020, "decisions": 1, **({"period": f"2020Q{i // 2 + 1}"} if i % 2 else {})}).status_code, range(8)))
    assert set(sent) <= {201, 422}
    kept = {e["period"] is None for e in entries(duo, "service", "year=2020")}
    assert len(kept) == 1


def test_amounts_keep_four_decimals(duo):
    for amount in (0, 12, 12.3456, 0.0001, 99999999.9999):
        assert add(duo, "charges", year=2025, amount=amount)["amount"] == amount


def test_each_does_what_his_roles_allow(daemon, duo):
    made = add(duo, "meeting")
    for login in ("front_desk", "handler", "ogi_head", "statistician"):
        add(daemon.api(login), "meeting")
    for login in ("reviewer", "leader", "supervisor", "archivist", "admin", "district"):
        api = daemon.api(login)
        if login != "district":
            problem(api.post("/v1/registers/meeting", {}), 403, "role_required")
            problem(replace(api, made), 403, "role_required")
        assert api.get(f"/v1/registers/meeting/{made['id']}").status_code == 200
    # a statistician above reads it, and writes only what is his own organisation's
    problem(daemon.api("district").post("/v1/registers/meeting", {"org": "zhucun"}), 403, "forbidden")
    problem(replace(daemon.api("district"), made), 403, "forbidden")


def test_a_register_is_that_of_ones_own_organisation(daemon, duo):
    made = add(duo, "meeting", title="本街道会议")
    other = daemon.api("other")
    problem(other.get(f"/v1/registers/meeting/{made['id']}"), 404, "not_found")
    problem(replace(other, made), 404, "not_found")
    problem(other.call("DELETE", f"/v1/registers/meeting/{made['id']}"), 404, "not_found")
    problem(duo.post("/v1/registers/meeting", {"org": "licheng"}), 404, "no_such_org")
    assert made["id"] not in [e["id"] for e in entries(other, "meeting")]
    assert made["id"] in [e["id"] for e in entries(daemon.api("district"), "meeting", "rollup=true&org=zengcheng")]
    # an entry of another register, none at all, a register that is none
    problem(duo.get(f"/v1/registers/training/{made['id']}"), 404, "not_found")
    problem(duo.get(f"/v1/registers/meeting/{UNKNOWN}"), 404, "not_found")
    problem(duo.get("/v1/registers/minutes"), 404, "not_found")
    problem(duo.post("/v1/registers/minutes", {}), 404, "not_found")


def test_a_page_and_the_next(daemon):
    api = daemon.api("other")
    made = [add(api, "training", participants=1, on=f"2019-03-{day:02}")["id"] for day in range(1, 8)]
    seen, query = [], "year=2019&limit=3"
    while query:
        page = api.get(f"/v1/registers/training?{query}").json()
        seen += [e["id"] for e in page["entries"]]
        query = page["next"] and f"year=2019&limit=3&after={page['next']}"
    assert seen == made[::-1]
    assert [e["id"] for e in entries(api, "training", "year=2019&period=2019Q2")] == []
    assert len(entries(api, "training", "year=2019&period=2019Q1")) == 7
    for query in ("after=x", "after=2019-03-01_x", "year=19", "period=2019Q1", "year=2019&period=2018Q1", "colour=1", "limit=201",
                  "retracted=2"):
        problem(api.get(f"/v1/registers/training?{query}"), 400)


def test_what_stands_is_listed_in_each_of_its_years(daemon):
    api = daemon.api("other")
    made = add(api, "org", office="办公室", **{"from": "2011-05-01", "to": "2013-01-31"})["id"]
    for year, there in ((2010, False), (2011, True), (2012, True), (2013, True), (2014, False)):
        assert (made in [e["id"] for e in entries(api, "org", f"year={year}")]) == there


def test_a_repeated_post_is_answered_again(duo):
    once = key()
    first = duo.post("/v1/registers/meeting", {"title": "一"}, key=once)
    again = duo.post("/v1/registers/meeting", {"title": "一"}, key=once)
    assert again.headers["Idempotency-Replayed"] == "true" and again.json() == first.json() and again.status_code == 201
    problem(duo.post("/v1/registers/meeting", {"title": "二"}, key=once), 422, "key_reused")
    path = f"/v1/registers/meeting/{first.json()['id']}/retract"
    once = key()
    gone = duo.post(path, {"reason": "误"}, key=once)
    assert duo.post(path, {"reason": "误"}, key=once).json() == gone.json()


def test_of_two_at_once_nobody_is_lost(duo):
    made = add(duo, "meeting", title="零")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda i: replace(duo, made, title=str(i)).status_code, range(8)))
        matched = list(pool.map(lambda i: replace(duo, made, {"If-Match": '"9"'}, title=str(i)).status_code, range(8)))
    assert answers == [200] * 8
    assert sorted(matched) == [200] + [412] * 7
    kept = duo.get(f"/v1/registers/meeting/{made['id']}").json()
    assert [v["version"] for v in kept["versions"]] == list(range(10, 0, -1))


def test_verify_finds_what_was_changed(world):
    daemon = world.daemon()
    try:
        duo = daemon.api("duo")
        made = add(duo, "license", year=2025, decisions=5, note="甲")
        replace(duo, made, year=2025, decisions=6)
        assert daemon.verify().returncode == 0
        for change in ("data = data || '{\"decisions\": 50}'", "data = data - 'note'", "retracted = true", "counted_from = '2024-01-01'",
                       "register = 'penalty'", "version = 5", "canonical = replace(canonical, '5', '7')"):
            daemon.sql("CREATE TABLE kept AS TABLE register_entry")
            daemon.sql(f"UPDATE register_entry SET {change} WHERE seq = 1")
            found = daemon.verify()
            assert found.returncode != 0 and "register" in found.stdout + found.stderr, change
            daemon.sql("DELETE FROM register_entry")
            daemon.sql("INSERT INTO register_entry TABLE kept")
            daemon.sql("DROP TABLE kept")
        daemon.sql("DELETE FROM register_entry WHERE seq = 2")
        assert daemon.verify().returncode != 0
    finally:
        daemon.stop()
