# SPDX-License-Identifier: MulanPSL-2.0
"""A reader of server-sent events that waits for what is to come, never for time to pass."""

import json
import socket


class Stream:
    """GET /v1/stream on a connection of its own. Events are (name, data, id); the id is the last one seen so far."""

    def __init__(self, daemon, token, last=None, timeout=20, version="1.1"):
        self.socket = socket.create_connection(("127.0.0.1", daemon.port), timeout)
        self.last = None
        self.buffer = b""
        self.text = b""
        self.ended = False
        head = [f"GET /v1/stream HTTP/{version}", "Host: x", f"Authorization: Bearer {token}", "Accept-Language: en"]
        if last is not None:
            head.append(f"Last-Event-ID: {last}")
        self.socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        raw, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = raw.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
        self.chunked = self.headers.get("transfer-encoding") == "chunked"

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise EOFError
        self.buffer += got

    def piece(self):
        """More of the body; EOFError at its end."""
        if not self.chunked:
            if not self.buffer:
                self.more()
            self.text, self.buffer = self.text + self.buffer, b""
            return
        while b"\r\n" not in self.buffer:
            self.more()
        size, _, rest = self.buffer.partition(b"\r\n")
        size = int(size, 16)
        while len(rest) < size + 2:
            self.more()
            rest = self.buffer.partition(b"\r\n")[2]
        self.text, self.buffer = self.text + rest[:size], rest[size + 2:]
        if size == 0:
            self.ended = True
            raise EOFError

    def block(self):
        """The lines up to the next empty one."""
        while b"\n\n" not in self.text:
            self.piece()
        block, _, self.text = self.text.partition(b"\n\n")
        return block.decode().split("\n")

    def next(self):
        """The next event; whatever is none (heartbeats, ids alone) is passed over."""
        while True:
            name, data = "message", None
            for line in self.block():
                field, _, value = line.partition(": ")
                if field == "id":
                    self.last = value
                elif field == "event":
                    name = value
                elif field == "data":
                    data = value
            if data is not None:
                return name, json.loads(data), self.last

    def until(self, found):
        """Events up to the one that is wanted."""
        seen = []
        while True:
            seen.append(self.next())
            if found(*seen[-1]):
                return seen

    def is_over(self):
        """Reads to the end; True when it ended as it should."""
        try:
            while True:
                self.block()
        except EOFError:
            return self.ended or not self.chunked

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
