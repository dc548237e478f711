# SPDX-License-Identifier: MulanPSL-2.0
"""What holds for every route, walked by the table of routes: sessions, roles, methods, foreign objects, bodies, queries."""

import pytest

from support import source
from support.world import PASSWORD
from support.api import document, problem

ROUTES = source.routes()
CLOSED = [r for r in ROUTES if not r.open]
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")


def name(route):
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def things(daemon):
    """Objects of another organisation, and what fills a path when it does not matter."""
    made = daemon.api("other").register()
    item = daemon.api("other").post("/v1/disclosures", {"title": "别处的信息", "category": "doc"}).json()
    entry = daemon.api("other").post("/v1/registers/meeting", {}).json()
    # a weekend day off: a job that moves nothing, of the organisation above all
    job = daemon.api("admin").post("/v1/calendar/notices", {"notice": "一号", "days": [
        {"date": "2026-06-06", "kind": "holiday", "name": "周六"}]}).json()
    return {"case": made["id"], "number": f"licheng:{made['number']}", "item": item["id"], "entry": entry["id"], "job": job["job"]}


def body_of(route):
    """A body that is right, of the document's example."""
    operation = document()["paths"][route.path][route.method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [content["example"]] if "example" in content else [e["value"] for e in content.get("examples", {}).values()]
    return examples[0] if examples else None


def fill(route, things):
    if "/cases/" in route.path:
        return route.fill(id=things["case"], n="1", kind="receipt")
    if "/jobs/" in route.path:
        return route.fill(id=things["job"])
    if "/registers/" in route.path:
        return route.fill(kind="meeting", id=things["entry"])
    return route.fill(id=things["item"], year="2017", form="f14", n="1", key="a.received", column="value", login="other",
                      name="reply.grant")


def call(api, route, path, headers=None):
    if route.path == "/v1/stream":  # an answer without an end
        return api.call(route.method, path, None, headers, stream=True)
    if "STREAM" in route.flags:
        return api.call(route.method, path, b"\n", {"Content-Type": "application/x-ndjson", **(headers or {})})
    return api.call(route.method, path, body_of(route) if route.method in ("POST", "PUT") else None, headers, allow_redirects=False)


@pytest.mark.parametrize("route", CLOSED, ids=name)
def test_no_route_answers_without_a_session(daemon, things, route):
    api, path = daemon.api(), fill(route, things)
    answer = call(api, route, path)
    problem(answer, 401, "no_session")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    for value in ("Bearer nonsense", "Bearer " + "A" * 43, "Basic ZHVvOnB3", "bearer", "Bearer a b", "Bearer"):
        problem(call(api, route, path, {"Authorization": value}), 401)
    assert call(api, route, path, {"Cookie": "ogid_session=nonsense"}).status_code == (401 if route.method == "GET" else 403)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.open], ids=name)
def test_open_routes_answer_without_a_session(daemon, route):
    answer = call(daemon.api(), route, route.path)
    # a wrong password; a code that is not that of a case
    wanted = 401 if route.path == "/v1/sessions" else 404 if "/portal/v1/requests/" in route.path else \
        415 if "STREAM" in route.flags else route.status
    assert answer.status_code == wanted


@pytest.mark.parametrize("route", [r for r in CLOSED if r.roles], ids=name)
def test_a_route_is_for_those_who_may(daemon, things, route):
    for login in (*source.roles()[:-1], "admin"):
        answer = call(daemon.api(login), route, fill(route, things))
        if login in route.roles:
            assert answer.status_code != 403 or answer.json()["code"] != "role_required" or \
                answer.json()["roles"] != list(route.roles)
        else:
            assert problem(answer, 403, "role_required")["roles"] == list(route.roles), login


@pytest.mark.parametrize("path", sorted({r.path for r in ROUTES}))
def test_other_methods_are_405_with_those_that_are(daemon, duo, things, path):
    routes = [r for r in ROUTES if r.path == path]
    taken = {r.method for r in routes}
    allow = ", ".join(n for m, n in [("GET", "GET, HEAD"), ("POST", "POST"), ("PUT", "PUT"), ("DELETE", "DELETE")] if m in taken)
    for api in (daemon.api(), duo):
        for method in METHODS:
            if method in taken:
                continue
            answer = api.call(method, fill(routes[0], things))
            problem(answer, 405, "method_not_allowed")
            assert answer.headers["Allow"] == allow


