# SPDX-License-Identifier: MulanPSL-2.0
"""The manual names what the programs can do."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ["OGID_BUILD"])
PAGES = sorted((TOP / "doc/man").glob("*.[158]"))


def page(name):
    return (TOP / "doc/man" / name).read_text(encoding="utf-8")


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def commands(text):
    """The names in the left column of a list of commands."""
    return re.findall(r"^  ([a-z]+) ", text, re.M)


def test_there_is_a_page_for_each_program_and_the_settings():
    assert [p.name for p in PAGES] == ["ogi.1", "ogid.8", "ogid.conf.5"]


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_mandoc_finds_nothing_to_warn_of(path):
    answer = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_command_of_the_daemon_is_in_its_page():
    names = commands(said(BUILD / "daemon/ogid", "--help"))
    assert "serve" in names and "migrate" in names
    items = re.findall(r"^\.It Cm ([a-z]+)", page("ogid.8"), re.M)
    assert set(names) <= set(items), set(names) - set(items)


def test_every_command_of_the_client_is_in_its_page():
    names = commands(said(BUILD / "client/cli/ogi", "--help"))
    assert "register" in names and "deadline" in names
    for name in names:
        assert re.search(rf"\b{name}\b", page("ogi.1")), name


def test_the_daemon_tells_its_settings_and_their_presets():
    text = said(BUILD / "daemon/ogid", "serve", "--help")
    items = re.findall(r"^\.It Ic ([a-z_]+)", page("ogid.conf.5"), re.M)
    assert sorted(items) == sorted(re.findall(r"^  ([a-z_]+)  ", text, re.M))
    entries = dict(re.findall(r"^\.It Ic ([a-z_]+)\n(.*?)(?=^\.It|^\.El)", page("ogid.conf.5"), re.M | re.S))
    presets = re.findall(r"^  ([a-z_]+) .* \[([^]]+)]$", text, re.M)
    assert len(presets) > 20
    for name, preset in presets:
        assert preset in entries[name], (name, preset)
