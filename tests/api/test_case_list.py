# SPDX-License-Identifier: MulanPSL-2.0
"""GET /v1/cases: every filter, every order, page by page, held against the same question put to the cases one by one in
Python (contract §2.1; contract-cases §4). The list as of a day is folded from events; asked for the present it must say
what the projection says."""

import itertools
import re
import urllib.parse

import pytest

from support.api import problem

OPEN = ["arrived", "in_process", "correction_requested", "reasons_requested", "fee_noticed", "decided"]
SORTS = ["due_on", "receipt_date", "number", "updated_at"]
TODAY = "2026-06-01"


def person(name, kind="natural"):
    return {"kind": kind, "name": name, "phone": "13800000026"}


def note_arrival(api, **fields):
    return api.register(**{**fields, "channel": "fax", "confirmed": False})


def make(api, way, **fields):
    """A case brought to a state; all events on days of May."""
    made = note_arrival(api, **fields) if way in ("arrived", "withdrawn") else api.register(**fields)
    on = {"on": "2026-05-28"}
    if way == "closed":
        api.event(made["id"], "decided", outcome="unable.not_held", **on)
        api.event(made["id"], "served", by="post", on="2026-05-28" if fields["arrived_on"] < "2026-05-06" else "2026-05-29")
    elif way == "decided":
        api.event(made["id"], "decided", outcome="unable.not_held", **on)
    elif way == "correcting":
        api.event(made["id"], "correction_requested", items=["请明确年份"], on="2026-05-22")
    elif way == "consulting":
        api.event(made["id"], "consultation_opened", party="third_party", name="某公司", **on)
    elif way == "extended":
        api.event(made["id"], "extended", workdays=5, approved_by="ogi_head", notified_on="2026-05-21", on="2026-05-21")
    elif way == "reviewed":
        api.event(made["id"], "reviewed", decision="passed", **on)
    elif way == "withdrawn":
        api.event(made["id"], "withdrawn", **on)
    elif way == "assigned":
        api.event(made["id"], "assigned", to="handler", **on)
    elif way == "amended":
        api.event(made["id"], "amended", event=1, field="subject", to="budget", reason="录入有误", on=TODAY)
    return made["id"]


# Twenty working days later it is: long before 1 June, that day, each of the four working days after it, and later.
DAYS = ["2026-04-20", "2026-04-30", "2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09", "2026-05-12", "2026-05-18"]


@pytest.fixture(scope="module")
def ledger(daemon):
    """Cases of two offices below the district, in every state and of every light."""
    for login, ways in (("duo", ["closed", "decided", "correcting", "consulting", "extended", "reviewed", "withdrawn",
                                 "assigned", "amended", "arrived", "plain"]), ("other", ["closed", "plain"])):
        api = daemon.api(login)
        for n, (way, day) in enumerate(itertools.product(ways, DAYS[::2] if login == "other" else DAYS)):
            if way in ("extended", "correcting") and day < "2026-05-06":
                continue
            make(api, way, arrived_on=day, subject=["land_use", "housing"][n % 2],
                 legacy_number=f"旧{n}" if n % 5 == 0 else None,
                 applicant=person(f"李{n}", ["natural", "business"][n % 2]) | ({"id_kind": "passport", "id_number": "E1"}),
                 description=f"第 {n} 项，预算" if n % 3 == 0 else f"第 {n} 项")
    return daemon


def everything(api, query="limit=200"):
    """All pages of a list. Not held against openapi.json each time, which would take longer than the rest."""
    found, path = [], f"/v1/cases?{query}"
    while path is not None:
        answer = api.session.get(api.url + path, headers={"Authorization": f"Bearer {api.token}"})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        found += body["cases"]
        link = answer.headers.get("Link")
        assert (link is None) == (body["next"] is None)
        path = None if link is None else re.fullmatch(r'<(.+)>; rel="next"', link).group(1)
        assert path is None or urllib.parse.parse_qs(path.split("?")[1])["after"] == [body["next"]]
    return found


def ids(cases):
    return [case["id"] for case in cases]


def number_key(case):
    return None if case["number"] is None else tuple(map(int, case["number"].split("-")))


