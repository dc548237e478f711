# SPDX-License-Identifier: MulanPSL-2.0
"""The annual report: that of 2017 says every figure the office printed; what the office writes stands between the figures; what does
not agree is found. Today is 2026-06-01."""

import html
import os
import pathlib
import re
import subprocess

import pytest

from support.api import SOURCE, faults, problem

LEDGER = SOURCE / "data" / "demo" / "zhucun-2017-disclosures.ndjson"
# key, how the printed report of 2017 says it, number, share in percent (None: it gives none)
PRINTED = [
    ("p.total", "主动公开政府信息644条", 644, None),
    ("p.cat.org", "组织机构类信息2条", 2, None),
    ("p.cat.doc", "部门文件类(包括规章、规范性文件等)信息50条", 50, None),
    ("p.cat.news", "动态类信息127条", 127, None),
    ("p.cat.power", "行政职权类信息(包括行政审批、执法等)1条", 1, None),
    ("p.cat.budget", "财政预决算信息1条", 1, None),
    ("p.cat.misc", "其他信息463条", 463, None),
    ("p.by.website", "政府网站316条", 316, None),
    ("p.by.media", "新闻媒体328条", 328, None),
    ("a.received", "收到政府信息公开申请2件", 2, None),
    ("a.ch.in_person", "当面申请1宗，占50%", 1, 50),
    ("a.ch.online", "网络申请1宗，占50%", 1, 50),
    ("a.ch.letter", "信函申请0宗，占0%", 0, 0),
    ("a.ch.fax", "传真申请0宗，占0%", 0, 0),
    ("a.subject.schooling", "就学类1件，占50%", 1, 50),
    ("a.subject.land_use", "土地使用情况类1件，占50%", 1, 50),
    ("a.answered", "答复政府信息公开申请2件", 2, None),
    ("a.grant", "同意公开1件，占50%；主要内容：土地使用情况类", 1, 50),
    ("a.not_this_agency", "非本机关政府信息1件，占50%；主要内容：就学类；依据：国办发〔2010〕5号第二条第二款", 1, 50),
    ("fee.amount", "收取费用0元（检索费、复制费等）", 0, None),
    ("v.total", "行政复议0件", 0, None),
    ("s.total", "行政诉讼0件", 0, None),
]


@pytest.fixture(scope="module")
def office(daemon, duo):
    """What ./dev run loads: two requests and 644 items; the office has a name."""
    answer = daemon.api("admin").call("PUT", "/v1/settings", {"org": "zhucun", "name": "agency_name", "valid_from": "2008-05-01",
                                                             "value": "广州市增城区人民政府朱村街道办事处"})
    assert answer.status_code == 200, answer.text
    first = duo.register(arrived_on="2017-03-14", registered_on="2017-03-14", subject="land_use",
                         applicant={"kind": "natural", "name": "演示申请人甲", "address": "朱村"})
    duo.event(first["id"], "reviewed", decision="passed", on="2017-03-24")
    duo.event(first["id"], "decided", outcome="legacy.grant", label="同意公开", on="2017-03-28")
    duo.event(first["id"], "served", by="signature", on="2017-03-29")
    second = duo.register(channel="online", via="form", arrived_on="2017-09-06", confirmed_on="2017-09-07",
                          registered_on="2017-09-07", subject="schooling",
                          applicant={"kind": "natural", "name": "演示申请人乙", "address": "朱村"})
    duo.event(second["id"], "decided", outcome="legacy.not_this_agency", label="非本机关政府信息", reason="内部管理信息",
              basis=["国办发〔2010〕5号第二条第二款"], on="2017-09-19")
    duo.event(second["id"], "served", by="electronic", on="2017-09-20")
    assert duo.call("POST", "/v1/disclosures/import", LEDGER.read_bytes(),
                    {"Content-Type": "application/x-ndjson"}).json()["stored"] == 644
    return duo


