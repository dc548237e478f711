# SPDX-License-Identifier: MulanPSL-2.0
"""Every row of the life cycle is taken over HTTP, and every kind refused in every state without a row (contract-cases §6)."""

import pytest

from support import source
from support.api import problem

DAY = "2026-05-20"

# What brings a fresh case into a state; the last event is on DAY or before.
WAYS = {
    "arrived": None,
    "in_process": [],
    "correction_requested": [("correction_requested", {"items": ["请明确年份"], "on": "2026-05-19"})],
    "reasons_requested": [("reasons_requested", {"on": "2026-05-19"})],
    "fee_noticed": [("fee_noticed", {"basis": "pages", "quantity": 40, "on": "2026-05-19"})],
    "decided": [("decided", {"outcome": "unable.not_held", "on": "2026-05-19"})],
    "closed": [("decided", {"outcome": "unable.not_held", "on": "2026-05-19"}),
               ("served", {"by": "post", "on": "2026-05-19"})],
    "archived": [("decided", {"outcome": "unable.not_held", "on": "2026-05-19"}),
                 ("served", {"by": "post", "on": "2026-05-19"}), ("archived", {"box_no": "1", "on": "2026-05-19"})],
    "void_withdrawn": [("withdrawn", {"on": "2026-05-19"})],
    "void_split": [("split", {"parts": [{"description": "预算"}, {"description": "决算"}], "on": "2026-05-19"})],
    "void_merged": [("merged", {"on": "2026-05-19"})],
}

# A body that is right in the states of its row; what must have happened before it, beside the state.
BODIES = {
    "receipt_confirmed": {},
    "assigned": {"to": "handler"},
    "correction_requested": {"items": ["请明确年份"], "approved_by": "ogi_head"},
    "correction_received": {},
    "correction_lapsed": {},
    "consultation_opened": {"party": "third_party", "name": "某公司"},
    "consultation_closed": {"opinion": "agree"},
    "assist_requested": {"unit": "规划办"},
    "assist_answered": {},
    "extended": {"workdays": 5, "approved_by": "ogi_head"},
    "reasons_requested": {},
    "reasons_received": {"reasonable": True},
    "fee_noticed": {"basis": "pages", "quantity": 40},
    "fee_paid": {"amount": 100},
    "fee_lapsed": {},
    "reviewed": {"decision": "passed"},
    "proposed": {"outcome": "unable.not_held"},
    "returned_to_handler": {"reason": "请补充"},
    "approved": {},
    "decided": {"outcome": "unable.not_held"},
    "served": {"by": "post", "tracking_no": "1"},
    "delivered": {"of": 2},
    "returned": {"of": 2},
    "withdrawn": {},
    "split": {"parts": [{"description": "预算", "subject": "budget"}, {"description": "决算"}]},
    "merged": {"into": None},
    "handed_over": {"to_org": "licheng"},
    "remedy_filed": {"remedy_kind": "reconsideration", "authority": "增城区人民政府"},
    "remedy_concluded": {"result": "upheld"},
    "reopened": {"redo_due_on": "2026-06-30"},
    "archived": {"box_no": "7"},
    "amended": {"event": 1, "field": "subject", "to": "budget", "reason": "录入有误"},
    "retracted": {"event": 2, "reason": "录入有误"},
    "document_issued": {"document": "reg_sheet"},
    "reminded": {"to": "handler"},
    "noted": {"note": "电话联系过"},
}
EXTENSION = [("extended", {"workdays": 5, "on": "2026-05-18"})]
NEEDS = {
    "consultation_closed": [("consultation_opened", {"party": "other_agency", "name": "某局", "on": "2026-05-18"})],
    "assist_answered": [("assist_requested", {"unit": "规划办", "on": "2026-05-18"})],
    "returned_to_handler": [("proposed", {"outcome": "unable.not_held", "on": "2026-05-18"})],
    "approved": [("proposed", {"outcome": "unable.not_held", "on": "2026-05-18"})],
    "remedy_concluded": [("remedy_filed", {"remedy_kind": "suit_direct", "on": "2026-05-18"})],
    "delivered": EXTENSION, "returned": EXTENSION,
    "retracted": [("noted", {"note": "误", "on": "2026-05-18"})],
}
STEPS = [(step, status) for step in source.life_cycle() if step.roles for status in sorted(step.origin) if status]
RECORDABLE = sorted(BODIES)
TWINS = {}


