# SPDX-License-Identifier: MulanPSL-2.0
"""Personal numbers are masked unless asked for by those who may, which is audited; no personal text is in the log, the metrics or
the chain (contract §2)."""

import json

import pytest

from support import source
from support.api import problem

SECRET = {"name": "欧阳不可见", "phone": "13987654321", "email": "secret-mail@example.cn", "address": "不可见地址七号",
          "id_number": "11010519491231002X", "agent": {"name": "代理不可见", "phone": "13712348888", "authority": "代为不可见"},
          "others": [{"name": "同伴不可见"}], "contact_person": "联系人不可见", "legal_representative": "法人不可见"}
WORDS = ["欧阳不可见", "13987654321", "secret-mail", "不可见地址", "11010519491231002X", "代理不可见", "13712348888", "代为不可见",
         "同伴不可见", "联系人不可见", "法人不可见", "描述不可见", "备注不可见", "理由不可见", "单号不可见", "意见不可见"]


@pytest.fixture(scope="module")
def made(duo):
    one = duo.register(applicant={"kind": "natural", "id_kind": "resident_id", **SECRET}, description="描述不可见",
                       evidence={"tracking_no": "单号不可见"})
    duo.event(one["id"], "noted", note="备注不可见")
    duo.event(one["id"], "consultation_opened", party="other_agency", name="意见不可见", on="2026-05-19")
    duo.event(one["id"], "consultation_closed", opinion="object", reason="意见不可见", on="2026-05-20")
    duo.event(one["id"], "amended", event=1, field="applicant.phone", to="13987654321", reason="理由不可见")
    return duo.event(one["id"], "decided", outcome="refuse.process", reason="理由不可见", on="2026-05-21")


def test_numbers_are_masked(duo, made):
    for who in (made["applicant"], duo.case(made["id"])["applicant"]):
        assert (who["id_number"], who["phone"], who["agent"]["phone"]) == ("1101**********002X", "139****4321", "137****8888")
        assert who["name"] == SECRET["name"] and who["address"] == SECRET["address"]
    told = duo.get(f"/v1/cases/{made['id']}/events").text
    for number in ("11010519491231002X", "13987654321", "13712348888"):
        assert number not in told


def test_short_numbers_are_masked_whole(duo):
    one = duo.register(applicant={"kind": "natural", "name": "a", "phone": "1234567", "id_kind": "other", "id_number": "12345678"})
    assert (one["applicant"]["phone"], one["applicant"]["id_number"]) == ("*******", "********")
    one = duo.register(applicant={"kind": "natural", "name": "a", "phone": "转接三一四五六七八", "id_kind": "other", "id_number": "证件第一二三四五号"})
    assert (one["applicant"]["phone"], one["applicant"]["id_number"]) == ("转接三**五六七八", "证件第一*三四五号")


def test_those_who_handle_a_request_may_see_the_numbers_and_it_is_audited(daemon, made):
    path = f"/v1/cases/{made['id']}?reveal=applicant"
    may = ["front_desk", "handler", "ogi_head", "reviewer", "leader"]
    before = daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'case.reveal'")[0][0]
    for login in may:
        who = daemon.api(login).get(path).json()["applicant"]
        assert (who["id_number"], who["phone"], who["agent"]["phone"]) == ("11010519491231002X", "13987654321", "13712348888")
    rows = daemon.sql("SELECT u.login, a.object FROM audit_entry a JOIN app_user u ON u.id = a.actor_id"
                      " WHERE a.action = 'case.reveal' ORDER BY a.seq")[before:]
    assert rows == [(login, made["id"]) for login in may]
    for login in [*source.roles()[:-1], "admin", "district"]:
        if login not in may:
            assert problem(daemon.api(login).get(path), 403, "role_required")["roles"] == may
    problem(daemon.api("other").get(path), 404, "no_such_case")
    assert daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'case.reveal'")[0][0] == before + len(may)


