# SPDX-License-Identifier: MulanPSL-2.0
"""tests/sql/pool_probe as an object: lines in, lines out, every wait bounded."""

import os
import pathlib
import queue
import subprocess
import threading
import time

PATIENCE = 30  # seconds until a test that waits in vain fails


class Probe:
    """with Probe(dsn, group=8) as p: p.ask("read a pid"); p.answers("a")"""

    def __init__(self, dsn, *words, **settings):
        program = pathlib.Path(os.environ["OGID_BUILD"]) / "tests/sql/pool_probe"
        words = [*words, *(f"{name}={value}" for name, value in settings.items())]
        self.process = subprocess.Popen([program, dsn, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.lines, self.early, self.log = queue.Queue(), [], []
        self._threads = [threading.Thread(target=self._pump, daemon=True),
                         threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)]
        for thread in self._threads:
            thread.start()

    def _pump(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

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
        for thread in self._threads:
            thread.join()
        return status

    def send(self, *lines):
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def ask(self, *lines):
        """All in one turn of the loop."""
        self.send(*lines, "go")

    def line(self, first):
        """The next line that begins with the word; others are kept for later."""
        for i, line in enumerate(self.early):
            if line.split(" ")[0] == first:
                return self.early.pop(i)
        while True:
            line = self.lines.get(timeout=PATIENCE)
            assert line is not None, f"the probe ended, no {first}: {''.join(self.log)}"
            if line.split(" ")[0] == first:
                return line
            self.early.append(line)

    def answer(self, tag):
        return Answer(self.line(tag))

    def answers(self, *tags):
        return [self.answer(tag) for tag in tags]

    def value(self, *statement):
        """The first cell of a read."""
        self.ask("read value " + " ".join(map(str, statement)))
        answer = self.answer("value")
        assert answer.result == "DONE", answer
        return answer.text

    def ready(self):
        self.send("ready")
        self.line("ready")

    def counts(self):
        self.send("counts")
        return {k: int(v) for k, v in (word.split("=") for word in self.line("counts").split(" ")[1:])}

    def until(self, wanted):
        """Asks for the counts until they are as wanted."""
        end = time.monotonic() + PATIENCE
        while not wanted(counts := self.counts()):
            assert time.monotonic() < end, counts


class Answer:
    def __init__(self, line):
        self.line = line
        self.tag, self.result, self.state, self.constraint, numbers, self.text = line.split(" ", 5)
        self.rows, self.affected = map(int, numbers.split("/"))

    def __repr__(self):
        return self.line