def report(api, year=2017, query=""):
    answer = api.get(f"/v1/reports/{year}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(api, year, section, text, status=200):
    answer = api.call("PUT", f"/v1/reports/{year}/sections/{section}", {"text": text})
    assert answer.status_code == status, answer.text
    return answer.json()


def findings(api, year=2017):
    answer = api.get(f"/v1/reports/{year}/findings")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    for name in ("pass", "fail", "uncertain"):
        assert found[name] == sum(f["result"] == name.upper() for f in found["findings"])
    return found["findings"]


def figures(api, year=2017):
    return [(f["result"], f["text"], f["key"]) for f in findings(api, year) if f["code"] == "figure"]


# ---- 2017 ----

@pytest.mark.parametrize("key, said, number, share", PRINTED, ids=[p[0] for p in PRINTED])
def test_every_figure_of_the_printed_report_is_said(office, key, said, number, share):
    made = report(office)
    assert made["figures"][key] == number
    lines = [line for s in made["sections"] for g in s["groups"] for line in g["lines"] if line["key"] == key]
    assert share is None or [(line["count"], line["percent"]) for line in lines] == [(number, share)]
    assert said in office.get("/v1/reports/2017.md").content.decode()
    assert html.escape(said) in office.get("/v1/reports/2017.html").content.decode()


def test_the_report_of_2017_has_the_six_sections_of_its_time(office):
    made = report(office)
    assert [s["mark"] for s in made["sections"]] == list("一二三四五六")
    assert made["title"] == "2017年广州市增城区人民政府朱村街道办事处政府信息公开工作年度报告"
    assert (made["regime"], made["form"], made["publish_by"], made["frozen"]) == ("R2008", "f14", "2018-03-31", False)
    assert "国务院令第492号" in made["preamble"]
    form = office.get("/v1/statistics/f14/2017").json()
    for key, cell in form["cells"].items():
        assert made["figures"][key] == cell["value"] or key == "fee.amount"
    assert len(made["attachment"][0]["table_lines"]) == 58


def test_the_page_is_whole_and_needs_nothing_else(office):
    answer = office.get("/v1/reports/2017.html")
    page = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "{{" not in page and not re.search(r"null|None|undefined|<script|https?:", page)
    assert page.count("<section") == page.count("</section>") == 7
    assert 'lang="zh-CN"' in page and "<main>" in page and "<h1>" in page
    markdown = office.get("/v1/reports/2017.md")
    assert markdown.headers["Content-Type"] == "text/markdown; charset=utf-8" and "{{" not in markdown.text


def test_ogi_prints_the_report(office, daemon, tmp_path):
    program = pathlib.Path(os.environ["OGID_BUILD"]) / "client" / "cli" / "ogi"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OGI_STATE": str(tmp_path), "OGI_SERVER": daemon.url,
                   "OGI_TOKEN": office.token, "LC_ALL": "C.UTF-8"}

    def ogi(*words):
        return subprocess.run([program, *words], env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60,
                              check=False)
    done = ogi("report", "2017")
    assert done.returncode == 0, done.stderr
    for _, said, _, _ in PRINTED:
        assert said in done.stdout
    target = tmp_path / "2017.html"
    assert ogi("report", "2017", "--output", str(target)).returncode == 0
    assert "<h1>2017年" in target.read_text(encoding="utf-8")
    assert '"figures"' in ogi("report", "2017", "--json").stdout
    assert "section_text" in ogi("report", "2017", "--findings").stdout
    assert ogi("report", "2017", "--output", "x.pdf").returncode == 2
    assert ogi("report", "2007").returncode == 1


# ---- what the office writes ----

def test_a_text_is_kept_with_its_versions_and_shown_as_text(office, daemon):
    text = "领导小组由主任任组长。<b>𠮷 & 䶮</b>\n\n第二段。"
    first = write(office, 2015, 1, text)
    assert (first["narrative"], first["version"], first["set_by"], first["number"]) == (text, 1, "duo", 1)
    assert write(office, 2015, 1, "改写。")["version"] == 2
    section = report(office, 2015)["sections"][0]
    assert (section["narrative"], section["paragraphs"], section["version"]) == ("改写。", ["改写。"], 2)
    write(office, 2015, 1, text)
    assert report(office, 2015)["sections"][0]["paragraphs"] == ["领导小组由主任任组长。<b>𠮷 & 䶮</b>", "第二段。"]
    assert "&lt;b&gt;𠮷 &amp; 䶮" in office.get("/v1/reports/2015.html").content.decode()
    taken = write(office, 2015, 1, None)
    assert (taken["narrative"], taken["version"], taken["set_at"]) == (None, 4, None)
    assert report(office, 2015)["sections"][0]["missing"]
    assert daemon.sql("SELECT count(*) FROM report_section WHERE year = 2015") == [(4,)]
    assert daemon.sql("SELECT count(*) FROM audit_entry WHERE action = 'report.section' AND object = '2015/1'") == [(4,)]
    assert daemon.verify().returncode == 0


