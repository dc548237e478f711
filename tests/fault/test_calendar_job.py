# SPDX-License-Identifier: MulanPSL-2.0
"""A calendar change that moves more than 10,000 cases is a job (contract §2.1): answered 202, followed at /v1/jobs/{id}, and finished by
the next process when the one at it is killed; every case is moved once."""

import json
import os
import threading
import time

import pytest
import requests

from support.api import Api, key
from waiting import until

# with OGID_TEST_LONG=1 also the kill falls into a job of that size
MOST = 10_000
MANY = MOST + 300
LONG = bool(os.environ.get("OGID_TEST_LONG"))
KILLED = MANY if LONG else 1200
PATH, PATIENCE = "/v1/calendar/notices", 90


def notice(day):
    return {"notice": f"{day}休", "days": [{"date": day, "kind": "holiday", "name": "防疫"}]}


def load(admin, first, end):
    lines = "".join(json.dumps({"org": "zhucun", "external_ref": f"r{n}", "channel": "in_person", "arrived_on": "2026-05-20",
                                "applicant": {"kind": "natural", "name": f"张{n}", "phone": "1"}, "description": "预算"},
                               ensure_ascii=False) + "\n" for n in range(first, end))
    answer = admin.call("POST", "/v1/imports", lines.encode(), {"Content-Type": "application/x-ndjson"}, timeout=PATIENCE)
    assert answer.status_code == 200 and answer.json()["stored"] == end - first, answer.text[:1000]


def recomputed(daemon):
    return daemon.sql("SELECT count(*), count(DISTINCT case_id), count(DISTINCT canonical::json->>'due_before'),"
                      " count(DISTINCT canonical::json->>'due_after') FROM case_event WHERE kind = 'recomputed'")[0]


def done(admin, path):
    found = []

    def finished():
        found[:] = [admin.get(path).json()]
        return found[0]["state"] == "done"

    until(finished, PATIENCE)
    return found[0]


def test_a_job_killed_in_the_middle_is_finished_by_the_next_process(serve, figures):
    daemon = serve()
    admin = daemon.api("admin")
    load(admin, 0, KILLED)
    before = admin.get("/v1/cases?org=zhucun&limit=1").json()["cases"][0]["due_on"]
    once, answers = key(), []

    def apply():
        try:
            answers.append(Api(daemon.url, admin.token).post(PATH, notice("2026-06-05"), key=once, timeout=PATIENCE).status_code)
        except requests.RequestException:
            answers.append("broken")

    applier = threading.Thread(target=apply)
    applier.start()
    until(lambda: recomputed(daemon)[0] > KILLED // 10, PATIENCE)
    daemon.kill()
    applier.join()
    moved = recomputed(daemon)[0]
    assert answers in (["broken"], [202]) and 0 < moved < KILLED  # 202: after ten seconds of waiting
    (job, finished), = daemon.sql("SELECT id::text, finished_at FROM job")
    assert finished is None
    daemon.start()
    # whoever was cut off asks again with his key: it is that same job
    again = admin.post(PATH, notice("2026-06-05"), key=once, timeout=PATIENCE)
    assert again.status_code in (201, 202) and again.json()["job"] == job
    told = done(admin, f"/v1/jobs/{job}")
    assert told["progress"]["moved"] == KILLED == told["result"]["counts"]["moved"]
    assert len({m["case"] for m in told["result"]["moved"]}) == min(KILLED, MOST)
    assert {m["due_before"] for m in told["result"]["moved"]} == {before}
    assert recomputed(daemon) == (KILLED, KILLED, 1, 1)
    assert daemon.sql("SELECT count(*), count(DISTINCT due_on), min(version), max(version) FROM request_case") == [(KILLED, 1, 2, 2)]
    checked = daemon.verify()
    assert checked.returncode == 0, checked.stdout
    figures(moved_before_the_kill=moved, cases=KILLED)


@pytest.mark.skipif(not LONG, reason="ten thousand cases take their time")
def test_more_than_ten_thousand_are_moved_by_a_job(serve, figures):
    daemon = serve()
    admin = daemon.api("admin")
    load(admin, 0, MANY)
    begun = time.monotonic()
    answer = admin.post(PATH, notice("2026-06-05"), timeout=PATIENCE)
    assert answer.status_code == 202, answer.text[:1000]
    said = answer.json()
    assert said["state"] == "running" and answer.headers["Location"] == f"/v1/jobs/{said['job']}" and "moved" not in said
    told = done(admin, answer.headers["Location"])
    took = time.monotonic() - begun
    assert (told["progress"]["moved"], told["result"]["counts"]["moved"]) == (MANY, MANY)
    assert len(told["result"]["moved"]) == MOST and told["result"]["complete"] is False
    assert recomputed(daemon) == (MANY, MANY, 1, 1)
    assert daemon.verify().returncode == 0
    figures(cases=MANY, took=f"{took:.1f} s")
