# SPDX-License-Identifier: MulanPSL-2.0
"""The applicant's pages, as a browser without scripts uses them: forms, files, faults beside the fields, the look."""

import concurrent.futures
import hashlib
import html
import http.client
import re
import uuid

import pytest

NAME, WORDS = "叶桂芳𠮷", "山田村 2025 年高龄津贴\r\n发放标准，含䶮字 <script>alert(1)</script> '; DROP TABLE org; --"
FIELDS = {"org": "zhucun", "kind": "natural", "name": NAME, "id_kind": "resident_id", "id_number": "11010519491231002X",
          "phone": "13800000031", "description": WORDS, "medium": "paper", "delivery": "post"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture(scope="module")
def daemon(world):
    made = world.daemon(portal_refusals=100, portal_requests=10000)
    yield made
    made.stop()


@pytest.fixture
def web(daemon):
    return daemon.api()


def fields(**more):
    return {k: v for k, v in {**FIELDS, "key": str(uuid.uuid4()), **more}.items() if v is not None}


def send(web, path="/portal/apply", files=(), **options):
    """Posts a form the way a browser does: urlencoded, or multipart when there are files."""
    data = options.pop("data", None) or fields()
    sent = {"files": [("files", f) for f in files]} if files else {}
    return web.session.post(web.url + path, data=data, timeout=60, headers={"Accept-Language": web.language, **options.pop("headers", {})}, **sent, **options)


def text_of(page):
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text))


def sent_in(page):
    """Number and query code of the confirmation."""
    assert page.status_code == 201, page.text
    big = re.findall(r'class="num">([^<]+)<', page.text)
    return {"org": "zhucun", "number": big[0], "query_code": big[1]}


def leftovers(daemon):
    return daemon.sql("SELECT (SELECT count(*) FROM attachment_upload), (SELECT count(*) FROM attachment)")[0]


def cases(daemon):
    return daemon.sql("SELECT count(*) FROM request_case")[0][0]


PAGES = ("/portal/", "/portal/apply", "/portal/apply?org=zhucun", "/portal/status", "/portal/?org=zhucun")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_strict_and_of_nobody(web, path):
    page, style = web.get(path), web.get("/portal/portal.css")
    assert page.status_code == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(page.content) + len(style.content) <= 40 * 1024
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "<script" not in page.text and "style=" not in page.text and "http://" not in page.text.replace("http://www.w3.org", "")
    assert "Set-Cookie" not in page.headers and re.search(r'<html lang="zh-CN"', page.text)
    assert len(re.findall("<h1", page.text)) == 1 and 'class="skip" href="#main"' in page.text
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'for="([^"]+)"', page.text)) <= set(ids)


