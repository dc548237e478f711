# SPDX-License-Identifier: MulanPSL-2.0
"""Papers of a case: each outcome under each regime has its letter without a hole, what applicants write stays text, numbers have
no gaps, and what was issued stays as it was issued."""

import hashlib
import re
import threading

import pytest

from support import source
from support.api import Api, faults, problem

AUTHORITY, COURT = "广州市增城区人民政府", "广州铁路运输法院"
KINDS = source.codes("ogi_document_codes")


@pytest.fixture(scope="module")
def office(daemon):
    """The office has said what its letters name."""
    admin = daemon.api("admin")
    for name, value in {"agency_name": "广州市增城区人民政府朱村街道办事处", "agency_phone": "020-82852559", "agency_contact": "王敏",
                        "agency_address": "广州市增城区朱村街道朱村大道", "agency_postcode": "511370",
                        "reconsideration_authority": AUTHORITY, "court": COURT}.items():
        answer = admin.call("PUT", "/v1/settings", {"org": "zhucun", "name": name, "value": value, "valid_from": "2008-05-01"})
        assert answer.status_code == 200, answer.text
    return daemon.api("duo")


def page(api, case, kind, query="", status=200):
    answer = api.get(f"/v1/cases/{case}/documents/{kind}.html{query}")
    assert answer.status_code == status, (kind, answer.status_code, answer.text[:500])
    return answer.content.decode("utf-8")


def whole(text):
    """A page without a hole: no tag left, no empty place where a value belongs, no unfinished sentence."""
    body = text[text.index("<body>"):]
    assert "{{" not in body and "}}" not in body
    assert not re.search(r"null|NULL|None|undefined", body)
    for hole in ("“”", "“<bdi class=\"said\"></bdi>”", "（）", "收到提出", "根据的", "于，", "于收到", "内向申请", "内向提起", "至不", "延长个", "<p></p>", "元，，",
                 "。。", "，，", "，。", "：。", "自收到之日"):
        assert hole not in re.sub(r"\s", "", body).replace(" ", ""), (hole, body)
    return body


# ---- every outcome under every regime ----

RULE_2008 = "国务院令第492号"
MUST_SAY = {"refuse.internal_affairs": "第十六条第一款", "unable.not_exist": "第三十六条第四项", "decline.repeat": "第三十六条第六项",
            "grant.public": "第三十六条第一项", "grant_partial": "第三十七条", "unable.needs_creation": "第三十八条",
            "legacy.not_this_agency": "第二十一条第（三）项", "legacy.grant": "第二十一条第（一）项"}
NOT_BY_DECISION = {"other.no_correction", "other.fee_unpaid"}
VARIANTS = {"grant.public": "grant", "grant.provided": "grant", "unable.not_exist": "unable.not_held",
            "unable.not_this_agency": "unable.not_held"}
CURRENT = [c for c in source.codes("ogi_outcome_codes") if not c.startswith("legacy.") and c not in NOT_BY_DECISION] + list(VARIANTS)
LEGACY = [c for c in source.codes("ogi_outcome_codes") if c.startswith("legacy.")]
# (outcome or variant, regime, day of receipt)
CASES = [(c, "R2019", "2025-03-03") for c in CURRENT] + [(c, "R2008", "2019-03-04") for c in CURRENT] + \
    [(c, "R2008", "2017-03-06") for c in LEGACY]


def decided(api, outcome, received, **fields):
    case = api.register(arrived_on=received, **fields)
    api.event(case["id"], "reviewed", decision="passed", on=received)
    extra = {"variant": outcome} if outcome in VARIANTS else {}
    api.event(case["id"], "decided", outcome=VARIANTS.get(outcome, outcome), reason="所申请信息的处理理由如本段所述。",
              basis=["国办发〔2010〕5号"], on=received, **extra)
    return case["id"]


