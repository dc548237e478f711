# SPDX-License-Identifier: MulanPSL-2.0
"""A client of the API for tests: every answer is held against openapi.json."""

import functools
import json
import os
import pathlib
import re
import uuid

import jsonschema
import requests

SOURCE = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))


@functools.cache
def document():
    return json.loads((SOURCE / "doc" / "openapi.json").read_text(encoding="utf-8"))


@functools.cache
def patterns():
    """(regular expression, operations) of each path, the plain ones first."""
    made = []
    for path, operations in document()["paths"].items():
        made.append((re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path.count("{"), operations))
    return [(expression, operations) for expression, _, operations in sorted(made, key=lambda m: m[1])]


def check(method, path, answer):
    """The status is one the document knows for the operation, and the body has its shape."""
    operations = next((o for expression, o in patterns() if expression.match(path)), None)
    if operations is None or method.lower() not in operations or answer.status_code in (405, 431):
        return
    responses = operations[method.lower()]["responses"]
    assert str(answer.status_code) in responses or "default" in responses, (method, path, answer.status_code)
    response = responses.get(str(answer.status_code), responses.get("default"))
    if "$ref" in response:
        response = functools.reduce(dict.__getitem__, response["$ref"].lstrip("#/").split("/"), document())
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    schema = response.get("content", {}).get(kind, {}).get("schema")
    if schema and kind.endswith("json") and "ndjson" not in kind:
        root = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema,
                "components": document().get("components", {})}
        jsonschema.Draft202012Validator(root).validate(answer.json())


class Api:
    def __init__(self, url, token=None, language="zh-CN"):
        self.url, self.token, self.language = url, token, language
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method, path, body=None, headers=None, timeout=60, **options):
        sent = {"Accept-Language": self.language, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        sent.update(headers or {})
        if body is not None:
            options["data"] = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
            sent.setdefault("Content-Type", "application/json")
        sent = {k: v for k, v in sent.items() if v is not None}
        options.setdefault("allow_redirects", False)
        answer = self.session.request(method, self.url + path, headers=sent, timeout=timeout, **options)
        check(method, path.split("?")[0], answer)
        return answer

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, key=None, headers=None, **options):
        headers = {**(headers or {}), **({"Idempotency-Key": key} if key else {})}
        return self.call("POST", path, body, headers, **options)

    # ---- the ledger in short words; each wants the status it names ----

    def register(self, status=201, **fields):
        answer = self.post("/v1/cases", case(**fields))
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()

    def event(self, case_id, kind, status=201, **fields):
        answer = self.post(f"/v1/cases/{case_id}/events", {"kind": kind, **fields})
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()

    def case(self, case_id, status=200, query=""):
        answer = self.get(f"/v1/cases/{case_id}{query}")
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()


def case(**fields):
    """The body of a plain request at the counter; None takes a field away."""
    body = {"channel": "in_person", "arrived_on": "2026-05-18",
            "applicant": {"kind": "natural", "name": "张三", "phone": "13800000026", "id_kind": "passport",
                          "id_number": "E12345678"},
            "description": "朱村街道 2025 年征地补偿方案"}
    body.update(fields)
    return {k: v for k, v in body.items() if v is not None}


def key():
    return str(uuid.uuid4())


def problem(answer, status, code=None):
    """The problem of an answer, which has that status and code."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    assert code is None or found["code"] == code, found
    return found


def faults(answer):
    """What a 422 finds wrong: pairs of pointer and code."""
    return {(fault["pointer"], fault["code"]) for fault in problem(answer, 422, "invalid")["errors"]}