def ordered(cases, sort):
    """As the contract orders them: what has no key last in both directions."""
    name = sort.lstrip("-")
    down = sort.startswith("-")
    key = number_key if name == "number" else lambda case: case[name]
    with_key = sorted((c for c in cases if key(c) is not None), key=lambda c: (key(c), c["id"]), reverse=down)
    return with_key + sorted((c for c in cases if key(c) is None), key=lambda c: c["id"], reverse=down)


FILTERS = {
    "status=open": lambda c: c["status"] in OPEN,
    "status=decided,closed": lambda c: c["status"] in ("decided", "closed"),
    "status=open,closed": lambda c: c["status"] in [*OPEN, "closed"],
    "status=void_withdrawn": lambda c: c["status"] == "void_withdrawn",
    "flag=extended,consulting": lambda c: {"extended", "consulting"} & set(c["flags"]),
    "channel=fax": lambda c: c["channel"] == "fax",
    "channel=fax,in_person": lambda c: True,
    "outcome=unable.not_held": lambda c: c["outcome"] == "unable.not_held",
    "light=none": lambda c: c["light"] == "none",
    "light=overdue": lambda c: c["light"] == "overdue",
    "light=red": lambda c: c["light"] == "red",
    "light=amber": lambda c: c["light"] == "amber",
    "light=green": lambda c: c["light"] == "green",
    "light=red,amber": lambda c: c["light"] in ("red", "amber"),
    "light=overdue,green": lambda c: c["light"] in ("overdue", "green"),
    "light=none,red": lambda c: c["light"] in ("none", "red"),
    "applicant_kind=business": lambda c: c["applicant"]["kind"] == "business",
    "subject=housing,budget": lambda c: c["subject"] in ("housing", "budget"),
    "assignee=handler": lambda c: c["assignee"] == "handler",
    "received_from=2026-05-07": lambda c: c["receipt_date"] is not None and c["receipt_date"] >= "2026-05-07",
    "received_to=2026-05-07": lambda c: c["receipt_date"] is not None and c["receipt_date"] <= "2026-05-07",
    "due_from=2026-06-01": lambda c: c["due_on"] is not None and c["due_on"] >= "2026-06-01",
    "due_to=2026-06-03": lambda c: c["due_on"] is not None and c["due_on"] <= "2026-06-03",
    "due_from=2026-06-02&due_to=2026-06-08": lambda c: c["due_on"] is not None and "2026-06-02" <= c["due_on"] <= "2026-06-08",
    "closed_from=2026-05-29&closed_to=2026-05-29": lambda c: c["closed_on"] == "2026-05-29",
    "closed_to=2026-05-28": lambda c: c["closed_on"] is not None and c["closed_on"] <= "2026-05-28",
    "q=" + urllib.parse.quote("预算"): lambda c: "预算" in c["description"],
    "q=" + urllib.parse.quote("李1"): lambda c: "李1" in c["applicant"]["name"],
    "q=" + urllib.parse.quote("旧5"): lambda c: "旧5" in (c["legacy_number"] or ""),
    "q=2026-1": lambda c: "2026-1" in (c["number"] or ""),
    "status=open&light=overdue&channel=in_person": lambda c: c["light"] == "overdue" and c["channel"] == "in_person",
    "waiting_for=me": lambda c: c["status"] in OPEN and (
        c["assignee"] == "duo" or c["org"] == "zhucun" and (
            c["status"] in ("arrived", "decided") or c["status"] == "in_process" and c["review"] != "passed"
            or c["assignee"] is None)),
}
# Each way to say which organisations and as of when; with known_at, events are folded, and it must come out the same.
SCOPES = ["", "org=zhucun", "known_at=2026-06-01T03:00:00Z", "org=zhucun&known_at=2026-06-01T03:00:00Z", "as_of=2026-06-01"]


def asking(ledger, query, scope):
    login = "duo" if "waiting_for" in query or scope.startswith("org=zhucun") else "district"
    return ledger.api(login)


def test_every_light_and_state_is_there(ledger):
    all_of_them = everything(ledger.api("district"))
    assert len(all_of_them) > 70
    assert {c["light"] for c in all_of_them} == {"none", "green", "amber", "red", "overdue"}
    assert {"arrived", "in_process", "correction_requested", "decided", "closed"} <= {c["status"] for c in all_of_them}
    assert "allowed" not in all_of_them[0] and "refused" not in all_of_them[0]


