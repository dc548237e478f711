# SPDX-License-Identifier: MulanPSL-2.0
"""Two daemons on one database (design: more cores = more processes): numbers of one office come from both without gaps,
neither starves nor deadlocks the other, and what is changed through one is seen by the other."""

import requests

from ledger import settled
from support.api import Api, problem
from support.world import PASSWORD, free_port
from waiting import until
from writers import PATIENCE, Writers, offices


def deadlocks(daemon):
    (count,), = daemon.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [daemon.database_name])
    return count


def test_two_daemons_write_to_one_office(world, serve, figures):
    first = serve()
    second = serve(first.database_name)
    with Writers([first.port, second.port], offices(first)) as work:
        work.until(1000)
    assert set(work.answers()) == {201}
    shares = sorted(work.by_port.values())
    assert shares[0] * 4 > shares[1], work.by_port
    assert deadlocks(first) == 0 and "deadlock detected" not in world.cluster.log.read_text()
    figures(shares=shares, longest=f"{work.longest:.2f} s", **settled(first, work))


def test_two_daemons_write_to_several_offices(world, serve, figures):
    """Groups hold writes of several offices, each daemon's in its own order of arrival."""
    first = serve()
    second = serve(first.database_name)
    with Writers([first.port, second.port], offices(first, 4)) as work:
        work.until(1000)
    assert set(work.answers()) == {201}
    assert deadlocks(first) == 0 and "deadlock detected" not in world.cluster.log.read_text()
    figures(shares=sorted(work.by_port.values()), longest=f"{work.longest:.2f} s", **settled(first, work))


def test_one_of_two_daemons_is_killed(serve, figures):
    """The other goes on meanwhile, also with the numbers of the same office."""
    first = serve()
    second = serve(first.database_name)
    with Writers([first.port, second.port], offices(first)) as work:
        work.until(200)
        second.kill()
        before = work.by_port[first.port]
        until(lambda: work.by_port[first.port] > before + 100, PATIENCE)
        second.start()
        before = work.by_port[second.port]
        until(lambda: work.by_port[second.port] > before + 100, PATIENCE)
    figures(answers=work.answers(), **settled(first, work))


def test_two_daemons_share_a_port(serve, figures):
    """SO_REUSEPORT: the kernel deals the connections out."""
    port = free_port()
    pair = [serve(listen=f"127.0.0.1:{port}", start=False)]
    pair.append(serve(pair[0].database_name, listen=f"127.0.0.1:{port}", start=False))
    for one in pair:
        one.port, one.url = port, f"http://127.0.0.1:{port}"
        one.start()
        until(lambda one=one: "ready=1" in one.log.read_text(), PATIENCE)
    with Writers([port], offices(pair[0])) as work:
        work.until(300)
    shares = [one.log.read_text().count("route=/v1/cases status=201") for one in pair]
    assert min(shares) > 0
    figures(shares=shares, **settled(pair[0], work))


def pair_of(serve):
    first = serve()
    return first, serve(first.database_name)


def test_roles_taken_away_through_one_are_gone_at_the_other(serve):
    first, second = pair_of(serve)
    admin, duo = first.api("admin"), Api(second.url, first.api("duo").token)
    duo.register()
    answer = admin.call("PUT", "/v1/users/duo/roles", {"roles": ["statistician"]})
    assert answer.status_code == 200, answer.text
    # the wake-up is a message; without one the other's memory ends after ten seconds
    until(lambda: Api(second.url, duo.token).post("/v1/cases", {}).status_code in (401, 403), 12)
    answer = admin.call("PUT", "/v1/users/duo/roles", {"roles": ["front_desk"]})
    assert answer.status_code == 200, answer.text
    second.tokens.clear()
    until(lambda: second.api("duo").post("/v1/cases", {}).status_code == 422, 12)


def test_a_password_changed_through_one_ends_sessions_at_the_other(serve):
    first, second = pair_of(serve)
    old = first.api("handler").token
    kept, other = Api(first.url, old), Api(second.url, first.api("duo").token)
    there = Api(second.url, second.api("handler").token)
    assert there.get("/v1/me").status_code == 200 and other.get("/v1/me").status_code == 200
    fresh = "another horse battery"
    answer = kept.post("/v1/me/password", {"old": PASSWORD, "new": fresh})
    assert answer.status_code == 204, answer.text
    until(lambda: there.get("/v1/me").status_code == 401, 12)
    assert other.get("/v1/me").status_code == 200
    for one in (first, second):
        problem(Api(one.url).post("/v1/sessions", {"login": "handler", "password": PASSWORD}), 401, "bad_credentials")
        assert Api(one.url).post("/v1/sessions", {"login": "handler", "password": fresh}).status_code == 201


def test_a_logout_at_one_is_known_to_the_other(serve):
    first, second = pair_of(serve)
    token = first.api("duo").token
    there = Api(second.url, token)
    assert there.get("/v1/me").status_code == 200
    assert Api(first.url, token).call("DELETE", "/v1/sessions/current").status_code == 204
    until(lambda: there.get("/v1/me").status_code == 401, 12)


def test_failed_logins_are_counted_over_both(serve):
    first, second = pair_of(serve)
    wrong = {"login": "leader", "password": "not this one"}
    for turn in range(5):
        problem(Api((first, second)[turn % 2].url).post("/v1/sessions", wrong), 401, "bad_credentials")
    for one in (first, second):
        answer = Api(one.url).post("/v1/sessions", wrong)
        problem(answer, 429, "throttled")
        assert int(answer.headers["Retry-After"]) > 0
    assert requests.get(first.url + "/healthz", timeout=PATIENCE).status_code == 200