@pytest.mark.parametrize("outcome, regime, received", CASES)
def test_every_outcome_has_its_letter(office, outcome, regime, received):
    case = decided(office, outcome, received)
    assert office.case(case)["regime"] == regime
    body = whole(page(office, case, "reply"))
    assert "处理理由如本段所述" in body
    assert "朱村街道办事处" in body and "张三" in body and "征地补偿方案" in body
    assert AUTHORITY in body and COURT in body
    if outcome in MUST_SAY and (regime == "R2019" or outcome.startswith("legacy.")):
        assert MUST_SAY[outcome] in body
    assert (RULE_2008 in body) == (regime == "R2008" and not outcome.startswith(("decline.", "other."))
                                   and outcome not in ("refuse.third_party", "unable.not_held"))
    first = received >= "2024" and outcome.startswith(("refuse.", "grant_partial")) and outcome != "refuse.special_inquiry"
    assert ("应当先自收到" in body) == first
    assert ("或者自收到本答复书之日起六个月内" in body) == (not first)


def test_months_to_sue_follow_the_law_of_the_day(office):
    old, new = decided(office, "legacy.grant", "2015-04-30"), decided(office, "legacy.grant", "2015-05-04")
    assert "之日起三个月内" in page(office, old, "reply")
    assert "之日起六个月内" in page(office, new, "reply")


@pytest.mark.parametrize("day, first", [("2023-12-29", False), ("2024-01-02", True)])
def test_reconsideration_comes_first_since_2024(office, day, first):
    body = page(office, decided(office, "refuse.process", day), "reply")
    assert ("应当先自收到本答复书之日起六十日内" in body) == first


def test_without_settings_the_letter_uses_general_words(daemon):
    other = daemon.api("other")
    case = decided(other, "grant.provided", "2026-05-18")
    body = whole(page(other, case, "reply"))
    assert "有管辖权的行政复议机关" in body and "有管辖权的人民法院" in body and "荔城街道" in body
    papers = other.get(f"/v1/cases/{case}/documents").json()
    assert papers["missing_settings"] == ["reconsideration_authority", "court"]


# ---- every paper ----

def long_story(api):
    """A case in which every paper has what it tells of."""
    case = api.register(arrived_on="2026-03-02", medium="paper", delivery="post", assisted=True, assisted_by="李四",
                        document_ref="穗增朱〔2025〕3号")["id"]
    api.event(case, "correction_requested", items=["请明确年份", "请提供身份证明"], on="2026-03-04")
    api.event(case, "correction_received", on="2026-03-10")
    api.event(case, "fee_noticed", basis="items", quantity=11, on="2026-03-11", received_on="2026-03-11", amount=100)
    api.event(case, "fee_paid", amount=100, on="2026-03-12")
    api.event(case, "consultation_opened", party="third_party", name="某某检测有限公司", on="2026-03-13", received_on="2026-03-14")
    api.event(case, "consultation_opened", party="joint_agency", name="增城区规划和自然资源局", on="2026-03-13", received_on="2026-03-14")
    api.event(case, "assist_requested", unit="街道规划建设办公室", due_on="2026-03-20", on="2026-03-13")
    api.event(case, "consultation_closed", consultation=1, opinion="object", reason="涉及商业秘密", on="2026-03-20")
    api.event(case, "consultation_closed", consultation=2, opinion="agree", on="2026-03-24")
    api.event(case, "extended", workdays=20, approved_by="ogi_head", on="2026-04-01")
    api.event(case, "reasons_requested", on="2026-04-02")
    api.event(case, "reasons_received", reasonable=True, on="2026-04-07")
    api.event(case, "reviewed", decision="passed", checks=["不涉及国家秘密"], on="2026-04-10")
    api.event(case, "decided", outcome="grant_partial", reason="检测原始记录含有第三方的商业秘密，该部分不予公开。",
              basis=["《政府信息公开条例》第十五条"], on="2026-04-13")
    return case


@pytest.fixture(scope="module")
def case(office):
    return long_story(office)


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_is_whole(office, case, kind):
    body = whole(page(office, case, kind))
    assert "预览" in body
    assert any(name in body for name in ("张三", "某某检测有限公司", "增城区规划和自然资源局", "街道规划建设办公室", "征地补偿方案"))


