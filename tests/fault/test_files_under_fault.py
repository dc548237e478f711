# SPDX-License-Identifier: MulanPSL-2.0
"""Files while something breaks: clients vanish, the daemon is killed, the database goes away. Nothing of a broken upload is ever
seen, and memory does not grow with a file."""

import http.client
import os
import socket
import time

import pytest
import requests

from support.api import key
from support.events import Stream
from waiting import until
from writers import PATIENCE

MIB = 1024 * 1024


def rest(daemon):
    return daemon.sql("SELECT count(*) FROM attachment_upload u WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id)")[0][0]


def begin(daemon, api, case_id, size, sent):
    """An upload of which that many bytes were sent."""
    s = socket.create_connection(("127.0.0.1", daemon.port), PATIENCE)
    s.sendall(f"POST /v1/cases/{case_id}/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.token}\r\n"
              f"Content-Length: {size}\r\n\r\n".encode() + os.urandom(sent))
    return s


def files(api, case_id):
    return api.get(f"/v1/cases/{case_id}/attachments").json()["attachments"]


def send(api, case_id, data, **headers):
    return api.call("POST", f"/v1/cases/{case_id}/attachments", data, {"Content-Type": "application/octet-stream", **headers})


def chunks(daemon):
    return daemon.sql("SELECT count(*) FROM attachment_chunk")[0][0]


def test_a_client_that_vanishes_leaves_nothing(serve):
    daemon = serve()
    duo = daemon.api("duo")
    case_id = duo.register()["id"]
    for sent in (0, 1, 200_000, 900_000):
        s = begin(daemon, duo, case_id, MIB, sent)
        until(lambda: chunks(daemon) >= sent // (128 * 1024), PATIENCE)
        s.close()
        until(lambda: rest(daemon) == 0 and chunks(daemon) == 0, PATIENCE)
    assert files(duo, case_id) == []
    assert send(duo, case_id, b"after").json()["n"] == 1


def test_a_killed_daemon_leaves_what_the_night_sweeps(serve):
    daemon = serve()
    duo = daemon.api("duo")
    case_id = duo.register()["id"]
    s = begin(daemon, duo, case_id, 10 * MIB, 3 * MIB)
    until(lambda: chunks(daemon) >= 20, PATIENCE)
    daemon.kill()
    s.close()
    daemon.start()
    assert files(duo, case_id) == [] and rest(daemon) == 1
    daemon.sql("UPDATE attachment_upload SET started_at = started_at - interval '2 days'")
    assert "1 removed" in daemon.run("nightly").stdout
    assert (rest(daemon), chunks(daemon)) == (0, 0)


def test_the_database_goes_away_under_files(world, serve):
    daemon = serve(operation_timeout_ms=1000, request_timeout_s=5)
    duo = daemon.api("duo")
    case_id, data, one = duo.register()["id"], os.urandom(4 * MIB), key()
    assert send(duo, case_id, data).status_code == 201
    s = begin(daemon, duo, case_id, 4 * MIB, MIB)
    until(lambda: chunks(daemon) >= 32 + 7, PATIENCE)
    down = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=PATIENCE)
    down.sock = socket.socket()
    down.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    down.sock.settimeout(PATIENCE)
    down.sock.connect(("127.0.0.1", daemon.port))
    down.request("GET", f"/v1/cases/{case_id}/attachments/1", headers={"Authorization": f"Bearer {duo.token}"})
    answer = down.getresponse()
    assert answer.status == 200
    world.cluster.stop("immediate")
    s.sendall(os.urandom(MIB))
    assert s.recv(4096).startswith(b"HTTP/1.1 503")
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    assert send(duo, case_id, data, **{"Idempotency-Key": one}).status_code == 503
    world.cluster.start()
    until(lambda: requests.get(daemon.url + "/readyz", timeout=PATIENCE).status_code == 200, PATIENCE)
    assert len(files(duo, case_id)) == 1
    assert send(duo, case_id, data, **{"Idempotency-Key": one}).json()["n"] == 2
    assert duo.get(f"/v1/cases/{case_id}/attachments/1").content == data


def test_memory_does_not_grow_with_files_or_watchers(serve, figures):
    daemon = serve()
    duo = daemon.api("duo")
    case_id, data = duo.register()["id"], os.urandom(50 * MIB)
    send(duo, case_id, b"x" * MIB)
    before, most = daemon.rss(), [0.0]

    def look():
        most[0] = max(most[0], daemon.rss())

    def pieces():
        for at in range(0, len(data), MIB):
            yield data[at:at + MIB]
            look()

    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=120)
    begun = time.monotonic()
    connection.request("POST", f"/v1/cases/{case_id}/attachments", body=pieces(),
                       headers={"Authorization": f"Bearer {duo.token}", "Content-Length": str(len(data))}, encode_chunked=False)
    answer = connection.getresponse()
    assert answer.status == 201, answer.read()
    answer.read()
    up = time.monotonic() - begun
    begun = time.monotonic()
    connection.request("GET", f"/v1/cases/{case_id}/attachments/2", headers={"Authorization": f"Bearer {duo.token}"})
    answer, got = connection.getresponse(), bytearray()
    while part := answer.read(MIB):
        got += part
        look()
    assert got == data
    down = time.monotonic() - begun
    files_rss = most[0]
    streams = [Stream(daemon, duo.token) for _ in range(500)]
    made = duo.register()
    for stream in streams:
        assert stream.next()[1]["id"] == made["id"]
    watched = daemon.rss()
    for stream in streams:
        stream.close()
    figures(before=f"{before:.1f} MiB", most_with_50_MiB=f"{files_rss:.1f} MiB", upload=f"{up:.1f} s", download=f"{down:.1f} s",
            with_500_streams=f"{watched:.1f} MiB")
    if "asan" not in os.environ["OGID_BUILD"]:
        assert files_rss < 20 and watched < 32


@pytest.mark.skipif(not os.environ.get("OGID_TEST_LONG"), reason="the rate of a reader is judged over 40 seconds")
def test_a_reader_that_does_not_read_is_left(serve):
    daemon = serve(request_timeout_s=2)
    duo = daemon.api("duo")
    case_id = duo.register()["id"]
    assert send(duo, case_id, os.urandom(8 * MIB)).status_code == 201
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", daemon.port))
        s.sendall(f"GET /v1/cases/{case_id}/attachments/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {duo.token}\r\n\r\n".encode())
        until(lambda: "ogid_connections 1\n" in requests.get(daemon.url + "/metrics", timeout=PATIENCE).text.replace("ogid_connections 2", "ogid_connections 1")
              and "gone" in daemon.log.read_text(), PATIENCE)
