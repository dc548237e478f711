# SPDX-License-Identifier: MulanPSL-2.0
"""What is wrong with a body is said at once, with a pointer for each fault, and nothing is stored. Today is 2026-06-01."""

import json

import pytest

from support import source
from support.api import case, faults, problem


@pytest.fixture
def stores():
    """Asked for by the stories that do store something."""


@pytest.fixture(autouse=True)
def nothing_is_stored(request, daemon):
    before = daemon.sql("SELECT count(*) FROM case_event")
    yield
    assert (daemon.sql("SELECT count(*) FROM case_event") != before) == ("stores" in request.fixturenames)


# ---- limits ----

def texts(rows, prefix=""):
    """(pointer, row) of every text of a request, also inside objects."""
    for row in rows:
        pointer = f"{prefix}/{row.name}"
        if row.type == "TEXT":
            yield pointer, row
        elif row.type == "OBJECT":
            yield from texts(source.event_rows(row.rows), pointer)
        elif row.type == "OBJECTS":
            yield from texts(source.event_rows(row.rows), pointer + "/0")


TEXTS = {pointer: row for pointer, row in texts(source.event_rows("request_rows")) if pointer != "/assignee"}


def body_with(values):
    """A body with a value at each pointer."""
    body = case()
    body["applicant"]["id_kind"] = "other"
    for pointer, value in values.items():
        at = body
        *way, name = pointer.strip("/").split("/")
        for i, step in enumerate(way):
            step = int(step) if step.isdigit() else step
            if isinstance(at, dict) and step not in at:
                at[step] = [{}] if (way + [name])[i + 1].isdigit() else {}
            at = at[step]
        at[name] = value
    if "attempts" in body.get("evidence", {}):
        body["evidence"]["attempts"][0].setdefault("on", "2026-05-18")
    return body


LIMITS = {"/description": 20000, "/applicant/name": 200, "/applicant/phone": 50, "/applicant/email": 254,
          "/applicant/address": 500, "/applicant/postcode": 10}


def test_the_limits_are_those_of_the_contract():
    assert {pointer: TEXTS[pointer].max for pointer in LIMITS} == LIMITS


def test_every_text_may_be_as_long_as_it_may(duo, stores):
    answer = duo.post("/v1/cases", body_with({pointer: "字" * row.max for pointer, row in TEXTS.items()}))
    assert answer.status_code == 201, answer.text


def test_no_text_may_be_longer_and_all_are_said_at_once(duo):
    body = body_with({pointer: "字" * (row.max + 1) for pointer, row in TEXTS.items()})
    assert faults(duo.post("/v1/cases", body)) == {(pointer, "too_long") for pointer in TEXTS}


def test_a_text_that_is_given_may_not_be_empty(duo):
    found = faults(duo.post("/v1/cases", body_with({pointer: "" for pointer in TEXTS})))
    assert {pointer for pointer, _ in found} == set(TEXTS)
    assert {code for _, code in found} == {"too_short", "required"}


def test_no_text_may_hold_control_characters(duo):
    for control in ("\x01", "\x07", "\x1b", "\x7f", "\x85"):
        found = faults(duo.post("/v1/cases", body_with({pointer: f"a{control}b" for pointer in TEXTS})))
        assert found == {(pointer, "control_character") for pointer in TEXTS}, control


def test_only_long_texts_may_hold_line_breaks(duo):
    one_line = {pointer for pointer, row in TEXTS.items() if not row.multiline}
    found = faults(duo.post("/v1/cases", body_with({pointer: "a\nb" for pointer in TEXTS})))
    assert found == {(pointer, "control_character") for pointer in one_line}


