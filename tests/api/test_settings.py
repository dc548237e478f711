# SPDX-License-Identifier: MulanPSL-2.0
"""Settings of an organisation, with effective dates: shown, set, inherited, audited; each case is counted by those in force on its
receipt date, and a stored case meets a new one in a `recomputed` event only (contract-cases §1.3)."""

import threading

import pytest

from support.api import faults, key, problem

PRESETS = {"transition": "by_receipt", "exclusion_convention": "half_open", "r2008_correction": "pause", "correction_days": 15,
           "payment_days": 20, "sign_off": False,
           **dict.fromkeys(("agency_name", "agency_address", "agency_postcode", "agency_phone", "agency_contact",
                            "reconsideration_authority", "court", "document_word"))}


@pytest.fixture
def office(world):
    made = world.daemon()
    yield made
    made.stop()


@pytest.fixture
def admin(office):
    return office.api("admin")


def shown(api, query=""):
    answer = api.get("/v1/settings" + query)
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()["settings"]}


def put(api, name, value, status=200, **fields):
    answer = api.call("PUT", "/v1/settings", {"name": name, "value": value, **fields})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_what_nobody_sets_is_preset(daemon):
    found = shown(daemon.api("duo"))
    assert {name: one["value"] for name, one in found.items()} == PRESETS
    for one in found.values():
        assert (one["value"], one["org"], one["valid_from"], one["history"]) == (one["preset"], None, None, [])


def test_a_setting_holds_from_its_day_for_those_below(office, admin):
    put(admin, "correction_days", 10, valid_from="2026-03-01")
    zhucun = "?org=zhucun"
    assert shown(admin, zhucun)["correction_days"]["value"] == 10
    assert shown(admin, zhucun + "&on=2026-02-28")["correction_days"]["value"] == 15
    own = put(admin, "correction_days", 7, org="zhucun", valid_from="2026-01-01")
    assert own["org"] == "zhucun"
    found = shown(office.api("duo"))["correction_days"]
    assert (found["value"], found["org"], found["valid_from"]) == (7, "zhucun", "2026-01-01")
    assert [(h["org"], h["value"]) for h in found["history"]] == [("zengcheng", 10), ("zhucun", 7)]
    assert {h["set_by"] for h in found["history"]} == {"admin"}
    assert shown(admin, "?org=licheng")["correction_days"]["value"] == 10
    put(admin, "correction_days", None, org="zhucun", valid_from="2026-04-01")
    assert shown(admin, zhucun)["correction_days"]["value"] == 10
    assert shown(admin, zhucun + "&on=2026-03-31")["correction_days"]["value"] == 7


def test_the_later_entry_for_a_day_holds_and_the_earlier_stays(office, admin):
    put(admin, "sign_off", True)
    put(admin, "sign_off", "off")
    found = shown(admin)["sign_off"]
    assert found["value"] is False and [h["value"] for h in found["history"]] == [False, True]


@pytest.mark.parametrize("body, wanted", [
    ({}, {("/name", "required")}),
    ({"name": "colour", "value": 1}, {("/name", "unknown_code")}),
    ({"name": "sign_off"}, {("/value", "required")}),
    ({"name": "sign_off", "value": 1}, {("/value", "type")}),
    ({"name": "sign_off", "value": "maybe"}, {("/value", "unknown_code")}),
    ({"name": "sign_off", "value": ""}, {("/value", "unknown_code")}),
    ({"name": "correction_days", "value": "10"}, {("/value", "type")}),
    ({"name": "correction_days", "value": 0}, {("/value", "range")}),
    ({"name": "correction_days", "value": 101}, {("/value", "range")}),
    ({"name": "correction_days", "value": 99999999999}, {("/value", "range")}),
    ({"name": "correction_days", "value": 1.5}, {("/value", "type")}),
    ({"name": "transition", "value": "𠮷"}, {("/value", "unknown_code")}),
    ({"name": "transition", "value": []}, {("/value", "type")}),
    ({"name": "transition", "value": "by_reply", "valid_from": "2008-04-30"}, {("/valid_from", "before_regulations")}),
    ({"name": "transition", "value": "by_reply", "valid_from": "2026-02-30"}, {("/valid_from", "date")}),
    ({"name": "payment_days", "value": 0, "valid_from": "1999-01-01", "colour": 1, "org": ""},
     {("/value", "range"), ("/valid_from", "before_regulations"), ("/colour", "unknown_field"), ("/org", "too_short")}),
])
def test_every_fault_is_said_at_once(daemon, body, wanted):
    for method in ("PUT", "POST"):
        assert faults(daemon.api("admin").call(method, "/v1/settings", body)) == wanted


