# SPDX-License-Identifier: MulanPSL-2.0
"""A program on a pseudo-terminal, and how wide what it prints is."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import unicodedata

LIMIT = 30  # seconds; only a test that hangs ever waits that long


def width(line):
    """Columns a line takes: full-width characters two, combining ones none."""
    columns = 0
    for character in line:
        if unicodedata.east_asian_width(character) in "WF":
            columns += 2
        elif not unicodedata.combining(character):
            columns += 1
    return columns


def plain(text):
    """Without the colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Terminal:
    """Standard input, output and error are one terminal, as for a person."""

    def __init__(self, words, environment, columns):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # a test run in the background may have been started with these ignored
            for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            os.execve(words[0], words, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.seen = ""
        self.raw = b""

    def read_more(self):
        ready, _, _ = select.select([self.fd], [], [], LIMIT)
        assert ready, f"nothing more came after: {self.seen!r}"
        try:
            got = os.read(self.fd, 65536)
        except OSError:  # the other side has closed
            got = b""
        self.raw += got
        self.seen = self.raw.decode("utf-8", "replace")
        return got != b""

    def expect(self, text):
        """Waits until `text` has been printed since the last time."""
        start = getattr(self, "mark", 0)
        while text not in self.seen[start:]:
            assert self.read_more(), f"ended before {text!r}: {self.seen!r}"
        self.mark = self.seen.index(text, start) + len(text)

    def type(self, text):
        os.write(self.fd, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def finish(self):
        """Everything printed, and the exit status (negative: the signal)."""
        while self.read_more():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return self.seen.replace("\r\n", "\n"), os.waitstatus_to_exitcode(status)
