# SPDX-License-Identifier: MulanPSL-2.0
"""`ogid purge-personal`: personal data of cases archived years ago are destroyed, texts, applicant and files; ledger, hashes and
figures are as before, and nothing that reads a case fails."""

import uuid

import pytest

from support.api import problem

NAMES = ("张𠮷", "李䶮", "王五", "13800000026", "贿赂线索", "秘密理由", "朱村街道某地块", "file-张𠮷")


def archived(daemon, duo):
    made = duo.register(channel="letter", arrived_on="2012-04-01", signed_on="2012-04-02", assisted=True, assisted_by="李䶮",
                        document_ref="贿赂线索1号", description="朱村街道某地块", evidence={"tracking_no": "1", "signed_by": "李䶮"}, applicant={
                            "kind": "natural", "name": "张𠮷", "phone": "13800000026", "address": "朱村", "id_kind": "passport",
                            "id_number": "E12345678", "contact_person": "李䶮", "others": [{"name": "王五"}]})
    case = made["id"]
    duo.event(case, "noted", note="贿赂线索", on="2012-04-03")
    duo.event(case, "consultation_opened", party="third_party", name="王五", on="2012-04-03", received_on="2012-04-03")
    duo.event(case, "consultation_closed", opinion="object", reason="秘密理由", on="2012-04-05")
    duo.event(case, "decided", outcome="legacy.not_exist", reason="秘密理由", basis=["依据"], on="2012-04-10")
    duo.event(case, "served", by="post", on="2012-04-11")
    duo.call("POST", f"/v1/cases/{case}/attachments?name=file-%E5%BC%A0%F0%A0%AE%B7.pdf", b"%PDF-1.7 secret",
             {"Content-Type": "application/pdf"})
    duo.event(case, "archived", box_no="7", on="2012-05-01")
    return case


@pytest.fixture(scope="module")
def office(world):
    daemon = world.daemon()
    duo = daemon.api("duo")
    daemon.old = archived(daemon, duo)
    daemon.young = duo.register()["id"]
    duo.event(daemon.young, "noted", note="贿赂线索")
    daemon.figures = duo.get("/v1/statistics/f14/2014").json(), duo.get("/v1/statistics/f21/2026").json()
    daemon.chain = daemon.sql("SELECT case_id::text, seq, canonical, encode(hash, 'hex') FROM case_event ORDER BY 1, 2")
    daemon.projection = daemon.sql("SELECT row_to_json(c)::text FROM request_case c ORDER BY id")
    daemon.kept = duo.case(daemon.young)
    yield daemon
    daemon.stop()


def dump(daemon):
    """Everything the database says of the old case, and the index."""
    told = []
    for table, column in (("case_text", "case_id"), ("applicant", "case_id"), ("attachment", "case_id")):
        told += [row for (row,) in daemon.sql(f"SELECT row_to_json(t)::text FROM {table} t WHERE {column} = %s", (daemon.old,))]
    return "\n".join(told)


def test_a_dry_run_counts_and_destroys_nothing(office):
    before = dump(office)
    assert all(name in before for name in NAMES)
    told = office.run("purge-personal", "--years", "10", "--dry-run").stdout
    assert "archived on 2016-06-01 or before: 1 cases, " in told and "1 files would be destroyed" in told
    assert dump(office) == before
    assert "1 cases" not in office.run("purge-personal", "--years", "15", "--dry-run").stdout  # not so long ago


@pytest.mark.parametrize("words", [[], ["--years"], ["--years", "0"], ["--years", "-1"], ["--years", "101"], ["--years", "x"],
                                   ["--year", "10"], ["--years", "10", "--force"]])
def test_it_is_never_run_by_mistake(office, words):
    assert office.run("purge-personal", *words, check=False).returncode == 2


