# SPDX-License-Identifier: MulanPSL-2.0
"""One request from the counter to the archive: correction, two overlapping consultations, extension, partial grant, service by post,
a reconsideration that corrects the agency, a second answer. Each date as the articles have it (D:deadlines, D:lifecycle)."""

import pytest


@pytest.fixture(scope="module")
def office(world):
    made = world.daemon(now="2025-12-31T01:00:00Z")
    yield made
    made.stop()


def told(shown, *names):
    return tuple(shown[name] for name in names)


class People:
    def __init__(self, office):
        for login in ("front_desk", "handler", "ogi_head", "reviewer", "archivist"):
            setattr(self, login.removeprefix("front_").removeprefix("ogi_"), office.api(login))


def received(by):
    made = by.desk.register(channel="letter", via="mail_signed", arrived_on="2025-03-01", signed_on="2025-03-03", assignee="handler",
                         description="某地块征收补偿方案及评估报告", delivery="post", evidence={"tracking_no": "EMS1", "signed_by": "收发室"})
    assert told(made, "receipt_date", "due_on", "status") == ("2025-03-03", "2025-03-31", "in_process")
    return made["id"]


def corrected(by, case):
    # art. 30: within seven working days; the period begins anew with the corrected application (example 18)
    shown = by.handler.event(case, "correction_requested", items=["请明确年份"], on="2025-03-12", approved_by="ogi_head")
    assert told(shown, "status", "due_on", "light") == ("correction_requested", None, "none")
    assert shown["clock"]["state"] == "not_started" and shown["warnings"] == []
    shown = by.desk.event(case, "delivered", of=2, on="2025-03-14")
    assert shown["watch"] == [{"kind": "correction", "on": "2025-04-07"}]
    shown = by.desk.event(case, "correction_received", on="2025-03-20")
    assert told(shown, "status", "due_on") == ("in_process", "2025-04-18")


def consulted_and_extended(by, case):
    # art. 32, 33 ¶3, 34: two consultations that overlap count once
    by.handler.event(case, "consultation_opened", party="third_party", name="某公司", on="2025-03-24", received_on="2025-03-26")
    shown = by.handler.event(case, "consultation_opened", party="other_agency", name="某局", on="2025-03-31")
    assert told(shown, "due_on", "latest_due_on", "flags") == (None, None, ["consulting"])
    assert shown["clock"]["state"] == "suspended" and shown["watch"][0] == {"kind": "consultation", "on": "2025-04-17", "number": 1}
    shown = by.handler.event(case, "consultation_closed", consultation=1, opinion="object", reason="涉及商业秘密", on="2025-04-08")
    assert shown["due_on"] is None
    shown = by.handler.event(case, "consultation_closed", consultation=2, opinion="agree", on="2025-04-11")
    assert told(shown, "due_on", "flags") == ("2025-05-09", []) and shown["clock"]["excluded"] == [["2025-03-25", "2025-04-11"]]

    # art. 33 ¶2
    shown = by.handler.event(case, "extended", workdays=10, on="2025-05-09", approved_by="ogi_head")
    assert told(shown, "due_on", "flags") == ("2025-05-23", ["extended"])


def answered(by, case):
    # art. 17, 37, 40
    by.reviewer.event(case, "reviewed", decision="passed", on="2025-05-20")
    shown = by.head.event(case, "decided", outcome="grant_partial", reason="评估报告涉及第三方商业秘密", on="2025-05-22",
                       basis=["《条例》第三十七条"], document_no="朱村依申答〔2025〕3号")
    assert told(shown, "status", "outcome", "outcome_label") == ("decided", "grant_partial", "部分公开")
    shown = by.desk.event(case, "served", by="post", tracking_no="EMS9", on="2025-05-23")
    assert told(shown, "status", "closed_on", "effective_reply_date", "light") == ("closed", "2025-05-23", "2025-05-23", "none")
    assert shown["remedy_periods"] == {"known_on": None, "reconsideration_by": None, "suit_by": None, "reconsideration_first": True}
    served = shown["version"]
    shown = by.desk.event(case, "delivered", of=served, on="2025-05-26")
    assert shown["remedy_periods"] == {"known_on": "2025-05-26", "reconsideration_by": "2025-07-25", "suit_by": "2025-11-26",
                                       "reconsideration_first": True}


def corrected_by_the_authority(by, case):
    # 行政复议法 art. 48, 62
    shown = by.handler.event(case, "remedy_filed", remedy_kind="reconsideration", authority="增城区人民政府", on="2025-06-30",
                          accepted_on="2025-07-04", copy_received_on="2025-07-08", docket_no="增府复〔2025〕8号")
    assert "in_reconsideration" in shown["flags"]
    assert told(shown["remedies"][0], "answer_due_on", "decision_due_on") == ("2025-07-22", "2025-09-02")
    assert shown["watch"] == [{"kind": "remedy_answer", "on": "2025-07-22", "number": 1}]
    shown = by.handler.event(case, "remedy_concluded", result="corrected", on="2025-08-29")
    assert "in_reconsideration" not in shown["flags"] and shown["remedies"][0]["suit_by"] == "2025-09-15"

    # a new handling run; the first closing stays what counts
    shown = by.handler.event(case, "reopened", redo_due_on="2025-09-30", remedy=1, on="2025-09-01")
    assert told(shown, "status", "due_on", "outcome", "closed_on") == ("in_process", "2025-09-30", None, None)
    by.reviewer.event(case, "reviewed", decision="passed", on="2025-09-15")
    by.head.event(case, "decided", outcome="grant", variant="grant.provided", on="2025-09-22")
    shown = by.desk.event(case, "served", by="signature", on="2025-09-24")
    assert told(shown, "status", "closed_on", "outcome") == ("closed", "2025-09-24", "grant")
    assert told(shown, "first_closed_on", "first_outcome") == ("2025-05-23", "grant_partial")
    assert [told(run, "started_on", "due_on", "closed_on", "outcome") for run in shown["runs"]] == [
        ("2025-03-03", "2025-05-23", "2025-05-23", "grant_partial"), ("2025-09-01", "2025-09-30", "2025-09-24", "grant")]
    shown = by.archivist.event(case, "archived", box_no="2025-012", on="2025-12-30")
    assert told(shown, "status", "due_on", "archived_on") == ("archived", None, "2025-12-30")
    assert shown["warnings"] == []


def test_from_the_counter_to_the_archive(office):
    by = People(office)
    case = received(by)
    corrected(by, case)
    consulted_and_extended(by, case)
    answered(by, case)
    corrected_by_the_authority(by, case)

    # as it stood, on any day
    assert office.api("duo").case(case, query="?as_of=2025-04-01")["flags"] == ["consulting"]
    assert office.api("duo").case(case, query="?as_of=2025-06-15")["first_outcome"] == "grant_partial"
    checked = office.verify()
    assert checked.returncode == 0, checked.stdout