def test_a_look_into_the_past_is_masked_and_revealed_alike(duo, made):
    past = f"/v1/cases/{made['id']}?as_of=2026-05-19"
    assert duo.get(past).json()["applicant"]["id_number"] == "1101**********002X"
    assert duo.get(past + "&reveal=applicant").json()["applicant"]["id_number"] == "11010519491231002X"
    problem(duo.get(f"/v1/cases/{made['id']}?reveal=everything"), 400, "bad_query")


def test_identity_numbers_are_encrypted_in_the_database(daemon, made):
    for table in ("applicant", "case_text", "case_event", "request_case", "audit_entry", "idempotency_key"):
        for (row,) in daemon.sql(f"SELECT t::text FROM {table} t"):
            assert "11010519491231002X" not in row, table


def test_the_same_number_has_the_same_blind_index_and_another_cipher(daemon, duo):
    two = [duo.register(applicant={"kind": "natural", "name": "a", "phone": "1", "id_kind": "passport", "id_number": "E77777777"})
           for _ in range(2)]
    rows = daemon.sql("SELECT id_blind, id_number FROM applicant WHERE case_id IN (%s, %s)", (two[0]["id"], two[1]["id"]))
    assert rows[0][0] == rows[1][0] is not None and rows[0][1] != rows[1][1]


def test_no_personal_text_is_in_the_chain(daemon, made):
    """It is kept apart, so that it can be destroyed at the end of retention; the chain holds a commitment."""
    canonical = "".join(row for (row,) in daemon.sql("SELECT canonical FROM case_event WHERE case_id = %s", (made["id"],)))
    canonical += "".join(row for (row,) in daemon.sql("SELECT canonical FROM audit_entry"))
    for word in WORDS:
        assert word not in canonical and json.dumps(word)[1:-1] not in canonical, word
    projection = daemon.sql("SELECT c::text FROM request_case c WHERE id = %s", (made["id"],))[0][0]
    for word in WORDS:
        assert word not in projection, word


def test_no_personal_text_is_in_the_log_or_the_metrics(daemon, duo, made):
    duo.post("/v1/cases", {"channel": "欧阳不可见", "applicant": SECRET, "13987654321": 1})
    duo.get("/v1/cases?q=13987654321")
    duo.get("/v1/cases/欧阳不可见")
    daemon.api().post("/v1/sessions", {"login": "欧阳不可见", "password": "13987654321"})
    told = daemon.log.read_text() + duo.get("/metrics").text + duo.get("/readyz").text
    assert "route=/v1/cases/{id}" in told and "status=201" in told
    for word in WORDS:
        assert word not in told, word
    assert "%E6" not in told and "q=" not in told


def test_problems_do_not_repeat_what_was_sent(duo):
    answer = duo.post("/v1/cases", {"channel": "letter", "description": "描述不可见\x01", "applicant": {"kind": "natural", **SECRET,
                                    "id_kind": "resident_id", "id_number": "110105194912310021"}})
    assert answer.status_code == 422
    for word in [*WORDS, "110105194912310021"]:
        assert word not in answer.text


def test_destroyed_texts_leave_the_case_and_its_chain_whole(daemon, duo):
    one = duo.register(applicant={"kind": "natural", **SECRET, "id_kind": "resident_id"}, description="描述不可见")
    daemon.sql("UPDATE case_text SET body = NULL, destroyed_on = '2026-06-01' WHERE case_id = %s", (one["id"],))
    told = duo.get(f"/v1/cases/{one['id']}/events").json()["events"][0]
    assert (told["text_destroyed_on"], told["data"]["applicant"]) == ("2026-06-01", {"kind": "natural", "id_kind": "resident_id"})
    noted = duo.event(one["id"], "noted", note="之后")
    assert (noted["status"], noted["due_on"], noted["applicant"]["name"]) == ("in_process", one["due_on"], None)
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
