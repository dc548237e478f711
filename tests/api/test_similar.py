# SPDX-License-Identifier: MulanPSL-2.0
"""GET /v1/cases/similar: what is there before a request is saved (contract §2.1; art. 42 and D:fees §2.1 for the month)."""

import urllib.parse

import pytest

from support.api import case, problem

TEXT = "申请公开朱村街道横塱村2024年宅基地审批结果和公示材料"


def person(name, number="E12345678", **more):
    return {"kind": "natural", "name": name, "phone": "13800000026", "id_kind": "passport", "id_number": number, **more}


def ask(api, status=200, **query):
    answer = api.get("/v1/cases/similar?" + urllib.parse.urlencode(query))
    assert answer.status_code == status, answer.text
    return answer.json()


def ids(found):
    return [one["id"] for one in found]


@pytest.fixture(scope="module")
def ledger(daemon):
    """Cases by name: of 李一 three, of a namesake one, of others some alike and many different."""
    duo = daemon.api("duo")
    made = {}

    def one(name, who, text, day="2026-05-18", api=duo):
        made[name] = api.register(applicant=who, description=text, arrived_on=day)["id"]

    one("old", person("李一"), "2019年度部门决算", "2026-04-02")
    one("same", person("李一"), TEXT, "2026-05-18")
    one("june", person("李一"), "村务公开制度", "2026-06-01")
    one("namesake", person("李一", "E99999999"), TEXT.replace("2024", "2023"))
    one("married", person("李一一"), "户口簿遗失登记")
    one("alike", person("王二", "E2"), "横塱村宅基地审批的结果")
    one("elsewhere", person("赵三", "E3"), TEXT, api=daemon.api("other"))
    for n in range(25):
        one(f"noise{n}", person(f"路人{n}", f"F{n}"), f"第{n}小学招生范围和学位安排{n}")
    for title, published in (("横塱村2024年宅基地审批结果公示", "2026-03-01"), ("朱村街道2025年部门预算", "2026-02-01"),
                             ("横塱村2024年宅基地审批结果（误）", "2026-03-02")):
        item = duo.post("/v1/disclosures", {"title": title, "category": "doc"}).json()
        duo.post(f"/v1/disclosures/{item['id']}/reviews", {"decision": "passed"})
        assert duo.post(f"/v1/disclosures/{item['id']}/publications", {
            "channel": "website", "published_on": published, "locator": "http://example.test/1"}).status_code == 201
    assert duo.call("PUT", f"/v1/disclosures/{item['id']}/validity", {"reason": "误", "withdrawn_on": "2026-06-01"}).status_code == 200
    duo.post("/v1/disclosures", {"title": "横塱村2024年宅基地审批结果（未公布）", "category": "doc"})
    daemon.made = made
    return daemon


@pytest.mark.parametrize("state", ["unread", "indexed", "counted"])
def test_what_is_like_it_is_found_and_the_best_comes_first(ledger, state):
    if state == "unread":
        ledger.sql("DELETE FROM case_gram; INSERT INTO gram_todo SELECT org_id, id, version FROM request_case ON CONFLICT DO NOTHING")
    else:
        ledger.run("index")
    if state == "counted":
        ledger.sql("ANALYZE case_gram")
    made = ledger.made
    found = ask(ledger.api("front_desk"), applicant="李一", id_number="E12345678", description=TEXT)
    assert ids(found["same_applicant"])[0] == made["same"]
    assert set(ids(found["same_applicant"])) == {made["old"], made["same"], made["june"], made["married"]}
    assert {one["id"]: one["match"] for one in found["same_applicant"]}[made["married"]] == "id_number"
    assert ids(found["similar"]) == [made["namesake"], made["alike"]]
    assert found["same_applicant"][0]["score"] == 100 > found["similar"][0]["score"] > found["similar"][1]["score"] >= 20
    assert [one["title"] for one in found["published"]] == ["横塱村2024年宅基地审批结果公示"]
    assert found["published"][0]["channel"] == "website" and found["published"][0]["locator"] == "http://example.test/1"
    assert found["month"] == {"count": 1, "fee": 0}