def test_the_style_is_kept_by_its_tag(web):
    first = web.get("/portal/portal.css")
    assert web.get("/portal/portal.css", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    door = web.get("/portal", allow_redirects=False)
    assert (door.status_code, door.headers["Location"]) == (303, "/portal/")


def test_a_look_is_chosen_by_links(web):
    first = web.get("/portal/apply?org=zhucun&mode=elder")
    assert 'class="elder' in first.text and "退出长者模式" in first.text
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith("ogid_look=e1c0s0lz; Path=/portal/;") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    second = web.get("/portal/status?contrast=high")  # the session keeps the cookie
    assert 'class="elder contrast' in second.text
    english = web.get("/portal/?lang=en&mode=standard&size=2")
    assert '<html lang="en" class="contrast size2' in english.text and "Ask an agency" in english.text
    assert '<html lang="en"' in send(web, data={"org": "zhucun"}).text
    for bad in ("mode=%3Cx%3E", "size=9", "size=-1", "contrast=", "lang=fr"):
        assert web.get("/portal/?" + bad).status_code == 200
    for crooked in ("colour=red", "lang=en&%zz", "lang=en&mode=%00", "lang=en&=x"):
        answer = web.get(f"/portal/?{crooked}")
        assert answer.status_code == 400 and "<html" in answer.text, crooked
    assert 'class="' in web.get("/portal/", headers={"Cookie": "ogid_look=e9c9s9l9"}).text


def test_the_form_is_sent_and_confirmed(daemon, web, duo):
    mine = sent_in(send(web))
    case = duo.case(mine["number"], query="?reveal=applicant")
    assert (case["via"], case["applicant"]["name"], case["applicant"]["id_number"]) == ("portal", NAME, FIELDS["id_number"])
    assert case["description"] == WORDS.replace("\r\n", "\n") and (case["medium"], case["delivery"]) == ("paper", "post")
    assert case["receipt_date"] == "2026-06-01"
    again = send(web, "/portal/status", data=mine)
    assert again.status_code == 200 and case["display_number"] in again.text and case["due_on"] in again.text
    assert NAME not in again.text and mine["query_code"] in again.text  # kept for what follows, in hidden fields


def test_faults_stand_beside_the_fields_with_what_was_typed(daemon, web):
    before = cases(daemon)
    page = send(web, data=fields(name="", phone="", description="  ", id_number="123", document_ref="<b>'\"&"))
    assert page.status_code == 422 and cases(daemon) == before
    for name in ("name", "phone", "description", "id_number"):
        assert f'href="#{name}"' in page.text and f'id="{name}-e"' in page.text and re.search(rf'id="{name}"[^>]*aria-invalid="true"', page.text), name
    assert 'value="&lt;b&gt;&#39;&quot;&amp;"' in page.text or html.escape("<b>'\"&") in page.text
    assert 'value="123"' in page.text and '<b>\'' not in page.text
    assert "姓名或单位名称：" in page.text and "还有 4 处" in page.text and "<title>有 4 处" in page.text
    english = send(web, data=fields(name=""), headers={"Accept-Language": "en"})
    assert "1 to correct" in english.text
    nothing = send(web, data={"x": "1"})
    assert nothing.status_code == 422 and 'href="#org"' in nothing.text
    long = send(web, data=fields(description="字" * 20001))
    assert long.status_code == 422 and 'href="#description"' in long.text and "字" * 20001 in long.text
    assert send(web, data=fields(description="𠮷" * 20000)).status_code == 201
    assert send(web, data=fields(kind="unknown")).status_code == 422 and send(web, data=fields(kind="x")).status_code == 422


def test_a_double_click_stores_once(daemon, web):
    before, data = cases(daemon), fields()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: send(daemon.api(), data=data, files=[("a.png", PNG)]), range(4)))
    assert len({str(sent_in(p)) for p in pages}) == 1 and cases(daemon) == before + 1
    number = sent_in(pages[0])["number"]
    assert len(daemon.api("duo").get(f"/v1/cases/{number}/attachments").json()["attachments"]) == 1
    uploads, attached = leftovers(daemon)
    assert uploads == attached
    changed = send(web, data={**data, "description": "另一件"})
    assert changed.status_code == 422 and "已经提交过" in changed.text and cases(daemon) == before + 1


def test_files_go_with_the_request(daemon, web, duo):
    big = bytes(range(256)) * 4096 * 3  # 3 MiB, many chunks
    mine = sent_in(send(web, files=[("身份证𠮷.png", PNG), ("说明.txt", b"x"), ("big.bin", big), ("", b"")]))
    files = duo.get(f"/v1/cases/{mine['number']}/attachments").json()["attachments"]
    assert [(f["name"], f["size"]) for f in files] == [("身份证𠮷.png", len(PNG)), ("说明.txt", 1), ("big.bin", len(big))]
    assert [f["sha256"] for f in files] == [hashlib.sha256(b).hexdigest() for b in (PNG, b"x", big)]
    assert duo.get(f"/v1/cases/{mine['number']}/attachments/3").content == big
    assert files[0]["content_type"] == "image/png"
    uploads, attached = leftovers(daemon)
    assert uploads == attached
    assert daemon.verify().returncode == 0