ENDLESS = ("/v1/stream", "/v1/exports")  # of a length that nobody knows before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET"], ids=name)
def test_head_is_get_without_a_body(daemon, things, route):
    api = daemon.api("admin")
    path = fill(route, things)
    got, head = call(api, route, path), api.call("HEAD", path, allow_redirects=False)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert route.path in ENDLESS or head.headers["Content-Length"] == got.headers["Content-Length"] or "metrics" in path or "readyz" in path


WITH_OBJECT = [r for r in CLOSED if r.arguments and r.arguments[0] not in ("year", "form")]


@pytest.mark.parametrize("route", WITH_OBJECT, ids=name)
def test_foreign_and_unknown_objects_are_404_alike(daemon, duo, things, route):
    """Of a sister organisation, of the one above, of none: nobody can tell which."""
    unknown = ["01920000-0000-7000-8000-000000000000", "2199-1", "1", "x", "%E5%BE%81", "zhucun:2199-1", "nowhere:2026-1",
               "2026-0", "2026-01", "2026-1-1", "zhucun:", ":2026-1", "' OR 1=1 --".replace(" ", "%20")]
    if route.arguments == ["login"]:
        own = ["nobody", "NOBODY", "x" * 64, "%E5%BE%81"]
    elif "/cases/" in route.path:
        own = [things["case"], things["number"], *unknown]
    elif "/registers/{kind}/{id}" in route.path:
        own = [things["entry"], things["item"], *unknown]
    else:
        own = [things["item"], *unknown]
    api = daemon.api("admin") if route.roles == ("admin",) else duo
    for text in own:
        path = route.fill(kind="meeting", id=text) if "/registers/{kind}/{id}" in route.path else \
            route.fill(**{"n": "1", "kind": "receipt", route.arguments[0]: text})
        answer = call(api, route, path)
        found = problem(answer, 404)
        assert found["code"] == ("no_such_case" if "/cases/" in route.path else "not_found")
    if route.arguments != ["login"] and (not route.roles or "admin" in route.roles):
        assert call(daemon.api("admin"), route, fill(route, things)).status_code != 404  # the organisation above sees it


def administrator_below(daemon):
    daemon.api("admin").post("/v1/users", {"login": "small", "name": "小", "org": "zhucun", "roles": ["admin"],
                                           "password": PASSWORD})
    return daemon.api("small")


def test_people_of_the_organisation_above_are_404(daemon):
    """An administrator further down cannot touch those above or beside."""
    small = administrator_below(daemon)
    for login in ("admin", "district", "other", "nobody"):
        for verb in ("unlock", "disable", "enable"):
            problem(small.post(f"/v1/users/{login}/{verb}"), 404, "not_found")
        problem(small.call("PUT", f"/v1/users/{login}/roles", {"roles": ["handler"]}), 404, "not_found")
    for org in ("zengcheng", "licheng", "nowhere"):
        problem(small.post("/v1/users", {"login": "neu", "name": "新", "org": org, "roles": ["handler"],
                                         "password": "0123456789"}), 404, "no_such_org")
        problem(small.post("/v1/orgs", {"code": "neu", "name": "新", "parent": org}), 404, "no_such_org")


def takes(route, parameter):
    """The document knows that query parameter of the route."""
    named = document()["paths"][route.path][route.method.lower()].get("parameters", [])
    return any(p.get("$ref", "").endswith(f"/{parameter}") for p in named)


# what a route must be asked beside the organisation
ASKED = {"/v1/cases/similar": "&description=档案"}


