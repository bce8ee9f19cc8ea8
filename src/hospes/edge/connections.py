"""One small interface over ``sqlite3`` and libpq.

SQL is written once, with ``?`` for values. Connections are kept and statements prepared; who
asks first opens them, so that nothing is open across a fork.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Row = tuple[Any, ...]


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

    def deciding(self) -> AbstractContextManager[Connection]:
        """Lend a connection for a read that a change will rest on, without a transaction.

        Lent for the read alone: on SQLite it is the one that writes.
        """

    def writing(self) -> AbstractContextManager[Connection]:
        """Lend a connection in a transaction: committed at the end, undone by an exception."""

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard``; if it touched a row the followers as well, all or nothing.

        Return whether it did. This is how something is used once: the guard's WHERE says that
        it has not been used yet. On PostgreSQL it is one statement, and so one journey.
        """

    def close(self) -> None:
        """Close what is open."""