def body_of(api, kind):
    """A merged case needs one that holds the same letter."""
    if kind != "merged":
        return BODIES[kind]
    if api.url not in TWINS:
        TWINS[api.url] = api.register(channel="fax", confirmed_on="2026-05-18")["id"]
    return {"into": TWINS[api.url]}


def at(duo, status, kind=None):
    """A case in that state, ready for an event of that kind."""
    made = duo.register(channel="fax", confirmed_on=None if WAYS[status] is None or status == "void_withdrawn" else "2026-05-18")
    before = NEEDS.get(kind, []) if status != "arrived" and not status.startswith("void") else \
        [n for n in NEEDS.get(kind, []) if n[0] in ("noted", "assist_requested")]
    for name, fields in before + (WAYS[status] or []):
        if name == "correction_requested" and kind == "correction_lapsed":
            fields = {**fields, "due_on": "2026-05-20", "on": "2026-05-18"}
        made = duo.event(made["id"], name, **{**(body_of(duo, name) if name == "merged" else {}), **fields})
    assert made["status"] == status
    return made


# No letter goes out before registration; a reply is served again only when it came back, a period extended while a correction
# is awaited only when it was asked too late, a fee lapses only after its period: these have stories of their own.
SPECIAL = {(kind, status) for kind in ("delivered", "returned")
           for status in ("arrived", "void_withdrawn", "void_split", "void_merged")} | {
           ("served", "closed"), ("extended", "correction_requested"), ("fee_lapsed", "fee_noticed"), ("retracted", "void_split")}
TAKEN = [(step, status) for step, status in STEPS
         if step.kind in BODIES and (step.kind, status) not in SPECIAL]


def test_every_kind_that_may_be_recorded_is_walked():
    assert set(BODIES) == {step.kind for step in source.life_cycle() if step.roles} - {"arrived", "registered"}
    assert {status for _, status in STEPS} == set(WAYS)


def settled(shown):
    """Without what is given only when it is stored: numbers, the instant, the cases that are made."""
    given = ("number", "display_number", "updated_at", "split_into", "handed_over_to", "moved", "rejudged")
    return {k: v for k, v in shown.items() if k not in given}


@pytest.mark.parametrize("step, status", TAKEN, ids=lambda v: v if isinstance(v, str) else v.kind)
def test_a_row_of_the_life_cycle_is_taken(duo, step, status):
    made = at(duo, status, step.kind)
    on = "2026-05-21" if step.kind == "correction_lapsed" else DAY
    path, body = f"/v1/cases/{made['id']}/events", {"kind": step.kind, "on": on, **body_of(duo, step.kind)}
    dry = duo.post(path + "?dry_run=true", body)
    assert dry.status_code == 200, dry.text
    assert duo.case(made["id"])["version"] == made["version"]
    answer = duo.post(path, body)
    assert answer.status_code == 201, answer.text
    after = answer.json()
    assert answer.headers["ETag"] == f'"{made["version"] + 1}"' and after["version"] == made["version"] + 1
    assert after["status"] == (step.to or status)
    assert settled(dry.json()) == settled(after)
    assert [dry.json().get(name) for name in ("moved", "rejudged")] == [after.get(name) for name in ("moved", "rejudged")]
    shown = duo.case(made["id"])
    assert settled(shown) == settled(after)
    told = after["handed_over_to"]
    if told is not None:
        assert told.pop("query_code")  # told once, to who hands over
    assert (shown["number"], shown["handed_over_to"]) == (after["number"], told)
    event = duo.get(path).json()["events"][-1]
    assert (event["seq"], event["kind"], event["on"], event["actor"]) == (after["version"], step.kind, on, "duo")
    assert event["due_before"] == made["due_on"] and event["due_after"] == after["due_on"]


