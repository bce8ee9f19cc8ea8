"""What a query asks for (RFC 7644 §3.4.2 and §3.4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim import filters, projection, reading
from hospes.protocols.scim.errors import invalid_value
from hospes.protocols.scim.projection import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hospes.protocols.scim.filters import Node, Path

LIST_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_SCHEMA: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
_LARGEST: Final = 10**9
_ORDERS: Final = {"ascending": False, "descending": True}


@dataclass(frozen=True, slots=True)
class Query:
    """``start`` counts from 1; ``count`` is how many resources the answer holds at most."""

    node: Node | None = None
    sort_by: Path | None = None
    descending: bool = False
    start: int = 1
    count: int = 0
    wanted: Wanted = field(default_factory=Wanted)


def from_parameters(values: Mapping[str, str], *, most: int) -> Query:
    """Read the parameters of a GET.

    Raises:
        ScimError: one of them cannot be read.

    """
    told: dict[str, Any] = {name.lower(): value for name, value in values.items()}
    for name in ("startindex", "count"):
        if name in told:
            told[name] = _whole(told[name], name)
    for name in ("attributes", "excludedattributes"):
        told[name] = told.get(name, "").split(",")
    return _query(told, most=most)


def from_search(document: Mapping[str, Any], *, most: int) -> Query:
    """Read the body of a POST to ``/.search``.

    Raises:
        ScimError: it is no SearchRequest, or a value cannot be read.

    """
    reading.need_schema(document, SEARCH_SCHEMA)
    return _query({name.lower(): value for name, value in document.items()}, most=most)


def _query(told: Mapping[str, Any], *, most: int) -> Query:
    text, sort_by = _text(told, "filter"), _text(told, "sortBy")
    order = _text(told, "sortOrder").lower() or "ascending"
    if order not in _ORDERS:
        raise invalid_value("sortOrder is ascending or descending.")
    path = filters.read_path(sort_by) if sort_by else None
    if sort_by and path is None:
        raise invalid_value(f"“{sort_by[:200]}” is no attribute to sort by.")
    count = _number(told, "count", most)
    return Query(
        node=filters.parse(text) if text else None,
        sort_by=path,
        descending=_ORDERS[order],
        # RFC 7644 §3.4.2.4: less than one is one, and less than none is none.
        start=max(1, _number(told, "startIndex", 1)),
        count=max(0, min(count, most)),
        wanted=projection.read(
            _names(told, "attributes"),
            _names(told, "excludedAttributes"),
        ),
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name.lower())
    if not isinstance(found, str | None):
        raise invalid_value(f"{name} is text.")
    return (found or "").strip()


def _number(told: Mapping[str, Any], name: str, default: int) -> int:
    found = told.get(name.lower())
    if found is None:
        return default
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _LARGEST:
        raise invalid_value(f"{name} is a whole number.")
    return found


def _names(told: Mapping[str, Any], name: str) -> Iterable[str]:
    found = told.get(name.lower()) or []
    if isinstance(found, str):
        found = found.split(",")
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise invalid_value(f"{name} is a list of attributes.")
    return found


def _whole(text: str, name: str) -> int:
    digits = text.strip().removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or int(digits[:12]) > _LARGEST:
        raise invalid_value(f"{name} is a whole number.")
    return int(text.strip()[:12])


def response(resources: Sequence[Mapping[str, Any]], *, total: int, start: int) -> dict[str, Any]:
    """Return the body of an answer that holds some of ``total`` resources."""
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": list(resources),
    }
