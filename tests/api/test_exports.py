# SPDX-License-Identifier: MulanPSL-2.0
"""GET /v1/cases.csv and .xlsx: what is filtered, all of it, as a file that offices open."""

import csv
import io
import re
import zipfile

import pytest

from support.api import problem

ODD = ["=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "＝1+1", "a,\"b\"\nc", "𠮷䶮", "plain"]


@pytest.fixture(scope="module")
def ledger(daemon):
    duo = daemon.api("duo")
    for n in range(210):
        duo.register(description=ODD[n % len(ODD)], arrived_on=f"2026-05-{10 + n % 9}",
                     applicant={"kind": "natural", "name": "=王", "phone": "13800000026", "id_kind": "passport", "id_number": "E12345678"})
    duo.register(channel="fax", confirmed=False)
    daemon.api("other").register(description="elsewhere")
    return daemon


def rows(api, query=""):
    answer = api.get("/v1/cases.csv" + query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="cases-2026-06-01.csv"', answer.headers["Content-Disposition"])
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("query", ["", "?sort=-number", "?sort=-receipt_date&limit=3", "?status=arrived", "?q=elsewhere", "?q=plain"])
def test_the_file_holds_what_the_list_shows(ledger, query):
    for login in ("duo", "other"):
        api, listed, after = ledger.api(login), [], ""
        more = query.replace("&limit=3", "")
        while after is not None:
            page = api.get(f"/v1/cases{more}{'&' if more else '?'}limit=200{after and '&after=' + after}").json()
            listed += page["cases"]
            after = page["next"]
        assert [row["编号"] for row in rows(api, query)] == [case["number"] or "" for case in listed]


def test_nothing_becomes_a_formula_and_numbers_stay_inside(ledger):
    found = rows(ledger.api("duo"))
    written = {row["所需信息的描述"] for row in found}
    assert {"'" + text for text in ODD[:5]} | set(ODD[5:]) <= written
    assert {row["申请人"] for row in found if row["编号"]} == {"'=王"}
    text = ledger.api("duo").get("/v1/cases.csv").text
    assert "E12345678" not in text and "13800000026" not in text
    assert "number" in ledger.api("duo").get("/v1/cases.csv", headers={"Accept-Language": "en"}).text.splitlines()[0]


def test_a_spreadsheet_has_texts_and_dates(ledger):
    answer = ledger.api("duo").get("/v1/cases.xlsx?sort=number")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert len(re.findall(r"<row ", sheet)) == 212 and "<f>" not in sheet and "E12345678" not in sheet
    assert "=HYPERLINK" in sheet and "依申请公开台账" not in sheet


def test_it_is_audited_and_bounded_to_the_scope(ledger):
    audit = ledger.api("ogi_head").get("/v1/audit?action=case.export&limit=200").json()["entries"]
    before = len(audit)
    rows(ledger.api("duo"))
    assert len(ledger.api("ogi_head").get("/v1/audit?action=case.export&limit=200").json()["entries"]) == before + 1
    problem(ledger.api("duo").get("/v1/cases.csv?org=licheng"), 404)
    problem(ledger.api("duo").get("/v1/cases.csv?as_of=2026-05-01"), 400)
    problem(ledger.api("duo").get("/v1/cases.xlsx?nope=1"), 400)
    assert ledger.verify().returncode == 0
