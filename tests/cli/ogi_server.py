# SPDX-License-Identifier: MulanPSL-2.0
"""A server on loopback that plays the API's contract from a script and records what it was asked.

It knows nothing of the law: a test says which answer each request gets, and looks at the requests.
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

DATE = "Thu, 15 May 2025 17:30:00 GMT"  # 2025-05-16 in China

VOCABULARY = {
    "channel": [
        {"code": "in_person", "zh": "当面", "en": "in person"},
        {"code": "online", "zh": "网络", "en": "online"},
        {"code": "letter", "zh": "信函", "en": "letter"},
        {"code": "fax", "zh": "传真", "en": "fax"},
    ],
    "via": [
        {"code": "mail_signed", "zh": "挂号或快递", "en": "signed mail"},
        {"code": "mail_ordinary", "zh": "平信", "en": "ordinary mail"},
        {"code": "form", "zh": "网页表单", "en": "web form"},
        {"code": "email", "zh": "电子邮件", "en": "e-mail"},
    ],
    "applicant_kind": [
        {"code": "natural", "zh": "自然人", "en": "natural person"},
        {"code": "business", "zh": "商业企业", "en": "business"},
    ],
    "status": [
        {"code": "in_process", "zh": "办理中", "en": "in process"},
        {"code": "correction_requested", "zh": "待补正", "en": "correction requested"},
        {"code": "decided", "zh": "已作出决定", "en": "decided"},
        {"code": "closed", "zh": "办结", "en": "closed"},
    ],
    "light": [
        {"code": "green", "zh": "绿", "en": "green"},
        {"code": "amber", "zh": "黄", "en": "amber"},
        {"code": "red", "zh": "红", "en": "red"},
        {"code": "overdue", "zh": "超期", "en": "overdue"},
    ],
    "event": [
        {"code": "registered", "zh": "登记", "en": "registered"},
        {"code": "extended", "zh": "延长期限", "en": "extended"},
        {"code": "consultation_opened", "zh": "征求意见", "en": "consultation opened"},
        {"code": "decided", "zh": "作出决定", "en": "decided"},
        {"code": "served", "zh": "送达", "en": "served"},
    ],
    "party": [{"code": "third_party", "zh": "第三方", "en": "third party"}],
    "outcome": [{"code": "grant", "zh": "予以公开", "en": "granted"}],
    "role": [{"code": "ogi_head", "zh": "机构负责人", "en": "head of the unit"}],
}


def case(**changes):
    """A case as GET /v1/cases/{id} gives it."""
    whole = {
        "id": "01920000-0000-7000-8000-000000000001", "number": "2025-17",
        "display_number": "朱村依申〔2025〕17号", "legacy_number": None, "org": "zhucun",
        "channel": "letter", "via": "mail_signed", "regime": "R2019",
        "applicant": {"kind": "natural", "name": "王小明", "id_kind": "resident_id",
                      "id_number": "4401**********123X", "phone": "138****0026", "email": None,
                      "address": "广州市增城区朱村街道"},
        "description": "朱村街道 2016 年征收土地的补偿安置方案及批准文件",
        "subject": "land_use", "medium": "paper", "delivery": "post", "assisted": False, "evidence": {},
        "arrived_on": "2025-04-20", "signed_on": "2025-04-21", "confirmed_on": None,
        "receipt_date": "2025-04-21", "registered_on": "2025-04-21", "status": "in_process", "flags": [],
        "due_on": "2025-05-22", "latest_due_on": None, "provisional": False,
        "clock": {"state": "running", "period": 20, "extension": 0, "counted": 12, "remaining": 8,
                  "excluded": []},
        "light": "green", "overdue_workdays": 0, "watch": [], "outcome": None, "outcome_variant": None,
        "outcome_form": None, "outcome_label": None, "outcome_reason": None, "outcome_basis": [],
        "effective_reply_date": None, "closed_on": None, "first_closed_on": None, "first_outcome": None,
        "runs": [], "remedies": [], "assignee": "handler",
        "allowed": [{"kind": "extended", "fields": {}, "until": "2025-05-22"}, {"kind": "decided", "fields": {}}],
        "refused": [], "warnings": [], "version": 6, "created_at": "2025-04-21T01:00:00Z",
        "updated_at": "2025-04-21T01:00:00Z",
    }
    whole.update(changes)
    return whole


def problem(status, code, title="refused", **more):
    return status, {"type": "about:blank", "title": title, "status": status, "code": code, **more}


class Request:
    """What arrived."""

    def __init__(self, handler, body):
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.path = parts.path
        self.target = handler.path
        self.query = {name: values[-1] for name, values in parse_qs(parts.query, True).items()}
        self.headers = handler.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """Answers from `answers`: (method, path) → (status, JSON or bytes[, headers]), a function of the
    request, or a list of such, one for each time it is asked (the last one stays)."""

    def __init__(self):
        self.requests = []
        self.answers = {
            ("GET", "/v1/vocabulary"): (200, VOCABULARY),
            ("GET", "/v1/me"): (200, {"login": "front_desk", "name": "窗口", "org": "zhucun",
                                      "roles": ["front_desk", "handler"]}),
        }
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                server.answer(self, Request(self, self.rfile.read(length)))

            do_GET = do_POST = do_DELETE = serve

            def date_time_string(self, timestamp=None):
                return DATE

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def on(self, method, path, *answers):
        self.answers[(method, path)] = list(answers)

    def answer(self, handler, request):
        self.requests.append(request)
        none = (200, {"attachments": []}) if request.path.endswith("/attachments") else problem(404, "unknown", "no such thing")
        found = self.answers.get((request.method, request.path), none)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if callable(found):
            found = found(request)
        if found == "hang up":
            handler.close_connection = True
            return
        status, body, *headers = found
        text = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        handler.send_response(status)
        for name, value in (headers[0] if headers else {}).items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        if status != 204:
            handler.wfile.write(text)

    def asked(self, method, path):
        return [r for r in self.requests if (r.method, r.path) == (method, path)]

    @property
    def posts(self):
        return [r for r in self.requests if r.method == "POST"]