def test_papers_say_what_the_fold_says(office, case):
    shown = office.case(case)
    assert shown["due_on"] is not None
    year, month, day = map(int, shown["due_on"].split("-"))
    extension = page(office, case, "extension")
    assert "20个工作日" in extension and f"{year}年{month}月{day}日" in extension
    assert "2026年3月14日" not in page(office, case, "consult_tp") and "2026年4月3日前" in page(office, case, "consult_tp")
    assert "请明确年份" in page(office, case, "correction") and "请提供身份证明" in page(office, case, "correction")
    assert "100元" in page(office, case, "fee_notice")
    reply = page(office, case, "reply")
    assert "不计入答复期限" in reply and "延长20个工作日" in reply and "2026年3月4日告知你补正" in reply
    assert "增城区规划和自然资源局" in page(office, case, "consult_joint")
    # one of several consultations, by its event
    note = [e for e in office.get(f"/v1/cases/{case}/events").json()["events"] if e["kind"] == "consultation_opened"]
    assert "第三方" in page(office, case, "consult_note", f"?of={note[0]['seq']}")
    problem(office.get(f"/v1/cases/{case}/documents/consult_tp.html?of={note[1]['seq']}"), 409, "not_in_this_state")


def test_numbers_of_persons_are_masked(office):
    case = office.register(applicant={"kind": "natural", "name": "张三", "phone": "13800000026", "id_kind": "passport",
                                      "id_number": "E12345678"})["id"]
    for kind in ("application", "reg_sheet"):
        body = page(office, case, kind)
        assert "E12345678" not in body and "E123*5678" in body
        assert "13800000026" not in body and "138****0026" in body


def test_a_paper_without_its_event_is_refused(office):
    case = office.register()["id"]
    ready = {d["document"] for d in office.get(f"/v1/cases/{case}/documents").json()["documents"] if d["ready"]}
    assert ready == {"application", "reg_sheet", "receipt", "review_sheet"}
    for kind in KINDS:
        answer = office.get(f"/v1/cases/{case}/documents/{kind}.html")
        assert answer.status_code == (200 if kind in ready else 409), kind
        if kind not in ready:
            assert problem(office.post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": kind}), 409,
                           "not_in_this_state")
    problem(office.get(f"/v1/cases/{case}/documents/nonsense.html"), 404, "not_found")
    problem(office.get(f"/v1/cases/{case}/documents/receipt.html?seq=1"), 404, "not_found")
    for query in ("?of=0", "?seq=x", "?preview=maybe", "?other=1", "?of=1&of=2"):
        problem(office.get(f"/v1/cases/{case}/documents/receipt.html{query}"), 400)


# ---- escaping ----

@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</bdi></p><img src=x onerror=alert(1)>", "{{case.id}} {{>part_head}}",
                                  "a & b \" ' > <", "𠮷野家 䶮", "\u202e反写\u202c", "甲" * 8000, "第一行\n第二行\t行"])
def test_what_applicants_write_stays_text(office, text):
    case = decided(office, "grant.provided", "2026-05-18", description=text, applicant={"kind": "business", "name": text[:200].replace(
        "\n", " ").replace("\t", " "), "phone": "1"})
    body = page(office, case, "reply")
    written = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
    assert f'<bdi class="said">{written}</bdi>' in body
    assert "<script" not in body and "<img" not in body
    assert "你单位" in body


def test_a_page_may_do_nothing(office, case):
    answer = office.get(f"/v1/cases/{case}/documents/reply.html")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';") and "script" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|javascript:|url\(|@import|src=|href=", answer.text)


# ---- issuing ----

def issue(api, case, kind, **fields):
    return api.event(case, "document_issued", document=kind, **fields)


def issued(api, case, kind):
    papers = {d["document"]: d for d in api.get(f"/v1/cases/{case}/documents").json()["documents"]}
    return papers[kind]["issued"]


def test_issuing_freezes_text_number_and_hash(office):
    case = decided(office, "grant.provided", "2026-05-18")
    issue(office, case, "reply", title="政府信息公开告知书")
    (paper,) = issued(office, case, "reply")
    text = page(office, case, "reply")
    assert re.fullmatch(r"朱村依申复〔2026〕\d+号", paper["document_no"])
    assert paper["document_no"] in text and "政府信息公开告知书" in text and "预览" not in text
    assert hashlib.sha256(text.encode()).hexdigest() == paper["sha256"]
    assert office.case(case)["document_no"] == paper["document_no"]
    event = office.get(f"/v1/cases/{case}/events").json()["events"][-1]
    assert event["data"]["document_no"] == paper["document_no"] and event["data"]["sha256"] == paper["sha256"]
    assert "text" not in event["data"]
    # the facts change, the paper does not
    office.event(case, "amended", event=1, field="applicant.name", to="张珊", reason="录入有误")
    assert page(office, case, "reply") == text
    assert "张珊" in page(office, case, "reply", "?preview=true")
    assert page(office, case, "reply", f"?seq={paper['seq']}") == text


