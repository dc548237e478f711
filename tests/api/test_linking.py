# SPDX-License-Identifier: MulanPSL-2.0
"""Events that lead to another case: a letter split into its parts, the same letter entered twice, a case that another organisation
goes on with (contract-cases §6; D:lifecycle T20, T21, §5)."""

import json
import threading

import pytest

from support.api import faults, key, problem

PARTS = [{"description": "2025 年预算", "subject": "budget"}, {"description": "征地补偿标准"}]


@pytest.fixture(scope="module")
def office(world):
    made = world.daemon()
    yield made
    made.stop()


@pytest.fixture
def duo(office):
    return office.api("duo")


@pytest.fixture
def other(office):
    return office.api("other")


def events(api, case_id):
    return api.get(f"/v1/cases/{case_id}/events").json()["events"]


def split(api, made, parts=None, status=201, **fields):
    return api.event(made["id"], "split", status=status, parts=parts or PARTS, **fields)


# ---- split ----

def test_the_parts_are_cases_of_their_own(office, duo):
    made = duo.register(arrived_on="2026-05-18", subject="land_use", delivery="post", assignee="handler", legacy_number="纸1",
                        evidence={"tracking_no": "EMS1"})
    after = split(duo, made)
    assert (after["status"], after["due_on"], after["number"], after["clock"]["state"]) == ("void_split", None, made["number"], "stopped")
    year, last = made["number"].split("-")
    assert [p["number"] for p in after["split_into"]] == [f"{year}-{int(last) + 1}", f"{year}-{int(last) + 2}"]
    parts = [duo.case(p["id"], query="?reveal=applicant") for p in after["split_into"]]
    for part, given in zip(parts, PARTS):
        assert (part["description"], part["subject"]) == (given["description"], given.get("subject", "land_use"))
        assert part["split_from"] == {"org": "zhucun", "id": made["id"], "number": made["number"]}
        for same in ("receipt_date", "due_on", "arrived_on", "channel", "delivery", "assignee", "evidence", "legacy_number", "regime"):
            assert part[same] == made[same], same
        assert (part["status"], part["version"], part["registered_on"]) == ("in_process", 1, "2026-06-01")
        assert part["applicant"]["name"] == "张三" and part["applicant"]["id_number"] == "E12345678"
        assert [e["kind"] for e in events(duo, part["id"])] == ["registered"]
    assert [p.pop("query_code") and p for p in after["split_into"]] == duo.case(made["id"])["split_into"]
    assert duo.case(parts[0]["number"])["id"] == parts[0]["id"]
    told = events(duo, made["id"])[-1]
    assert told["data"]["cases"] == after["split_into"] and (told["due_before"], told["due_after"]) == (made["due_on"], None)
    decided = duo.event(parts[0]["id"], "decided", outcome="unable.not_held", on="2026-05-20")
    assert decided["status"] == "decided"
    assert office.verify().returncode == 0


def test_what_was_made_is_found_by_its_words_in_the_whole_district(office, duo, other):
    district = office.api("district")
    parts = split(duo, duo.register(), [{"description": "水库清淤台账"}, {"description": "山塘加固台账"}])["split_into"]
    link = duo.event(duo.register(description="渡槽验收台账")["id"], "handed_over", to_org="licheng")["handed_over_to"]
    for word, wanted in (("清淤", parts[0]["id"]), ("加固", parts[1]["id"]), ("渡槽", link["id"])):
        assert wanted in [c["id"] for c in district.get(f"/v1/cases?q={word}").json()["cases"]], word
    assert [c["id"] for c in other.get("/v1/cases?q=渡槽").json()["cases"]] == [link["id"]]


def test_each_part_has_its_own_code(duo):
    codes = [part["query_code"] for part in split(duo, duo.register())["split_into"]]
    assert len(set(codes)) == 2 and all(len(code) == 10 for code in codes)


def test_only_at_once_after_registration(duo):
    made = duo.register(arrived_on="2026-05-18")
    duo.event(made["id"], "noted", note="电话联系过")
    duo.event(made["id"], "assigned", to="handler")
    assert any(one["kind"] == "split" for one in duo.case(made["id"])["allowed"])
    duo.event(made["id"], "extended", workdays=5, on="2026-05-19")
    found = problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "split", "parts": PARTS}), 409, "not_in_this_state")
    assert all(one["kind"] != "split" for one in found["allowed"])
    duo.event(made["id"], "retracted", event=4, reason="误录")
    assert split(duo, made)["status"] == "void_split"


