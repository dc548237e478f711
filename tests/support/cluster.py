# SPDX-License-Identifier: MulanPSL-2.0
"""A private PostgreSQL cluster for tests: its own folder under /tmp, reached by a socket only, removed at
the end. Owns nothing but that folder; no cluster of the machine is touched."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

import psycopg2

OWNER, APPLICATION = "ogid_owner", "ogid_app"


def pgbin():
    """The folder of initdb and postgres."""
    given = os.environ.get("OGID_PGBIN")
    if given:
        return pathlib.Path(given)
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return found[-1]


def children(pid):
    """The numbers of the processes that pid started."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(path.parent.name)


class Cluster:
    """with Cluster() as c: c.database("one"); psycopg2.connect(c.dsn("one", OWNER))"""

    def __init__(self, settings=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ogid-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._as = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": "postgres", "group": user.pw_gid, "extra_groups": []}
        self._run("initdb", "-D", self.data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust",
                  "--no-sync")
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as f:
            f.write("\n".join([
                "listen_addresses = ''", f"unix_socket_directories = '{self.folder}'", "fsync = off",
                "max_connections = 100", "timezone = 'UTC'", "log_timezone = 'UTC'", *settings, ""]))
        self.start()
        self.execute("postgres", "postgres", f"CREATE ROLE {OWNER} LOGIN")
        self.execute("postgres", "postgres", f"CREATE ROLE {APPLICATION} LOGIN")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def _run(self, program, *words, check=True):
        return subprocess.run([pgbin() / program, *words], check=check, cwd="/", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self._as)

    def start(self):
        """Returns when connections are taken."""
        with self.log.open("a") as log:
            if os.geteuid() == 0:
                os.chmod(self.folder, 0o700)
            subprocess.run([pgbin() / "pg_ctl", "-D", self.data, "-w", "-t", "60", "start"], check=True, cwd="/",
                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as)

    def stop(self, mode="fast"):
        """mode: smart, fast or immediate (as after a crash)."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "60", "stop", check=False)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def pid(self):
        """Of the postmaster; None when it does not run."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    @contextlib.contextmanager
    def frozen(self):
        """Every process of the cluster stands still meanwhile."""
        main = self.pid()
        everyone = [main, *children(main)]
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in everyone:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database, role=APPLICATION):
        return f"host={self.folder} dbname={database} user={role}"

    def connect(self, database, role=OWNER):
        """An autocommitting connection."""
        connection = psycopg2.connect(self.dsn(database, role))
        connection.autocommit = True
        return connection

    def execute(self, database, role, sql, values=None):
        """Runs one statement; its rows, when it has any."""
        with contextlib.closing(self.connect(database, role)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else None

    def database(self, name, template="template0"):
        """A fresh database of the owner role; with a template, a copy of that database."""
        self.execute("postgres", "postgres", f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}"')
        return name

    def drop(self, name):
        self.execute("postgres", "postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
