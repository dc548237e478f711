# SPDX-License-Identifier: MulanPSL-2.0
"""Templates of letters: the program's own, what an organisation sets in their place and from when, and what is refused."""

import re

import pytest

from support import source
from support.api import faults, problem

LETTERS = source.SOURCE / "data" / "templates" / "letters"
FILES = {path.stem: path.read_text(encoding="utf-8") for path in LETTERS.glob("*.html")}
OWN = "{{>part_head}}\n{{>part_to}}\n<p>{{you}}的申请已收到，编号{{case.display_number}}。自拟。</p>\n{{>part_sign}}\n"


@pytest.fixture(scope="module")
def admin(daemon):
    return daemon.api("admin")


def put(api, name, text, status=200, query="", **fields):
    answer = api.call("PUT", f"/v1/templates/{name}{query}", {"text": text, **fields})
    assert answer.status_code == status, (answer.status_code, answer.text)
    return answer


def page(api, case, kind, query=""):
    answer = api.get(f"/v1/cases/{case}/documents/{kind}.html{query}")
    assert answer.status_code == 200, answer.text
    return answer.content.decode()


def test_the_program_has_a_template_for_every_paper_and_outcome(duo):
    names = [t["name"] for t in duo.get("/v1/templates").json()["templates"]]
    assert names == sorted(FILES)
    wanted = {f"reply.{c}" for c in source.codes("ogi_outcome_codes") + source.codes("ogi_variant_codes")} - {"reply.grant_public"}
    wanted |= set(source.codes("ogi_document_codes")) - {"reply"} | {"reply.legacy.other"}
    assert wanted <= set(names)
    assert {name for name in names if not name.startswith("part_")} == wanted


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_template_of_the_program_passes_its_own_check(admin, name):
    shown = admin.get(f"/v1/templates/{name}").json()
    assert shown["text"] == shown["preset"] == FILES[name]
    assert (shown["org"], shown["version"], shown["versions"]) == (None, None, [])
    text = put(admin, name, FILES[name], query="?dry_run=true").content.decode()
    assert "{{" not in text
    assert not re.search(r"<script|javascript:|url\(|src=|href=", FILES[name])


def test_an_own_template_holds_from_its_day_and_below(world):
    daemon = world.daemon()
    admin, duo = daemon.api("admin"), daemon.api("duo")
    case = duo.register()["id"]
    before = page(duo, case, "receipt")
    duo.event(case, "document_issued", document="receipt")
    issued = page(duo, case, "receipt")
    put(admin, "receipt", OWN, valid_from="2026-06-03")
    assert page(duo, case, "receipt", "?preview=true") == before
    daemon.on("2026-06-03")
    admin, duo = daemon.api("admin"), daemon.api("duo")
    assert "自拟" in page(duo, case, "receipt", "?preview=true")
    assert page(duo, case, "receipt") == issued  # what was issued stays as it was
    put(admin, "receipt", OWN.replace("自拟", "本街道自拟"), org="zhucun")
    assert "本街道自拟" in page(duo, case, "receipt", "?preview=true")
    shown = duo.get("/v1/templates/receipt").json()
    assert (shown["org"], shown["version"], shown["valid_from"]) == ("zhucun", 1, "2026-06-03")
    assert [(v["org"], v["version"], v["set_by"]) for v in shown["versions"]] == [("zengcheng", 1, "admin"), ("zhucun", 1, "admin")] or \
        [(v["org"], v["version"], v["set_by"]) for v in shown["versions"]] == [("zhucun", 1, "admin"), ("zengcheng", 1, "admin")]
    other = daemon.api("other")
    assert other.get("/v1/templates/receipt").json()["org"] == "zengcheng"
    put(admin, "receipt", None, org="zhucun")
    assert "本街道" not in page(duo, case, "receipt", "?preview=true") and "自拟" in page(duo, case, "receipt", "?preview=true")
    put(admin, "receipt", None)
    assert duo.get("/v1/templates/receipt").json()["org"] is None
    assert duo.get("/v1/templates?on=2026-06-01").json()["on"] == "2026-06-01"
    found = daemon.sql("SELECT object FROM audit_entry WHERE action = 'template.set'")
    assert found == [("receipt",)] * 4
    assert daemon.verify().returncode == 0
    daemon.stop()


@pytest.mark.parametrize("text, code, line", [
    ("一\n二 {{", "template_tag", 2), ("{{{you}}}", "template_tag", 1), ("\n{{#case}}", "template_section", 2),
    ("{{/case}}", "template_section", 1), ("{{>part_none}}", "template_part", 1), ("\n\n{{case.applicant.fax}}", "unknown_field", 3),
    ("{{#correction}}\n{{nme}}\n{{/correction}}", "unknown_field", 2), ("{{>receipt}}", "template_part", 1)])
def test_a_broken_template_is_told_with_its_line(admin, text, code, line):
    for query in ("", "?dry_run=true"):
        answer = put(admin, "receipt", text, 422, query)
        assert faults(answer) == {("/text", code)}
        assert f"第 {line} 行" in answer.json()["errors"][0]["detail"]
    assert admin.get("/v1/templates/receipt").json()["versions"] == []


def test_a_part_is_checked_with_what_names_it(admin):
    answer = put(admin, "part_sign", "{{>part_reply_close}}", 422)
    assert ("/text", "template_part") in faults(answer)
    problem(put(admin, "part_none", "x", 404), 404, "not_found")


def test_bad_bodies(admin):
    path = "/v1/templates/receipt"
    assert faults(admin.call("PUT", path, {})) == {("/text", "required")}
    assert faults(admin.call("PUT", path, {"text": 7, "valid_from": "2026-02-30", "more": 1})) == \
        {("/text", "type"), ("/valid_from", "date"), ("/more", "unknown_field")}
    assert faults(admin.call("PUT", path, {"text": "x", "valid_from": "2026-05-31"})) == {("/valid_from", "past_date")}
    assert faults(admin.call("PUT", path, {"text": "x" * 100001})) == {("/text", "too_long")}
    assert faults(admin.call("PUT", path, {"text": "x\u0001"})) == {("/text", "control_character")}
    problem(admin.call("PUT", path, {"text": "x", "org": "nowhere"}), 404, "no_such_org")
    problem(admin.call("PUT", path + "?dry_run=true", {"text": "x", "case": "2199-1"}), 404, "no_such_case")


def test_only_an_administrator_of_the_subtree_sets(daemon, admin):
    for role in source.roles()[:-1]:
        problem(daemon.api(role).call("PUT", "/v1/templates/receipt", {"text": OWN}), 403, "role_required")
        assert daemon.api(role).get("/v1/templates/receipt").status_code == 200
    problem(daemon.api("other").get("/v1/templates/receipt?org=zhucun"), 404, "no_such_org")


def test_a_preview_shows_a_real_case(daemon, admin, duo):
    case = duo.register(description="<b>某信息</b>")
    text = put(admin, "receipt", OWN + "{{case.description}}", query="?dry_run=true", case=f"zhucun:{case['number']}").content.decode()
    assert case["display_number"] in text and "预览" in text and "&lt;b&gt;某信息" in text
    assert admin.get("/v1/templates/receipt").json()["versions"] == []


def test_two_at_once_are_two_versions(world):
    import threading
    daemon = world.daemon()
    admin = daemon.api("admin")
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        daemon.api("admin").call("PUT", "/v1/templates/receipt", {"text": OWN}).status_code)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [200] * 6
    assert sorted(v["version"] for v in admin.get("/v1/templates/receipt").json()["versions"]) == [1, 2, 3, 4, 5, 6]
    daemon.stop()