@pytest.mark.parametrize("parts, wanted", [
    (None, {("/parts", "required")}), ([], {("/parts", "required")}), ([PARTS[0]], {("/parts", "too_few")}),
    (PARTS * 11, {("/parts", "too_many")}), ("x", {("/parts", "type")}),
    ([{"description": ""}, {"subject": "budget"}, {"description": "字" * 20001, "colour": 1}],
     {("/parts/0/description", "required"), ("/parts/1/description", "required"), ("/parts/2/description", "too_long"),
      ("/parts/2/colour", "unknown_field")}),
])
def test_the_parts_are_checked(duo, parts, wanted):
    made = duo.register()
    assert faults(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "split", "parts": parts})) == wanted
    assert duo.case(made["id"])["version"] == 1


def test_rare_characters_and_long_texts_stay_whole(duo):
    parts = [{"description": "𠮷田䶮" * 3000, "subject": "budget"}, {"description": "<b>'\";--\n第二行"}]
    made = split(duo, duo.register(), parts)
    assert [duo.case(p["id"])["description"] for p in made["split_into"]] == [p["description"] for p in parts]


def test_a_repeated_split_is_one(office, duo):
    made, once = duo.register(), key()
    path, body = f"/v1/cases/{made['id']}/events", {"kind": "split", "parts": PARTS}
    first, again = (duo.post(path, body, key=once) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(duo.post(path, {"kind": "split", "parts": PARTS + PARTS}, key=once), 422, "key_reused")
    problem(duo.post(path, body), 409, "not_in_this_state")


def test_a_repetition_at_the_same_time_makes_no_part_twice(office, duo):
    made, once, answers = duo.register(), key(), []
    before = len(duo.get("/v1/cases?limit=200").json()["cases"])

    def work():
        api = office.api("duo").__class__(office.url, office.tokens["duo"])
        answers.append(api.post(f"/v1/cases/{made['id']}/events", {"kind": "split", "parts": PARTS}, key=once))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status_code for a in answers} == {201} and len({a.text for a in answers}) == 1
    assert len([a for a in answers if "Idempotency-Replayed" in a.headers]) == 5
    assert len(duo.get("/v1/cases?limit=200").json()["cases"]) == before + 2


def test_many_split_and_register_at_once(office, duo):
    """Numbers stay without gaps, each letter is split once, each part is there once."""
    made = [duo.register() for _ in range(4)]
    answers = []

    def work(n):
        api = office.api("duo").__class__(office.url, office.tokens["duo"])
        for one in made[n % 2::2]:
            answers.append(api.post(f"/v1/cases/{one['id']}/events", {"kind": "split", "parts": PARTS}).status_code)
            answers.append(api.post("/v1/cases", {"channel": "in_person", "arrived_on": "2026-05-18", "description": "另",
                                                  "applicant": {"kind": "natural", "name": "李四", "phone": "1"}}).status_code)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == [201, 409] and answers.count(409) == 8
    for one in made:
        assert len(duo.case(one["id"])["split_into"]) == 2
    checked = office.verify()
    assert checked.returncode == 0, checked.stdout


def test_a_split_is_not_undone(duo):
    made = split(duo, duo.register())
    assert faults(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "retracted", "event": 2, "reason": "误"})) == \
        {("/event", "not_retractable")}
    problem(duo.post(f"/v1/cases/{made['id']}/events", {"kind": "extended", "workdays": 1}), 409, "not_in_this_state")
    assert duo.event(made["id"], "noted", note="已分件")["version"] == 3


def test_a_dry_run_makes_nothing(duo):
    made = duo.register()
    before = duo.get("/v1/cases?limit=200").json()["cases"]
    dry = duo.post(f"/v1/cases/{made['id']}/events?dry_run=true", {"kind": "split", "parts": PARTS})
    assert (dry.status_code, dry.json()["status"], dry.json()["split_into"]) == (200, "void_split", [])
    assert duo.get("/v1/cases?limit=200").json()["cases"] == before
    nxt = duo.register()
    assert int(nxt["number"].split("-")[1]) == int(made["number"].split("-")[1]) + 1