def test_nothing_is_left_of_what_is_refused(daemon, web):
    before, number = leftovers(daemon), cases(daemon)
    assert send(web, data=fields(name=""), files=[("a.png", PNG)]).status_code == 422
    many = send(web, files=[(f"{i}.png", PNG + bytes([i])) for i in range(6)])
    assert many.status_code == 422 and "最多添加 5 个文件" in many.text
    large = send(web, files=[("large.bin", b"\1" * (10 * 1024 * 1024 + 1))])
    assert large.status_code == 422 and "不能超过 10 MB" in large.text and 'id="files-e"' in large.text
    assert send(web, data=fields(org="nowhere"), files=[("a.png", PNG)]).status_code == 422
    assert send(web, files=[("huge.bin", b"\1" * (25 * 1024 * 1024))]).status_code == 413
    assert leftovers(daemon) == before and cases(daemon) == number


def body(*parts, boundary="XX", end="--"):
    return b"".join(b"--" + boundary.encode() + b"\r\n" + p + b"\r\n" for p in parts) + b"--" + boundary.encode() + end.encode() + b"\r\n"


def field(name, value):
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value


ORG = field("org", b"zhucun")
FILE = b'Content-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + b"\1" * 200000
CROOKED = [
    ("no boundary", "multipart/form-data", body(ORG)),
    ("empty boundary", "multipart/form-data; boundary=", body(ORG)),
    ("long boundary", "multipart/form-data; boundary=" + "x" * 71, body(ORG)),
    ("another boundary", "multipart/form-data; boundary=YY", body(ORG)),
    ("mixed", "multipart/mixed; boundary=XX", body(ORG)),
    ("another type", "application/xml", b"<x/>"),
    ("no type", None, b"org=zhucun"),
    ("no end", "multipart/form-data; boundary=XX", body(ORG, FILE, end="")),
    ("cut in a file", "multipart/form-data; boundary=XX", body(ORG, FILE)[:150000]),
    ("cut in a header", "multipart/form-data; boundary=XX", body(ORG, FILE)[:-200030]),
    ("nested", "multipart/form-data; boundary=XX", body(ORG, b'Content-Disposition: form-data; name="files"\r\nContent-Type: multipart/mixed; boundary=ZZ\r\n\r\n--ZZ--')),
    ("encoded", "multipart/form-data; boundary=XX", body(b'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==')),
    ("no name", "multipart/form-data; boundary=XX", body(b"Content-Disposition: form-data\r\n\r\nx")),
    ("long header", "multipart/form-data; boundary=XX", body(b'Content-Disposition: form-data; name="name"\r\nX-A: ' + b"a" * 3000 + b"\r\n\r\nx")),
    ("folded header", "multipart/form-data; boundary=XX", body(b'Content-Disposition: form-data;\r\n name="name"\r\n\r\nx')),
    ("NUL in a header", "multipart/form-data; boundary=XX", body(b'Content-Disposition: form-data; name="na\0me"\r\n\r\nx')),
    ("NUL in a field", "multipart/form-data; boundary=XX", body(field("name", b"a\0b"))),
    ("not UTF-8", "multipart/form-data; boundary=XX", body(field("name", b"\xd6\xec"))),
    ("many parts", "multipart/form-data; boundary=XX", body(*[field(f"f{i}", b"x") for i in range(65)])),
    ("long text", "multipart/form-data; boundary=XX", body(field("description", b"x" * 140000))),
    ("bytes behind", "multipart/form-data; boundary=XX", body(ORG) + b"more"),
    ("bad escape", "application/x-www-form-urlencoded", b"org=%zz"),
    ("cut escape", "application/x-www-form-urlencoded", b"org=%4"),
    ("coded not UTF-8", "application/x-www-form-urlencoded", b"name=%D6%EC"),
    ("coded NUL", "application/x-www-form-urlencoded", b"name=a%00b"),
    ("coded too long", "application/x-www-form-urlencoded", b"description=" + b"x" * 400000),
]