def test_the_faults_of_a_text_are_said_at_once(office):
    def put(body, path="2015/sections/1"):
        return office.call("PUT", f"/v1/reports/{path}", body)
    assert faults(put({})) == {("/text", "required")}
    assert faults(put({"text": 1, "colour": 2})) == {("/text", "type"), ("/colour", "unknown_field")}
    assert faults(put({"text": ""})) == {("/text", "too_short")}
    assert faults(put({"text": "字" * 50001})) == {("/text", "too_long")}
    assert put({"text": "字" * 50000}, "2014/sections/1").status_code == 200
    for path in ("2015/sections/0", "2015/sections/7", "2015/sections/01", "2015/sections/x", "2007/sections/1", "x/sections/1",
                 "2015.html/sections/1", "20155/sections/1"):
        problem(put({"text": "a"}, path), 404, "not_found")


def test_who_may_read_and_write(office, daemon):
    for login in ("ogi_head", "statistician"):
        write(daemon.api(login), 2013, 1, "正文")
    for login in ("front_desk", "supervisor", "leader"):
        problem(daemon.api(login).call("PUT", "/v1/reports/2013/sections/1", {"text": "a"}), 403, "role_required")
    problem(daemon.api("front_desk").get("/v1/reports/2013"), 403, "role_required")
    assert report(daemon.api("admin"), 2013, "?org=zhucun")["sections"][0]["narrative"] == "正文"
    assert report(daemon.api("admin"), 2013)["sections"][0]["narrative"] is None  # its own
    problem(office.get("/v1/reports/2013?org=licheng"), 404, "no_such_org")


@pytest.mark.parametrize("year", ["2007", "1", "x", "2017.pdf", "2017.HTML", "20170", "-2017"])
def test_other_years_and_endings_are_404(office, year):
    problem(office.get(f"/v1/reports/{year}"), 404, "not_found")
    problem(office.get(f"/v1/reports/{year}/findings"), 404, "not_found")


# ---- findings ----

PROSE = [
    ("全年主动公开政府信息644条。", [("PASS", "p.total")]),
    ("全年主动公开政府信息645条。", [("FAIL", "p.total")]),
    ("收到依申请公开２件，其中当面申请1宗，占50%。", [("PASS", "a.received"), ("PASS", "a.ch.in_person"), ("UNCERTAIN", None)]),
    ("通过政府网站公开316条；新闻媒体 328 条", [("PASS", "p.by.website"), ("PASS", "p.by.media")]),
    ("同意部分公开0件，同意公开1件", [("PASS", "a.grant_partial"), ("PASS", "a.grant")]),
    ("收取费用1.5元，收费0万元", [("FAIL", "fee.amount"), ("PASS", "fee.amount")]),
    ("开展检查4次。依据第5条，2017年3月1日印发1,024号文", [("UNCERTAIN", None)]),
    ("没有数字", []),
]


@pytest.mark.parametrize("text, wanted", PROSE, ids=range(len(PROSE)))
def test_figures_in_prose_are_held_to_the_figures_of_the_year(office, text, wanted):
    write(office, 2017, 2, text)
    assert [(result, key) for result, _, key in figures(office)] == wanted
    for f in findings(office):
        if f["code"] == "figure":
            assert text[f["character"]:].startswith(f["text"])
    write(office, 2017, 2, None)


def test_what_is_not_said_is_found(office):
    def results(code):
        return {(f["section"], f["result"]) for f in findings(office, 2017) if f["code"] == code}
    assert results("section_text") == {(1, "FAIL"), (6, "FAIL")}
    write(office, 2017, 1, "概述正文")
    write(office, 2017, 6, "改进")
    assert results("section_text") == {(1, "PASS"), (6, "PASS")}
    assert results("sum") == {(2, "PASS"), (3, "PASS")}
    assert results("frozen") == {(None, "UNCERTAIN")}
    write(office, 2016, 6, "公开不够及时。")
    assert results("problems_of_last_year") == {(6, "UNCERTAIN")}
    assert report(office)["sections"][5]["last_year"] == {"year": 2016, "paragraphs": ["公开不够及时。"]}
    assert "2016年度报告写明的问题" in office.get("/v1/reports/2017.html").content.decode()


# ---- since 2019 ----