def test_a_dry_run_gives_no_number(office):
    case = decided(office, "grant.provided", "2026-05-18")
    answer = office.post(f"/v1/cases/{case}/events?dry_run=true", {"kind": "document_issued", "document": "reply"})
    assert answer.status_code == 200 and answer.json()["document_no"] is None
    assert issued(office, case, "reply") == []


def test_a_repetition_issues_once(office):
    from support.api import key
    case = decided(office, "grant.provided", "2026-05-18")
    mine = key()
    first = office.post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": "reply"}, key=mine)
    again = office.post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": "reply"}, key=mine)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true" and again.json()["version"] == first.json()["version"]
    assert len(issued(office, case, "reply")) == 1


def test_bad_bodies(office):
    case = office.register()["id"]
    path = f"/v1/cases/{case}/events"
    assert faults(office.post(path, {"kind": "document_issued"})) == {("/document", "required")}
    assert faults(office.post(path, {"kind": "document_issued", "document": "letter"})) == {("/document", "unknown_code")}
    assert faults(office.post(path, {"kind": "document_issued", "document": "receipt", "of": 99})) == {("/of", "unknown_event")}
    assert faults(office.post(path, {"kind": "document_issued", "document": "receipt", "text": "x", "serial": 1})) == \
        {("/text", "unknown_field"), ("/serial", "unknown_field")}
    assert faults(office.post(path, {"kind": "document_issued", "document": "receipt", "on": "2026-06-02"})) == {("/on", "future_date")}


def test_who_may_issue_and_who_may_read(daemon, office):
    case = decided(office, "grant.provided", "2026-05-18")
    for role in ("reviewer", "leader", "supervisor", "statistician", "archivist"):
        answer = daemon.api(role).post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": "reply"})
        assert problem(answer, 403, "role_required")["roles"] == ["front_desk", "handler", "ogi_head"]
        assert page(daemon.api(role), case, "reply")
    problem(daemon.api("other").get(f"/v1/cases/{case}/documents/reply.html"), 404, "no_such_case")
    assert page(daemon.api("district"), case, "reply")  # the organisation above reads


def test_reading_is_audited(daemon, office):
    case = decided(office, "grant.provided", "2026-05-18")
    page(daemon.api("archivist"), case, "reply")
    found = daemon.sql("SELECT canonical FROM audit_entry WHERE action = 'document.read' AND object = %s", (case,))
    assert len(found) == 1 and '"archivist"' in found[0][0] and '"reply"' in found[0][0]
    assert "张三" not in found[0][0]


def serials(daemon, org="zhucun"):
    rows = daemon.sql("SELECT d.document, d.year, d.serial FROM issued_document d JOIN org o ON o.id = d.org_id WHERE o.code = %s"
                      " ORDER BY 1, 2, 3", (org,))
    found = {}
    for document, year, serial in rows:
        found.setdefault((document, year), []).append(serial)
    return found


def without_gaps(daemon, org="zhucun"):
    found = serials(daemon, org)
    for numbers in found.values():
        assert numbers == list(range(1, len(numbers) + 1))
    return found


