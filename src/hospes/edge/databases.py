"""One small interface over ``sqlite3`` and ``psycopg``.

SQL is written once, with ``?`` for values. Connections are kept and statements prepared; who
asks first opens them, so that nothing is open across a fork.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from hospes.edge.postgres import PostgresDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager


__all__ = ["Connection", "Database", "PostgresDatabase", "SqliteDatabase", "Step", "from_settings"]

Row = tuple[Any, ...]
BUSY_SECONDS = 10


class Connection(Protocol):
    """Runs statements."""

    def row(self, sql: str, *values: object) -> Row | None:
        """Return the first row, ``None`` where there is none."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return all rows."""

    def change(self, sql: str, *values: object) -> int:
        """Run a writing statement and return how many rows it touched."""


@dataclass(frozen=True, slots=True)
class Step:
    """A writing statement and its values.

    As a follower it is ``INSERT … SELECT <values>`` without a FROM, every value with a CAST.
    """

    sql: str
    values: tuple[object, ...] = field(repr=False)


class Database(Protocol):
    """Lends connections."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend a connection for single reads, without a transaction."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Lend a connection in a transaction: committed at the end, undone by an exception."""

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard``; if it touched a row the followers as well, all or nothing.

        Return whether it did. This is how something is used once: the guard's WHERE says that
        it has not been used yet. On PostgreSQL it is one statement, and so one journey.
        """

    def close(self) -> None:
        """Close what is open."""


class _SqliteConnection:
    def __init__(self, path: str) -> None:
        self.path = path
        # No implicit transactions: writing() begins them. Another thread may only close it.
        self.raw = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.raw.execute("PRAGMA journal_mode=WAL")
        self.raw.execute("PRAGMA synchronous=NORMAL")
        self.raw.execute("PRAGMA foreign_keys=ON")
        # Each copying back of the log waits for the disk: not every few hundred tokens.
        self.raw.execute("PRAGMA wal_autocheckpoint=4000")
        self.raw.execute("PRAGMA mmap_size=268435456")

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Leave the connection open: it is this thread's."""

    def close(self) -> None:
        raw = self.__dict__.pop("raw", None)
        if raw is not None:
            raw.close()

    def row(self, sql: str, *values: object) -> Row | None:
        found: Row | None = self.raw.execute(sql, values).fetchone()
        return found

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self.raw.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> int:
        return self.raw.execute(sql, values).rowcount


class SqliteDatabase:
    """A connection per thread to the file that ``path`` names at that moment."""

    def __init__(self, path: Callable[[], str]) -> None:
        self._path = path
        self._local = threading.local()
        # Threads of this process queue here: SQLite's own waiting sleeps for milliseconds.
        self._writer = threading.Lock()

    def _connection(self) -> _SqliteConnection:
        path = self._path()
        found: _SqliteConnection | None = getattr(self._local, "connection", None)
        if found is None or found.path != path:
            if found is not None:
                found.close()
            found = self._local.connection = _SqliteConnection(path)
        return found

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend this thread's connection."""
        return self._connection()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend this thread's connection in a transaction that holds the write lock at once."""
        connection = self._connection()
        with self._writer:
            connection.raw.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.raw.execute("COMMIT")
            except BaseException:
                if connection.raw.in_transaction:
                    connection.raw.execute("ROLLBACK")
                raise

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard`` and, if it touched a row, ``followers`` in one transaction."""
        if not followers:
            # A statement alone is a transaction.
            connection = self._connection()
            with self._writer:
                return connection.change(guard.sql, *guard.values) > 0
        with self.writing() as lent:
            touched = lent.change(guard.sql, *guard.values) > 0
            if touched:
                for step in followers:
                    lent.change(step.sql, *step.values)
        return touched

    def close(self) -> None:
        """Close this thread's connection; other threads' close with their threads."""
        found: _SqliteConnection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            del self._local.connection


def from_settings(settings: Callable[[], Mapping[str, Any]]) -> Database:
    """Return the database that an entry in the form of ``DATABASES`` describes.

    The entry is asked for again at every use: tests point it at another database.
    """
    if str(settings()["ENGINE"]).endswith("sqlite3"):
        return SqliteDatabase(lambda: str(settings()["NAME"]))
    return PostgresDatabase(lambda: _parameters(settings()))


def _parameters(entry: Mapping[str, Any]) -> dict[str, Any]:
    named = {
        "dbname": entry["NAME"],
        "user": entry.get("USER"),
        "password": entry.get("PASSWORD"),
        "host": entry.get("HOST"),
        "port": entry.get("PORT"),
    }
    return {**entry.get("OPTIONS", {}), **{name: value for name, value in named.items() if value}}
