"""Scratch databases for the hammer: a SQLite file, or a PostgreSQL server of our own that may be killed."""

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bench.postgres import binaries_of_postgres

MAIN = "main"
ROWS = """
SELECT t.request_key, {id}, {atom}, {starts}, {ends}, {shown_starts}, {shown_ends}, o.is_active, t.released_at IS NOT NULL
FROM supply_taking t LEFT JOIN supply_occupation o ON o.taking_id = t.id
"""
ATOMS = "SELECT s.name, {atom} FROM places_space s JOIN places_space_atoms o ON o.space_id = s.id"
COLUMNS = {"starts": "starts_at", "ends": "ends_at", "shown_starts": "shown_starts_at", "shown_ends": "shown_ends_at"}
Rows = list[tuple[Any, ...]]  # Any: what a database gives


class Place(Protocol):
    """Where scratch databases stand."""

    kind: str
    folder: Path

    def url(self) -> str:
        """Return the address of the main database."""

    def copy(self, name: str) -> str:
        """Copy the main database, and return how Django names the copy."""

    def take_guard_away(self, name: str) -> None:
        """Drop what refuses an overlap, for the control."""

    def read(self, name: str, query: str) -> Rows:
        """Ask without Django; {starts} and the like become whole seconds."""

    def is_sound(self, name: str) -> bool:
        """Say whether the database finds itself in order."""

    def version(self) -> str:
        """Return name and version."""


class SqlitePlace:
    """Files in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self) -> str:
        return f"sqlite:///{self._path(MAIN)}"

    def copy(self, name: str) -> str:
        with closing(sqlite3.connect(self._path(MAIN))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._path(MAIN), self._path(name))
        return str(self._path(name))

    def take_guard_away(self, name: str) -> None:
        with closing(sqlite3.connect(self._path(name))) as connection:
            connection.execute("DROP TRIGGER supply_occupation_insert")
            connection.execute("DROP TRIGGER supply_occupation_update")

    def read(self, name: str, query: str) -> Rows:
        words = {each: f"CAST(strftime('%s', o.{column}) AS INTEGER)" for each, column in COLUMNS.items()}
        with closing(sqlite3.connect(self._path(name), timeout=20)) as connection:
            return connection.execute(query.format(id="t.id", atom="o.atom_id", **words)).fetchall()

    def is_sound(self, name: str) -> bool:
        return self.read(name, "PRAGMA integrity_check") == [("ok",)]

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


class PostgresPlace:
    """A server of our own on a socket in a folder, with checksums; its postmaster is our child, so that we may kill it."""

    kind = "postgresql"

    def __init__(self, folder: Path) -> None:
        binaries = binaries_of_postgres()
        if binaries is None:
            raise FileNotFoundError("PostgreSQL is not installed")
        self.folder, self._binaries, self._data = folder, binaries, folder / "data"
        self._is_root = os.geteuid() == 0
        self._user = "postgres" if self._is_root else pwd.getpwuid(os.geteuid()).pw_name
        if self._is_root:
            shutil.chown(folder, self._user)
        command = [str(binaries / "initdb"), "-D", str(self._data), "-A", "trust", "-k"]
        self._run(command).wait()
        self.start()
        with self._connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {MAIN}")

    def start(self) -> None:
        """Start the server, and wait until it answers: after a crash it reads its log first."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "log_min_messages": "panic"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._server = self._run([str(self._binaries / "postgres"), "-D", str(self._data), *settings])
        for _ in range(600):
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("PostgreSQL did not come back within a minute")

    def kill(self) -> None:
        """Kill the postmaster and each of its processes, the postmaster first: nobody can tidy up."""
        children = _children_of(self._server.pid)
        self._server.kill()
        for pid in children:
            _kill(pid)
        self._server.wait()
        while any(_is_alive(pid) for pid in children):
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server at once."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()

    def url(self) -> str:
        return f"postgres://{self._user}@/{MAIN}?host={self.folder}"

    def copy(self, name: str) -> str:
        with self._connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {MAIN}")
        return name

    def take_guard_away(self, name: str) -> None:
        with self._connect(name) as connection:
            connection.execute("ALTER TABLE supply_occupation DROP CONSTRAINT no_two_occupations_of_an_atom_overlap")

    def read(self, name: str, query: str) -> Rows:
        words = {each: f"extract(epoch FROM o.{column})::bigint" for each, column in COLUMNS.items()}
        text = query.format(id="replace(t.id::text, '-', '')", atom="replace(o.atom_id::text, '-', '')", **words)
        with self._connect(name) as connection:
            return connection.execute(text).fetchall()

    def is_sound(self, name: str) -> bool:
        """Read every row of the two tables by its pages: checksums complain of a torn one."""
        return bool(self.read(name, "SELECT length(string_agg(o::text, '')) FROM supply_occupation o"))

    def version(self) -> str:
        return f"PostgreSQL {self.read('postgres', 'SHOW server_version')[0][0].split()[0]}"

    def _connect(self, name: str) -> "psycopg.Connection[tuple[Any, ...]]":  # Any: what a database gives
        return psycopg.connect(host=str(self.folder), user=self._user, dbname=name, autocommit=True)

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        user = self._user if self._is_root else None
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )


@contextmanager
def scratch(kind: str) -> Iterator[Place]:
    """Lend a place of a kind, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="meervoud-hammer-"))
    try:
        if kind == "sqlite":
            yield SqlitePlace(folder)
            return
        place = PostgresPlace(folder)
        try:
            yield place
        finally:
            place.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(place: Place) -> None:
    """Start Django on the main database of a place, and make the halls in it; once in a process, for settings are read once."""
    (place.folder / "web").mkdir()
    os.environ |= {
        "DATABASE_URL": place.url(),
        "MEERVOUD_DATA": str(place.folder / "web"),
        "MEERVOUD_MODE": "demo",
        "MEERVOUD_LOG_LEVEL": "ERROR",
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meervoud.site.settings")
    import django

    django.setup()
    from bench.hammer_city import make_halls

    make_halls()


def _children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