@pytest.mark.parametrize("kind, sent", [c[1:] for c in CROOKED], ids=[c[0] for c in CROOKED])
def test_a_crooked_form_is_a_page_and_leaves_nothing(daemon, web, kind, sent):
    before, number = leftovers(daemon), cases(daemon)
    path = "/portal/apply" if len(sent) % 2 else "/portal/status"
    page = web.session.post(web.url + path, data=sent, headers={"Content-Type": kind} if kind else {}, timeout=60)
    assert page.status_code in (400, 413, 415), (page.status_code, page.text)
    assert page.headers["Content-Type"].startswith("text/html") and "<h1>" in page.text
    assert leftovers(daemon) == before and cases(daemon) == number


def raw(web, sent, path="/portal/apply", kind="multipart/form-data; boundary=XX"):
    return web.session.post(web.url + path, data=sent, headers={"Content-Type": kind}, timeout=60)


def test_an_address_has_four_forms_at_once(daemon, web):
    """Slow ones of one address do not close the portal: urlencoded forms are taken all the same."""
    slow = []
    try:
        for _ in range(4):
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
            connection.putrequest("POST", "/portal/apply")
            connection.putheader("Content-Type", "multipart/form-data; boundary=XX")
            connection.putheader("Content-Length", "400000")
            connection.endheaders()
            connection.send(body(ORG, end="")[:20])
            slow.append(connection)
        for _ in range(200):  # until the fourth has come
            page = raw(web, body(ORG))
            if page.status_code == 503:
                break
        assert page.status_code == 503 and "<h1>" in page.text
        sent_in(send(web))
    finally:
        for connection in slow:
            connection.close()
    for _ in range(200):
        page = raw(web, body(ORG))
        if page.status_code == 422:
            break
    assert page.status_code == 422


@pytest.mark.parametrize("size", (131071, 131072, 131073, 131074, 131075))
def test_an_end_may_fall_where_a_piece_ends(web, size):
    bare = len(body(ORG, FILE[:-200000]))
    assert raw(web, body(ORG, FILE[:-200000] + b"\1" * (size - bare))).status_code == 422


def test_text_that_is_too_long_is_told_so(web):
    assert raw(web, body(field("description", b"x" * 140000))).status_code == 413


def test_files_come_where_they_belong(daemon, web):
    """Neither a file before the agency nor one for no case is kept, and the page says so."""
    before = leftovers(daemon)
    early = raw(web, body(FILE, ORG))
    assert early.status_code == 422 and "受理机关之后" in early.text
    empty = raw(web, body(ORG, FILE[:-200000]))
    assert empty.status_code == 422 and "是空的" in empty.text
    number, code = field("number", b"2026-9999"), field("query_code", b"0000000000")
    for parts in ((ORG, FILE), (ORG, number, code, FILE), (ORG, number, code, field("do", b"correct"), FILE)):
        assert raw(web, body(*parts), "/portal/status").status_code in (404, 422)
    assert leftovers(daemon) == before


def test_files_for_no_case_are_bounded(world):
    """What was not matched never gets past the limits, and an empty code is a refusal."""
    strict = world.daemon(portal_requests=1, portal_refusals=3)
    try:
        web = strict.api()
        made = sent_in(send(web))
        parts = [field(k, v.encode()) for k, v in made.items()] + [field("do", b"correct"), FILE]
        answer = raw(web, body(*parts), "/portal/status")  # the first file of a form is charged like a request
        assert answer.status_code == 422 and "提交的文件过多" in answer.text and leftovers(strict) == (0, 0)
        parts[2] = field("query_code", b"")
        assert raw(web, body(*parts), "/portal/status").status_code == 422
        for _ in range(2):
            assert send(web, "/portal/status", data={"org": "zhucun", "number": "2026-1", "query_code": ""}).status_code == 422
        assert send(web, "/portal/status", data=made).status_code == 429
    finally:
        strict.stop()


