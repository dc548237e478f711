# SPDX-License-Identifier: MulanPSL-2.0
"""Whatever is sent, the answer is one the document knows and never a 500, and nothing half is stored. Derandomized and bounded in
time; OGID_TEST_LONG=1 lets it go on."""

import functools
import os
import time

import hypothesis
import pytest
from hypothesis import strategies as st

from support import source
from support.api import document

SECONDS = 600 if os.environ.get("OGID_TEST_LONG") else 20
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2**40, 2**40), st.floats(allow_nan=False, allow_infinity=False),
                    st.text(max_size=40), st.sampled_from(
                        ["2026-05-18", "2019-05-14", "2026-06-02", "9999-12-31", "handler", "nobody", "in_person", "letter", "grant",
                         "01920000-0000-7000-8000-000000000000", "zhucun", "licheng", "true", "", "\u0000", "\ud83d", "a" * 300]))
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
                        max_leaves=12)


def resolve(schema):
    while "$ref" in schema:
        found = document()
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema


@functools.cache
def of_reference(name, depth):
    return shaped(resolve({"$ref": name}), depth)


def fitting(schema, depth=0):
    """Values of about the right shape, most of them."""
    return of_reference(schema["$ref"], depth) if "$ref" in schema else shaped(schema, depth)


def shaped(schema, depth):
    if "oneOf" in schema:
        return st.one_of([fitting(one, depth) for one in schema["oneOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object" and depth < 4:
        properties = schema.get("properties", {})
        required = {k: noisy(v, depth + 1) for k, v in properties.items() if k in schema.get("required", [])}
        optional = {k: noisy(v, depth + 1) for k, v in properties.items() if k not in schema.get("required", [])}
        return st.fixed_dictionaries(required, optional=optional)
    if kind == "array":
        return st.lists(noisy(schema["items"], depth + 1), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", -5), min(schema.get("maximum", 50), 10**6))
    if kind == "boolean":
        return st.booleans()
    if schema.get("format") == "date":
        return st.sampled_from(["2026-05-18", "2026-05-20", "2026-06-01", "2017-03-14", "2019-05-15", "2026-06-02"])
    return st.text(max_size=30)


def noisy(schema, depth):
    fits = fitting(schema, depth)
    return st.one_of(fits, fits, fits, ANYTHING)


def bodies(route):
    operation = document()["paths"][route.path][route.method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return st.none()
    fits = fitting(content["schema"])
    return st.one_of(fits, fits, ANYTHING)


def queries(route):
    named = [resolve(p) for p in document()["paths"][route.path][route.method.lower()].get("parameters", [])]
    names = [p["name"] for p in named if p["in"] == "query"] + ["colour"]
    value = st.one_of(st.text(max_size=20), st.sampled_from(
        ["true", "false", "zhucun", "open", "1", "200", "2026-05-18", "due_on", "-number", "2026-05-18T00:00:00Z", "me", "%", "_", "'"]))
    return st.lists(st.tuples(st.sampled_from(names), value), max_size=4)


def well_formed(value):
    """JSON cannot carry lone surrogates as UTF-8."""
    if isinstance(value, str):
        return not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return all(well_formed(k) and well_formed(v) for k, v in value.items())
    return not isinstance(value, list) or all(map(well_formed, value))


ROUTES = [r for r in source.routes() if r.path not in ("/v1/sessions", "/v1/sessions/current", "/v1/me/password", "/healthz")
          and "STREAM" not in r.flags and not (r.path.startswith("/v1/users/") and r.method != "GET")]
LIMIT = {"deadline": None}


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_never_an_internal_error_and_never_half_a_record(daemon, route):
    if LIMIT["deadline"] is None:
        LIMIT["deadline"] = time.monotonic() + SECONDS
    share = max(0.3, (LIMIT["deadline"] - time.monotonic()) / (len(ROUTES) - ROUTES.index(route)))
    end = time.monotonic() + share
    duo, admin = daemon.api("duo"), daemon.api("admin")
    api = admin if route.roles == ("admin",) else duo
    made = duo.register()["id"] if "/cases/" in route.path else "x"
    texts = st.sampled_from([made, made, made, "2026-1", "zhucun:2026-1", "x", "2017", "f14", "nobody", "征", "01920000-0000-7000-8000-000000000000"])

    @hypothesis.settings(derandomize=True, deadline=None, max_examples=100000 if SECONDS > 60 else 40, database=None,
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(body=bodies(route).filter(well_formed), query=queries(route).filter(lambda q: all(well_formed(v) for _, v in q)),
                      text=texts)
    def send(body, query, text):
        if time.monotonic() > end:
            return
        path = route.path
        for name in route.arguments:
            path = path.replace("{%s}" % name, {"year": "2017", "form": "f14"}.get(name, text))
        before = daemon_state(daemon) if route.method != "GET" else None
        endless = route.path == "/v1/stream"
        answer = api.call(route.method, path, body if route.method in ("POST", "PUT") else None, params=query, stream=endless)
        if endless:
            answer.close()
        assert answer.status_code != 500 and answer.status_code < 504, answer.reason if endless else answer.text
        if before is not None and answer.status_code >= 400:
            assert daemon_state(daemon) == before, (body, answer.text)

    with_connection(daemon)
    send()


def with_connection(daemon):
    if not hasattr(daemon, "watcher"):
        daemon.watcher = daemon.cluster.connect(daemon.database_name, "postgres")


def daemon_state(daemon):
    with daemon.watcher.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM case_event), (SELECT count(*) FROM case_text), (SELECT count(*) FROM request_case),"
                       " (SELECT count(*) FROM applicant), (SELECT sum(last) FROM reg_counter), (SELECT count(*) FROM disclosure_item),"
                       " (SELECT count(*) FROM publication), (SELECT count(*) FROM secrecy_review), (SELECT count(*) FROM app_user),"
                       " (SELECT count(*) FROM org), (SELECT count(*) FROM idempotency_key), (SELECT count(*) FROM audit_entry)")
        return cursor.fetchone()


def test_afterwards_the_ledger_is_whole(daemon):
    daemon.watcher.close()
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ERROR" not in daemon.log.read_text()
