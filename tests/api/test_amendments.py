# SPDX-License-Identifier: MulanPSL-2.0
"""What was recorded wrongly is answered by another event; the case is told anew and says what no longer fits (contract-cases §6)."""

import pytest

from support import source
from support.api import faults, key, problem


def post(api, made, kind, **fields):
    return api.post(f"/v1/cases/{made['id']}/events", {"kind": kind, **fields})


def codes(made):
    return {warning["code"] for warning in made["warnings"]}


def amend(duo, made, event, field, to, **fields):
    return duo.event(made["id"], "amended", event=event, field=field, to=to, reason="录入有误", **fields)


def events(duo, made):
    return duo.get(f"/v1/cases/{made['id']}/events").json()["events"]


def test_an_amended_arrival_moves_receipt_and_due_date(duo):
    made = duo.register(arrived_on="2026-05-18")
    fixed = amend(duo, made, 1, "arrived_on", "2026-05-11")
    assert (fixed["arrived_on"], fixed["receipt_date"], fixed["due_on"]) == ("2026-05-11", "2026-05-11", "2026-06-08")
    told = events(duo, made)
    assert (told[1]["due_before"], told[1]["due_after"]) == (made["due_on"], "2026-06-08")
    assert told[0]["data"]["arrived_on"] == "2026-05-18"  # what was recorded stays
    assert told[1]["data"]["to"] == "2026-05-11"
    again = amend(duo, made, 1, "/arrived_on", "2026-05-12")
    assert again["arrived_on"] == "2026-05-12"


def test_later_events_that_no_longer_fit_are_a_warning(duo):
    made = duo.register(arrived_on="2026-05-18")
    duo.event(made["id"], "extended", workdays=5, on="2026-05-19", approved_by="ogi_head")
    assert codes(amend(duo, made, 1, "arrived_on", "2026-05-11")) == set()
    late = amend(duo, made, 1, "arrived_on", "2026-05-20")
    assert (codes(late), late["status"], late["clock"]["extension"]) == ({"dates_rejudged"}, "in_process", 5)


TEXTS = {"applicant.name": "李四", "applicant.phone": "13912345678", "applicant.email": "b@example.cn",
         "applicant.address": "荔城", "applicant.postcode": "511300", "description": "改后的\n描述", "document_ref": "1号",
         "subject": "budget", "legacy_number": "7", "assisted_by": "王五", "applicant.contact_person": "赵六",
         "applicant.legal_representative": "钱七", "medium": "disc", "delivery": "pickup", "applicant.kind": "business"}


@pytest.mark.parametrize("field", TEXTS)
def test_a_field_of_the_request_is_amended(duo, field):
    made = duo.register()
    fixed = amend(duo, made, 1, field, TEXTS[field])

    def at(shown):
        for name in field.split("."):
            shown = shown[name]
        return shown

    wanted = "139****5678" if field == "applicant.phone" else TEXTS[field]  # numbers are masked
    assert (at(fixed), at(duo.case(made["id"])), at(made)) == (wanted, wanted, at(made))
    personal = next(row.personal for row in source.event_rows("request_rows" if "." not in field else "applicant_rows")
                    if row.name == field.split(".")[-1])
    assert events(duo, made)[1]["data"]["to"] == wanted
    assert personal == (field not in ("subject", "legacy_number", "medium", "delivery", "applicant.kind"))


def test_a_field_is_taken_away_with_null(duo):
    made = duo.register(document_ref="1号")
    assert amend(duo, made, 1, "document_ref", None)["document_ref"] is None


def test_a_boolean_is_amended(duo):
    made = duo.register(assisted=True)
    assert amend(duo, made, 1, "assisted", False)["assisted"] is False
    assert amend(duo, made, 1, "assisted", True)["assisted"] is True


def test_numbers_of_an_event_are_amended(duo):
    made = duo.register()
    duo.event(made["id"], "extended", workdays=5, on="2026-05-19")
    fixed = amend(duo, made, 2, "workdays", 10)
    assert (fixed["clock"]["extension"], fixed["due_on"]) == (10, "2026-06-30")
    assert amend(duo, made, 2, "on", "2026-05-20")["clock"]["extension"] == 10


