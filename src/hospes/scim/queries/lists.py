"""Reads: the resources that a query asks for, and how many there are in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from hospes.protocols.scim import matching, projection
from hospes.protocols.scim.errors import invalid_path
from hospes.protocols.scim.filters import And, Compare, Node, Or, storable
from hospes.protocols.scim.schemas import find, group_kind, user_kind
from hospes.scim.domain.people import folded
from hospes.scim.queries import documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from hospes.protocols.scim.lists import Query
    from hospes.protocols.scim.schemas import ResourceKind
    from hospes.scim.models import Directory

# Attributes with a column of their own: what an equal value is looked up by.
_COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("User", "username"): "user_name_folded",
    ("User", "externalid"): "external_id",
    ("User", "id"): "public_id",
    ("User", "active"): "active",
    ("Group", "externalid"): "external_id",
    ("Group", "id"): "public_id",
}


def find_in(
    directory: Directory, kinds: Sequence[ResourceKind], query: Query
) -> tuple[list[dict[str, Any]], int]:
    """Return the page of resources that ``query`` asks for and how many it would find in all.

    Raises:
        ScimError: the filter names what there is not (``invalidFilter``), or so does ``sortBy``
            (``invalidPath``).

    """
    if query.node is not None:
        matching.check(query.node, kinds)
    _check_sorting(query, kinds)
    if query.node is None and query.sort_by is None and len(kinds) == 1:
        return _page(directory, kinds[0], query)
    found = [
        (kind, each)
        for kind in kinds
        for each in _documents(directory, kind, _rows(directory, kind, query.node))
        if query.node is None or matching.matches(query.node, each, kind)
    ]
    if query.sort_by is not None:
        found.sort(key=lambda pair: _sort_key(query, *pair), reverse=query.descending)
        # Those without a value are last whichever the order (RFC 7644 §3.4.2.3 leaves it open).
        found.sort(key=lambda pair: _sort_key(query, *pair)[0])
    page = found[query.start - 1 : query.start - 1 + query.count]
    return [projection.project(each, query.wanted, kind) for kind, each in page], len(found)


def find_one(directory: Directory, kind: ResourceKind, public_id: str) -> dict[str, Any] | None:
    """Return a whole resource of the directory; None where it has none of that id."""
    rows = _rows(directory, kind, None).filter(public_id=public_id)
    # Compared with text that a database takes: PostgreSQL has no NUL.
    found = _documents(directory, kind, rows[:1]) if storable(public_id) else []
    return found[0] if found else None


def _page(
    directory: Directory, kind: ResourceKind, query: Query
) -> tuple[list[dict[str, Any]], int]:
    rows = _rows(directory, kind, None)
    part = rows[query.start - 1 : query.start - 1 + query.count] if query.count else rows.none()
    shown = _documents(directory, kind, part)
    return [projection.project(each, query.wanted, kind) for each in shown], rows.count()


def _rows(directory: Directory, kind: ResourceKind, node: Node | None) -> QuerySet[Any]:
    wanted = _narrowed(node, kind) if node is not None else None
    rows = (
        directory.users.order_by("pk")
        if kind is user_kind()
        else directory.groups.select_related("team").order_by("pk")
    )
    return rows.filter(wanted) if wanted is not None else rows


def _documents(
    directory: Directory, kind: ResourceKind, rows: QuerySet[Any]
) -> list[dict[str, Any]]:
    found = list(rows)
    if kind is group_kind():
        return documents.groups(directory, found)
    return documents.users(directory, found)


def _narrowed(node: Node, kind: ResourceKind) -> Q | None:
    """Return a condition that all rows fulfil which ``node`` can mean; None where there is none.

    It only spares loading the others: what is meant is decided on the resources.
    """
    match node:
        case And(terms):
            parts = [part for term in terms if (part := _narrowed(term, kind)) is not None]
            whole = Q()
            for part in parts:
                whole &= part
            return whole if parts else None
        case Or(terms):
            either = [_narrowed(term, kind) for term in terms]
            whole = Q()
            for part in either:
                if part is None:
                    return None
                whole |= part
            return whole
        case Compare(path, "eq", value) if not path.sub:
            place = find(kind, path.uri, path.name)
            if place is None or place.extension or place.attribute is None:
                return None
            column = _COLUMNS.get((kind.name, place.attribute.name.lower()))
            return _equal(column, value) if column else None
        case _:
            return None


def _equal(column: str, value: Any) -> Q | None:
    if column == "active":
        return Q(active=value) if isinstance(value, bool) else None
    if not isinstance(value, str) or not value:
        return None
    return Q(**{column: folded(value) if column == "user_name_folded" else value})


def _check_sorting(query: Query, kinds: Sequence[ResourceKind]) -> None:
    path = query.sort_by
    if path is None:
        return
    found = [find(kind, path.uri, path.name, path.sub) for kind in kinds]
    if not any(place is not None and place.attribute is not None for place in found):
        raise invalid_path(f"There is no attribute {path} to sort by.")


def _sort_key(query: Query, kind: ResourceKind, resource: Mapping[str, Any]) -> tuple[Any, ...]:
    path = query.sort_by
    place = find(kind, path.uri, path.name, path.sub) if path is not None else None
    leaf = (place.sub or place.attribute) if place is not None else None
    if place is None or leaf is None:
        return (1, "", 0.0, "")
    if leaf.complex and "value" in leaf.subs:
        value, leaf = matching.value_of(resource, place), leaf.subs["value"]
    else:
        value = matching.value_of(resource, place)
    return matching.sort_key(value, leaf)
