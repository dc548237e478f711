# SPDX-License-Identifier: MulanPSL-2.0
"""ogi attach, ogi watch, and the attachments in ogi show, against a daemon."""

import json
import os
import pathlib
import subprocess


def command(daemon, state, *words):
    return [pathlib.Path(os.environ["OGID_BUILD"]) / "client" / "cli" / "ogi", *words], {
        **os.environ, "OGI_SERVER": daemon.url, "OGI_TOKEN": daemon.api("duo").token, "OGI_STATE": str(state), "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8"}


def ogi(daemon, state, *words):
    program, environment = command(daemon, state, *words)
    return subprocess.run(program, env=environment, text=True, encoding="utf-8", capture_output=True, timeout=60, check=False)


def test_files_are_attached_and_shown(daemon, duo, tmp_path):
    number = duo.register()["number"]
    assert "申请表.pdf" not in ogi(daemon, tmp_path, "show", number).stdout
    (tmp_path / "申请表.pdf").write_bytes(b"%PDF-1.7" + os.urandom(300_000))
    (tmp_path / "b.txt").write_bytes(b"b")
    done = ogi(daemon, tmp_path, "attach", number, str(tmp_path / "申请表.pdf"), str(tmp_path / "b.txt"))
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert [line.split()[0:3] for line in done.stdout.splitlines()[1:]] == [["1", "申请表.pdf", "300008"], ["2", "b.txt", "1"]]
    assert duo.get(f"/v1/cases/{number}/attachments/1").content == (tmp_path / "申请表.pdf").read_bytes()
    shown = ogi(daemon, tmp_path, "show", number).stdout
    assert "申请表.pdf" in shown and "b.txt" in shown
    one = ogi(daemon, tmp_path, "attach", number, str(tmp_path / "b.txt"), "--json")
    assert json.loads(one.stdout)["n"] == 3


def test_what_cannot_be_attached(daemon, duo, tmp_path):
    number = duo.register()["number"]
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "good").write_bytes(b"x")
    assert ogi(daemon, tmp_path, "attach", number, str(tmp_path / "good"), str(tmp_path / "missing")).returncode == 2
    assert ogi(daemon, tmp_path, "attach", number, str(tmp_path)).returncode == 2
    assert ogi(daemon, tmp_path, "attach", number).returncode == 2
    assert ogi(daemon, tmp_path, "attach", number, str(tmp_path / "empty")).returncode == 1
    assert ogi(daemon, tmp_path, "attach", "2025-99999", str(tmp_path / "good")).returncode == 1
    with open(tmp_path / "large", "wb") as large:
        large.truncate(51 * 1024 * 1024)
    refused = ogi(daemon, tmp_path, "attach", number, str(tmp_path / "large"))
    assert refused.returncode == 1 and "50 MiB" in refused.stderr
    assert duo.get(f"/v1/cases/{number}/attachments").json() == {"attachments": []}


def test_what_is_filtered_becomes_a_file(daemon, duo, tmp_path):
    made = duo.register(description="𠮷䶮水渠图纸", arrived_on="2026-05-18")
    duo.register(description="别的")
    for name, begins in (("台账.csv", b"\xef\xbb\xbf"), ("台账.xlsx", b"PK")):
        path = tmp_path / name
        done = ogi(daemon, tmp_path, "list", "--search", "水渠图纸", "--all", "--output", str(path))
        assert done.returncode == 0, done.stderr
        assert path.read_bytes().startswith(begins)
    lines = (tmp_path / "台账.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and made["number"] in lines[1] and "𠮷䶮水渠图纸" in lines[1]
    for words in (("--output", str(tmp_path / "a.html")), ("--output", str(tmp_path / "a.csv"), "--limit", "5"),
                  ("--output", str(tmp_path / "a.csv"), "--after", "x")):
        assert ogi(daemon, tmp_path, "list", *words).returncode == 2, words
    assert ogi(daemon, tmp_path, "list", "--status", "nowhere", "--output", str(tmp_path / "b.csv")).returncode == 1
    assert not (tmp_path / "a.csv").exists() and not (tmp_path / "b.csv").exists()


def test_watching_goes_on_where_it_broke_off(world, tmp_path):
    """The daemon is killed and comes back: what happened before, meanwhile and after is told once each."""
    made = world.daemon()
    duo = made.api("duo")
    other = world.daemon(made.database_name)
    program, environment = command(made, tmp_path, "watch", "--json")
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        while "ogid_streams 1\n" not in made.api().get("/metrics").text:
            assert watching.poll() is None
        ids = [duo.register()["id"]]
        told = [json.loads(watching.stdout.readline())["id"]]
        made.kill()
        ids.append(other.api("duo").register()["id"])
        made.start()
        ids.append(duo.register()["id"])
        told += [json.loads(watching.stdout.readline())["id"] for _ in range(2)]
        assert told == ids
        watching.terminate()
        assert len(watching.stderr.read().splitlines()) == 1  # that it broke off, once
    other.stop()
    made.stop()


def test_changes_are_watched(daemon, duo, tmp_path):
    program, environment = command(daemon, tmp_path, "watch", "--json")
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        while "ogid_streams 1\n" not in daemon.api().get("/metrics").text:
            assert watching.poll() is None
        made = duo.register()
        told = json.loads(watching.stdout.readline())
        assert (told["id"], told["number"], told["status"]) == (made["id"], made["number"], "in_process")
        watching.terminate()
