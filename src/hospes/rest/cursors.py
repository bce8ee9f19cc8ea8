"""Where a list was left off: signed, so that only what we said ourselves comes back."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q

from hospes.rest.faults import Problem, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, OrderBy, QuerySet

SALT = "hospes.rest.cursor"
_VALUE = "_cursor_{}"


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows in an order that no two of them share, and what the order is made of."""

    rows: QuerySet[Any]
    order: tuple[tuple[str, bool], ...]
    # The name each part has in the rows.
    names: tuple[str, ...]


def ordered(rows: QuerySet[Any], query: Any, order: Sequence[tuple[str, bool]]) -> Ordered:
    """Return ``rows`` in the order asked for; their key breaks ties. Nothing comes before null."""
    names: list[str] = []
    parts: list[OrderBy] = []
    for number, (name, descending) in enumerate(order):
        path = query.order[name]
        if isinstance(path, str) and "__" not in path and _is_read(rows, path):
            column = path
        else:
            column = _VALUE.format(number)
            rows = rows.annotate(**{column: F(path) if isinstance(path, str) else path})
        names.append(column)
        last = True if _nullable(rows.model, path) else None
        parts.append(
            F(column).desc(nulls_last=last) if descending else F(column).asc(nulls_last=last)
        )
    return Ordered(rows.order_by(*parts, "pk"), (*order, ("pk", False)), (*names, "pk"))


def _is_read(rows: QuerySet[Any], name: str) -> bool:
    """Return whether each row has ``name``: a field, or an annotation that is read."""
    query = rows.query
    return name not in query.annotations or name in query.annotation_select


def _nullable(model: type[Model], path: Any) -> bool:
    if path == "pk":
        return False
    try:
        return not isinstance(path, str) or bool(model._meta.get_field(path).null)  # noqa: SLF001 - Django's documented name for it
    except (FieldDoesNotExist, AttributeError):
        return True


def of(rows: Ordered, last: Any) -> str:
    """Return the cursor that goes on after the row ``last``."""
    values = [_packed(getattr(last, name)) for name in rows.names]
    return signing.dumps([_key(rows.order), values], salt=SALT, compress=True)


def after(rows: Ordered, cursor: str) -> QuerySet[Any]:
    """Return the rows after ``cursor``; all of them where it is empty.

    Raises:
        Problem: where it was not made for a list in this order.

    """
    if not cursor:
        return rows.rows
    values = [_unpacked(value) for value in _opened(cursor, _key(rows.order))]
    if len(values) != len(rows.names):
        raise _no_cursor()
    either: list[Q] = []
    same = Q()
    for name, value, (_, descending) in zip(rows.names, values, rows.order, strict=True):
        if value is None:
            # Nothing comes last: after it are only its likes.
            same &= Q(**{f"{name}__isnull": True})
            continue
        beyond = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        either.append(same & (beyond | Q(**{f"{name}__isnull": True})))
        same &= Q(**{name: value})
    return rows.rows.filter(reduce(operator.or_, either))


def at(place: int, order: Sequence[tuple[str, bool]]) -> str:
    """Return the cursor of a place in a list in memory."""
    return signing.dumps([_key(order), [place]], salt=SALT)


def place(cursor: str, order: Sequence[tuple[str, bool]]) -> int:
    """Return the place that ``cursor`` names; 0 where it is empty.

    Raises:
        Problem: where it was not made for a list in this order.

    """
    if not cursor:
        return 0
    (found,) = _opened(cursor, _key(order)) or [None]
    if not isinstance(found, int):
        raise _no_cursor()
    return found


def _key(order: Sequence[tuple[str, bool]]) -> str:
    return json.dumps(list(order))


def _opened(cursor: str, key: str) -> list[Any]:
    try:
        made_for, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _no_cursor() from None
    if made_for != key:
        raise _no_cursor()
    return list(values)


def _no_cursor() -> Problem:
    return Problem("validation_failed", wrong("cursor", "cursor"))


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if "at" in value:
            return datetime.fromisoformat(value["at"])
        return date.fromisoformat(value["on"])
    return value
