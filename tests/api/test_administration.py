# SPDX-License-Identifier: MulanPSL-2.0
"""Organisations and people of a subtree, and the audit of what was done (contract §2)."""

import pytest

from support import source
from support.api import Api, case, faults, problem


@pytest.fixture(scope="module")
def admin(daemon):
    return daemon.api("admin")


def add(admin, login, org="zhucun", roles=("handler",), **fields):
    answer = admin.post("/v1/users", {"login": login, "name": login, "org": org, "roles": list(roles),
                                      "password": "0123456789", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def session(daemon, login):
    answer = daemon.api().post("/v1/sessions", {"login": login, "password": "0123456789"})
    return Api(daemon.url, answer.json()["token"])


# ---- organisations ----

def test_everybody_sees_the_organisations_of_the_subtree(daemon, admin, duo):
    assert {o["code"] for o in admin.get("/v1/orgs").json()["orgs"]} >= {"zengcheng", "zhucun", "licheng"}
    assert duo.get("/v1/orgs").json()["orgs"] == [
        {"code": "zhucun", "name": "朱村街道", "parent": "zengcheng", "number_format": "朱村依申〔{year}〕{serial}号"}]


def test_an_organisation_is_added_and_can_be_used_at_once(daemon, admin):
    made = admin.post("/v1/orgs", {"code": "shitan", "name": "石滩镇", "parent": "zengcheng", "number_format": "石〔{year}〕{serial}"})
    assert (made.status_code, made.json()) == (201, {"code": "shitan", "name": "石滩镇", "parent": "zengcheng",
                                                     "number_format": "石〔{year}〕{serial}"})
    assert admin.post("/v1/orgs", {"code": "shitan-1", "name": "石滩一村", "parent": "shitan"}).status_code == 201
    add(admin, "shi", org="shitan", roles=["front_desk"])
    add(admin, "cun", org="shitan-1", roles=["front_desk"])
    one, two = session(daemon, "shi"), session(daemon, "cun")
    first = one.register()
    assert (first["org"], first["number"], first["display_number"]) == ("shitan", "2026-1", "石〔2026〕1")
    second = two.register()
    assert {o["code"] for o in one.get("/v1/orgs").json()["orgs"]} == {"shitan", "shitan-1"}
    assert one.case(second["id"])["org"] == "shitan-1"       # below
    problem(two.get(f"/v1/cases/{first['id']}"), 404)        # above
    problem(daemon.api("duo").get(f"/v1/cases/{first['id']}"), 404)  # beside
    assert daemon.api("district").case(second["id"])["org"] == "shitan-1"


def test_the_tree_is_whole_after_many_additions(daemon, admin):
    for i in range(8):
        parent = "zengcheng" if i < 3 else f"tree-{i // 2}"
        assert admin.post("/v1/orgs", {"code": f"tree-{i}", "name": f"树{i}", "parent": parent}).status_code == 201
    rows = daemon.sql("SELECT c.code, p.code, c.lo > p.lo AND c.hi < p.hi FROM org c JOIN org p ON p.id = c.parent_id")
    assert all(inside for _, _, inside in rows)
    bounds = [x for row in daemon.sql("SELECT lo, hi FROM org") for x in row]
    assert len(set(bounds)) == len(bounds)


@pytest.mark.parametrize("code", ["", "A", "-a", "a_b", "a b", "a" * 33, "街道", "a/b", "a:b"])
def test_a_code_of_an_organisation_has_its_form(admin, code):
    found = faults(admin.post("/v1/orgs", {"code": code, "name": "x"}))
    assert {pointer for pointer, _ in found} == {"/code"}


def test_an_organisation_has_a_name_and_a_format_with_year_and_serial(admin):
    assert faults(admin.post("/v1/orgs", {"code": "ok"})) == {("/name", "required")}
    for wrong in ("{year}", "{serial}", "x", "{year}{serial"):
        assert faults(admin.post("/v1/orgs", {"code": "ok", "name": "x", "number_format": wrong})) == {("/number_format", "format")}


def test_a_code_is_used_once(admin):
    assert admin.post("/v1/orgs", {"code": "once", "name": "一"}).status_code == 201
    problem(admin.post("/v1/orgs", {"code": "once", "name": "二"}), 409, "taken")


# ---- people ----

def test_everybody_sees_the_people_of_the_subtree(daemon, admin, duo):
    assert {u["login"] for u in duo.get("/v1/users").json()["users"]} >= {*source.roles()[:-1], "duo"}
    assert not {"admin", "other", "district"} & {u["login"] for u in duo.get("/v1/users").json()["users"]}
    everybody = {u["login"]: u for u in admin.get("/v1/users").json()["users"]}
    assert {"admin", "district", "other", "duo"} <= set(everybody)
    assert everybody["district"] == {"login": "district", "name": "district", "org": "zengcheng",
                                     "roles": ["supervisor", "statistician"], "disabled": False}
    own = {u["login"] for u in admin.get("/v1/users?org=zengcheng").json()["users"]}
    assert own == {"admin", "district"}
    assert "duo" in {u["login"] for u in admin.get("/v1/users?org=zengcheng&rollup=true").json()["users"]}


def test_a_person_is_added_with_roles(daemon, admin):
    made = add(admin, "wu.yi-2_x", roles=["reviewer", "front_desk"])
    assert made == {"login": "wu.yi-2_x", "name": "wu.yi-2_x", "org": "zhucun", "roles": ["front_desk", "reviewer"],
                    "disabled": False}
    api = session(daemon, "wu.yi-2_x")
    case_id = api.register()["id"]
    assert api.event(case_id, "reviewed", decision="passed")["review"] == "passed"
    problem(admin.post("/v1/users", {"login": "wu.yi-2_x", "name": "x", "roles": ["handler"], "password": "0123456789"}), 409,
            "taken")


def test_the_faults_of_a_person_are_said_at_once(admin):
    body = {"login": "Ä b", "name": "", "roles": ["king", "handler", "queen"], "password": "short", "age": 7}
    found = faults(admin.post("/v1/users", body))
    assert found >= {("/name", "required"), ("/age", "unknown_field")}
    body = {"login": "Ä b", "name": "x", "roles": ["king", "handler", "queen"], "password": "short"}
    assert faults(admin.post("/v1/users", body)) == {("/login", "format"), ("/roles/0", "unknown_code"),
                                                     ("/roles/2", "unknown_code"), ("/password", "too_short")}
    assert faults(admin.post("/v1/users", {})) == {("/login", "required"), ("/name", "required"), ("/roles", "required"),
                                                   ("/password", "required")}
    assert faults(admin.post("/v1/users", {**body, "login": "x", "password": "0123456789", "roles": []})) == {("/roles", "required")}


def test_nobody_shuts_himself_out(admin):
    problem(admin.post("/v1/users/admin/disable"), 403, "forbidden")
    problem(admin.call("PUT", "/v1/users/admin/roles", {"roles": ["handler"]}), 403, "forbidden")
    assert admin.call("PUT", "/v1/users/admin/roles", {"roles": ["admin"]}).status_code == 200


def test_an_administrator_decides_no_case(daemon, admin):
    made = daemon.api("duo").register()
    assert admin.case(made["id"])["id"] == made["id"]
    for kind, fields in [("noted", {"note": "a"}), ("decided", {"outcome": "unable.not_held"}), ("assigned", {"to": "handler"})]:
        problem(admin.post(f"/v1/cases/{made['id']}/events", {"kind": kind, **fields}), 403, "role_required")
    problem(admin.post("/v1/cases", case()), 403, "role_required")
    problem(admin.post("/v1/cases", case(org="zhucun")), 403, "role_required")


def test_logins_are_not_told_apart_by_case(admin):
    add(admin, "zheng")
    for twin in ("Zheng", "ZHENG"):
        answer = admin.post("/v1/users", {"login": twin, "name": "x", "roles": ["handler"], "password": "0123456789"})
        assert answer.status_code in (409, 422)


# ---- audit ----

def entries(api, query=""):
    return api.get(f"/v1/audit{query}").json()["entries"]


def test_what_was_done_is_in_the_audit(daemon, admin, duo):
    add(admin, "audited", org="zhucun")
    api = session(daemon, "audited")
    made = api.register()
    api.get(f"/v1/cases/{made['id']}?reveal=applicant")
    api.event(made["id"], "noted", note="x")
    api.call("DELETE", "/v1/sessions/current")
    admin.call("PUT", "/v1/users/audited/roles", {"roles": ["archivist"]})
    admin.post("/v1/users/audited/unlock")
    admin.post("/v1/users/audited/disable")
    admin.post("/v1/users/audited/enable")
    found = entries(admin, "?org=zhucun&actor=audited")
    assert [e["action"] for e in reversed(found)] == sorted(
        ["session.open", "case.registered", "case.reveal", "case.noted", "session.close"],
        key=[e["action"] for e in reversed(found)].index)
    assert {e["object"] for e in found if e["action"].startswith("case.")} == {made["id"]}
    assert {e["org"] for e in found} == {"zhucun"}
    done = {e["action"] for e in entries(admin, "?actor=admin") if e["object"] == "audited"}
    assert done == {"user.add", "user.roles", "user.unlock", "user.disable", "user.enable"}
    assert {e["action"] for e in entries(admin, "?action=case.reveal")} == {"case.reveal"}


def test_audit_is_read_by_pages_without_gap_or_repetition(daemon, admin):
    duo = daemon.api("duo")
    for i in range(12):
        duo.register()
        duo.get(f"/v1/cases/{duo.register()['id']}?reveal=applicant")
    whole = entries(admin, "?limit=200")
    for limit in (1, 7, 50):
        paged, after = [], ""
        while after is not None and len(paged) < len(whole):
            page = admin.get(f"/v1/audit?limit={limit}" + (f"&after={after}" if after else "")).json()
            assert len(page["entries"]) <= limit
            paged += page["entries"]
            after = page["next"]
        assert paged[:len(whole)] == whole
        if limit == 50:
            assert after is None or len(whole) == 200
    times = [e["at"] for e in whole]
    assert times == sorted(times, reverse=True)


def test_audit_is_filtered_by_days_in_china(daemon, admin):
    assert entries(admin, "?from=2026-06-01&to=2026-06-01") != []
    assert entries(admin, "?to=2026-05-31") == [] == entries(admin, "?from=2026-06-02")
    for query in ("?from=yesterday", "?limit=0", "?limit=201", "?limit=x", "?after=x", "?actor=nobody", "?from=2026-02-30"):
        problem(admin.get(f"/v1/audit{query}"), 400, "bad_query")


def test_the_audit_of_others_is_not_seen(daemon):
    head = daemon.api("ogi_head")
    daemon.api("other").register()
    assert {e["org"] for e in entries(head, "?limit=200")} == {"zhucun"}
    problem(head.get("/v1/audit?actor=other"), 400, "bad_query")


def test_the_registers_are_whole(daemon):
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