def test_a_form_that_breaks_off_leaves_nothing(daemon):
    before, number = leftovers(daemon), cases(daemon)
    whole = body(*[field(k, v.encode()) for k, v in fields().items()], FILE + b"\2" * 600000)
    for part in (300, 150000, 500000):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        connection.putrequest("POST", "/portal/apply")
        connection.putheader("Content-Type", "multipart/form-data; boundary=XX")
        connection.putheader("Content-Length", str(len(whole)))
        connection.endheaders()
        connection.send(whole[:part])
        connection.close()
    # whoever comes after them finds them gone: the daemon takes one after the other
    sent_in(send(daemon.api()))
    for _ in range(200):
        if leftovers(daemon) == before:
            break
        daemon.api().get("/healthz")
    assert leftovers(daemon) == before and cases(daemon) == number + 1


def test_looking_up(web, duo):
    mine = sent_in(send(web))
    empty = send(web, "/portal/status", data={"org": "", "number": "", "query_code": ""})
    assert empty.status_code == 422 and all(f'href="#{n}"' in empty.text for n in ("org", "number", "query_code"))
    wrong = send(web, "/portal/status", data={**mine, "query_code": "00000-00000"})
    other = send(web, "/portal/status", data={**mine, "number": "2026-9999", "query_code": "00000-00000"})
    assert wrong.status_code == other.status_code == 404
    same = [re.sub(r'value="[^"]*"', "", p.text) for p in (wrong, other)]
    assert same[0] == same[1] and "不对" in wrong.text
    duo.event(mine["number"], "noted", note="内部意见")
    assert "内部意见" not in send(web, "/portal/status", data=mine).text


def test_correcting_and_withdrawing(web, duo):
    mine = sent_in(send(web))
    early = send(web, "/portal/status", data={**mine, "do": "correct", "text": "补充", "key": str(uuid.uuid4())})
    assert early.status_code == 409 and "在当前状态" in text_of(early).replace("处于当前状态", "在当前状态")
    duo.event(mine["number"], "correction_requested", items=["请写明年度 <b>"], approved_by="duo")
    page = send(web, "/portal/status", data=mine)
    assert "请写明年度 &lt;b&gt;" in page.text and 'name="do" value="correct"' in page.text
    assert send(web, "/portal/status", data={**mine, "do": "correct", "text": "", "key": str(uuid.uuid4())}).status_code == 422
    data = {**mine, "do": "correct", "text": "2025 年度", "key": str(uuid.uuid4())}
    done = [send(web, "/portal/status", data=data, files=[("补正.png", PNG)]) for _ in range(2)]
    assert [d.status_code for d in done] == [201, 201] and "已记录" in done[0].text
    kinds = [e["kind"] for e in duo.get(f"/v1/cases/{mine['number']}/events").json()["events"]]
    assert kinds.count("correction_received") == 1
    assert [f["name"] for f in duo.get(f"/v1/cases/{mine['number']}/attachments").json()["attachments"]] == ["补正.png"]
    unsure = send(web, "/portal/status", data={**mine, "do": "withdraw", "key": str(uuid.uuid4())})
    assert unsure.status_code == 422 and duo.case(mine["number"])["status"] == "in_process" and 'href="#sure"' in unsure.text
    gone = send(web, "/portal/status", data={**mine, "do": "withdraw", "sure": "yes", "key": str(uuid.uuid4())})
    assert gone.status_code == 201 and duo.case(mine["number"])["outcome_variant"] == "other.withdrawn"


def test_problems_are_pages(world):
    strict = world.daemon(portal_requests=1)
    try:
        web = strict.api()
        assert send(web).status_code == 201
        late = send(web)
        assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0
        assert late.headers["Content-Type"] == "text/html; charset=utf-8" and "分钟后再试" in late.text and "<h1>" in late.text
    finally:
        strict.stop()


def test_the_log_knows_nobody(daemon, web):
    mine = sent_in(send(web, files=[("叶桂芳.png", PNG)]))
    log = daemon.log.read_text()
    for secret in (NAME, FIELDS["id_number"], mine["query_code"].replace("-", ""), FIELDS["phone"], "叶桂芳"):
        assert secret not in log