def test_personal_data_are_destroyed_and_the_ledger_is_whole(office):
    told = office.run("purge-personal", "--years", "10")
    assert "1 cases, " in told.stdout and "1 files destroyed" in told.stdout
    after = dump(office)
    assert [name for name in NAMES if name in after] == []
    assert office.sql("SELECT count(*) FROM attachment_chunk") == [(0,)]
    assert office.sql("SELECT personal FROM case_gram WHERE case_id = %s", (office.old,)) == [(False,)]
    assert office.sql("SELECT case_id::text, seq, canonical, encode(hash, 'hex') FROM case_event ORDER BY 1, 2") == office.chain
    assert office.sql("SELECT row_to_json(c)::text FROM request_case c ORDER BY id") == office.projection
    found = office.verify()
    assert found.returncode == 0, found.stdout
    assert "personal data of 1 cases destroyed on 2026-06-01 or before" in found.stdout
    assert office.sql("SELECT action, object FROM audit_entry WHERE action = 'case.purge'") == [("case.purge", office.old)]
    again = office.run("purge-personal", "--years", "10").stdout
    assert "0 cases, 0 texts, 0 files destroyed" in again
    assert office.sql("SELECT count(*) FROM audit_entry WHERE action = 'case.purge'") == [(1,)]


def test_what_reads_a_case_does_not_fail(office):
    duo = office.api("duo")
    shown = duo.case(office.old, query="?reveal=applicant")
    assert (shown["applicant"]["name"], shown["applicant"]["phone"], shown["description"]) == (None, None, None)
    assert (shown["outcome"], shown["status"]) == ("legacy.not_exist", "archived")
    events = duo.get(f"/v1/cases/{office.old}/events")
    assert events.status_code == 200 and not any(name in events.text for name in NAMES)
    files = duo.get(f"/v1/cases/{office.old}/attachments").json()["attachments"]
    assert [(f["n"], f["name"], f["size"]) for f in files] == [(1, None, 15)]
    problem(duo.get(f"/v1/cases/{office.old}/attachments/1"), 404)
    for path in (f"/v1/cases/{office.old}/why", "/v1/cases", "/v1/cases.csv", "/v1/cases.xlsx", "/v1/cases?q=贿赂", "/v1/audit",
                 "/v1/cases?as_of=2012-04-20", "/v1/cases/similar?applicant=张𠮷"):
        answer = duo.get(path)
        assert answer.status_code == 200, (path, answer.text)
    assert (duo.get("/v1/statistics/f14/2014").json(), duo.get("/v1/statistics/f21/2026").json()) == office.figures
    assert duo.case(office.young) == office.kept
    exported = office.api("admin").get("/v1/exports?format=ndjson")
    assert exported.status_code == 200 and len(exported.text.splitlines()) == 2
    assert "0 moved" in office.run("refold").stdout
    assert office.verify().returncode == 0


def test_files_sent_through_the_portal_are_destroyed_with_their_bytes(world):
    daemon = world.daemon()
    try:
        web, duo = daemon.api(), daemon.api("duo")
        sent = web.session.post(web.url + "/portal/apply", timeout=60, files=[("files", ("a.png", b"\x89PNG\r\n\x1a\n secret"))], data={
            "org": "zhucun", "kind": "natural", "name": "张三", "id_kind": "resident_id", "id_number": "11010519491231002X",
            "phone": "13800000031", "description": "津贴", "medium": "paper", "delivery": "post", "key": str(uuid.uuid4())})
        assert sent.status_code == 201, sent.text
        assert daemon.sql("SELECT count(*) FROM attachment_upload WHERE case_id IS NULL") == [(1,)]
        ((case,),) = daemon.sql("SELECT id::text FROM request_case")
        duo.event(case, "withdrawn", on="2026-06-01")
        duo.event(case, "archived", box_no="1", on="2026-06-01")
        daemon.on("2037-01-01")
        assert "1 files destroyed" in daemon.run("purge-personal", "--years", "10").stdout
        assert daemon.sql("SELECT (SELECT count(*) FROM attachment_upload), (SELECT count(*) FROM attachment_chunk)") == [(0, 0)]
        found = daemon.verify()
        assert found.returncode == 0, found.stdout
    finally:
        daemon.stop()
