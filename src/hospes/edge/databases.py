"""One small interface over ``sqlite3`` and ``psycopg``.

SQL is written once, with ``?`` for values. Connections are kept and statements prepared; who
asks first opens them, so that nothing is open across a fork.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from hospes.edge.postgres import PostgresDatabase
from hospes.edge.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager


__all__ = ["Connection", "Database", "PostgresDatabase", "SqliteDatabase", "Step", "from_settings"]

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