def test_two_at_once_make_no_gap(daemon, office):
    cases = [office.register()["id"] for _ in range(6)]
    before = len(without_gaps(daemon).get(("receipt", 2026), []))
    answers = []

    def work(case):
        api = Api(office.url, office.token)
        for kind in ("receipt", "reg_sheet"):
            answers.append(api.post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": kind}).status_code)

    threads = [threading.Thread(target=work, args=(case,)) for case in cases for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [201] * 24
    assert len(without_gaps(daemon)[("receipt", 2026)]) == before + 12


def test_each_year_and_kind_counts_for_itself(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    case = duo.register()["id"]
    issue(duo, case, "receipt")
    issue(duo, case, "reg_sheet")
    daemon.on("2027-01-04")
    duo = daemon.api("duo")
    issue(duo, case, "receipt")
    issue(duo, case, "receipt", on="2026-12-31")
    assert without_gaps(daemon) == {("receipt", 2026): [1, 2], ("receipt", 2027): [1], ("reg_sheet", 2026): [1]}
    assert [p["document_no"] for p in issued(duo, case, "receipt")] == ["朱村依申收〔2026〕1号", "朱村依申收〔2027〕1号",
                                                                       "朱村依申收〔2026〕2号"]
    assert daemon.verify().returncode == 0
    daemon.stop()


def test_a_daemon_that_is_killed_leaves_no_gap(world):
    daemon = world.daemon()
    case = daemon.api("duo").register()["id"]
    token = daemon.tokens["duo"]
    for _ in range(3):
        sent, done = [], threading.Event()

        def work(url=daemon.url, sent=sent, done=done):
            api = Api(url, token)
            while not done.is_set():
                try:
                    sent.append(api.post(f"/v1/cases/{case}/events", {"kind": "document_issued", "document": "receipt"}).status_code)
                except OSError:
                    return

        threads = [threading.Thread(target=work) for _ in range(2)]
        for one in threads:
            one.start()
        while sent.count(201) < 5:
            assert any(one.is_alive() for one in threads)
            threading.Event().wait(0.005)
        daemon.kill()
        done.set()
        for one in threads:
            one.join()
        daemon.start()
    assert len(without_gaps(daemon)[("receipt", 2026)]) >= 15
    done = daemon.verify()
    assert (done.returncode, "0 findings" in done.stdout) == (0, True), done.stdout
    daemon.stop()


def test_a_second_handling_has_its_own_reply(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    case = decided(duo, "grant.provided", "2026-05-18")
    issue(duo, case, "reply", on="2026-05-18")
    duo.event(case, "served", by="post", on="2026-05-19")
    duo.event(case, "remedy_filed", remedy_kind="reconsideration", on="2026-05-25")
    duo.event(case, "remedy_concluded", result="corrected", on="2026-05-27")
    duo.event(case, "reopened", redo_due_on="2026-06-30", on="2026-05-28")
    assert duo.case(case)["document_no"] is None
    problem(duo.get(f"/v1/cases/{case}/documents/reply.html"), 409)
    duo.event(case, "decided", outcome="unable.not_held", variant="unable.not_exist", on="2026-05-29")
    assert "信息不存在" in page(duo, case, "reply") or "政府信息不存在" in page(duo, case, "reply")
    issue(duo, case, "reply")
    first, second = issued(duo, case, "reply")
    assert "政府信息不存在" in page(duo, case, "reply")
    assert "政府信息不存在" not in page(duo, case, "reply", f"?seq={first['seq']}")
    duo.event(case, "retracted", event=second["seq"], reason="误发")
    assert "预览" in page(duo, case, "reply")  # its number stays used
    assert without_gaps(daemon)[("reply", 2026)] == [1, 2]
    done = daemon.verify()
    assert done.returncode == 0, done.stdout
    daemon.stop()


# ---- verify ----

def found(daemon, owner, undo):
    daemon.sql(owner)
    done = daemon.verify()
    daemon.sql(undo)
    assert done.returncode == 1, done.stdout
    return done.stdout


def test_verify_sees_what_was_done_to_papers(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    case = duo.register()["id"]
    for _ in range(3):
        issue(duo, case, "receipt")
    assert "0 findings" in daemon.verify().stdout
    out = found(daemon, "UPDATE document_counter SET last = 4", "UPDATE document_counter SET last = 3")
    assert "receipt 2026: 3 papers, the highest number is 3, the counter stands at 4" in out
    out = found(daemon, "UPDATE issued_document SET serial = 9 WHERE serial = 2", "UPDATE issued_document SET serial = 2 WHERE serial = 9")
    assert "3 papers, the highest number is 9" in out and "paper and event do not agree" in out
    daemon.sql("CREATE TABLE kept AS SELECT * FROM case_text")
    out = found(daemon, "UPDATE case_text SET body = replace(body, '接收回执', '接收凭证')",
                "UPDATE case_text t SET body = k.body FROM kept k WHERE (k.case_id, k.seq) = (t.case_id, t.seq)")
    assert "its text was changed" in out and "the paper is not the one that was issued" in out
    daemon.sql("UPDATE case_text SET body = NULL, destroyed_on = '2026-06-01' WHERE seq = 2")
    assert daemon.verify().returncode == 0  # destroyed at the end of retention: the hash stays
    problem(duo.get(f"/v1/cases/{case}/documents/receipt.html?seq=2"), 404)
    daemon.stop()