@pytest.mark.parametrize("status", WAYS)
def test_every_other_kind_is_refused_in_that_state(duo, status):
    made = at(duo, status)
    possible = {step.kind for step, origin in STEPS if origin == status}
    for kind in RECORDABLE:
        if kind in possible:
            continue
        answer = duo.post(f"/v1/cases/{made['id']}/events", {"kind": kind, "on": DAY, **body_of(duo, kind)})
        found = problem(answer, 409, "not_in_this_state")
        assert {one["kind"] for one in found["allowed"]} <= possible, kind
    assert duo.case(made["id"])["version"] == made["version"]


@pytest.mark.parametrize("status", WAYS)
def test_what_a_case_says_is_allowed_can_be_recorded(duo, status):
    """And what it lists as refused cannot, for the reason it gives."""
    shown = at(duo, status)
    path = f"/v1/cases/{shown['id']}/events?dry_run=true"
    for one in shown["allowed"]:
        assert set(body_of(duo, one["kind"])) - {"tracking_no"} <= set(one["fields"]) | {"note"}, one
        answer = duo.post(path, {"kind": one["kind"], **body_of(duo, one["kind"])})
        if one["kind"] in ("delivered", "returned", "retracted", "consultation_closed"):
            assert answer.status_code in (200, 422), answer.text  # the body names an event that may not be there
        else:
            assert answer.status_code == 200, (one["kind"], answer.text)
    for one in shown["refused"]:
        assert one["detail"]
        problem(duo.post(path, {"kind": one["kind"], **body_of(duo, one["kind"])}), 409, one["code"])


def test_kinds_written_elsewhere_cannot_be_recorded(duo):
    made = duo.register()
    for kind in ("arrived", "registered", "recomputed", "", "xyz", None, 7,
                 "Extended", "extended "):
        found = problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": kind}), 422, "invalid")
        assert [fault["pointer"] for fault in found["errors"]] == ["/kind"], kind
    assert problem(duo.post(f"/v1/cases/{made['id']}/events", {}), 422)["errors"][0]["code"] == "required"


# ---- roles ----

PEOPLE = source.roles()[:-1]


@pytest.mark.parametrize("kind", RECORDABLE)
def test_an_event_is_recorded_by_those_who_may(daemon, duo, kind):
    step, status = next((step, status) for step, status in TAKEN + [(s, t) for s, t in STEPS if s.kind == "fee_lapsed"]
                        if step.kind == kind)
    made = at(duo, status, kind)
    path, body = f"/v1/cases/{made['id']}/events?dry_run=true", {"kind": kind, "on": "2026-05-21", **body_of(duo, kind)}
    for login in PEOPLE:
        answer = daemon.api(login).post(path, body)
        if login in step.roles:
            assert answer.status_code in (200, 409), (login, answer.text)
            assert answer.status_code == 200 or kind == "fee_lapsed"
        else:
            refused = problem(answer, 403, "role_required")
            assert refused["roles"] == list(step.roles), (login, kind)
    for login in ("admin", "district"):  # they see the case, of an organisation below theirs
        answer = daemon.api(login).post(path, body)
        if login == "district" and "supervisor" in step.subtree_roles:
            assert answer.status_code == 200, answer.text
        else:
            assert problem(answer, 403, "role_required")["roles"] == list(step.subtree_roles)
    problem(daemon.api("other").post(path, body), 404, "no_such_case")


def test_a_case_lists_only_what_the_asking_person_may_do(daemon, duo):
    made = duo.register()
    for login in PEOPLE:
        kinds = {one["kind"] for one in daemon.api(login).case(made["id"])["allowed"]}
        may = {step.kind for step, status in STEPS if status == "in_process" and login in step.roles}
        assert kinds <= may, login
    assert daemon.api("admin").case(made["id"])["allowed"] == []
    assert {one["kind"] for one in daemon.api("district").case(made["id"])["allowed"]} == {"assigned", "reminded"}


