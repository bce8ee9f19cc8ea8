"""Which resources a filter means (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim.errors import invalid_filter
from hospes.protocols.scim.filters import (
    And,
    Compare,
    Node,
    Not,
    Or,
    Path,
    Present,
    Within,
)
from hospes.protocols.scim.schemas import Place, find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hospes.protocols.scim.schemas import Attribute, ResourceKind

_EQUALITY: Final = frozenset({"eq", "ne"})
_TEXTS: Final = frozenset({"co", "sw", "ew"})
_ORDERED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "co": operator.contains,
    "sw": lambda found, wanted: found.startswith(wanted),
    "ew": lambda found, wanted: found.endswith(wanted),
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_ORDERLESS: Final = frozenset({"boolean", "binary"})


def check(node: Node, kinds: Sequence[ResourceKind]) -> None:
    """Refuse a filter that names an attribute none of ``kinds`` has, or compares it badly.

    Raises:
        ScimError: ``invalidFilter``.

    """
    match node:
        case And(terms) | Or(terms):
            for term in terms:
                check(term, kinds)
        case Not(inner):
            check(inner, kinds)
        case Within(path, inner):
            places = _places(path, kinds)
            if not all(place.attribute and place.attribute.complex for place in places):
                raise invalid_filter(f"{path} has no parts to choose by.")
            _check_inner(inner, places)
        case Compare(path) | Present(path):
            for place in _places(path, kinds):
                leaf = place.sub or place.attribute
                if leaf is not None:
                    _check_leaf(node, leaf)


def _check_inner(node: Node, places: Sequence[Place]) -> None:
    match node:
        case And(terms) | Or(terms):
            for term in terms:
                _check_inner(term, places)
        case Not(inner):
            _check_inner(inner, places)
        case Compare(path) | Present(path):
            found = [sub for place in places if (sub := _sub(place.attribute, path)) is not None]
            if not found:
                raise invalid_filter(f"There is no attribute {path} within the square brackets.")
            for each in found:
                _check_leaf(node, each)


def check_selection(node: Node, attribute: Attribute) -> None:
    """Refuse a selection that does not suit the values of ``attribute``.

    Raises:
        ScimError: ``invalidFilter``.

    """
    _check_inner(node, [Place("", attribute)])


def _sub(attribute: Attribute | None, path: Path) -> Attribute | None:
    if attribute is None or path.uri or path.sub:
        return None
    return attribute.subs.get(path.name.lower())


def _places(path: Path, kinds: Sequence[ResourceKind]) -> list[Place]:
    found = [
        place for kind in kinds if (place := find(kind, path.uri, path.name, path.sub)) is not None
    ]
    if not found:
        raise invalid_filter(f"There is no attribute {path}.")
    return found


def _check_leaf(node: Compare | Present, leaf: Attribute) -> None:
    if isinstance(node, Present):
        return
    if leaf.complex:
        value = leaf.subs.get("value")
        if value is None:
            raise invalid_filter(f"{node.path} has parts; compare one of them.")
        leaf = value
    if node.operator in _EQUALITY:
        return
    if leaf.kind in _ORDERLESS and (node.operator not in _TEXTS or leaf.kind == "boolean"):
        raise invalid_filter(f"{node.path} is neither more nor less; compare it with eq or ne.")
    if node.operator in _TEXTS and not isinstance(node.value, str):
        raise invalid_filter(f"{node.operator} compares with text in double quotes.")
    if node.value is None or isinstance(node.value, bool):
        raise invalid_filter(f"{node.operator} compares with text or a number.")


def matches(node: Node, resource: Mapping[str, Any], kind: ResourceKind) -> bool:
    """Return whether ``resource`` is one of those that a checked filter means."""
    match node:
        case And(terms):
            return all(matches(term, resource, kind) for term in terms)
        case Or(terms):
            return any(matches(term, resource, kind) for term in terms)
        case Not(inner):
            return not matches(inner, resource, kind)
        case Within(path, inner):
            return _any_selected(inner, resource, find(kind, path.uri, path.name, path.sub))
        case Compare(path) | Present(path):
            place = find(kind, path.uri, path.name, path.sub)
            # RFC 7644 §3.4.2.1: what a type does not have has no value.
            leaf = (place.sub or place.attribute) if place is not None else None
            return _holds(node, _leaves(resource, place), leaf)


def _any_selected(inner: Node, resource: Mapping[str, Any], place: Place | None) -> bool:
    if place is None or place.attribute is None:
        return False
    found = value_of(resource, Place(place.extension, place.attribute))
    return any(
        selects(inner, each, place.attribute)
        for each in (found if isinstance(found, list) else [found])
        if isinstance(each, dict)
    )


def selects(node: Node, value: Mapping[str, Any], attribute: Attribute) -> bool:
    """Return whether one value of a complex attribute is among those a selection means."""
    match node:
        case And(terms):
            return all(selects(term, value, attribute) for term in terms)
        case Or(terms):
            return any(selects(term, value, attribute) for term in terms)
        case Not(inner):
            return not selects(inner, value, attribute)
        case Compare(path) | Present(path):
            sub = _sub(attribute, path)
            found = value.get(sub.name) if sub is not None else None
            return _holds(node, [] if found is None else [found], sub)
        case Within():
            return False


def value_of(resource: Mapping[str, Any], place: Place) -> Any:
    """Return what stands at a place, None where nothing does."""
    holder: Any = resource.get(place.extension) if place.extension else resource
    if place.attribute is None or not isinstance(holder, dict):
        return holder
    found = holder.get(place.attribute.name)
    if place.sub is None or found is None:
        return found
    if isinstance(found, list):
        return [each[place.sub.name] for each in found if place.sub.name in each]
    return found.get(place.sub.name)


def _leaves(resource: Mapping[str, Any], place: Place | None) -> list[Any]:
    found = value_of(resource, place) if place is not None else None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _holds(node: Compare | Present, values: Sequence[Any], leaf: Attribute | None) -> bool:
    if isinstance(node, Present):
        return any(each not in ({}, [], "") for each in values)
    if leaf is not None and leaf.complex:
        values = [each["value"] for each in values if isinstance(each, dict) and "value" in each]
        leaf = leaf.subs.get("value")
    kind, exact = (leaf.kind, leaf.exact) if leaf is not None else ("string", True)
    wanted = _comparable(node.value, kind, exact=exact)
    found = [_comparable(each, kind, exact=exact) for each in values]
    if node.operator == "ne":
        # Also where there is no value: it is not that one.
        return not _equal(wanted, found)
    if node.operator == "eq":
        return _equal(wanted, found)
    return any(_ordered(node.operator, each, wanted) for each in found)


def _equal(wanted: Any, found: Sequence[Any]) -> bool:
    return not found if wanted is None else wanted in found


def _ordered(name: str, found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or type(found) is not type(wanted):
        return False
    return bool(_ORDERED[name](found, wanted))


def _comparable(value: Any, kind: str, *, exact: bool) -> Any:
    """Return ``value`` in a form in which equal ones are equal."""
    if kind == "boolean" and isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if kind == "dateTime" and isinstance(value, str):
        return instant_of(value) or value
    if isinstance(value, str):
        return value if exact else value.casefold()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value


def instant_of(text: str) -> datetime | None:
    """Read an xsd:dateTime (RFC 7643 §2.3.5); without a time zone it is in UTC."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def sort_key(value: Any, leaf: Attribute) -> tuple[Any, ...]:
    """Return what resources are sorted by; those without a value come last (RFC 7644 §3.4.2.3).

    Of several values the primary one counts, else the first.
    """
    if isinstance(value, list):
        chosen = next((v for v in value if isinstance(v, dict) and v.get("primary") is True), None)
        value = chosen if chosen is not None else (value[0] if value else None)
    if isinstance(value, dict):
        value = value.get("value")
    if value is None:
        return (1, "", 0.0, "")
    found = _comparable(value, leaf.kind, exact=leaf.exact)
    if isinstance(found, datetime):
        return (0, "", found.timestamp(), "")
    if isinstance(found, str):
        return (0, found, 0.0, "")
    return (0, "", float(found) if isinstance(found, int | float) else 0.0, "")