@pytest.fixture(scope="module")
def pools(ledger):
    """All cases a login sees in a scope."""
    return {(login, scope): everything(ledger.api(login), f"limit=200&{scope}".rstrip("&"))
            for login in ("duo", "district") for scope in ("", "org=zhucun")}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_finds_what_it_says(ledger, pools, query):
    for scope in SCOPES:
        api = asking(ledger, query, scope)
        pool = pools["duo" if api.token == ledger.tokens["duo"] else "district", "org=zhucun" if "org" in scope else ""]
        expected = ordered([c for c in pool if FILTERS[query](c)], "due_on")
        found = everything(api, f"{query}&limit=200&{scope}".rstrip("&"))
        assert ids(found) == ids(expected), scope
        assert found == expected, scope


def test_the_filters_of_this_test_find_something(pools):
    for query, keep in FILTERS.items():
        assert any(map(keep, pools["duo" if "waiting" in query else "district", ""])), query


@pytest.mark.parametrize("scope", ["", "org=zhucun", "known_at=2026-06-01T03:00:00Z"])
@pytest.mark.parametrize("sort", SORTS + ["-" + s for s in SORTS])
def test_pages_hold_every_case_once_and_in_order(ledger, sort, scope):
    api = asking(ledger, "", scope)
    for narrow in ("", "status=open", "light=overdue,red,amber", "due_from=2026-05-20", "received_to=2026-05-08"):
        rest = "&".join(filter(None, [narrow, scope]))
        once = ids(ordered(everything(api, f"limit=200&{rest}".rstrip("&")), sort))
        for limit in (40 if "known_at" in scope else 7, 200):
            assert ids(everything(api, f"sort={sort}&limit={limit}&{rest}".rstrip("&"))) == once, (narrow, limit)


@pytest.mark.parametrize("sort", ["due_on", "-due_on", "-updated_at", "number"])
def test_pages_are_stable_while_cases_come_in(ledger, sort):
    api = ledger.api("duo")
    before = ids(everything(api, f"sort={sort}&limit=200&org=zhucun"))
    first = api.get(f"/v1/cases?sort={sort}&limit=10&org=zhucun").json()
    api.register(arrived_on="2026-04-20", description="挤进来的", applicant=person("后来者"))
    rest = ids(everything(api, f"sort={sort}&limit=9&org=zhucun&after=" + urllib.parse.quote(first["next"])))
    both = ids(first["cases"]) + rest
    assert len(both) == len(set(both))
    assert [i for i in both if i in set(before)] == before


def test_the_default_is_fifty_by_due_date(ledger):
    answer = ledger.api("district").get("/v1/cases").json()  # held against openapi.json
    assert len(answer["cases"]) == 50 and answer["next"] is not None
    assert answer["cases"] == ordered(everything(ledger.api("district")), "due_on")[:50]


def test_the_link_keeps_the_query(ledger):
    query = "q=" + urllib.parse.quote("第 ") + "&status=open&limit=3"
    answer = ledger.api("duo").get(f"/v1/cases?{query}")
    link = re.fullmatch(r'<(/v1/cases\?.+)>; rel="next"', answer.headers["Link"]).group(1)
    assert urllib.parse.parse_qs(link.split("?")[1]) == {"q": ["第 "], "status": ["open"], "limit": ["3"],
                                                         "after": [answer.json()["next"]]}


# ---- as of a day ----

def test_a_list_as_of_a_day_shows_what_stood_then(daemon, ledger):
    api = ledger.api("duo")
    then = {c["id"]: c for c in everything(api, "as_of=2026-05-21&limit=200&org=zhucun")}
    now = {c["id"]: c for c in everything(api, "limit=200&org=zhucun")}
    assert set(then) == {i for i, c in now.items() if c["arrived_on"] <= "2026-05-21"}
    for case_id, case in itertools.islice(then.items(), 0, None, 5):
        alone = api.case(case_id, query="?as_of=2026-05-21")
        assert case == {k: v for k, v in alone.items() if k not in ("allowed", "refused")}
    assert not any(c["status"] in ("closed", "decided") for c in then.values())
    assert {c["light"] for c in then.values()} != {c["light"] for c in now.values()}
    amended = [i for i, c in now.items() if c["subject"] == "budget"]
    assert amended and all(then[i]["subject"] != "budget" for i in amended if i in then)


