# SPDX-License-Identifier: MulanPSL-2.0
"""Chinese by default, English when it is asked for (contract §2)."""

import re

import pytest

from support import source
from support.api import case, problem


def is_chinese(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)


ASKED = {None: "zh", "": "zh", "zh-CN": "zh", "zh": "zh", "zh-TW, en;q=0.5": "zh", "de": "zh", "*": "zh", "fr, de;q=0.3": "zh",
         "en": "en", "en-US": "en", "EN-gb": "en", "en;q=0.9, zh;q=0.8": "en", "zh;q=0.8, en;q=0.9": "en", "zh;q=0, en": "en",
         "en;q=0": "zh", "en;q=0.5, zh;q=0.5": "zh", "de, en;q=0.2": "en", "english": "zh", "en;q=x": "zh", ";;;,,,": "zh",
         "en" + ", de" * 500: "en"}


@pytest.mark.parametrize("asked", ASKED, ids=lambda a: str(a)[:30])
def test_the_language_asked_for(duo, asked):
    found = problem(duo.get("/v1/cases/2199-1", headers={"Accept-Language": asked}), 404, "no_such_case")
    zh, en = source.problems()["no_such_case"][1:]
    assert found["title"] == (zh if ASKED[asked] == "zh" else en)
    assert is_chinese(found["detail"]) == (ASKED[asked] == "zh")


def test_every_problem_has_a_title_in_both_languages():
    assert len(source.problems()) > 30
    for code, (status, zh, en) in source.problems().items():
        assert is_chinese(zh) and en.isascii() and en, code
        assert 400 <= status <= 503


def test_every_refusal_and_fault_says_what_to_do_in_both_languages():
    rows = [source.split(row) for row in re.findall(r"=\s*\{ (\"\w+\",.*?\")\s*\},", source.text("domain/refusal.c"), re.S)]
    assert len(rows) > 30
    for code, zh, en in rows:
        assert is_chinese(source.string(zh)) and source.string(en).endswith("."), code


PROVOKED = {
    "no_such_route": ("GET", "/v1/nothing", None), "method_not_allowed": ("PUT", "/v1/me", {}),
    "no_such_org": ("GET", "/v1/cases?org=nowhere", None), "not_found": ("GET", "/v1/calendar/1", None),
    "bad_query": ("GET", "/v1/cases?limit=0", None), "bad_json": ("POST", "/v1/cases", b"{"),
    "bad_encoding": ("POST", "/v1/cases", b'{"a": "\xff"}'), "media_type": ("POST", "/v1/users/duo/unlock", {"a": 1}),
    "role_required": ("GET", "/v1/audit", None), "invalid": ("POST", "/v1/cases", {"channel": "x"}),
}


@pytest.mark.parametrize("code", PROVOKED)
def test_problems_are_told_in_both_languages(daemon, duo, code):
    method, path, body = PROVOKED[code]
    api = daemon.api("admin") if "users" in path else daemon.api("leader") if code == "role_required" else duo
    seen = {}
    for language in ("zh-CN", "en"):
        found = api.call(method, path, body, {"Accept-Language": language}).json()
        assert found["code"] == code
        assert found["title"] == source.problems()[code][1 if language == "zh-CN" else 2]
        seen[language] = found
    for zh, en in zip([seen["zh-CN"], *seen["zh-CN"].get("errors", [])], [seen["en"], *seen["en"].get("errors", [])]):
        assert is_chinese(zh["detail"]) and not is_chinese(en["detail"]) and zh["code"] == en["code"]


def test_every_fault_of_a_body_is_told_in_both_languages(duo):
    body = {"channel": 1, "via": "x", "arrived_on": "2026-02-30", "description": "", "assisted": "x", "who": 1, "signed_on": 7,
            "applicant": {"name": "字" * 201, "phone": "a\x01", "others": [{}] * 201, "kind": "x"}, "evidence": [], "subject": ""}
    zh, en = (duo.post("/v1/cases", body, headers={"Accept-Language": language}).json()["errors"] for language in ("zh", "en"))
    assert [(e["pointer"], e["code"]) for e in zh] == [(e["pointer"], e["code"]) for e in en]
    for one, two in zip(zh, en):
        assert is_chinese(one["detail"]) and two["detail"].isascii(), (one, two)


def test_refusals_and_warnings_of_a_case_are_told_in_both_languages(duo):
    made = duo.register(applicant={"kind": "natural", "name": "a", "phone": "1"})
    duo.event(made["id"], "correction_requested", items=["a"], on="2026-05-19")
    duo.event(made["id"], "correction_received", on="2026-05-20")
    for language, chinese in (("zh-CN", True), ("en", False)):
        shown = duo.get(f"/v1/cases/{made['id']}", headers={"Accept-Language": language}).json()
        assert [w["code"] for w in shown["warnings"]] == ["identity_missing"]
        assert "second_correction" in {r["code"] for r in shown["refused"]}
        for one in shown["warnings"] + shown["refused"]:
            assert is_chinese(one["detail"]) == chinese


def test_codes_do_not_depend_on_the_language(duo):
    zh, en = (duo.post("/v1/cases", case(), headers={"Accept-Language": language}).json() for language in ("zh", "en"))
    assert (zh["status"], zh["outcome"], zh["display_number"][:4]) == (en["status"], en["outcome"], en["display_number"][:4])