@pytest.mark.parametrize("field, to, wanted", [
    ("colour", "red", ("/field", "unknown_field")), ("applicant", "x", ("/field", "unknown_field")),
    ("evidence.attempts", "x", ("/field", "unknown_field")), ("on", "2026-05-18", ("/field", "unknown_field")),
    ("serial", "7", ("/field", "unknown_field")), ("year", "2020", ("/field", "unknown_field")),
    ("/applicant.id_number", "7", ("/field", "unknown_field")), ("applicant/id_number", "7", ("/field", "unknown_field")),
    ("arrived_on", "2026-02-30", ("/to", "does_not_fit")), ("arrived_on", "gestern", ("/to", "does_not_fit")),
    ("channel", "pigeon", ("/to", "does_not_fit")), ("applicant.name", "字" * 201, ("/to", "does_not_fit")),
    ("applicant.name", "a\nb", ("/to", "does_not_fit")), ("arrived_on", "2026-06-02", ("/to", "future_date")),
    ("assisted", "yes", ("/to", "does_not_fit")), ("assignee", "nobody", ("/to", "unknown_person"))])
def test_what_does_not_fit_a_field_is_refused(duo, field, to, wanted):
    made = duo.register()
    found = faults(post(duo, made, "amended", event=1, field=field, to=to, reason="录入有误"))
    assert wanted in found and {pointer for pointer, _ in found} == {wanted[0]}, found


def test_a_required_fact_is_not_amended_away(duo):
    made = duo.register(applicant={"kind": "natural", "name": "张三", "phone": "1"})
    for field in ("applicant.name", "applicant.kind", "description", "applicant.phone"):
        assert ("/to", "required") in faults(post(duo, made, "amended", event=1, field=field, to=None, reason="r")), field


def test_a_number_with_a_check_digit_is_checked_when_amended(duo):
    made = duo.register(applicant={"kind": "natural", "name": "张三", "phone": "1", "id_kind": "resident_id"})
    body = {"event": 1, "field": "applicant.id_number", "reason": "补交"}
    assert faults(post(duo, made, "amended", to="110105194912310021", **body)) == {("/to", "checksum")}
    fixed = duo.event(made["id"], "amended", to="11010519491231002X", **body)
    assert (fixed["applicant"]["id_number"], codes(fixed)) == ("1101**********002X", set())
    assert "11010519491231002X" not in duo.get(f"/v1/cases/{made['id']}/events").text
    again = duo.event(made["id"], "amended", to="11010519491231002X", **{**body, "field": "/applicant/id_number"})
    assert again["applicant"]["id_number"] == "1101**********002X"


def test_only_events_that_are_there_are_changed(duo):
    made = duo.register()
    amend(duo, made, 1, "subject", "budget")
    for event in (3, 99):
        assert faults(post(duo, made, "amended", event=event, field="subject", to="x", reason="r")) == {("/event", "unknown_event")}
        assert faults(post(duo, made, "retracted", event=event, reason="r")) == {("/event", "unknown_event")}
    assert faults(post(duo, made, "amended", event=2, field="to", to="x", reason="r")) == {("/event", "unknown_event")}
    assert faults(post(duo, made, "retracted", event=1, reason="r")) == {("/event", "not_retractable")}


def test_a_retracted_event_is_as_if_it_had_not_happened(duo):
    made = duo.register()
    duo.event(made["id"], "extended", workdays=20, on="2026-05-19")
    duo.event(made["id"], "decided", on="2026-05-20", outcome="unable.not_held")
    duo.event(made["id"], "served", on="2026-05-21", by="post")
    back = duo.event(made["id"], "retracted", event=4, reason="未寄出")
    assert (back["status"], back["closed_on"], back["first_closed_on"]) == ("decided", None, None)
    back = duo.event(made["id"], "retracted", event=3, reason="未决定")
    assert (back["status"], back["outcome"]) == ("in_process", None)
    back = duo.event(made["id"], "retracted", event=2, reason="未批准")
    assert (back["due_on"], back["flags"], back["version"]) == (made["due_on"], [], 7)
    assert [e["kind"] for e in events(duo, made)] == ["registered", "extended", "decided", "served"] + 3 * ["retracted"]
    assert faults(post(duo, made, "retracted", event=2, reason="again")) == {("/event", "unknown_event")}
    assert faults(post(duo, made, "retracted", event=7, reason="again")) == {("/event", "not_retractable")}


def test_a_retracted_amendment_gives_the_first_fact_back(duo):
    made = duo.register(arrived_on="2026-05-18")
    amend(duo, made, 1, "arrived_on", "2026-05-11")
    back = duo.event(made["id"], "retracted", event=2, reason="原录入无误")
    assert (back["arrived_on"], back["due_on"]) == ("2026-05-18", made["due_on"])


def test_what_follows_a_retracted_event_is_judged_anew(duo):
    made = duo.register()
    duo.event(made["id"], "reviewed", decision="passed", on="2026-05-19")
    duo.event(made["id"], "decided", outcome="grant", variant="grant.provided", on="2026-05-20")
    back = duo.event(made["id"], "retracted", event=2, reason="未审查")
    assert (back["status"], back["review"], codes(back)) == ("decided", None, {"dates_rejudged"})