def test_open_cases_as_of_a_day_are_those_open_then(ledger):
    api = ledger.api("district")
    then = everything(api, "as_of=2026-05-21&limit=200")
    assert ids(everything(api, "as_of=2026-05-21&limit=20&status=open")) == ids(
        ordered([c for c in then if c["status"] in OPEN], "due_on"))
    assert ids(everything(api, "as_of=2026-05-21&limit=20&subject=land_use&sort=-receipt_date")) == ids(
        ordered([c for c in then if c["subject"] == "land_use"], "-receipt_date"))


def test_known_at_hides_what_was_recorded_later(world):
    daemon = world.daemon()
    api = daemon.api("duo")
    made = api.register(arrived_on="2026-05-18")
    daemon.on("2026-06-02")
    api = daemon.api("duo")
    api.event(made["id"], "decided", outcome="unable.not_held", on="2026-05-20")
    api.register(arrived_on="2026-05-19")
    assert [c["status"] for c in everything(api, "as_of=2026-05-21")] == ["decided", "in_process"]
    known = everything(api, "as_of=2026-05-21&known_at=2026-06-01T12:00:00Z")
    assert ids(known) == [made["id"]] and known[0]["status"] == "in_process"
    assert everything(api, "as_of=2026-05-17") == []
    daemon.stop()


def test_a_list_as_of_a_later_day_judges_by_it(ledger):
    later = everything(ledger.api("district"), "as_of=2026-07-31&light=overdue&limit=200")
    assert ids(later) == ids(ordered([c for c in everything(ledger.api("district")) if c["light"] != "none"], "due_on"))


def test_many_cases_are_folded_part_by_part(world):
    daemon = world.daemon()
    api = daemon.api("duo")
    for n in range(430):
        note_arrival(api, arrived_on=DAYS[n % 8], description=f"第 {n} 项")
    plain = everything(api, "limit=200&sort=-updated_at")
    assert len(plain) == 430
    assert everything(api, "limit=200&sort=-updated_at&known_at=2026-06-01T03:00:00Z") == plain
    assert len(everything(api, "limit=200&known_at=2026-06-01T03:00:00Z&q=" + urllib.parse.quote("第 429 项"))) == 1
    daemon.stop()


def test_too_many_cases_to_look_back_at_want_a_narrower_list(world):
    daemon = world.daemon()
    org, = daemon.sql("SELECT id FROM org WHERE code = 'zhucun'")[0]
    daemon.sql("INSERT INTO request_case (org_id, id, version, status, channel, arrived_on, receipt_date, calendar_version,"
               " created_at, updated_at) SELECT %s, gen_random_uuid(), 1, 'in_process', 'fax', date '2026-01-01' + n / 1000,"
               " date '2026-01-01' + n / 1000, 1, now(), now() FROM generate_series(1, 20001) n", (org,))
    daemon.sql("INSERT INTO case_event (org_id, case_id, seq, kind, on_date, recorded_at, canonical, prev_hash, hash)"
               " SELECT org_id, id, 1, 'registered', arrived_on, '2026-05-01', '{}', sha256(''), sha256('') FROM request_case")
    api = daemon.api("duo")
    found = problem(api.get("/v1/cases?as_of=2026-05-31"), 400, "bad_query")
    assert "20000" in found["detail"]
    assert api.get("/v1/cases?as_of=2025-12-31").json() == {"cases": [], "next": None}
    assert api.get("/v1/cases?as_of=2026-05-31&received_to=2025-12-31").json() == {"cases": [], "next": None}
    assert len(everything(api, "limit=200&received_from=2026-01-21")) == 2
    daemon.stop()


# ---- many organisations ----

