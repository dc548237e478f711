# SPDX-License-Identifier: MulanPSL-2.0
"""doc/openapi.json says what the program does: its routes, roles, fields and codes are those of the tables."""

import json
import re

import jsonschema
import pytest

from support import source
from support.api import document

ROUTES = {(r.method.lower(), r.path): r for r in source.routes()}
OPERATIONS = {(method, path): operation for path, methods in document()["paths"].items()
              for method, operation in methods.items()}
SCHEMAS = document()["components"]["schemas"]


def resolve(part):
    while "$ref" in part:
        found = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def validator(schema):
    return jsonschema.Draft202012Validator({**schema, "components": document()["components"]})


def test_every_route_is_described_and_nothing_else():
    assert set(ROUTES) == set(OPERATIONS)


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_an_operation_is_that_of_its_route(key):
    operation, route = OPERATIONS[key], ROUTES[key]
    parameters = [resolve(p) for p in operation.get("parameters", [])]
    by_place = {place: [p["name"] for p in parameters if p["in"] == place] for place in ("path", "query", "header")}
    assert str(route.status) in operation["responses"]
    assert by_place["path"] == route.arguments
    assert bool(by_place["query"]) == ("QUERY" in route.flags)
    assert ("Idempotency-Key" in by_place["header"]) == ("IDEMPOTENT" in route.flags)
    assert ("If-Match" in by_place["header"]) == ("IF_MATCH" in route.flags)
    assert ("requestBody" in operation) == bool({"JSON", "STREAM"} & route.flags)
    assert (operation.get("security") == []) == route.open
    everybody = len(route.roles) == len(source.roles())
    assert operation.get("x-roles", []) == (["*"] if everybody else list(route.roles))
    if route.roles and not everybody:
        assert "403" in operation["responses"]
    if not route.open:
        assert "401" in operation["responses"]
    if "404" not in operation["responses"]:
        assert not route.arguments


def test_the_query_parameters_are_those_the_program_reads():
    written = set()
    for path in (source.DAEMON / "api").glob("*.c"):
        for names in re.findall(r"\*const names\[\] = \{(.*?)NULL", path.read_text(encoding="utf-8"), re.S):
            if "METHODS" not in names:
                written |= set(re.findall(r'"(\w+)"', names))
    named = [resolve(p) for operation in OPERATIONS.values() for p in operation.get("parameters", [])]
    assert {p["name"] for p in named if p["in"] == "query"} == written - {"GET", "POST", "PUT", "DELETE"}


def test_names_of_operations_are_given_once():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


# ---- bodies ----

def described(schema, row):
    """What the document says of a field is what its row says."""
    schema = {**schema, **resolve(schema)}
    if row.type == "DATE":
        assert schema["format"] == "date"
    elif row.type == "BOOL" or row.codes == "ogi_yes_no":
        assert schema["type"] == "boolean"
    elif row.type == "CODE":
        assert schema["enum"] == source.codes(row.codes)
    elif row.type == "NUMBER":
        assert (schema["type"], schema["minimum"], schema["maximum"]) == ("integer", row.min, row.max)
    elif row.type == "TEXT":
        assert (schema["type"], schema["minLength"], schema["maxLength"]) == ("string", row.min, row.max)
    elif row.type == "TEXTS":
        assert (schema["minItems"], schema["maxItems"], schema["items"]["maxLength"]) == (row.min, row.max, row.item_max)
    elif row.type == "OBJECT":
        same_rows(schema, source.event_rows(row.rows))
    else:
        assert (schema["minItems"], schema["maxItems"]) == (row.min, row.max)
        same_rows(resolve(schema["items"]), source.event_rows(row.rows))


def same_rows(schema, rows, besides=(), required=None):
    assert set(schema["properties"]) == {row.name for row in rows} | set(besides)
    assert set(schema.get("required", [])) == (required or {row.name for row in rows if row.required})
    for row in rows:
        described(schema["properties"][row.name], row)


def test_a_request_has_the_fields_of_its_rows():
    same_rows(SCHEMAS["case_in"], source.event_rows("request_rows"), {"org"})


RECORDABLE = sorted({step.kind for step in source.life_cycle() if step.roles} - {"arrived", "registered"})


def test_every_kind_that_may_be_recorded_is_described():
    kinds = [resolve(one)["properties"]["kind"]["const"] for one in SCHEMAS["event_in"]["oneOf"]]
    assert sorted(kinds) == RECORDABLE
    assert sorted(SCHEMAS["event_in"]["discriminator"]["mapping"]) == RECORDABLE


