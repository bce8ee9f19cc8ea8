"""Statements on PostgreSQL by libpq's own calls: prepared once, sent and answered in one journey.

A cursor of psycopg adapts every value by its type; the values here are text, whole numbers and
nothing, and PostgreSQL knows what each place of a prepared statement takes.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psycopg.pq.abc import PGresult

    from hospes.edge.connections import Connection, Row, Step

_DONE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})


def _moment(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode("ascii"))


def _text(data: bytes) -> str:
    return data.decode("utf-8")


# By type's number (pg_type.oid); everything else is text.
_READERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda data: data == b"t",
    20: int,
    21: int,
    23: int,
    1184: _moment,
}


class PostgresConnection:
    """One connection with its prepared statements."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        raw = psycopg.connect(**{**parameters, "autocommit": True, "client_encoding": "utf8"})
        self.parameters = parameters
        self._raw = raw
        self._pg = raw.pgconn
        self._names: dict[str, bytes] = {}
        self._readers: dict[str, list[Callable[[bytes], Any]]] = {}

    @property
    def broken(self) -> bool:
        """Return whether it can be used no more."""
        return self._pg.status != pq.ConnStatus.OK

    def close(self) -> None:
        """Close it."""
        self._raw.close()

    def plain(self, command: bytes) -> None:
        """Run ``BEGIN`` and the like."""
        self._checked(self._pg.exec_(command))

    def row(self, sql: str, *values: object) -> Row | None:
        """Return the first row, ``None`` where there is none."""
        result = self._run(sql, values)
        return self._row(sql, result, 0) if result.ntuples else None

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return all rows."""
        result = self._run(sql, values)
        return [self._row(sql, result, number) for number in range(result.ntuples)]

    def change(self, sql: str, *values: object) -> int:
        """Run a writing statement and return how many rows it touched."""
        return self._run(sql, values).command_tuples or 0

    def _run(self, sql: str, values: tuple[object, ...]) -> PGresult:
        name = self._names.get(sql) or self._prepare(sql)
        parameters = [None if value is None else str(value).encode("utf-8") for value in values]
        if any(value is not None and b"\0" in value for value in parameters):
            raise ValueError("a text for the database holds a NUL")
        # libpq takes None for NULL; the annotation forgets it.
        return self._checked(self._pg.exec_prepared(name, parameters))  # type: ignore[arg-type]

    def _prepare(self, sql: str) -> bytes:
        name = b"hospes_%d" % len(self._names)
        pieces = sql.split("?")
        numbered = pieces[0] + "".join(f"${n}{piece}" for n, piece in enumerate(pieces[1:], 1))
        self._checked(self._pg.prepare(name, numbered.encode("ascii")))
        self._names[sql] = name
        return name

    def _checked(self, result: PGresult) -> PGresult:
        if result.status not in _DONE:
            raise errors.error_from_result(result)
        return result

    def _row(self, sql: str, result: PGresult, number: int) -> Row:
        readers = self._readers.get(sql)
        if readers is None:
            readers = [_READERS.get(result.ftype(n), _text) for n in range(result.nfields)]
            self._readers[sql] = readers
        value = result.get_value
        return tuple(
            None if (data := value(number, column)) is None else reader(data)
            for column, reader in enumerate(readers)
        )


class PostgresDatabase:
    """Connections to the database that ``parameters`` name at that moment.

    There are as many as threads ask at once; the last one given back is lent first.
    """

    def __init__(self, parameters: Callable[[], Mapping[str, Any]]) -> None:
        self._parameters = parameters
        self._free: list[PostgresConnection] = []

    def _take(self) -> PostgresConnection:
        wanted = self._parameters()
        while True:
            try:
                # One step for the interpreter, so that no two threads get the same.
                connection = self._free.pop()
            except IndexError:
                return PostgresConnection(wanted)
            if connection.parameters == wanted:
                return connection
            connection.close()

    def _give_back(self, connection: PostgresConnection) -> None:
        if connection.broken:
            # The server went away: the idle ones have lost it too.
            connection.close()
            self.close()
        else:
            self._free.append(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    # Here every connection is as good as another.
    deciding = reading

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection in a transaction (read committed)."""
        connection = self._take()
        try:
            connection.plain(b"BEGIN")
            try:
                yield connection
                connection.plain(b"COMMIT")
            except BaseException:
                if not connection.broken:
                    connection.plain(b"ROLLBACK")
                raise
        finally:
            self._give_back(connection)

    def guarded(self, guard: Step, *followers: Step) -> bool:
        """Run ``guard`` and ``followers`` as one statement, which is a transaction of its own."""
        text = together(guard.sql, tuple(step.sql for step in followers))
        values = [value for step in (guard, *followers) for value in step.values]
        connection = self._take()
        try:
            return connection.change(text, *values) > 0
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close what is idle."""
        while self._free:
            try:
                self._free.pop().close()
            except IndexError:
                return


_texts: dict[tuple[str, tuple[str, ...]], str] = {}


def together(guard: str, followers: tuple[str, ...]) -> str:
    """Return the guard as a query whose rows the followers select from (PostgreSQL §7.8.4)."""
    if not followers:
        return guard
    text = _texts.get((guard, followers))
    if text is None:
        parts = [f"guard AS ({guard} RETURNING 1)"]
        parts += [f"step_{n} AS ({sql} FROM guard)" for n, sql in enumerate(followers)]
        text = f"WITH {', '.join(parts)} SELECT 1 FROM guard"  # noqa: S608 - our own statements
        _texts[guard, followers] = text
    return text