def test_a_name_alone_finds_the_name_and_a_number_the_number(ledger):
    made, desk = ledger.made, ledger.api("handler")
    assert set(ids(ask(desk, applicant="李一")["same_applicant"])) == {made["old"], made["same"], made["june"], made["namesake"]}
    assert set(ids(ask(desk, id_number="E99999999")["same_applicant"])) == {made["namesake"]}
    assert ask(desk, applicant="李")["same_applicant"] == []
    nobody = ask(desk, applicant="无名氏", description="")
    assert nobody == {"same_applicant": [], "similar": [], "published": [], "month": {"count": 0, "fee": 0}}
    text = ask(desk, description="宅基地审批")
    assert text["same_applicant"] == [] and made["same"] in ids(text["similar"])
    assert ask(desk, description="宅")["similar"] == []
    assert ids(ask(desk, description="第3小学招生范围和学位安排3")["similar"])[0] == made["noise3"]


def test_at_most_ten_and_nothing_of_another_office(ledger):
    desk = ledger.api("front_desk")
    noise = ask(desk, description="小学招生范围和学位安排")["similar"]
    assert len(noise) == 10 and [one["score"] for one in noise] == sorted((one["score"] for one in noise), reverse=True)
    assert ledger.made["elsewhere"] not in ids(ask(desk, description=TEXT)["similar"])
    problem(desk.get("/v1/cases/similar?applicant=a&org=licheng"), 404)
    problem(desk.get("/v1/cases/similar?applicant=a&org=zengcheng"), 404)
    assert ids(ask(ledger.api("other"), description=TEXT)["similar"]) == [ledger.made["elsewhere"]]


def test_the_eleventh_request_of_a_month_costs(world):
    """国办函〔2020〕109号 art. 4: per applicant and calendar month, the eleventh to thirtieth 100 yuan each."""
    daemon = world.daemon()
    duo = daemon.api("duo")
    who = person("周四")
    for n in range(1, 13):
        assert ask(duo, applicant="周四")["month"] == {"count": n - 1, "fee": 0 if n <= 10 else 100}
        last = duo.register(applicant=who, arrived_on="2026-06-01", description=f"第{n}项")
    duo.event(last["id"], "withdrawn", on="2026-06-01")
    assert ask(duo, applicant="周四", id_number="E12345678")["month"] == {"count": 12, "fee": 100}
    duo.register(applicant=who, arrived_on="2026-05-29")          # last month
    duo.register(applicant=who, channel="fax", confirmed=False)     # not received yet
    daemon.api("other").register(applicant=who, arrived_on="2026-06-01")  # at another office
    assert ask(duo, applicant="周四")["month"] == {"count": 12, "fee": 100}
    daemon.on("2026-07-01")
    assert ask(daemon.api("duo"), applicant="周四")["month"] == {"count": 0, "fee": 0}
    daemon.stop()


def test_who_may_not_register_may_not_ask(ledger):
    for login in ("ogi_head", "leader", "supervisor", "district", "admin", "archivist"):
        problem(ledger.api(login).get("/v1/cases/similar?applicant=a"), 403, "role_required")


@pytest.mark.parametrize("query", ["", "?org=zhucun", "?applicant=" + "长" * 201, "?nope=1", "?applicant=a&applicant=b",
                                   "?id_number=" + "1" * 101, "?applicant=%01", "?description=a%00b", "?applicant=%FF"])
def test_a_question_that_cannot_be_is_refused(ledger, query):
    assert ledger.api("duo").get("/v1/cases/similar" + query).status_code == 400


def test_rare_characters_long_texts_and_odd_ones(ledger):
    duo = ledger.api("duo")
    made = duo.register(**case(description="𠮷䶮路排水管网图纸", applicant=person("𠮷先生", "E5")))
    assert ids(ask(duo, description="关于𠮷䶮路排水")["similar"])[0] == made["id"]
    assert ids(ask(duo, applicant="𠮷先生")["same_applicant"]) == [made["id"]]
    assert ask(duo, description="%_'\\\" --;{}")["similar"] == []
    answer = duo.get("/v1/cases/similar?description=" + urllib.parse.quote("征" * 400))
    assert answer.status_code == 200 and answer.json()["similar"] == []


def test_numbers_and_names_stay_out_of_the_log(ledger):
    ask(ledger.api("duo"), applicant="李一", id_number="E12345678", description=TEXT)
    log = ledger.log.read_text()
    assert "/v1/cases/similar" in log
    for secret in ("E12345678", "李一", "id_number", urllib.parse.quote("李一")):
        assert secret not in log
