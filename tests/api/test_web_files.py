# SPDX-License-Identifier: MulanPSL-2.0
"""The web client's files as a browser gets them: compressed, cached by name, under a strict policy, and never in the way
of the API."""

import gzip
import re

import pytest
import requests

PAGE = "<!doctype html><title>登记</title>" * 50
SCRIPT = "console.log('依申请公开');\n" * 4000


@pytest.fixture(scope="module")
def served(world, tmp_path_factory):
    root = tmp_path_factory.mktemp("web")
    (root / "assets").mkdir()
    for name, text in (("index.html", PAGE), ("assets/app-1a2b3c.js", SCRIPT)):
        (root / name).write_text(text, encoding="utf-8")
        (root / f"{name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    (root / "logo.svg").write_text("<svg/>", encoding="utf-8")
    made = world.daemon(web_root=str(root))
    yield made
    made.stop()


def get(served, path, encoding="gzip", **headers):
    answer = requests.get(served.url + path, headers={"Accept-Encoding": encoding, **headers}, timeout=20, stream=True)
    answer.raw.decode_content = False
    return answer, answer.raw.read()


def test_every_screen_is_the_page_under_a_strict_policy(served):
    for path in ("/", "/index.html", "/login", "/cases/zhucun:2017-1", "/cases?status=open&q=%E6%9C%B1%E6%9D%91"):
        answer, body = get(served, path)
        assert answer.status_code == 200 and gzip.decompress(body).decode() == PAGE
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-encoding"] == "gzip" and answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "no-cache"
        policy = dict(p.strip().split(" ", 1) for p in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" and policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'" and "unsafe" not in answer.headers["content-security-policy"]


def test_hashed_names_are_kept_for_ever_and_others_are_asked_for_again(served):
    answer, body = get(served, "/assets/app-1a2b3c.js")
    assert gzip.decompress(body).decode() == SCRIPT and len(body) < len(SCRIPT) // 10
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    etag = answer.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    again, nothing = get(served, "/assets/app-1a2b3c.js", **{"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, nothing, again.headers["etag"]) == (304, b"", etag)
    assert get(served, "/assets/app-1a2b3c.js", **{"If-None-Match": '"x"'})[0].status_code == 200


def test_who_does_not_take_gzip_gets_it_plain_under_another_name(served):
    packed = get(served, "/assets/app-1a2b3c.js")[0].headers["etag"]
    for encoding in ("identity", "gzip;q=0", "br"):
        answer, body = get(served, "/assets/app-1a2b3c.js", encoding)
        assert answer.status_code == 200 and "content-encoding" not in answer.headers
        assert body.decode() == SCRIPT and answer.headers["etag"] != packed
        etag = answer.headers["etag"]
        assert get(served, "/assets/app-1a2b3c.js", encoding, **{"If-None-Match": etag})[0].status_code == 304
        assert get(served, "/assets/app-1a2b3c.js", **{"If-None-Match": etag})[0].status_code == 200
    answer, body = get(served, "/logo.svg")
    assert body == b"<svg/>" and "content-encoding" not in answer.headers


def test_the_api_is_never_shadowed(served):
    for path in ("/v1", "/v1/nothing", "/v1/cases/x/y/z", "/portal/nothing", "/assets/none.js", "/assets/none", "/a.php"):
        answer = requests.get(served.url + path, timeout=20)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_route"), path
    assert requests.get(served.url + "/v1/cases", timeout=20).status_code == 401
    assert requests.get(served.url + "/healthz", timeout=20).status_code == 200


def test_files_are_only_read(served):
    head = requests.head(served.url + "/", headers={"Accept-Encoding": "gzip"}, timeout=20)
    assert head.status_code == 200 and int(head.headers["content-length"]) == len(gzip.compress(PAGE.encode(), 9, mtime=0))
    for method in ("POST", "PUT", "DELETE"):
        answer = requests.request(method, served.url + "/login", timeout=20)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    for path in ("/../etc/passwd", "/assets/%2e%2e/index.html", "/%00"):
        assert requests.get(served.url + path, timeout=20).status_code in (200, 400, 404)
        raw = requests.Request("GET", served.url).prepare()
        raw.url = served.url + path
        assert b"root:" not in requests.Session().send(raw, timeout=20).content


def test_a_folder_that_is_no_client_stops_the_start(world, tmp_path):
    daemon = world.daemon(start=False, web_root=str(tmp_path))
    done = daemon.run("serve", check=False)  # it must not get so far as to serve
    assert done.returncode != 0 and "index.html" in done.stderr