# ---- rules of recording ----

def test_nothing_lies_in_the_future(duo):
    made = duo.register()
    for kind in RECORDABLE:
        found = problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": kind, "on": "2026-06-02", **body_of(duo, kind)}), 422)
        assert ("/on", "future_date") in {(f["pointer"], f["code"]) for f in found["errors"]}, kind


def test_what_touches_the_clock_is_not_written_into_the_past(duo):
    made = duo.register(arrived_on="2026-05-11")
    duo.event(made["id"], "extended", workdays=1, on="2026-05-20")
    for step, status in STEPS:
        if status != "in_process" or not step.touches_clock or step.kind == "consultation_closed":
            continue
        body = {"kind": step.kind, "on": "2026-05-19", **body_of(duo, step.kind)}
        found = problem(duo.post(f"/v1/cases/{made['id']}/events", body), 422, "invalid")
        assert ("/on", "out_of_order") in {(f["pointer"], f["code"]) for f in found["errors"]}, step.kind
    assert duo.event(made["id"], "noted", note="补记", on="2026-05-19")["version"] == 3
    found = problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "noted", "note": "a", "on": "2026-05-10"}), 422)
    assert [(f["pointer"], f["code"]) for f in found["errors"]] == [("/on", "out_of_order")]


def test_an_event_without_date_is_of_today(duo):
    made = duo.register()
    duo.event(made["id"], "noted", note="a")
    assert duo.get(f"/v1/cases/{made['id']}/events").json()["events"][-1]["on"] == "2026-06-01"


@pytest.mark.parametrize("kind", RECORDABLE)
def test_every_field_of_an_event_is_checked_and_all_faults_said(duo, kind):
    made = at(duo, "in_process")
    rows = source.event_rows(source.event_kinds()[kind])
    body = {"kind": kind, "on": "2026-02-30", "note": "字" * 5001, "document_no": "", "colour": "red"}
    wanted = {("/on", "date"), ("/note", "too_long"), ("/document_no", "too_short"), ("/colour", "unknown_field")}
    for row in rows:
        if row.name == "to_text" or row.type in ("OBJECT", "OBJECTS") or (kind, row.name) == ("amended", "to"):
            continue
        body[row.name] = {"TEXT": "", "TEXTS": "x", "NUMBER": "1", "DATE": "soon", "BOOL": "yes",
                          "CODE": 1 if row.codes == "ogi_yes_no" else "no-such-code"}[row.type]
        wanted.add((f"/{row.name}", {"TEXT": "required" if row.required else "too_short", "TEXTS": "type", "NUMBER": "type",
                                     "DATE": "date", "BOOL": "type",
                                     "CODE": "type" if row.codes == "ogi_yes_no" else "unknown_code"}[row.type]))
    answer = duo.post(f"/v1/cases/{made['id']}/events", body)
    found = {(f["pointer"], f["code"]) for f in problem(answer, 422, "invalid")["errors"]}
    assert wanted <= found


@pytest.mark.parametrize("kind", RECORDABLE)
def test_numbers_and_lists_of_an_event_have_their_limits(duo, kind):
    made = at(duo, "in_process")
    body, wanted = {"kind": kind, "on": DAY, **body_of(duo, kind)}, set()
    for row in source.event_rows(source.event_kinds()[kind]):
        if row.type == "NUMBER":
            body[row.name] = row.max + 1 if row.max < 2**31 - 1 else 0
            wanted.add((f"/{row.name}", "range"))
        elif row.type == "TEXTS":
            body[row.name] = ["a"] * (row.max + 1)
            wanted.add((f"/{row.name}", "too_many"))
    if wanted:
        answer = duo.post(f"/v1/cases/{made['id']}/events", body)
        assert wanted <= {(f["pointer"], f["code"]) for f in problem(answer, 422, "invalid")["errors"]}