@pytest.mark.parametrize("kind", RECORDABLE)
def test_an_event_has_the_fields_of_its_rows(kind):
    rows = list(source.event_rows(source.event_kinds()[kind]) + source.event_rows("ogi_event_common"))
    required = {"kind"} | {row.name for row in rows if row.required}
    schema = SCHEMAS[f"event_{kind}"]
    if kind == "amended":  # any JSON scalar; the ledger chooses where its text is kept
        assert schema["properties"]["to"]["type"] == ["string", "integer", "boolean", "null"]
        rows = [row for row in rows if row.name not in ("to", "to_text")]
        schema = {**schema, "properties": {k: v for k, v in schema["properties"].items() if k != "to"}}
    if kind == "noted":
        required.add("note")
    if kind in ("delivered", "returned"):  # nobody can guess when
        required.add("on")
    same_rows(schema, rows, {"kind"}, required)
    steps = [step for step in source.life_cycle() if step.kind == kind]
    assert schema["x-roles"] == [role for role in source.roles() if any(role in step.roles for step in steps)]


LISTS = {"channel": "ogi_channels", "via": "ogi_vias", "regime": "ogi_regimes", "status": "ogi_statuses",
         "flag": "ogi_flags", "light": "ogi_lights", "clock_state": "ogi_clock_states", "event_kind": "ogi_event_kinds",
         "applicant_kind": "ogi_applicant_kinds", "id_kind": "ogi_id_kinds", "medium": "ogi_media",
         "delivery": "ogi_deliveries", "role": "ogi_roles", "party": "ogi_parties", "opinion": "ogi_opinions",
         "decision": "ogi_decisions", "served_by": "ogi_served_by", "fee_basis": "ogi_fee_bases",
         "remedy_kind": "ogi_remedy_kinds", "remedy_result": "ogi_remedy_results", "procedure": "ogi_procedures",
         "day_kind": "ogi_day_kinds", "day_reason": "ogi_day_reasons", "clock_rule": "ogi_clock_rules", "reading": "ogi_readings",
         "outcome": "ogi_outcome_codes", "outcome_variant": "ogi_variant_codes",
         "disclosure_category": "disclosure_categories", "disclosure_article": "disclosure_articles",
         "publication_channel": "publication_channels", "disclosure_attribute": "disclosure_attributes", "review_step": "review_steps",
         "setting_name": "ogi_setting_rows", "document_kind": "ogi_document_codes"}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_codes_is_that_of_the_program(name):
    assert SCHEMAS[name]["enum"] == source.codes(LISTS[name])


def test_every_list_of_codes_is_compared():
    assert set(LISTS) == {name for name, schema in SCHEMAS.items() if "enum" in schema}


# ---- the document itself ----

def everywhere(part):
    yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from everywhere(one)


def test_every_reference_leads_somewhere_and_every_part_is_used():
    used = {part["$ref"] for part in everywhere(document()) if isinstance(part, dict) and isinstance(part.get("$ref"), str)}
    for one in used:
        resolve({"$ref": one})
    for kind in ("schemas", "responses", "parameters"):
        for name in document()["components"][kind]:
            assert f"#/components/{kind}/{name}" in used or name == "disclosure_line", name


def test_every_schema_is_one():
    for part in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(part)


def test_every_example_fits_its_schema():
    seen = 0
    for part in everywhere(document()["paths"]):
        if not isinstance(part, dict) or "schema" not in part:
            continue
        examples = [part["example"]] if "example" in part else []
        examples += [e["value"] for e in part.get("examples", {}).values()]
        for example in examples:
            validator(part["schema"]).validate(example)
            seen += 1
    line = OPERATIONS["post", "/v1/disclosures/import"]["requestBody"]["content"]["application/x-ndjson"]["example"]
    validator(SCHEMAS["disclosure_line"]).validate(json.loads(line))
    for response in document()["components"]["responses"].values():
        for content in response["content"].values():
            if "example" in content:
                validator(content["schema"]).validate(content["example"])
                assert content["example"]["code"] in {**source.problems(), **dict.fromkeys(source.refusals())}
                seen += 1
    assert seen > 20


def test_the_daemon_serves_the_document(daemon):
    answer = daemon.api().get("/openapi.json")
    assert (answer.status_code, answer.json()) == (200, document())