@pytest.mark.parametrize("wrong", [1, True, [], {}, 1.5])
def test_a_value_of_another_type_is_said_where_it_stands(duo, wrong):
    body = {"channel": wrong, "arrived_on": wrong, "applicant": {"kind": wrong, "name": wrong}, "description": wrong,
            "subject": wrong, "medium": wrong, "signed_on": wrong}
    found = faults(duo.post("/v1/cases", body))
    assert {(p, "type") for p in ("/channel", "/arrived_on", "/applicant/kind", "/applicant/name", "/description",
                                  "/subject", "/medium", "/signed_on")} <= found
    assert not {code for _, code in found} & {"unknown_code", "date"}


def test_objects_lists_and_booleans_are_wanted_where_they_are(duo):
    found = faults(duo.post("/v1/cases", {**case(), "applicant": "张三", "evidence": [], "assisted": "true",
                                          "confirmed": "yes"}))
    assert {("/applicant", "type"), ("/evidence", "type"), ("/assisted", "type"), ("/confirmed", "type")} <= found
    assert faults(duo.post("/v1/cases", case(evidence={"attempts": "x"}))) == {("/evidence/attempts", "type")}


def test_lists_have_their_limits(duo):
    body = case()
    body["applicant"]["others"] = [{"name": "某"}] * 201
    body["evidence"] = {"attempts": [{"on": "2026-05-18"}] * 51}
    assert faults(duo.post("/v1/cases", body)) == {("/applicant/others", "too_many"), ("/evidence/attempts", "too_many")}
    body["applicant"]["others"] = [{"name": "某"}, {"name": ""}, {"nom": "x"}]
    body["evidence"] = {"attempts": [{"how": "电话"}]}
    assert faults(duo.post("/v1/cases", body)) == {
        ("/applicant/others/1/name", "required"), ("/applicant/others/2/name", "required"),
        ("/applicant/others/2/nom", "unknown_field"), ("/evidence/attempts/0/on", "required")}


# ---- codes, dates, unknown fields ----

def test_unknown_codes(duo):
    body = case(channel="pigeon", via="owl", medium="stone", delivery="drone",
                applicant={"kind": "alien", "name": "a", "phone": "1", "id_kind": "badge"})
    assert faults(duo.post("/v1/cases", body)) == {(p, "unknown_code") for p in (
        "/channel", "/via", "/medium", "/delivery", "/applicant/kind", "/applicant/id_kind")}


def test_the_unknown_kind_of_applicant_is_for_old_imports(duo):
    body = case(applicant={"kind": "unknown", "name": "a", "phone": "1"}, arrived_on="2017-03-14")
    assert faults(duo.post("/v1/cases", body)) == {("/applicant/kind", "unknown_code")}


@pytest.mark.parametrize("wrong", ["2026-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-4-1", "20250401", "", "昨天",
                                   "2025-04-21T00:00:00Z", " 2025-04-21", "2025-04-21 ", "1899-12-31", "2200-01-01",
                                   "２０２５-04-21", "-025-04-21", "+025-04-21"])
def test_a_date_that_does_not_exist(duo, wrong):
    found = faults(duo.post("/v1/cases", case(arrived_on=wrong)))
    assert found == {("/arrived_on", "date")}


def test_a_leap_day_that_exists(duo, stores):
    assert duo.register(arrived_on="2024-02-29")["receipt_date"] == "2024-02-29"


def test_no_fact_lies_in_the_future(duo):
    future = "2026-06-02"
    assert faults(duo.post("/v1/cases", case(arrived_on=future))) >= {("/arrived_on", "future_date")}
    body = case(channel="letter", signed_on=future)
    assert faults(duo.post("/v1/cases", body)) >= {("/signed_on", "future_date")}
    assert faults(duo.post("/v1/cases", case(channel="fax", confirmed_on=future))) >= {("/confirmed_on", "future_date")}
    body = case(evidence={"attempts": [{"on": "2026-06-02"}]})
    assert faults(duo.post("/v1/cases", body)) == {("/evidence/attempts", "future_date")}


