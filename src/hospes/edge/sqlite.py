"""The hot plane's connections to SQLite: one that writes, and one for each thread that reads.

A connection throws its page cache away as soon as another one has written. Whatever leads to a
change therefore goes through the one writing connection, whose cache outlives its own commits; and
those who wait for it share a commit.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from hospes.edge.connections import Connection, Row, Step

BUSY_SECONDS = 10


class _Connection:
    def __init__(self, path: str) -> None:
        self.path = path
        # No implicit transactions: they are begun by name. Other threads take their turns.
        self.raw = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.raw.execute("PRAGMA journal_mode=WAL")
        self.raw.execute("PRAGMA synchronous=NORMAL")
        self.raw.execute("PRAGMA foreign_keys=ON")
        # Each copying back of the log waits for the disk: not every few hundred tokens.
        self.raw.execute("PRAGMA wal_autocheckpoint=4000")

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Leave the connection open: it is kept."""

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

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.raw.execute("COMMIT")
        except BaseException:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
            raise

    def run(self, change: _Change) -> bool:
        """Run the steps of a change; return whether its guard touched a row."""
        touched = self.change(change.guard.sql, *change.guard.values) > 0
        if touched:
            for step in change.followers:
                self.change(step.sql, *step.values)
        return touched


class _Change:
    """What one thread wants written, and what came of it."""

    __slots__ = ("error", "followers", "guard", "touched")

    def __init__(self, guard: Step, followers: tuple[Step, ...]) -> None:
        self.guard = guard
        self.followers = followers
        self.touched: bool | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.touched is not None or self.error is not None


class SqliteDatabase:
    """The file that ``path`` names at that moment."""

    def __init__(self, path: Callable[[], str]) -> None:
        self._path = path
        self._readers = threading.local()
        # Threads of this process queue here: SQLite's own waiting sleeps for milliseconds.
        self._turn = threading.Lock()
        self._writer: _Connection | None = None
        self._waiting: deque[_Change] = deque()

    def _current(self, kept: _Connection | None) -> _Connection:
        path = self._path()
        if kept is not None:
            if kept.path == path:
                return kept
            kept.close()
        return _Connection(path)

    def _writing(self) -> _Connection:
        """Return the writing connection to the one whose turn it is."""
        found = self._writer = self._current(self._writer)
        return found

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend this thread's connection."""
        found = self._readers.connection = self._current(getattr(self._readers, "connection", None))
        return found

    @contextmanager
    def deciding(self) -> Iterator[Connection]:
        """Lend the writing connection, without a transaction."""
        with self._turn:
            yield self._writing()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend the writing connection in a transaction that holds the write lock at once."""
        with self._turn:
            connection = self._writing()
            with connection.transaction():
                yield connection

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard`` and, if it touched a row, ``followers``; return once it is committed."""
        change = _Change(guard, followers)
        self._waiting.append(change)
        with self._turn:
            # Whoever had the turn before may have written this as well.
            if not change.is_done:
                self._write_waiting()
        if change.error is not None:
            raise change.error
        return bool(change.touched)

    def _write_waiting(self) -> None:
        """Write what waits in one transaction: the commit is the dear part."""
        changes = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            connection = self._writing()
            with connection.transaction():
                touched = [connection.run(each) for each in changes]
        except BaseException as error:  # noqa: BLE001 - handed to those whose it is
            self._write_singly(changes, error)
        else:
            for each, result in zip(changes, touched, strict=True):
                each.touched = result

    def _write_singly(self, changes: list[_Change], error: BaseException) -> None:
        """Give each change a transaction of its own after one of them spoilt the common one."""
        # A locked or full database is nobody's own fault, and would be waited for once each.
        shared = isinstance(error, sqlite3.OperationalError) or not isinstance(error, Exception)
        if len(changes) == 1 or shared:
            for each in changes:
                each.error = error
            return
        for each in changes:
            try:
                connection = self._writing()
                with connection.transaction():
                    each.touched = connection.run(each)
            except BaseException as own:  # noqa: BLE001 - as above
                each.touched, each.error = None, own

    def close(self) -> None:
        """Close this thread's connection and the writing one; other threads' close with them."""
        found: _Connection | None = getattr(self._readers, "connection", None)
        if found is not None:
            found.close()
            del self._readers.connection
        with self._turn:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
