# SPDX-License-Identifier: MulanPSL-2.0
"""Connections that send `opening` and then a `drip` now and then, until the daemon ends them; each that ends is replaced,
so that the pressure lasts. In a process of its own, so that it takes nothing from the honest clients but the daemon's time:
siege.py PORT KIND FILE, which counts there those turned out and the rounds made, until its stdin is closed."""

import contextlib
import mmap
import os
import pathlib
import select
import socket
import struct
import subprocess
import sys
import tempfile

COUNTS = struct.Struct("=qq")
PATIENCE = 60


def post(length):
    return (f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
            "\r\n").encode()


# how many, opening, drip, whether they read
KINDS = {
    "slow headers": (100, b"GET /v1/cases HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a", True),
    "slow bodies": (100, post(10_000), b" ", True),
    "half-sent bodies": (200, post(200_000) + b" " * 120_000, b"", True),
    "never reading": (50, b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200, b"G", False),
    "silent": (200, b"", b"", True),
    "crowding": (300, b"", b"", True),
}


class Client:
    def __init__(self, port, opening, drip, reads):
        self.left, self.drip, self.reads = opening, drip, reads
        self.socket = socket.socket()
        if not reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)

    def is_over(self):
        """Sends what it can; true when the daemon has ended the connection."""
        try:
            with contextlib.suppress(BlockingIOError):
                if self.left:
                    self.left = self.left[self.socket.send(self.left):]
                elif self.drip:
                    self.socket.send(self.drip)
            if self.reads:
                with contextlib.suppress(BlockingIOError):
                    return self.socket.recv(65536) == b""
        except OSError:
            return True
        return False


def press(port, kind, counts):
    count, *habit = KINDS[kind]
    standing = [Client(port, *habit) for _ in range(count)]
    turned_out = rounds = 0
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        for i, one in enumerate(standing):
            if one.is_over():
                one.socket.close()
                turned_out += 1
                with contextlib.suppress(OSError):
                    standing[i] = Client(port, *habit)
        rounds += 1
        counts[:] = COUNTS.pack(turned_out, rounds)


class Siege:
    """with Siege(port, "slow headers") as s: s.turned_out"""

    def __init__(self, port, kind):
        self.file = tempfile.NamedTemporaryFile(prefix="ogid-siege-")  # pylint: disable=consider-using-with
        self.file.write(COUNTS.pack(0, 0))
        self.file.flush()
        self.process = subprocess.Popen([sys.executable, __file__, str(port), kind, self.file.name], stdin=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0
        self.file.close()

    def _counts(self):
        assert self.process.poll() is None
        return COUNTS.unpack(pathlib.Path(self.file.name).read_bytes())

    @property
    def turned_out(self):
        return self._counts()[0]

    @property
    def stands(self):
        return self._counts()[1] > 0


if __name__ == "__main__":
    os.nice(10)  # attackers have machines of their own
    with open(sys.argv[3], "r+b") as shared, mmap.mmap(shared.fileno(), COUNTS.size) as memory:
        press(int(sys.argv[1]), sys.argv[2], memory)