def test_unknown_fields_are_named_wherever_they_are(duo):
    body = case(receit_date="2026-05-18", evidence={"trackingno": "1", "attempts": [{"on": "2026-05-18", "who": "x"}]})
    body["applicant"] |= {"nickname": "x", "agent": {"name": "a", "fax": "1"}, "a/b~c": 1}
    assert faults(duo.post("/v1/cases", body)) == {(p, "unknown_field") for p in (
        "/receit_date", "/evidence/trackingno", "/evidence/attempts/0/who", "/applicant/nickname",
        "/applicant/agent/fax", "/applicant/a~1b~0c")}
    for name in ("historic", "number", "external_ref", "serial", "year", "has_identity", "kind", "on", "note", "warnings"):
        assert faults(duo.post("/v1/cases", {**case(), name: 1})) == {(f"/{name}", "unknown_field")}, name


def test_an_empty_body_is_told_everything_it_lacks(duo):
    assert faults(duo.post("/v1/cases", {})) >= {("/channel", "required")}
    body = {"channel": "in_person"}
    assert faults(duo.post("/v1/cases", body)) == {("/applicant/kind", "required"), ("/applicant/name", "required"),
                                                   ("/applicant/phone", "required"), ("/description", "required")}


def test_faults_of_shape_and_of_sense_come_together(duo):
    body = {"channel": "in_person", "arrived_on": "2026-06-02", "registered_on": "soon", "colour": "red",
            "applicant": {"kind": "natural", "email": "e" * 255}}
    found = faults(duo.post("/v1/cases", body))
    assert found >= {("/registered_on", "date"), ("/colour", "unknown_field"), ("/applicant/email", "too_long"),
                     ("/arrived_on", "future_date"), ("/applicant/name", "required"), ("/description", "required")}


def test_contradictions_inside_the_body(duo):
    for body, wanted in [
            (case(channel="letter", via="form"), {("/via", "contradiction")}),
            (case(channel="in_person", via="portal"), {("/via", "contradiction")}),
            (case(signed_on="2026-05-19"), {("/signed_on", "contradiction")}),
            (case(channel="letter", signed_on="2026-05-17"), {("/signed_on", "contradiction")}),
            (case(channel="letter", via="mail_ordinary", signed_on="2026-05-19", confirmed_on="2026-05-19"),
             {("/signed_on", "contradiction")}),
            (case(channel="fax", confirmed_on="2026-05-17"), {("/confirmed_on", "out_of_order")}),
            (case(channel="fax", confirmed=False, confirmed_on="2026-05-19"), {("/confirmed", "contradiction")}),
            (case(channel="fax", confirmed=True), {("/confirmed_on", "required")}),
            (case(channel="fax", confirmed=False, receipt_date="2026-05-19"), {("/receipt_date", "contradiction")})]:
        assert faults(duo.post("/v1/cases", body)) == wanted, body


def test_somebody_must_be_reachable(duo):
    who = {"kind": "natural", "name": "张三"}
    assert faults(duo.post("/v1/cases", case(applicant=who))) == {("/applicant/phone", "required")}
    assert faults(duo.post("/v1/cases", case(applicant={**who, "postcode": "511370"}))) == {("/applicant/phone", "required")}
    assert faults(duo.post("/v1/cases", case(applicant={**who, "phone": None}))) == {("/applicant/phone", "required")}


@pytest.mark.parametrize("contact", ["phone", "email", "address"])
def test_one_way_to_reach_somebody_is_enough(duo, stores, contact):
    duo.register(applicant={"kind": "natural", "name": "张三", contact: "1"})


def test_an_agent_has_a_name(duo):
    body = case()
    body["applicant"]["agent"] = {"phone": "1", "authority": "代为申请"}
    assert faults(duo.post("/v1/cases", body)) == {("/applicant/agent/name", "required")}


@pytest.mark.parametrize("kind, right, wrong", [
    ("resident_id", "11010519491231002X", ["110105194912310021", "11010519491231002", "1101051949123100２X", "X" * 18]),
    ("resident_id", "11010519491231002x", ["11010519491231002Y"]),
    ("credit_code", "91350100M000100Y43", ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43",
                                           "91350100m000100y43"])])