@pytest.mark.parametrize("route", [r for r in CLOSED if takes(r, "org") and r.method == "GET" and "corrections" not in r.path], ids=name)
def test_org_outside_the_subtree_is_404(daemon, duo, route):
    path = route.fill(form="f14", year="2017", key="a.received", column="value", kind="meeting") if route.arguments else route.path
    below = administrator_below(daemon) if route.roles == ("admin",) else duo
    for org in ("licheng", "zengcheng", "nowhere"):
        problem(below.get(f"{path}?org={org}"), 404, "no_such_org")
        if takes(route, "rollup"):
            problem(below.get(f"{path}?org={org}&rollup=true"), 404, "no_such_org")
    assert below.get(f"{path}?org=zhucun{ASKED.get(path, '')}").status_code == 200
    for org in ("licheng", "zengcheng", "zhucun"):
        if takes(route, "rollup"):
            assert daemon.api("admin").get(f"{path}?org={org}&rollup=true").status_code == 200
    problem(below.get(f"{path}?rollup=maybe"), 400, "bad_query")


@pytest.mark.parametrize("route", CLOSED, ids=name)
def test_unknown_query_parameters_are_named(daemon, duo, things, route):
    api = daemon.api("admin") if route.roles == ("admin",) else daemon.api("reviewer") if route.roles == ("reviewer",) else duo
    found = problem(call(api, route, fill(route, things) + "?colour=red"), 400, "bad_query")
    assert "QUERY" not in route.flags or "colour" in found["detail"]
    for query in ("?%zz", "?a=%ff", "?a=%00", "?=1", "?a=1%"):
        found = problem(call(api, route, fill(route, things) + query), 400)
        assert found["code"] in ("bad_query", "bad_encoding")


def parameters(route):
    for p in document()["paths"][route.path][route.method.lower()].get("parameters", []):
        found = document()["components"]["parameters"][p["$ref"].split("/")[-1]] if "$ref" in p else p
        if found["in"] == "query":
            yield found["name"]


@pytest.mark.parametrize("route", [r for r in CLOSED if "QUERY" in r.flags], ids=name)
def test_the_query_parameters_of_the_document_are_known(daemon, duo, things, route):
    api = daemon.api("admin") if "admin" in route.roles else duo
    assert list(parameters(route))
    for one in parameters(route):
        answer = call(api, route, fill(route, things) + f"?{one}=%7E")
        assert "没有查询参数" not in answer.text, one


@pytest.mark.parametrize("route", [r for r in ROUTES if "JSON" in r.flags], ids=name)
def test_a_json_body_is_an_object(daemon, duo, things, route):
    api = daemon.api("admin") if route.roles == ("admin",) else duo
    path = fill(route, things)
    for raw in (b"", b"[]", b"1", b"{", b"null", b'"x"', b"\xff"):
        answer = api.call(route.method, path, raw)
        assert problem(answer, 400)["code"] in ("bad_json", "bad_encoding")
    problem(api.call(route.method, path, b"{}", {"Content-Type": "text/plain"}), 415, "media_type")
    answer = api.call(route.method, path, {"no_such_field": 1})
    assert answer.status_code in ((404, 422) if route.arguments else (422,)), answer.text


@pytest.mark.parametrize("route", [r for r in CLOSED if r.method in ("POST", "DELETE") and not {"JSON", "STREAM"} & r.flags], ids=name)
def test_a_route_without_a_body_takes_none(daemon, things, route):
    api = daemon.api("admin" if not route.roles or "admin" in route.roles else route.roles[0])
    answer = api.call(route.method, fill(route, things), {"a": 1})
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/cases/", "/v1/nothing", "/v2/cases", "/V1/cases", "/v1/cases/x/y",
                                  "/v1/me/", "/readyz/", "/openapi.json/x"])
def test_unknown_paths_are_404(daemon, duo, path):
    problem(duo.get(path), 404, "no_such_route")
    problem(daemon.api().get(path), 404, "no_such_route")


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_answers_carry_the_headers_of_safety(daemon, things, route):
    api = daemon.api("admin")
    answer = call(api if not route.path.endswith("sessions/current") else daemon.api(), route, fill(route, things))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    # the one static file among the routes is asked for again by its tag
    assert answer.headers["Cache-Control"] == ("no-cache" if route.path.endswith(".css") else "no-store")
    assert "Server" not in answer.headers