def test_a_change_gives_its_reason(duo):
    made = duo.register()
    assert faults(post(duo, made, "amended", event=1, field="subject", to="x")) == {("/reason", "required")}
    assert faults(post(duo, made, "retracted", event=1)) >= {("/reason", "required")}


def test_a_replayed_case_is_the_same_after_a_new_start_and_verify_is_clean(daemon, duo):
    made = duo.register()
    duo.event(made["id"], "extended", workdays=3, on="2026-05-19")
    amend(duo, made, 1, "arrived_on", "2026-05-12")
    amend(duo, made, 2, "workdays", 7)
    duo.event(made["id"], "retracted", event=4, reason="r")
    before = duo.case(made["id"])
    daemon.stop()
    daemon.start()
    assert duo.case(made["id"]) == before
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


# ---- what a change moved is told ----

def moved(shown):
    return {one["field"]: (one["before"], one["after"]) for one in shown["moved"]}


def test_what_moved_is_told_in_the_answer(duo):
    made = duo.register(arrived_on="2026-05-18")
    fixed = amend(duo, made, 1, "arrived_on", "2026-05-11")
    assert moved(fixed) == {"arrived_on": ("2026-05-18", "2026-05-11"), "receipt_date": ("2026-05-18", "2026-05-11"),
                            "due_on": (made["due_on"], "2026-06-08")}
    assert fixed["rejudged"] == []
    assert "moved" not in duo.case(made["id"]) and "moved" not in duo.event(made["id"], "noted", note="a")
    assert moved(amend(duo, made, 1, "subject", "budget")) == {}


def test_an_extension_amended_away_takes_what_hung_on_it(duo):
    made = duo.register(arrived_on="2026-04-20")
    duo.event(made["id"], "extended", workdays=5, on="2026-05-12", approved_by="ogi_head")
    late = duo.event(made["id"], "extended", workdays=5, on="2026-05-25", approved_by="ogi_head")
    duo.event(made["id"], "decided", outcome="unable.not_held", on="2026-05-27")
    served = duo.event(made["id"], "served", by="post", on="2026-05-28")
    assert "replied_late" not in codes(served)
    once = key()
    body = {"kind": "retracted", "event": 2, "reason": "未经批准"}
    back = duo.post(f"/v1/cases/{made['id']}/events", body, key=once)
    assert back.status_code == 201
    told = back.json()
    assert moved(told)["due_on"] == (late["due_on"], "2026-05-27") and {"dates_rejudged", "replied_late"} <= codes(told)
    assert [(r["event"], r["kind"], r["code"]) for r in told["rejudged"]] == [(3, "extended", "too_late")]
    assert all(r["detail"] for r in told["rejudged"])
    again = duo.post(f"/v1/cases/{made['id']}/events", body, key=once)
    assert again.json() == told and again.headers["Idempotency-Replayed"] == "true"


def test_a_receipt_date_amended_after_the_reply_judges_the_reply_again(duo):
    made = duo.register(arrived_on="2026-04-27")
    duo.event(made["id"], "decided", outcome="unable.not_held", on="2026-05-20")
    closed = duo.event(made["id"], "served", by="post", on="2026-05-21")
    assert "replied_late" not in codes(closed)
    fixed = amend(duo, made, 1, "arrived_on", "2026-04-13")
    assert "replied_late" in codes(fixed) and moved(fixed)["due_on"][1] == fixed["due_on"] < "2026-05-21"
    back = amend(duo, made, 1, "arrived_on", "2026-04-27")
    assert "replied_late" not in codes(back)


def test_who_approved_is_looked_up_when_amended(duo):
    made = duo.register()
    duo.event(made["id"], "extended", workdays=5, on="2026-05-19")
    body = {"kind": "amended", "event": 2, "field": "approved_by", "reason": "漏填"}
    path = f"/v1/cases/{made['id']}/events"
    assert faults(duo.post(path, {**body, "to": "nobody"})) == {("/to", "unknown_person")}
    assert faults(duo.post(path, {**body, "to": "other"})) == {("/to", "unknown_person")}  # of another office
    assert problem(duo.post(path, {**body, "to": "handler"}), 409)["code"] == "not_approved"
    assert "same_person" in codes(duo.event(made["id"], "amended", **{k: v for k, v in body.items() if k != "kind"}, to="duo"))
    fixed = duo.event(made["id"], "amended", **{k: v for k, v in body.items() if k != "kind"}, to="ogi_head")
    assert events(duo, made)[-1]["data"]["to"] == "ogi_head" and fixed["clock"]["extension"] == 5
    assert duo.post(path, {**body, "to": None}).status_code == 201