def test_a_list_over_many_organisations_is_the_same(world):
    daemon = world.daemon()
    admin = daemon.api("admin")
    for n in range(70):
        assert admin.post("/v1/orgs", {"code": f"town-{n}", "name": f"镇{n}", "parent": "zengcheng"}).status_code == 201
    for login in ("duo", "other"):
        for way, day in itertools.product(["closed", "plain", "consulting"], DAYS[2:6]):
            make(daemon.api(login), way, arrived_on=day)
    daemon.tokens.clear()
    api = daemon.api("district")
    cases = everything(api)
    assert len(cases) == 24
    for sort, narrow in itertools.product(["due_on", "-due_on", "number", "-receipt_date", "updated_at"], ["", "&status=open"]):
        kept = [c for c in cases if not narrow or c["status"] in OPEN]
        assert ids(everything(api, f"sort={sort}&limit=5{narrow}")) == ids(ordered(kept, sort)), (sort, narrow)
    assert ids(everything(api, "q=2026-1&limit=3")) == ids([c for c in cases if "2026-1" in c["number"]])
    daemon.stop()


# ---- who sees what, what is refused ----

def test_a_list_stays_inside_the_subtree(ledger):
    duo, district = ledger.api("duo"), ledger.api("district")
    assert {c["org"] for c in everything(duo)} == {"zhucun"}
    assert {c["org"] for c in everything(district)} == {"zhucun", "licheng"}
    assert everything(district, "org=zengcheng&limit=200") == []
    assert everything(district, "org=zengcheng&rollup=true&limit=200") == everything(district)
    problem(duo.get("/v1/cases?org=licheng"), 404, "no_such_org")
    problem(duo.get("/v1/cases?org=nowhere"), 404, "no_such_org")
    cursor = district.get("/v1/cases?limit=5").json()["next"]
    assert {c["org"] for c in duo.get(f"/v1/cases?limit=200&after={cursor}").json()["cases"]} == {"zhucun"}


@pytest.mark.parametrize("query, name", [
    ("status=opened", "status"), ("status=", "status"), ("status=open,", "status"), ("flag=late", "flag"),
    ("channel=mail", "channel"), ("outcome=yes", "outcome"), ("light=blue", "light"), ("applicant_kind=human", "applicant_kind"),
    ("subject=", "subject"), ("assignee=" + "x" * 65, "assignee"), ("waiting_for=you", "waiting_for"),
    ("received_from=2026-02-30", "received_from"), ("due_to=tomorrow", "due_to"), ("closed_from=", "closed_from"),
    ("q=", "q"), ("q=" + "x" * 101, "q"), ("as_of=now", "as_of"), ("known_at=2026-06-01", "known_at"), ("sort=id", "sort"),
    ("sort=", "sort"), ("sort=-", "sort"), ("limit=201", "limit"), ("limit=0", "limit"), ("rollup=yes", "rollup"),
    ("colour=red", "colour"), ("limit=5&limit=6", "limit"),
])
def test_a_bad_parameter_is_named(duo, query, name):
    found = problem(duo.get(f"/v1/cases?{query}"), 400, "bad_query")
    assert name in found["detail"]


ID = "01890000-0000-7000-8000-000000000001"


@pytest.mark.parametrize("sort, cursor", [
    ("due_on", "x"), ("due_on", ""), ("due_on", "due_on"), ("due_on", f"due_on~~{ID}x"), ("due_on", f"due_on~1e3~{ID}"),
    ("due_on", f"due_on~-5~{ID}"), ("due_on", f"due_on~0~{ID}"), ("due_on", f"due_on~3652060~{ID}"),
    ("due_on", f"due_on~9223372036854775807~{ID}"), ("due_on", f"due_on~99999999999999999999~{ID}"),
    ("due_on", f"-due_on~739000~{ID}"), ("-due_on", f"due_on~739000~{ID}"), ("number", f"due_on~739000~{ID}"),
    ("updated_at", f"updated_at~~{ID}"), ("updated_at", f"updated_at~9223372036854775806~{ID}"),
    ("due_on", "due_on~739000~00000000-0000-0000-0000-000000000000"),
])
def test_a_cursor_that_is_none_of_this_order_is_refused(duo, sort, cursor):
    found = problem(duo.get(f"/v1/cases?sort={sort}&after={urllib.parse.quote(cursor)}"), 400, "bad_query")
    assert "after" in found["detail"]


def test_a_made_up_cursor_only_moves_the_beginning(ledger):
    duo = ledger.api("duo")
    for sort in ("due_on", "-due_on", "number", "-number", "receipt_date"):
        for key in ("1", "3652059", ""):
            assert duo.get(f"/v1/cases?sort={sort}&after={sort}~{key}~{ID}").status_code == 200