# ---- merged ----

def merged(api, made, into):
    return api.post(f"/v1/cases/{made['id']}/events", {"kind": "merged", "into": into})


def test_the_same_letter_entered_twice(office, duo):
    kept, twice = duo.register(), duo.register()
    after = merged(duo, twice, kept["number"])
    assert after.status_code == 201, after.text
    after = after.json()
    assert (after["status"], after["due_on"]) == ("void_merged", None)
    assert after["merged_into"] == {"org": "zhucun", "id": kept["id"], "number": kept["number"]}
    assert duo.case(twice["id"])["merged_into"] == after["merged_into"]
    assert duo.case(kept["id"])["version"] == 1
    back = duo.event(twice["id"], "retracted", event=2, reason="不是同一件")
    assert (back["status"], back["merged_into"], back["due_on"]) == ("in_process", None, twice["due_on"])
    assert office.verify().returncode == 0


def test_an_arrival_is_merged_by_uuid_and_full_name(duo):
    kept = duo.register()
    for into in (kept["id"], f"zhucun:{kept['number']}"):
        arrival = duo.register(channel="fax", confirmed=False)
        assert merged(duo, arrival, into).json()["status"] == "void_merged"


def test_what_it_is_merged_into_must_stand_in_the_office(duo, other):
    made, foreign = duo.register(), other.register()
    for into in ("2026-99999", "01890000-0000-7000-8000-000000000001", foreign["id"], f"licheng:{foreign['number']}",
                 "nowhere:2026-1", "?", "𠮷"):
        assert faults(merged(duo, made, into)) == {("/into", "no_such_case")}, into
    assert faults(merged(duo, made, made["number"])) == {("/into", "contradiction")}
    gone = split(duo, duo.register())
    assert faults(merged(duo, made, gone["number"])) == {("/into", "void_case")}
    assert faults(merged(duo, made, None)) == {("/into", "required")}
    assert duo.case(made["id"])["version"] == 1


def test_another_applicant_or_document_is_another_request(duo):
    kept = duo.register(document_ref="朱府〔2025〕1号")
    applicant = {"kind": "natural", "name": "张三", "phone": "13800000026", "id_kind": "passport"}
    for fields in ({"applicant": {**applicant, "name": "李四", "id_number": "E12345678"}},
                   {"applicant": {**applicant, "id_number": "E12345679"}}, {"document_ref": "朱府〔2025〕2号"}):
        assert faults(merged(duo, duo.register(**fields), kept["number"])) == {("/into", "not_the_same_request")}, fields
    assert merged(duo, duo.register(applicant=applicant), kept["number"]).status_code == 201


def test_two_are_not_merged_into_each_other_at_once(office, duo):
    for _ in range(6):
        pair, answers = [duo.register(), duo.register()], []

        def work(one, into):
            api = office.api("duo").__class__(office.url, office.tokens["duo"])
            answers.append(merged(api, one, into["id"]).status_code)

        threads = [threading.Thread(target=work, args=args) for args in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 422]
        assert sorted(duo.case(one["id"])["status"] for one in pair) == ["in_process", "void_merged"]


def test_where_it_leads_is_not_amended(duo):
    kept, twice = duo.register(), duo.register()
    merged(duo, twice, kept["id"])
    for field in ("into", "case.id"):
        body = {"kind": "amended", "event": 2, "field": field, "to": kept["number"], "reason": "误"}
        assert faults(duo.post(f"/v1/cases/{twice['id']}/events", body)) == {("/field", "unknown_field")}


# ---- handed over ----

def handed_over(api, made, **fields):
    return api.event(made["id"], "handed_over", to_org="licheng", **fields)


