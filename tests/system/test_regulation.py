# SPDX-License-Identifier: MulanPSL-2.0
"""doc/regulation.md is true: every function, table and test it names is there, every setting and every article that the code cites is
in it, and every worked example is told by a test."""

import os
import pathlib
import re

import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
TEXT = (TOP / "doc/regulation.md").read_text(encoding="utf-8")


def read(*folders):
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in sorted((TOP / folder).rglob("*"))
                     if path.suffix in (".c", ".h", ".py", ".txt", ".csv", ".tsv", ".sql") and path.is_file())


CODE = read("daemon")
TESTS = read("tests/unit", "tests/api")
STORIES = (TOP / "tests/unit/case-stories.txt").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in TEXT.splitlines()
        if line.startswith("|") and not re.match(r"^\|[-|]+\|$", line)]


def test_the_tables_are_read():
    assert len(ROWS) > 50 and all(len(row) in (4, 5) for row in ROWS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z]+(?:/\w+)?\.[ch])`", TEXT))))
def test_a_file_it_names_is_there(name):
    assert list((TOP / "daemon").rglob(name)), name


@pytest.mark.parametrize("name", sorted({name for name in re.findall(r"`(\w+\*?)`", TEXT) if re.match(r"[A-Za-z]+_\w", name)}))
def test_a_function_or_table_it_names_is_there(name):
    pattern = re.escape(name).replace(r"\*", r"\w+")
    assert re.search(rf"\b{pattern}\b", CODE + TESTS) or (TOP / f"tests/unit/{name}.c").exists() \
        or (TOP / f"tests/api/{name}.py").exists(), name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:api/)?test_\w+)`", TEXT))))
def test_a_test_file_it_names_is_there(name):
    assert (TOP / f"tests/unit/{name}.c").exists() or (TOP / f"tests/{name}.py").exists(), name


def test_every_test_it_names_is_there():
    """The last cell of a row: names of many words joined by underscores, and stories in quotes."""
    missing = []
    for row in ROWS:
        cell = re.sub(r"`[^`]*`", "", row[-1])
        missing += [name for name in re.findall(r"\b[a-z]+(?:_[a-z0-9]+){2,}\b", cell) if not re.search(rf"\b(?:test_)?{name}\b", TESTS)]
        for story in re.findall(r"“([^”]+)”|\"([^\"]+)\"", cell):
            told = (story[0] or story[1]).rstrip("… ")
            if not re.search(rf"^story .*{re.escape(told)}", STORIES, re.M):
                missing.append(told)
    assert missing == []


def test_every_row_names_a_test():
    for row in ROWS:
        if row[0] not in ("Source", "Setting"):
            assert re.search(r"test|stor|example|same|_", row[-1]), row


def test_every_setting_is_listed_and_nothing_else():
    source = (TOP / "daemon/domain/settings.c").read_text(encoding="utf-8")
    rows = re.findall(r'\[OGI_SET_\w+\] = \{ "(\w+)", (\w+)', source)
    settings = {name for name, kind in rows if kind != "OGI_SETTING_TEXT"}  # texts only name the agency on its letters
    listed = {row[0].strip("`") for row in ROWS if row[0].startswith("`")}
    assert settings and listed == settings


def cited(source):
    """Numbers of articles of the Regulations of 2019 in the life cycle and the catalogue of outcomes."""
    return {int(n) for cell in re.findall(r'"((?:R2019 )?art\. [^"]*)"', source) for n in re.findall(r"\b(\d\d)\b", cell.split("R2008")[0])}


def test_every_article_that_the_code_cites_is_explained():
    articles = set()
    for name in ("lifecycle.c", "settings.c"):
        articles |= cited((TOP / "daemon/domain" / name).read_text(encoding="utf-8"))
    explained = {int(n) for row in ROWS for n in re.findall(r"\b(\d\d)\b", row[0] + " " + row[1])}
    assert len(articles) > 8 and articles - explained == set()


def test_every_worked_example_is_told():
    """The 39 examples of the deadlines: as rows of examples.csv or as stories of whole cases."""
    rows = (TOP / "tests/unit/examples.csv").read_text(encoding="utf-8").splitlines()[1:]
    told = {int(row.split(",")[0]) for row in rows}
    for numbers in re.findall(r"§12 no\. ([\d, ]+)\)", STORIES):
        told |= {int(n) for n in numbers.split(",")}
    assert told == set(range(1, 40))
