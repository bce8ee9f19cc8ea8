"""Statements compiled once, for what every page and every sign-in does.

Django builds a query's text anew each time, which takes longer than running it. Here
the text is written or built once; fields still prepare and convert their own values, so rows are
what the ORM would have made of them, on both databases.
"""
# ruff: noqa: SLF001 - _meta is Django's documented interface; _state is set as its own save does

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import ForeignKey, fields
from django.db.models.expressions import Col

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model

    Insertion = tuple[str, type | None, Callable[[Any, BaseDatabaseWrapper], Any]]
    Converter = Callable[[Any, Col, Any], Any]

Row = TypeVar("Row", bound="Model")


def _run(text: str, values: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """Run one statement; return its rows and how many rows it changed."""
    database = connections[DEFAULT_DB_ALIAS]
    raw = database.connection
    if database.vendor != "sqlite" or raw is None or _observed(database):
        with database.cursor() as cursor:
            cursor.execute(text, values)
            return _outcome(cursor)
    # What Django's cursor does for SQLite, without the layers in between: they take longer than
    # the statement.
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return _outcome(raw.execute(_with_marks(text), values))


def _observed(database: BaseDatabaseWrapper) -> bool:
    return bool(database.execute_wrappers or database.queries_logged)


def _outcome(cursor: Any) -> tuple[list[tuple[Any, ...]], int]:
    return (cursor.fetchall() if cursor.description else []), cursor.rowcount


@cache
def _with_marks(text: str) -> str:
    return text.replace("%s", "?").replace("%%", "%")


def insert(row: Row) -> Row:
    """Insert ``row``, which has no key yet, and give it one; no signals are sent."""
    text, fields = _insertion(type(row))
    database = connections[DEFAULT_DB_ALIAS]
    values = []
    for name, as_it_is, prepare in fields:
        value = getattr(row, name)
        # Most values go into the statement as they are.
        plain = value is None or type(value) is as_it_is
        values.append(value if plain else prepare(value, database))
    rows, _ = _run(text, values)
    row.pk = rows[0][0]
    # As after Django's own save.
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return row


@cache
def _insertion(model: type[Model]) -> tuple[str, tuple[Insertion, ...]]:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    text = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}) RETURNING "id"'  # noqa: S608 - names of our own models
    return text, tuple((f.attname, _as_it_is(f), f.get_db_prep_save) for f in fields)


def _as_it_is(field: Field[Any, Any]) -> type | None:
    """Return the type whose values the field's own preparation would not change."""
    kind = type(field.target_field) if isinstance(field, ForeignKey) else type(field)
    return _AS_THEY_ARE.get(kind)


_AS_THEY_ARE: dict[type, type] = {
    fields.CharField: str,
    fields.TextField: str,
    fields.BooleanField: bool,
    fields.BigAutoField: int,
    fields.BigIntegerField: int,
}


def change(text: str, *values: Any) -> int:
    """Run one UPDATE; return how many rows it changed. Instants go through ``instant``."""
    return int(_run(text, values)[1])


def changed(text: str, *values: Any) -> tuple[Any, ...] | None:
    """Run one UPDATE … RETURNING of at most one row; return what it returned."""
    rows, _ = _run(text, values)
    return tuple(rows[0]) if rows else None


def rows(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a SELECT; return its rows as the database gives them, nothing converted."""
    return _run(text, values)[0]


def instant(value: datetime) -> Any:
    """Return ``value`` as this database wants it in a hand-written statement."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)


def columns(*models: type[Model]) -> str:
    """Return the models' columns for a SELECT that ``read`` understands."""
    return ", ".join(
        f'"{model._meta.db_table}"."{field.column}"'
        for model in models
        for field in model._meta.concrete_fields
    )


def read(models: tuple[type[Model], ...], text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a SELECT of ``columns(*models)``; return one instance of each model per row."""
    database = connections[DEFAULT_DB_ALIAS]
    shapes = _shapes(models, database.vendor)
    rows, _ = _run(text, values)
    return [_instances(shapes, row, database) for row in rows]


Shape = tuple[type["Model"], list[str], list[tuple[int, list["Converter"], Col]]]


@cache
def _shapes(models: tuple[type[Model], ...], _vendor: str) -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    for model in models:
        fields = model._meta.concrete_fields
        converted = []
        for place, field in enumerate(fields):
            col = Col(model._meta.db_table, field)
            steps = [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)]
            if steps:
                converted.append((place, steps, col))
        shapes.append((model, [field.attname for field in fields], converted))
    return tuple(shapes)


def _instances(
    shapes: tuple[Shape, ...], row: Sequence[Any], database: BaseDatabaseWrapper
) -> tuple[Any, ...]:
    found = []
    begin = 0
    for model, names, converted in shapes:
        values = list(row[begin : begin + len(names)])
        begin += len(names)
        for place, steps, col in converted:
            for step in steps:
                values[place] = step(values[place], col, database)
        found.append(model.from_db(DEFAULT_DB_ALIAS, names, values))
    return tuple(found)