def test_the_successor_goes_on_with_everything(office, duo, other):
    made = duo.register(arrived_on="2026-04-20")
    duo.event(made["id"], "consultation_opened", party="third_party", name="某公司", on="2026-04-22", received_on="2026-04-23")
    duo.event(made["id"], "consultation_closed", opinion="object", on="2026-05-06")
    duo.event(made["id"], "extended", workdays=10, on="2026-05-13", approved_by="ogi_head")
    duo.event(made["id"], "amended", event=1, field="applicant.id_number", to="E98765432", reason="补正")
    open_one = duo.event(made["id"], "consultation_opened", party="other_agency", name="某局", on="2026-05-14")
    before = duo.case(made["id"], query="?reveal=applicant")
    after = handed_over(duo, made, on="2026-05-15")
    assert (after["status"], after["due_on"], after["number"], after["flags"]) == ("void_merged", None, made["number"], ["extended"])
    link = after["handed_over_to"]
    assert len(link.pop("query_code")) == 10 and duo.case(made["id"])["handed_over_to"] == link
    problem(duo.get(f"/v1/cases/{link['id']}"), 404, "no_such_case")
    mine = other.case(link["id"], query="?reveal=applicant")
    assert mine["handed_over_from"] == {"org": "zhucun", "id": made["id"], "number": made["number"]}
    assert (mine["org"], mine["status"], mine["number"], mine["assignee"]) == ("licheng", "in_process", link["number"], None)
    for same in ("receipt_date", "registered_on", "due_on", "latest_due_on", "clock", "consultations", "applicant", "description",
                 "flags", "channel", "regime"):
        assert mine[same] == before[same], same
    assert mine["version"] == open_one["version"] + 1
    old, new = events(duo, made["id"]), events(other, link["id"])
    assert [(e["kind"], e["on"], e["recorded_at"], e["actor"], e["due_after"]) for e in old[:-1]] == \
        [(e["kind"], e["on"], e["recorded_at"], e["actor"], e["due_after"]) for e in new[:-1]]
    assert new[-1]["data"]["from"] == mine["handed_over_from"] and old[-1]["data"]["to"] == link
    closed = other.event(link["id"], "consultation_closed", opinion="agree", on="2026-05-20")
    assert closed["due_on"] is not None
    other.event(link["id"], "decided", outcome="unable.not_held", on="2026-05-21")
    assert other.event(link["id"], "served", by="post", on="2026-05-22")["status"] == "closed"
    assert office.verify().returncode == 0


# ---- files ----

def attach(api, case_id, data):
    answer = api.call("POST", f"/v1/cases/{case_id}/attachments?name=a.txt", data, {"Content-Type": None})
    assert answer.status_code == 201, answer.text
    return answer.json()


def files(api, case_id):
    return api.get(f"/v1/cases/{case_id}/attachments").json()["attachments"]


def test_the_files_go_with_the_matter(office, duo, other):
    """Split, a part handed over, and handed over once more: the first files under their numbers, each one's own behind them."""
    made = duo.register()
    letter = [attach(duo, made["id"], text) for text in ("来信一".encode(), b"x" * 300_000)]
    part, second = (p["id"] for p in split(duo, made)["split_into"])
    later = attach(duo, made["id"], b"later")
    assert (later["n"], files(duo, made["id"]), files(duo, part), files(duo, second)) == (3, [*letter, later], letter, letter)
    own = attach(duo, part, b"own")
    assert own["n"] == 3 and files(duo, part) == [*letter, own] and files(duo, second) == letter
    there = handed_over(duo, duo.case(part))["handed_over_to"]["id"]
    assert files(other, there) == [*letter, own]
    mine = attach(other, there, b"mine")
    assert mine["n"] == 4
    path = f"/v1/cases/{there}/attachments"
    assert [other.get(f"{path}/{n}").content for n in range(1, 5)] == ["来信一".encode(), b"x" * 300_000, b"own", b"mine"]
    assert other.call("GET", f"{path}/2", headers={"Range": "bytes=131070-131073"}).content == b"xxxx"
    problem(other.get(f"{path}/5"), 404)
    problem(other.get(f"/v1/cases/{part}/attachments"), 404)
    problem(duo.get(f"{path}/1"), 404)
    rows = office.sql("SELECT org_id = (SELECT id FROM org WHERE code = 'licheng'), count(*) FROM audit_entry WHERE action = 'case.download'"
                      " AND object = %s GROUP BY 1", (there,))
    assert rows == [(True, 5)]
    back = other.event(there, "handed_over", to_org="zhucun")["handed_over_to"]["id"]
    assert files(duo, back) == [*letter, own, mine] and duo.get(f"/v1/cases/{back}/attachments/4").content == b"mine"
    exported = [json.loads(line) for line in office.api("admin").get("/v1/exports?format=ndjson").text.splitlines()]
    assert [f["sha256"] for one in exported if one["id"] == back for f in one["attachments"]] == \
        [f["sha256"] for f in (*letter, own, mine)]
    assert office.verify().returncode == 0


