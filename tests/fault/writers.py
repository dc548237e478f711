# SPDX-License-Identifier: MulanPSL-2.0
"""Sixty-four people at work. Each write carries a key of its own and the same key as a mark in its text, so that
the database tells how often it was stored, whatever the key's own row says. The journal holds what was sent
and what was acknowledged."""

import collections
import contextlib
import dataclasses
import http.client
import json
import threading
import time
import uuid

from support.api import case

PATIENCE = 60  # seconds until a test that waits in vain fails
PAUSE = 0.05   # seconds between two attempts of a patient writer


@dataclasses.dataclass
class Write:
    office: str
    path: str
    body: bytes
    key: str
    owner: int = 0        # number of the writer
    sent: float = 0.0     # monotonic instant at which the whole request had left, of the last attempt
    begun: float = 0.0    # instant of the first attempt
    done: float = 0.0     # instant of the acknowledgement
    attempts: int = 0
    statuses: list = dataclasses.field(default_factory=list)  # None: no answer
    case: dict = None     # as acknowledged


@dataclasses.dataclass
class Office:
    """Who writes where; `shared` is a case everybody writes to."""
    code: str
    token: str
    shared: str


def registration(office):
    key = str(uuid.uuid4())
    body = case(description=f"征地补偿方案 <{key}>")
    return Write(office.code, "/v1/cases", json.dumps(body).encode(), key)


def note(office, case_id):
    key = str(uuid.uuid4())
    return Write(office.code, f"/v1/cases/{case_id}/events", json.dumps({"kind": "noted", "note": f"电话联系 <{key}>"}).encode(), key)


class Line:
    """A connection that is made anew when it broke."""

    def __init__(self, port, timeout=PATIENCE):
        self.port, self.timeout, self.http = port, timeout, None

    def close(self):
        if self.http is not None:
            self.http.close()
        self.http = None

    def send(self, write, token):
        """(status, headers, body); OSError or HTTPException when there is no answer."""
        fresh = self.http is None
        if fresh:
            self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                   "Idempotency-Key": write.key, "Accept-Language": "en"}
        try:
            write.sent = 0.0
            self.http.request("POST", write.path, write.body, headers)
            write.sent = time.monotonic()
            answer = self.http.getresponse()
            body = answer.read()
            if answer.will_close:
                self.close()
            return answer.status, answer.headers, body
        except (OSError, http.client.HTTPException):
            self.close()
            raise


class Writers:
    """with Writers([port], offices) as w: w.until(200). Patient ones repeat what was not acknowledged, under its key,
    until it is; the others end at the first loss."""

    def __init__(self, ports, offices, count=64, patient=True, sharing=4):
        self.ports, self.offices, self.patient, self.sharing = ports, offices, patient, sharing
        self.journal, self.acknowledged = [], 0
        self.by_port = dict.fromkeys(ports, 0)
        self.changed = threading.Condition()
        self.ended = threading.Event()
        self.wrong = []  # answers that nobody should get
        self.longest = 0.0  # seconds until an attempt was answered
        self.refusals = collections.Counter()  # codes of 503
        self.threads = [threading.Thread(target=self._work, args=(i,), name=f"writer {i}") for i in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """No new write is begun; those begun are waited for."""
        self.ended.set()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), thread

    def until(self, more):
        """Returns when that many more were acknowledged."""
        with self.changed:
            goal = self.acknowledged + more
            assert self.changed.wait_for(lambda: self.acknowledged >= goal or self.wrong, PATIENCE), self.acknowledged
        assert not self.wrong, self.wrong[:3]

    def until_all(self, condition):
        """Returns when the condition holds for the last write of each writer."""
        def holds():
            last = {}
            for write in list(self.journal):
                last[write.owner] = write
            return len(last) == len(self.threads) and all(map(condition, last.values()))
        with self.changed:
            assert self.changed.wait_for(holds, PATIENCE)

    def _work(self, i):
        office = self.offices[i % len(self.offices)]
        port = self.ports[i // len(self.offices) % len(self.ports)]
        line, own = Line(port), None
        turn = 0
        with contextlib.closing(line):
            while not self.ended.is_set():
                turn += 1
                if i < self.sharing * len(self.offices):
                    write = note(office, office.shared)
                elif own is not None and turn % 3 == 0:
                    write = note(office, own)
                else:
                    write = registration(office)
                write.owner = i
                with self.changed:
                    self.journal.append(write)
                if not self._deliver(line, write, office.token, port):
                    return
                own = write.case["id"] if turn % 3 else None

    def _deliver(self, line, write, token, port):
        """True when it was acknowledged."""
        write.begun = time.monotonic()
        while True:
            status = answer = None
            write.attempts += 1
            asked = time.monotonic()
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, headers, answer = line.send(write, token)
            with self.changed:
                self.longest = max(self.longest, time.monotonic() - asked)
                write.statuses.append(status)
                if status == 201:
                    write.done, write.case = time.monotonic(), json.loads(answer)
                    self.acknowledged += 1
                    self.by_port[port] += 1
                elif status is not None and (status != 503 or not headers["Retry-After"]
                                             or headers["Content-Type"] != "application/problem+json"):
                    self.wrong.append((write.path, status, answer))
                elif status == 503:
                    self.refusals[json.loads(answer)["code"]] += 1
                self.changed.notify_all()
            if status == 201:
                return True
            if not self.patient or self.wrong or self.ended.wait(PAUSE):
                return False

    # ---- what was sent ----

    def resolved(self):
        return [w for w in self.journal if w.case is not None]

    def unresolved(self):
        return [w for w in self.journal if w.case is None]

    def answers(self):
        """How often each status was given; None: no answer."""
        every = [status for w in self.journal for status in w.statuses]
        return {status: every.count(status) for status in set(every)}


def offices(daemon, count=1):
    """Offices of the world and further ones, each with somebody who holds all roles and a case that all write to."""
    logins = ["duo", "other"][:count]
    for i in range(count - len(logins)):
        daemon.run("org", "add", f"office{i}", f"第{i}街道", "--parent", "zengcheng")
        daemon.run("user", "add", f"clerk{i}", "--name", "办事员", "--org", f"office{i}", "--role",
                   "front_desk,handler,ogi_head", "--password-stdin", stdin="correct horse battery\n")
        logins.append(f"clerk{i}")
    made = []
    for login in logins:
        api = daemon.api(login)
        shared = api.register()
        made.append(Office(shared["org"], api.token, shared["id"]))
    return made
