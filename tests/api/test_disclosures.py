# SPDX-License-Identifier: MulanPSL-2.0
"""The register of proactive disclosure: items, reviews, publications, pages (contract §2.1). Today is 2026-06-01."""

import pytest

from support.api import faults, problem


def add(api, **fields):
    answer = api.post("/v1/disclosures", {"title": "朱村街道 2026 年部门预算", "category": "budget", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def review(api, made, decision="passed", **fields):
    return api.post(f"/v1/disclosures/{made['id']}/reviews", {"decision": decision, **fields})


def publish(api, made, channel="website", **fields):
    return api.post(f"/v1/disclosures/{made['id']}/publications", {"channel": channel, **fields})


def test_an_item_is_registered_and_comes_back(duo):
    fields = {"title": "《通知》𠮷 <b>", "doc_no": "朱办〔2026〕1号", "index_no": "440118-2026-1", "summary": "第一行\n第二行",
              "category": "doc", "category_art20": "a20.01", "is_normative": True, "is_rule": False, "created_on": "2026-05-20",
              "valid_until": "2031-05-19", "owner": "党政办", "external_ref": "ref-1"}
    answer = duo.post("/v1/disclosures", fields)
    made = answer.json()
    assert answer.headers["Location"] == f"/v1/disclosures/{made['id']}"
    assert {k: made[k] for k in fields} == fields
    assert (made["org"], made["review"], made["publications"], made["reviews"]) == ("zhucun", None, [], [])
    assert (made["recorded_by"], made["published_on"], made["historic"], made["demo"]) == ("duo", None, False, False)
    assert made["due_on"] == "2026-06-17"  # 20 working days after it was made
    assert duo.get(answer.headers["Location"]).json() == made


def test_items_are_numbered_without_gaps(duo):
    first = add(duo)["item_no"]
    assert duo.post("/v1/disclosures", {"title": "", "category": "x"}).status_code == 422
    assert [add(duo)["item_no"] for _ in range(3)] == [first + 1, first + 2, first + 3]


def test_the_faults_of_an_item_are_said_at_once(duo):
    body = {"title": "字" * 1001, "category": "none", "category_art20": "a20.99", "created_on": "2026-02-30", "is_rule": "yes",
            "summary": "字" * 20001, "publications": {}, "source_case": "x", "colour": 1}
    assert faults(duo.post("/v1/disclosures", body)) == {
        ("/title", "too_long"), ("/category", "unknown_code"), ("/category_art20", "unknown_code"), ("/created_on", "date"),
        ("/is_rule", "type"), ("/summary", "too_long"), ("/publications", "type"), ("/source_case", "uuid"),
        ("/colour", "unknown_field")}
    assert faults(duo.post("/v1/disclosures", {})) == {("/title", "required"), ("/category", "required")}
    for name in ("demo", "historic", "due_on", "id"):
        assert faults(duo.post("/v1/disclosures", {"title": "a", "category": "doc", name: True})) == {(f"/{name}", "unknown_field")}
    assert faults(duo.post("/v1/disclosures", {"title": "a", "category": "doc", "created_on": "2026-06-02"})) == \
        {("/created_on", "future_date")}


def test_nothing_is_published_without_a_passed_review(duo):
    made = add(duo, created_on="2026-05-04")
    found = problem(publish(duo, made), 409, "review_missing")
    assert found["article"]
    problem(duo.post("/v1/disclosures", {"title": "a", "category": "doc", "publications": [{"channel": "website"}]}), 409,
            "review_missing")
    for decision in ("refused", "referred"):
        assert review(duo, made, decision).json()["review"] == decision
        problem(publish(duo, made), 409, "review_missing")
    reviewed = review(duo, made, checks=["不涉密", "不涉隐私"], note="通过", on="2026-05-06").json()
    assert [r["decision"] for r in reviewed["reviews"]] == ["refused", "referred", "passed"]
    assert reviewed["reviews"][2]["checks"] == ["不涉密", "不涉隐私"] and reviewed["reviews"][2]["note"] == "通过"
    assert reviewed["reviews"][2]["reviewer"] == "duo" and reviewed["review"] == "passed"
    shown = publish(duo, made, published_on="2026-05-07", locator="http://www.zengcheng.gov.cn/1").json()
    assert shown["publications"] == [{"channel": "website", "published_on": "2026-05-07", "locator": "http://www.zengcheng.gov.cn/1"}]
    assert shown["published_on"] == "2026-05-07"
    problem(publish(duo, made), 409, "taken")
    earlier = publish(duo, made, "board", published_on="2026-05-05").json()
    assert (earlier["published_on"], len(earlier["publications"])) == ("2026-05-05", 2)
    review(duo, made, "refused")
    problem(publish(duo, made, "media"), 409, "review_missing")


def test_dates_of_publication_and_review(duo):
    made = add(duo, created_on="2026-05-04")
    review(duo, made)
    assert faults(publish(duo, made, published_on="2026-05-03")) == {("/published_on", "contradiction")}
    assert faults(publish(duo, made, published_on="2026-06-02")) == {("/published_on", "future_date")}
    assert faults(publish(duo, made, "carrier pigeon")) == {("/channel", "unknown_code")}
    assert faults(review(duo, made, on="2026-06-02")) == {("/on", "future_date")}
    assert faults(review(duo, made, "perhaps", checks="x")) == {("/decision", "unknown_code"), ("/checks", "type")}
    assert publish(duo, made).json()["published_on"] == "2026-06-01"


def test_each_does_what_his_roles_allow(daemon, duo):
    made = add(duo)
    for login in ("front_desk", "handler", "ogi_head"):
        add(daemon.api(login))
        problem(publish(daemon.api(login), made), 409, "review_missing")
        problem(review(daemon.api(login), made), 403, "role_required")
    for login in ("leader", "supervisor", "statistician", "archivist", "admin", "district"):
        api = daemon.api(login)
        problem(api.post("/v1/disclosures", {"title": "a", "category": "doc"}), 403, "role_required")
        problem(publish(api, made), 403, "role_required")
        problem(review(api, made), 403, "role_required")
        assert api.get(f"/v1/disclosures/{made['id']}").status_code == 200
    assert review(daemon.api("reviewer"), made).status_code == 201


def test_the_register_is_that_of_ones_own_organisation(daemon, duo):
    made = add(duo)
    other = daemon.api("other")
    problem(other.get(f"/v1/disclosures/{made['id']}"), 404, "not_found")
    problem(publish(other, made), 404, "not_found")
    problem(review(other, made), 404, "not_found")
    problem(duo.post("/v1/disclosures", {"title": "a", "category": "doc", "org": "licheng"}), 404, "no_such_org")
    assert made["id"] not in {d["id"] for d in other.get("/v1/disclosures").json()["disclosures"]}


def test_an_external_ref_is_used_once(daemon, duo):
    add(duo, external_ref="once")
    problem(duo.post("/v1/disclosures", {"title": "a", "category": "doc", "external_ref": "once"}), 409, "taken")
    add(daemon.api("other"), external_ref="once")


def test_pages_hold_every_item_once_newest_first(daemon, duo):
    for i in range(9):
        made = add(duo, title=f"第{i}条", created_on="2026-04-01")
        review(duo, made, on="2026-04-01")
        if i % 3:
            publish(duo, made, "board" if i % 2 else "media", published_on=f"2026-05-{10 + i // 2:02}")
    whole = duo.get("/v1/disclosures?limit=200").json()
    assert whole["next"] is None
    for limit in (1, 4, 50):
        paged, after = [], ""
        while after is not None:
            page = duo.get(f"/v1/disclosures?limit={limit}" + (f"&after={after}" if after else "")).json()
            assert len(page["disclosures"]) <= limit
            paged += page["disclosures"]
            after = page["next"]
        assert paged == whole["disclosures"]
    days = [d["published_on"] or "9999" for d in whole["disclosures"]]
    assert days == sorted(days, reverse=True)


def test_items_are_filtered(duo):
    made = add(duo, title="独一无二的标题", doc_no="独〔2026〕9号", category="power")
    review(duo, made, on="2026-05-01")
    publish(duo, made, "wechat", published_on="2026-05-02")

    def found(query):
        return {d["id"] for d in duo.get(f"/v1/disclosures?{query}").json()["disclosures"]}

    for query in ("q=独一无二", "q=独〔2026〕9号", "category=power", "category=org,power", "channel=wechat", "year=2026&channel=wechat",
                  "q=独一&category=power&channel=wechat,weibo&year=2026", "org=zhucun&channel=wechat"):
        assert made["id"] in found(query), query
    for query in ("q=没有这样的", "category=org", "channel=gazette", "year=2025", "q=%25", "q=_"):
        assert made["id"] not in found(query), query
    for query in ("year=x", "year=1989", "category=none", "channel=tv", "limit=0", "limit=201", "after=x", "after=2026-05-02_x", "sort=a",
                  "category=", "category=org,", "limit=5&limit=6"):
        problem(duo.get(f"/v1/disclosures?{query}"), 400, "bad_query")


def test_the_registers_are_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


# ---- the 20 working days (art. 26) ----

def test_what_is_late_is_said_and_listed(duo):
    late = add(duo, title="逾期未公开", created_on="2026-04-20")  # due on 2026-05-20 (five days of May off, one worked)
    soon = add(duo, title="尚在期限内", created_on="2026-05-20")
    shown = duo.get(f"/v1/disclosures/{late['id']}").json()
    assert shown["overdue"] and shown["due_on"] < "2026-06-01" and shown["overdue_workdays"] > 0
    assert (soon["overdue"], soon["overdue_workdays"]) == (False, 0)
    listed = {d["id"]: d for d in duo.get("/v1/disclosures?overdue=true&limit=200").json()["disclosures"]}
    assert late["id"] in listed and soon["id"] not in listed and all(d["overdue"] for d in listed.values())
    others = [d["id"] for d in duo.get("/v1/disclosures?overdue=false&limit=200").json()["disclosures"]]
    assert soon["id"] in others and late["id"] not in others
    review(duo, late)
    published = publish(duo, late, published_on=shown["due_on"]).json()
    assert (published["overdue"], published["overdue_workdays"]) == (False, 0)
    after = add(duo, created_on="2026-04-20")
    review(duo, after)
    published = publish(duo, after).json()
    assert not published["overdue"] and published["overdue_workdays"] == shown["overdue_workdays"]
    for query, there in (("true", True), ("false", False)):
        ids = [d["id"] for d in duo.get(f"/v1/disclosures?published={query}&limit=200").json()["disclosures"]]
        assert (after["id"] in ids) == there and (soon["id"] in ids) != there
    problem(duo.get("/v1/disclosures?overdue=perhaps"), 400)


def test_articles_20_and_21_are_told_apart(duo):
    made = add(duo, category_art20="a21.11")
    ids = [d["id"] for d in duo.get("/v1/disclosures?category_art20=a21.11,a21.12").json()["disclosures"]]
    assert ids == [made["id"]]
    problem(duo.get("/v1/disclosures?category_art20=a21.15"), 400)


# ---- what became of an item ----

def validity(api, made, reason="内容有误", **fields):
    return api.call("PUT", f"/v1/disclosures/{made['id']}/validity", {"reason": reason, **fields})


def test_an_item_is_withdrawn_and_replaced(daemon, duo):
    wrong, right = add(duo, created_on="2026-05-04"), add(duo, created_on="2026-05-20")
    shown = validity(duo, wrong, withdrawn_on="2026-05-21", replaced_by=right["id"]).json()
    assert (shown["withdrawn_on"], shown["replaced_by"], shown["overdue"]) == ("2026-05-21", right["id"], False)
    (entry,) = shown["history"]
    assert (entry["action"], entry["by"]) == ("validity", "duo")
    assert entry["detail"] == {"withdrawn_on": "2026-05-21", "replaced_by": right["id"], "reason": "内容有误"}
    review(duo, wrong)
    problem(publish(duo, wrong), 409, "not_in_this_state")
    # all four as they are from now on: it stands again, and is repealed later
    assert validity(duo, wrong, reason="撤回有误").json()["withdrawn_on"] is None
    assert publish(duo, wrong).status_code == 201
    shown = validity(duo, wrong, reason="废止", repealed_on="2026-06-01", valid_until="2030-12-31").json()
    assert (shown["repealed_on"], shown["valid_until"], shown["replaced_by"]) == ("2026-06-01", "2030-12-31", None)
    assert [e["action"] for e in shown["history"]] == ["validity", "validity", "publish", "validity"]
    assert daemon.verify().returncode == 0


def test_what_became_of_an_item_is_checked(daemon, duo):
    made = add(duo, created_on="2026-05-04")
    assert faults(duo.call("PUT", f"/v1/disclosures/{made['id']}/validity", {
        "withdrawn_on": "2026-06-02", "repealed_on": "2026-06-02", "valid_until": "2026-02-30", "replaced_by": "x", "colour": 1})) == {
        ("/withdrawn_on", "future_date"), ("/repealed_on", "future_date"), ("/valid_until", "date"), ("/replaced_by", "uuid"),
        ("/colour", "unknown_field"), ("/reason", "required")}
    assert faults(validity(duo, made, replaced_by=made["id"])) == {("/replaced_by", "contradiction")}
    foreign = add(daemon.api("other"))
    for other in (made["id"], foreign["id"], "01920000-0000-7000-8000-000000000000"):
        assert faults(validity(duo, made, withdrawn_on="2026-05-03", replaced_by=other)) == {
            ("/withdrawn_on", "contradiction"), ("/replaced_by", "no_such_item")}
    for login in ("reviewer", "statistician", "supervisor"):
        problem(validity(daemon.api(login), made), 403, "role_required")
    problem(validity(daemon.api("other"), made), 404, "not_found")


def test_verify_finds_an_item_that_was_withdrawn_by_hand(world):
    daemon = world.daemon()
    try:
        duo = daemon.api("duo")
        made = add(duo, created_on="2026-05-04")
        validity(duo, made, withdrawn_on="2026-05-21")
        assert daemon.verify().returncode == 0
        for change in ("withdrawn_on = NULL", "withdrawn_on = '2026-05-22'", "repealed_on = '2026-05-22'", "replaced_by = id"):
            daemon.sql("CREATE TABLE kept AS TABLE disclosure_item")
            daemon.sql(f"UPDATE disclosure_item SET {change}")
            assert daemon.verify().returncode != 0, change
            daemon.sql("UPDATE disclosure_item i SET withdrawn_on = k.withdrawn_on, repealed_on = k.repealed_on,"
                       " replaced_by = k.replaced_by FROM kept k WHERE k.id = i.id")
            daemon.sql("DROP TABLE kept")
        assert daemon.verify().returncode == 0
    finally:
        daemon.stop()


# ---- the sheet of the review: who publishes, who reviews, who answers for it ----

SHEET = {"decision": "referred", "on": "2026-05-20", "checks": ["不涉密"], "note": "存疑", "proposed": "public", "publisher": "张三",
         "responsible": "李四", "opinions": [{"step": "proposal", "name": "张三", "opinion": "拟主动公开", "on": "2026-05-18"},
                                           {"step": "approval", "name": "王五", "opinion": "同意𠮷"}],
         "referred_to": "区保密局", "referred_on": "2026-05-20", "answer": "可以公开", "answered_on": "2026-05-25"}


def test_a_review_keeps_its_whole_sheet(daemon, duo):
    made = add(duo)
    told = review(duo, made, **SHEET).json()["reviews"][0]
    assert {k: told[k] for k in SHEET if k != "opinions"} == {k: v for k, v in SHEET.items() if k != "opinions"}
    assert told["opinions"] == [SHEET["opinions"][0], {**SHEET["opinions"][1], "on": None}]
    assert told["reviewer"] == "duo"
    told = review(duo, made, "referred", on="2026-05-22").json()["reviews"][1]
    assert (told["referred_on"], told["opinions"], told["responsible"]) == ("2026-05-22", [], None)
    assert daemon.verify().returncode == 0


def test_the_faults_of_a_sheet_are_said_at_once(duo):
    made = add(duo)
    assert faults(review(duo, made, proposed="not_public", answered_on="2026-05-01", referred_on="2026-05-02",
                         opinions=[{"step": "proposal", "name": "a", "opinion": "b", "on": "2026-06-02"}])) == {
        ("/reason", "required"), ("/answered_on", "contradiction"), ("/opinions/0/on", "future_date")}
    assert faults(review(duo, made, proposed="secret", responsible="字" * 101, opinions=[{"step": "vote"}] * 2)) == {
        ("/proposed", "unknown_code"), ("/responsible", "too_long"),
        *((f"/opinions/{i}/{name}", code) for i in (0, 1) for name, code in (("step", "unknown_code"), ("name", "required"),
                                                                              ("opinion", "required")))}
    assert review(duo, made, "refused", proposed="not_public", reason="涉及第三方").status_code == 201