def test_only_an_administrator_of_the_subtree_sets(daemon):
    admin = daemon.api("admin")
    body = {"name": "sign_off", "value": True}
    for login in ("duo", "ogi_head", "district"):
        assert problem(daemon.api(login).call("PUT", "/v1/settings", body), 403, "role_required")["roles"] == ["admin"]
    problem(admin.call("PUT", "/v1/settings", {**body, "org": "nowhere"}), 404, "no_such_org")
    assert shown(admin)["sign_off"]["history"] == []


def test_a_change_is_audited_and_the_ledger_is_whole(office, admin):
    put(admin, "correction_days", 10, org="zhucun")
    entry = admin.get("/v1/audit?action=setting.set").json()["entries"][0]
    assert (entry["org"], entry["actor"], entry["object"]) == ("zhucun", "admin", "correction_days")
    assert office.verify().returncode == 0


def test_a_repeated_post_sets_once(office, admin):
    body, once = {"name": "sign_off", "value": True}, key()
    first, again = (admin.post("/v1/settings", body, key=once) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert len(shown(admin)["sign_off"]["history"]) == 1
    problem(admin.post("/v1/settings", {**body, "value": False}, key=once), 422, "key_reused")


def test_many_at_once_are_all_kept(office, admin):
    answers = []

    def set_days(n):
        api = office.api("admin")
        answers.append(api.call("PUT", "/v1/settings", {"name": "correction_days", "value": n}).status_code)

    threads = [threading.Thread(target=set_days, args=(n,)) for n in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}
    assert sorted(h["value"] for h in shown(admin)["correction_days"]["history"]) == [1, 2, 3, 4, 5, 6]
    assert office.verify().returncode == 0


# ---- what they do to cases ----

def corrected(api, arrived_on):
    made = api.register(arrived_on=arrived_on)
    return api.event(made["id"], "correction_requested", items=["请明确年份"], on=arrived_on)


def watch(made):
    return {w["kind"]: w["on"] for w in made["watch"]}


def test_a_case_is_counted_by_the_settings_of_its_receipt_date(office, admin):
    put(admin, "correction_days", 5, valid_from="2026-05-19")
    duo = office.api("duo")
    assert watch(corrected(duo, "2026-05-18")) == {"correction": "2026-06-08"}  # 15 working days
    assert watch(corrected(duo, "2026-05-19")) == {"correction": "2026-05-26"}  # 5 of them
    put(admin, "payment_days", 10, valid_from="2026-05-19")
    made = duo.register(arrived_on="2026-05-19")
    noticed = duo.event(made["id"], "fee_noticed", basis="pages", quantity=40, received_on="2026-05-20", on="2026-05-20")
    assert watch(noticed) == {"payment": "2026-06-03"}
    assert office.verify().returncode == 0


def test_an_amended_receipt_date_brings_the_settings_of_its_day(office, admin):
    put(admin, "correction_days", 5, valid_from="2026-05-19")
    duo = office.api("duo")
    made = corrected(duo, "2026-05-19")
    moved = duo.event(made["id"], "amended", event=1, field="arrived_on", to="2026-05-18", reason="录入有误")
    assert watch(moved) == {"correction": "2026-06-09"}
    assert office.verify().returncode == 0


def test_the_day_of_a_consultation_letter(office, admin):
    duo = office.api("duo")
    put(admin, "exclusion_convention", "inclusive", org="zhucun", valid_from="2025-01-01")
    made = duo.register(arrived_on="2025-04-21")
    duo.event(made["id"], "consultation_opened", party="third_party", name="某公司", on="2025-04-25", received_on="2025-04-28")
    closed = duo.event(made["id"], "consultation_closed", opinion="none", on="2025-05-23")
    assert (closed["due_on"], closed["clock"]["excluded"]) == ("2025-06-17", [["2025-04-25", "2025-05-22"]])  # no. 19
    other = office.api("other").post("/v1/deadline", {"receipt_date": "2025-04-21", "events": [
        {"kind": "consultation_opened", "party": "third_party", "name": "甲", "on": "2025-04-25", "received_on": "2025-04-28"},
        {"kind": "consultation_closed", "opinion": "none", "on": "2025-05-23"}]})
    assert other.json()["due_on"] == "2025-06-16"  # the calculator of another office keeps its own settings


def test_the_transition_of_2019(office, admin):
    ask = {"receipt_date": "2019-05-10"}
    duo = office.api("duo")
    assert duo.post("/v1/deadline", ask).json()["due_on"] == "2019-05-31"  # no. 7
    put(admin, "transition", "by_reply", valid_from="2008-05-01")
    found = duo.post("/v1/deadline", ask).json()
    assert (found["due_on"], found["regime"]) == ("2019-06-10", "R2019")


def test_sign_off_holds_for_decisions_from_its_day(office, admin):
    duo = office.api("duo")
    made = [duo.register(arrived_on="2026-05-18") for _ in range(2)]
    put(admin, "sign_off", True, valid_from="2026-05-25")
    outcome = {"kind": "decided", "outcome": "unable.not_held"}
    path = "/v1/cases/{}/events"
    assert duo.post(path.format(made[0]["id"]), {**outcome, "on": "2026-05-22"}).status_code == 201
    problem(duo.post(path.format(made[1]["id"]), {**outcome, "on": "2026-05-25"}), 409, "sign_off_missing")
    duo.event(made[1]["id"], "proposed", outcome="unable.not_held", on="2026-05-25")
    problem(duo.post(path.format(made[1]["id"]), {**outcome, "on": "2026-05-25"}), 409, "sign_off_missing")
    duo.event(made[1]["id"], "approved", on="2026-05-26")
    assert duo.event(made[1]["id"], "decided", outcome="unable.not_held", on="2026-05-26")["status"] == "decided"


def test_a_stored_case_meets_a_new_setting_only_when_recomputed(office, admin):
    duo = office.api("duo")
    made = duo.register(arrived_on="2026-05-11")
    duo.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2026-05-13")
    before = duo.event(made["id"], "consultation_closed", opinion="agree", on="2026-05-15")
    put(admin, "exclusion_convention", "inclusive", valid_from="2026-01-01")
    assert office.verify().returncode == 0
    noted = duo.event(made["id"], "noted", note="无变化")
    assert (noted["due_on"], duo.case(made["id"])["due_on"]) == (before["due_on"], before["due_on"])
    fresh = duo.register(arrived_on="2026-05-11")
    dry = office.run("refold", "--dry-run").stdout
    assert made["id"] in dry and fresh["id"] not in dry
    office.run("refold")
    after = duo.case(made["id"])
    told = duo.get(f"/v1/cases/{made['id']}/events").json()["events"][-1]
    assert (told["kind"], told["data"]["cause"], told["actor"]) == ("recomputed", "setting", "system")
    assert (told["due_before"], told["due_after"]) == (before["due_on"], after["due_on"])
    assert after["due_on"] > before["due_on"] and after["clock"]["excluded"] == [["2026-05-13", "2026-05-15"]]
    assert "0 moved" in office.run("refold").stdout
    assert office.verify().returncode == 0


def test_a_case_that_does_not_move_takes_the_new_setting_with_its_next_event(office, admin):
    duo = office.api("duo")
    made = duo.register(arrived_on="2026-05-11")
    put(admin, "exclusion_convention", "inclusive", valid_from="2026-01-01")
    duo.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2026-05-13")
    after = duo.event(made["id"], "consultation_closed", opinion="agree", on="2026-05-15")
    assert after["clock"]["excluded"] == [["2026-05-13", "2026-05-15"]]
    assert {k: v for k, v in duo.case(made["id"]).items() if k != "updated_at"} == \
        {k: v for k, v in after.items() if k != "updated_at"}
    assert office.verify().returncode == 0


def test_facts_of_the_agency_are_texts(office, admin):
    """They count for letters only: no case is counted anew because of them."""
    put(admin, "court", "广州铁路运输法院", org="zhucun")
    found = shown(office.api("duo"))["court"]
    assert (found["value"], found["type"], found["preset"]) == ("广州铁路运输法院", "string", None)
    for value, code in (("", "unknown_code"), ("法" * 101, "range"), ("一\n二", "range"), (7, "type"), (True, "type")):
        answer = admin.call("PUT", "/v1/settings", {"name": "court", "value": value})
        assert faults(answer) == {("/value", code)}, value
    put(admin, "court", None, org="zhucun")
    assert shown(office.api("duo"))["court"]["value"] is None
