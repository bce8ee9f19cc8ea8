"""Statements compiled once, for what every page and every sign-in does.

Django builds a query's text anew each time, which takes longer than running it. Here
the text is written or built once; fields still prepare and convert their own values, so rows are
what the ORM would have made of them, on both databases.
"""
# ruff: noqa: SLF001 - _meta is Django's documented interface; _state is set as its own save does

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.db.models.expressions import Col

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.models import Model

    Converter = Callable[[Any, Col, Any], Any]

Row = TypeVar("Row", bound="Model")


def insert(row: Row) -> Row:
    """Insert ``row``, which has no key yet, and give it one; no signals are sent."""
    text, names = _insertion(type(row))
    fields = type(row)._meta
    values = [
        fields.get_field(name).get_db_prep_save(getattr(row, name), connection)  # type: ignore[union-attr]  # columns only
        for name in names
    ]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        row.pk = cursor.fetchone()[0]
    # As after Django's own save.
    row._state.adding = False
    row._state.db = connection.alias
    return row


@cache
def _insertion(model: type[Model]) -> tuple[str, tuple[str, ...]]:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    text = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}) RETURNING "id"'  # noqa: S608 - names of our own models
    return text, tuple(field.attname for field in fields)


def change(text: str, *values: Any) -> int:
    """Run one UPDATE; return how many rows it changed. Instants go through ``instant``."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return int(cursor.rowcount)


def changed(text: str, *values: Any) -> tuple[Any, ...] | None:
    """Run one UPDATE … RETURNING of at most one row; return what it returned."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        row = cursor.fetchone()
    return tuple(row) if row else None


def instant(value: datetime) -> Any:
    """Return ``value`` as this database wants it in a hand-written statement."""
    return connection.ops.adapt_datetimefield_value(value)


def columns(*models: type[Model]) -> str:
    """Return the models' columns for a SELECT that ``read`` understands."""
    return ", ".join(
        f'"{model._meta.db_table}"."{field.column}"'
        for model in models
        for field in model._meta.concrete_fields
    )


def read(models: tuple[type[Model], ...], text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a SELECT of ``columns(*models)``; return one instance of each model per row."""
    shapes = _shapes(models, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows = cursor.fetchall()
    return [_instances(shapes, row) for row in rows]


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


def _instances(shapes: tuple[Shape, ...], row: Sequence[Any]) -> tuple[Any, ...]:
    found = []
    begin = 0
    for model, names, converted in shapes:
        values = list(row[begin : begin + len(names)])
        begin += len(names)
        for place, steps, col in converted:
            for step in steps:
                values[place] = step(values[place], col, connection)
        found.append(model.from_db(connection.alias, names, values))
    return tuple(found)
