"""One small interface over ``sqlite3`` and ``psycopg``.

SQL is written once, with ``?`` for values. Connections are kept and statements prepared; who
asks first opens them, so that nothing is open across a fork.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from psycopg_pool import ConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from psycopg import Connection as PsycopgConnection

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
        raw = self._connection().raw
        with self._writer:
            if not followers:
                return raw.execute(guard.sql, guard.values).rowcount > 0
            raw.execute("BEGIN IMMEDIATE")
            try:
                touched = raw.execute(guard.sql, guard.values).rowcount > 0
                if touched:
                    for step in followers:
                        raw.execute(step.sql, step.values)
                raw.execute("COMMIT")
            except BaseException:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                raise
        return touched

    def close(self) -> None:
        """Close this thread's connection; other threads' close with their threads."""
        found: _SqliteConnection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            del self._local.connection


class _PostgresConnection:
    def __init__(self, raw: PsycopgConnection) -> None:
        self._raw = raw

    def row(self, sql: str, *values: object) -> Row | None:
        return self._raw.execute(_numbered(sql), values, prepare=True).fetchone()

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self._raw.execute(_numbered(sql), values, prepare=True).fetchall()

    def change(self, sql: str, *values: object) -> int:
        return self._raw.execute(_numbered(sql), values, prepare=True).rowcount


_texts: dict[str, bytes] = {}


def _numbered(sql: str) -> bytes:
    """Return ``sql`` with psycopg's placeholders. Our statements hold no other ``?`` or ``%``."""
    text = _texts.get(sql)
    if text is None:
        text = _texts[sql] = sql.replace("?", "%s").encode("ascii")
    return text


@cache
def _together(guard: str, followers: tuple[str, ...]) -> bytes:
    """Return the guard as a query whose rows the followers select from (PostgreSQL §7.8.4)."""
    if not followers:
        return _numbered(guard)
    parts = [f"guard AS ({guard} RETURNING 1)"]
    parts += [f"step_{n} AS ({sql} FROM guard)" for n, sql in enumerate(followers)]
    return _numbered(f"WITH {', '.join(parts)} SELECT 1 FROM guard")  # noqa: S608 - our own statements


class PostgresDatabase:
    """A pool of connections to the database that ``parameters`` name at that moment."""

    def __init__(self, parameters: Callable[[], Mapping[str, Any]], *, size: int = 8) -> None:
        self._parameters = parameters
        self._size = size
        self._lock = threading.Lock()
        self._pool: ConnectionPool[PsycopgConnection] | None = None
        self._opened_for: Mapping[str, Any] = {}

    def _ready(self) -> ConnectionPool[PsycopgConnection]:
        wanted = self._parameters()
        pool = self._pool
        if pool is not None and self._opened_for == wanted:
            return pool
        with self._lock:
            if self._pool is None or self._opened_for != wanted:
                if self._pool is not None:
                    self._pool.close()
                self._pool = ConnectionPool(
                    kwargs={**wanted, "autocommit": True},
                    min_size=1,
                    max_size=self._size,
                    timeout=BUSY_SECONDS,
                    open=True,
                    name="hospes-edge",
                )
                self._opened_for = dict(wanted)
            return self._pool

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a pooled connection."""
        with self._ready().connection() as raw:
            yield _PostgresConnection(raw)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a pooled connection in a transaction (read committed)."""
        with self._ready().connection() as raw, raw.transaction():
            yield _PostgresConnection(raw)

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard`` and ``followers`` as one statement, which is a transaction of its own."""
        text = _together(guard.sql, tuple(step.sql for step in followers))
        values = [value for step in (guard, *followers) for value in step.values]
        with self._ready().connection() as raw:
            return raw.execute(text, values, prepare=True).rowcount > 0

    def close(self) -> None:
        """Close the pool."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None


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