def test_the_report_since_2019_has_the_tables_of_its_form(office):
    case = office.register(arrived_on="2025-03-03", subject="housing")
    office.event(case["id"], "decided", outcome="unable.not_held", variant="unable.not_exist", reason="经检索没有", on="2025-03-10")
    office.event(case["id"], "served", by="signature", on="2025-03-11")
    made = report(office, 2025)
    assert (made["regime"], made["form"], made["publish_by"], made["attachment"]) == ("R2019", "f21", "2026-01-31", [])
    assert [s["heading"] for s in made["sections"]] == [
        "总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
        "存在的主要问题及改进情况", "其他需要报告的事项"]
    assert [len(s["tables"]) for s in made["sections"]] == [0, 1, 1, 1, 0, 0]
    form = office.get("/v1/statistics/f21/2025").json()
    for key, cell in form["cells"].items():
        if key.startswith("t3."):
            assert made["figures"][key] == cell["total"], key
    lead = made["sections"][0]["groups"][2]["lead"]
    assert f"新收政府信息公开申请{made['figures']['t3.new']}件" in lead and "结转下年度继续办理0件" in lead
    assert made["sections"][5]["groups"][0]["lead"] == "本年度发出收费通知0件，收取信息处理费0元。"
    page = office.get("/v1/reports/2025.html").content.decode()
    assert page.count("<table>") == 3 and "{{" not in page
    write(office, 2025, 1, f"新收申请{made['figures']['t3.new']}件，结转下年度继续办理9件")
    assert [f[0] for f in figures(office, 2025)] == ["PASS", "FAIL"]


def test_the_year_that_is_not_over_says_so(office):
    assert ("UNCERTAIN", "year_over") in {(f["result"], f["code"]) for f in findings(office, 2026)}
    assert report(office, 2019)["form"] == "f19"
    assert report(office, 2012)["attachment"] == []


def test_a_frozen_year_is_told_by_its_frozen_figures(world):
    made = world.daemon()
    duo = made.api("duo")
    case = duo.register(arrived_on="2017-03-14", registered_on="2017-03-14")
    duo.event(case["id"], "decided", outcome="legacy.not_exist", reason="没有", on="2017-03-20")
    duo.event(case["id"], "served", by="signature", on="2017-03-21")
    frozen = duo.post("/v1/statistics/f14/2017/freeze")
    assert frozen.status_code == 201, frozen.text
    duo.register(arrived_on="2017-04-14", registered_on="2017-04-14")
    told = report(duo)
    assert told["frozen"] and told["figures"]["a.received"] == 1 and told["freeze"]["hash"]
    assert report(duo, query="?live=true")["figures"]["a.received"] == 2
    assert "未定稿" not in duo.get("/v1/reports/2017.html").content.decode()
    found = {(f["code"], f["key"]): f["result"] for f in findings(duo)}
    assert found[("frozen", None)] == "PASS" and found[("sum", "a.subject")] == "FAIL"
    made.stop()


def test_registers_are_told_in_the_overview(world):
    """Organisation, meetings, responses, inspections as generated sentences; text blocks stand in their section."""
    daemon = world.daemon()
    try:
        duo = daemon.api("duo")
        def add(register, **fields):
            assert duo.post(f"/v1/registers/{register}", fields).status_code == 201
        def overview(year):
            return duo.get(f"/v1/reports/{year}").json()["sections"][0]
        for year in (2017, 2024):
            before = overview(year)
            assert before["missing"] and not any("召开" in g["lead"] for g in before["groups"])
            add("meeting", on=f"{year}-03-01")
            add("training", on=f"{year}-03-01", participants=30)
            add("response", on=f"{year}-03-01", topic="a", form="interview")
            add("inspection", on=f"{year}-03-01", unit="各村")
            add("org", office="办公室", staff_full=1, staff_part=2, **{"from": f"{year}-01-01", "to": f"{year}-12-31"})
            add("text_block", year=year, section=1, order=2, text="第二段。")
            add("text_block", year=year, section=1, order=1, text="收到申请99件。\n领导重视。")
            add("text_block", year=year - 1, section=1, text="去年。")
            shown = overview(year)
            leads = " ".join(g["lead"] for g in shown["groups"])
            for words in ("专门机构1个、查阅点0个", "工作人员3人，其中专职1人，兼职2人", "召开政府信息公开工作会议或专题会议1次，举办各类培训班1次，接受培训30人次",
                          "重大舆情1次", "在线访谈1次", "监督检查1次"):
                assert words in leads, (words, leads)
            assert shown["paragraphs"] == ["收到申请99件。", "领导重视。", "第二段。"] and shown["narrative"] is None and not shown["missing"]
            assert duo.call("PUT", f"/v1/reports/{year}/sections/1", {"text": "正文。"}).status_code == 200
            assert overview(year)["paragraphs"] == ["正文。", "收到申请99件。", "领导重视。", "第二段。"]
            found = duo.get(f"/v1/reports/{year}/findings").json()["findings"]
            assert [(f["result"], f["found"], f["expected"]) for f in found if f["code"] == "figure"] == [("FAIL", 99, 0)]
            assert [f["result"] for f in found if f["code"] == "section_text" and f["section"] == 1] == ["PASS"]
            assert "第二段。" in duo.get(f"/v1/reports/{year}.md").text
    finally:
        daemon.stop()
