# SPDX-License-Identifier: MulanPSL-2.0
"""Every statement of store/ can be prepared on a fresh schema, by the role that will run it."""

import os
import pathlib
import re
import subprocess
import sys

import psycopg2
import pytest

TOP = pathlib.Path(os.environ.get("OGID_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(TOP / "tests"))

from support.cluster import APPLICATION, OWNER, Cluster  # noqa: E402

PROGRAM = pathlib.Path(os.environ["OGID_BUILD"], "daemon/ogid")


def statements():
    """Name and text of each, as the program lists them."""
    listed = subprocess.run([PROGRAM, "-c", "/dev/null", "statements", "--pgbench"], check=True, capture_output=True,
                            text=True).stdout
    for name, text in re.findall(r"^-- (\S+)\n(.*?);$", listed, re.S | re.M):
        yield name, re.sub(r":p(\d+)", r"$\1", text)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    conf = tmp_path_factory.mktemp("statements") / "ogid.conf"
    with Cluster() as cluster:
        cluster.database("fresh")
        conf.write_text(f"database = {cluster.dsn('fresh')}\nowner_database = {cluster.dsn('fresh', OWNER)}\n",
                        encoding="utf-8")
        subprocess.run([PROGRAM, "-c", conf, "migrate", "--directory", TOP / "migrations"], check=True,
                       capture_output=True)
        with psycopg2.connect(cluster.dsn("fresh", APPLICATION)) as connection:
            connection.autocommit = True
            yield connection
        connection.close()


def test_the_list_holds_every_statement_of_the_sources():
    written = set()
    for source in (TOP / "daemon/store").glob("*.c"):
        written |= set(re.findall(r'const struct stmt \w+ = \{\s*"(\w+)"', source.read_text(encoding="utf-8")))
    listed = [name for name, _ in statements()]
    assert len(listed) == len(set(listed))
    assert set(listed) >= written


@pytest.mark.parametrize("name,text", statements(), ids=lambda value: value[:30])
def test_it_can_be_prepared(fresh, name, text):
    """Names, types and the number of parameters: 1 to the highest, each used."""
    used = {int(n) for n in re.findall(r"\$(\d+)", text)}
    with fresh.cursor() as cursor:
        cursor.execute(f"PREPARE {name} AS {text}")
        cursor.execute("SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = %s", (name,))
        assert cursor.fetchone()[0] == len(used) == max(used, default=0)
