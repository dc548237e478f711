# SPDX-License-Identifier: MulanPSL-2.0
"""A crowd of clients that do everything at once, by a fixed seed: cut, changed and pipelined requests, early leavers, slow
readers, a database that comes and goes. The sanitizers watch; at the end the server still serves and ends cleanly."""

import os
import pathlib
import random
import subprocess
import sys
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from webprobe import Probe, get, post, trusting  # noqa: E402

SECONDS = 300 if os.environ.get("OGID_TEST_LONG") else 6
STREAM = get("/stream", "Content-Length: 200000", method="POST") + b"a" * 200_000
REQUESTS = [
    get("/ping"), get("/forever"), get("/big?bytes=300000"), get("/me", "Authorization: Bearer clerk"),
    get("/ping", method="PATCH"), get("/nowhere"), b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    post("/echo", b'{"a":1}'), post("/echo", b'{"a":"' + b"x" * 100_000 + b'"}'),
    post("/echo", b'{"a":1}', "Expect: 100-continue"), STREAM, STREAM.replace(b"/stream", b"/refuse-stream"),
    post("/hash", b'{"password":"correct horse"}'), get("/database?script=later"),
    get("/database?script=done,down,done,done", method="POST"), get("/database?script=done,dead", method="POST"),
]


def crowded(probe, tls, chance, until):
    while time.monotonic() < until:
        try:
            with probe.client(receive_buffer=chance.choice([None, 4096]), tls=tls) as c:
                c.socket.settimeout(chance.choice([0.05, 0.5, 3]))
                for _ in range(chance.randint(1, 6)):
                    raw = bytearray(b"".join(chance.choice(REQUESTS) for _ in range(chance.randint(1, 4))))
                    if chance.random() < 0.3:
                        raw = raw[:chance.randint(1, len(raw))]
                    if chance.random() < 0.2:
                        raw[chance.randrange(len(raw))] = chance.randrange(256)
                    c.send(bytes(raw))
                    if chance.random() < 0.8:
                        c.answer()
        except (OSError, AssertionError, ValueError, IndexError):
            pass  # whatever happened to this client, others come


@pytest.mark.parametrize("secure", [False, True])
def test_a_crowd_leaves_a_server_that_serves(secure, tmp_path):
    words, tls = {}, None
    if secure:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"], check=True, capture_output=True)
        words = {"certificate": tmp_path / "certificate.pem", "key": tmp_path / "key.pem"}
        tls = trusting(tmp_path / "certificate.pem")
    with Probe(pool=1, request=2, idle=2, budget=2_000_000, connections=60, queue=4, **words) as probe:
        until = time.monotonic() + SECONDS
        threads = [threading.Thread(target=crowded, args=(probe, tls, random.Random(seed), until)) for seed in range(24)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        with probe.client(tls=tls) as c:
            assert c.send(get("/ping")).answer().status == 200