def test_numbers_with_a_check_digit_are_checked(duo, stores, kind, right, wrong):
    who = {"kind": "natural", "name": "张三", "phone": "1", "id_kind": kind}
    for number in wrong:
        body = case(applicant={**who, "id_number": number})
        assert faults(duo.post("/v1/cases", body)) == {("/applicant/id_number", "checksum")}, number
    duo.register(applicant={**who, "id_number": right})


def test_other_numbers_are_taken_as_they_are(duo, stores):
    for kind in ("passport", "hk_macao_permit", "taiwan_permit", "foreign_permit", "other", None):
        who = {"kind": "natural", "name": "张三", "phone": "1", "id_kind": kind, "id_number": "110105194912310021"}
        duo.register(applicant={k: v for k, v in who.items() if v})


# ---- what is no JSON ----

@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"1", b'"a"', b"{}{}", b"{'a': 1}", b'{"a": 1,}', b"\xef\xbb\xbf{}",
                                 b'{"channel": "in_person", "channel": "fax"}', b'{"a": nul}', b'{"a": NaN}',
                                 b'{"a": "\\u0000"}', b'{"a": "\x00"}', b'{"a": 1e999}', b'{"a": "\\ud800"}',
                                 b'{"a": 99999999999999999999}', b'{"a":01}', b'{"a": "\n"}'])
def test_what_is_not_json_is_refused(duo, raw):
    problem(duo.post("/v1/cases", raw), 400)


@pytest.mark.parametrize("raw", [b'{"description": "\xff"}', b'{"description": "\xc0\xaf"}', b'{"description": "\xed\xa0\x80"}',
                                 b'{"description": "\xf4\x90\x80\x80"}', b'{"description": "\xe4\xb8"}', b'{"\xfe": 1}',
                                 "征地".encode("gb18030"), json.dumps({"description": "征地"}, ensure_ascii=False).encode("gb18030")])
def test_what_is_not_utf8_is_refused(duo, raw):
    assert problem(duo.post("/v1/cases", raw), 400)["code"] in ("bad_encoding", "bad_json")


def test_bad_utf8_in_a_text_is_called_so(duo):
    problem(duo.post("/v1/cases", b'{"description": "\xff"}'), 400, "bad_encoding")


def test_deep_nesting_and_many_values_are_refused(duo):
    for raw in (b'{"a":' + b"[" * 100000 + b"]" * 100000 + b"}", b'{"a":' * 40 + b"1" + b"}" * 40, b"[" * 1048000,
                b'{"a":[' + b"1," * 70000 + b"1]}"):
        problem(duo.post("/v1/cases", raw), 400, "bad_json")
    assert faults(duo.post("/v1/cases", {**case(), "a": [[[[[[[[[[1]]]]]]]]]]})) == {("/a", "unknown_field")}


def test_a_body_of_one_mebibyte_is_read_and_a_larger_one_is_not(duo):
    body = json.dumps({**case(), "x": ""}, ensure_ascii=False).encode()
    padded = body[:-2] + b"a" * (1048576 - len(body)) + body[-2:]
    assert len(padded) == 1048576
    assert faults(duo.post("/v1/cases", padded)) == {("/x", "unknown_field")}
    problem(duo.post("/v1/cases", padded + b" "), 413, "too_large")


def test_a_body_of_another_type_is_refused(duo):
    raw = json.dumps(case())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "application/jsonx", ""):
        problem(duo.post("/v1/cases", raw, headers={"Content-Type": kind}), 415, "media_type")


def test_faults_are_counted_when_there_are_too_many_to_list(duo):
    found = problem(duo.post("/v1/cases", {**case(), **{f"x{i}": 1 for i in range(150)}}), 422, "invalid")
    assert len(found["errors"]) == 100 and found["errors_left_out"] == 50