def test_a_file_that_was_taken_over_and_lost_is_named(world):
    office = world.daemon()
    duo, made = office.api("duo"), office.api("duo").register()
    attach(duo, made["id"], b"a")
    attach(duo, made["id"], b"b")
    part = split(duo, made)["split_into"][0]["id"]
    attach(duo, part, b"c")
    assert office.verify().returncode == 0
    office.sql("DELETE FROM attachment_inherited WHERE case_id = %s AND n = 1", (part,))
    told = office.verify()
    assert told.returncode == 1 and f"attachment 2 of case {part}: the file it was taken over from is missing" in told.stdout
    office.sql("DELETE FROM attachment_inherited WHERE case_id = %s", (part,))
    told = office.verify()
    assert told.returncode == 1 and f"attachment 3 of case {part}: one before it is missing" in told.stdout
    office.stop()


def test_an_arrival_is_handed_over_without_a_number(office, duo, other):
    made = duo.register(channel="fax", confirmed=False)
    link = handed_over(duo, made)["handed_over_to"]
    assert link["number"] is None
    confirmed = other.event(link["id"], "receipt_confirmed", on="2026-05-19")
    assert confirmed["status"] == "in_process" and confirmed["number"]
    assert office.verify().returncode == 0


def test_the_statistics_go_with_it(office, duo, other):
    supervisor = office.api("district")

    def counted(org):
        answer = supervisor.get(f"/v1/statistics/f14/2018?org={org}")
        return answer.json()["cells"]["a.received"]["value"]

    before = [counted("zhucun"), counted("licheng")]
    made = duo.register(arrived_on="2018-03-01", registered_on="2018-03-01")
    assert [counted("zhucun"), counted("licheng")] == [before[0] + 1, before[1]]
    link = handed_over(duo, made, on="2018-03-05")["handed_over_to"]
    assert link["number"].startswith("2018-")
    assert [counted("zhucun"), counted("licheng")] == [before[0], before[1] + 1]
    numbers = [c["id"] for c in duo.get("/v1/cases?status=open&limit=200").json()["cases"]]
    assert made["id"] not in numbers
    assert office.verify().returncode == 0


def test_only_to_another_organisation_that_exists(duo):
    made = duo.register()
    path = f"/v1/cases/{made['id']}/events"
    for to, code in (("nowhere", "no_such_org"), ("zhucun", "contradiction"), ("", "required"), ("x" * 33, "too_long")):
        assert faults(duo.post(path, {"kind": "handed_over", "to_org": to})) == {("/to_org", code)}, to
    assert duo.case(made["id"])["version"] == 1


def test_a_repeated_hand_over_is_one_and_is_not_undone(office, duo, other):
    made, once = duo.register(), key()
    path, body = f"/v1/cases/{made['id']}/events", {"kind": "handed_over", "to_org": "licheng"}
    before = len(other.get("/v1/cases?limit=200").json()["cases"])
    answers = []

    def work():
        api = office.api("duo").__class__(office.url, office.tokens["duo"])
        answers.append(api.post(path, body, key=once))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status_code for a in answers} == {201} and len({a.text for a in answers}) == 1
    assert len([a for a in answers if "Idempotency-Replayed" in a.headers]) == 3
    assert len(other.get("/v1/cases?limit=200").json()["cases"]) == before + 1
    assert faults(duo.post(path, {"kind": "retracted", "event": 2, "reason": "误"})) == {("/event", "not_retractable")}
    link = answers[0].json()["handed_over_to"]
    assert faults(other.post(f"/v1/cases/{link['id']}/events", {"kind": "retracted", "event": 2, "reason": "误"})) == \
        {("/event", "not_retractable")}
    back = other.event(link["id"], "handed_over", to_org="zhucun")["handed_over_to"]
    assert duo.case(back["id"])["handed_over_from"]["id"] == link["id"]
    assert office.verify().returncode == 0
