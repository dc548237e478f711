# SPDX-License-Identifier: MulanPSL-2.0
"""tests/api/web_probe as an object, and a raw client that sends bytes as they are. Every wait is bounded."""

import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import threading

PATIENCE = 20  # seconds until a test that waits in vain fails


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["code"]

    def __repr__(self):
        return f"<{self.status} {self.body[:200]!r}>"


class Client:
    """One connection. `send` takes bytes; `answer` reads one whole answer, None at the end of the connection."""

    def __init__(self, port, tls=None, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.seen = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def more(self):
        try:
            part = self.socket.recv(65536)
        except ConnectionResetError:
            part = b""
        self.seen += part
        return len(part) > 0

    def answer(self, body=True):
        while b"\r\n\r\n" not in self.seen:
            if not self.more():
                assert self.seen == b"", f"half an answer: {self.seen!r}"
                return None
        head, rest = self.seen.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            assert name.lower() not in headers, f"{name} twice"
            headers[name.lower()] = value
        size = int(headers.get("content-length", 0)) if body else 0
        while len(rest) < size:
            assert self.more(), "half a body"
            rest = self.seen.split(b"\r\n\r\n", 1)[1]
        self.seen = rest[size:]
        return Answer(int(lines[0].split(" ")[1]), headers, rest[:size])

    def closed(self):
        """True once the server has closed, nothing more having come."""
        return self.seen == b"" and not self.more()


class Probe:
    """with Probe(request=1) as p: p.ask(b"GET /ping HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")"""

    def __init__(self, inherited=None, **settings):
        if inherited is not None:
            settings["fd"] = inherited.fileno()
        program = pathlib.Path(os.environ["OGID_BUILD"]) / "tests/api/web_probe"
        words = [f"{name}={value}" for name, value in settings.items()]
        self.sanitized = b"__asan_init" in program.read_bytes()  # its memory says nothing then
        self.process = subprocess.Popen([program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        pass_fds=[inherited.fileno()] if inherited is not None else [])
        self.log = []
        self._thread = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self._thread.start()
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status = self.close()
        if kind is None:
            assert status == 0, "".join(self.log)  # the sanitizers speak through it

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self._thread.join()
        return status

    def client(self, **how):
        return Client(self.port, **how)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def ask(self, data, body=True):
        """One request on a connection of its own; the answer, and whether the server closed after it."""
        with self.client() as c:
            c.send(data)
            return c.answer(body)

    def counts(self):
        return self.ask(b"GET /counts HTTP/1.1\r\nHost: a\r\n\r\n").json

    def memory(self):
        """Highest resident size so far, in KiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        raise AssertionError("no VmHWM")


def get(path, *lines, version="1.1", method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: a", *lines, "", ""]).encode()


def post(path, body=b"{}", *lines, kind="application/json", method="POST"):
    return get(path, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines, method=method) + body


def trusting(certificate):
    return ssl.create_default_context(cafile=str(certificate))
