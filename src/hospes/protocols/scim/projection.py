"""Which attributes a client gets: ``attributes`` and ``excludedAttributes`` (RFC 7644 §3.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hospes.protocols.scim import filters
from hospes.protocols.scim.errors import invalid_value
from hospes.protocols.scim.schemas import Place, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hospes.protocols.scim.schemas import Attribute, ResourceKind

MOST_NAMES: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asked for; both empty asks for what is returned by default."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def read(only: Iterable[str], without: Iterable[str]) -> Wanted:
    """Read the two parameters.

    Raises:
        ScimError: both were given, or too many names, or one that is no attribute path.

    """
    wanted = Wanted(_names(only), _names(without))
    if wanted.only and wanted.without:
        raise invalid_value("Ask for attributes or for excludedAttributes, not for both.")
    return wanted


def _names(found: Iterable[str]) -> tuple[str, ...]:
    names = tuple(each.strip() for each in found if each.strip())
    if len(names) > MOST_NAMES:
        raise invalid_value(f"At most {MOST_NAMES} attributes can be named.")
    for name in names:
        if filters.read_path(name) is None:
            raise invalid_value(f"“{name[:200]}” is no attribute.")
    return names


def project(resource: Mapping[str, Any], wanted: Wanted, kind: ResourceKind) -> dict[str, Any]:
    """Return the attributes of ``resource`` that the client asked for.

    Names that no attribute has are passed over, as RFC 7644 §3.4.2.5 has several types asked at
    once.
    """
    chosen, left_out = _places(wanted.only, kind), _places(wanted.without, kind)
    asked = bool(wanted.only)
    found: dict[str, Any] = {}
    extensions = {each.uri: each for each in kind.extensions}
    for name, value in resource.items():
        if name in extensions:
            if _named_whole(name, left_out):
                continue
            parts = _object(value, extensions[name].attributes, name, chosen, left_out, asked=asked)
            if parts:
                found[name] = parts
            continue
        attribute = kind.own[name.lower()]
        kept = _attribute(value, attribute, "", chosen, left_out, asked=asked)
        if kept is not None:
            found[name] = kept
    return found


def _places(names: tuple[str, ...], kind: ResourceKind) -> tuple[Place, ...]:
    paths = [path for name in names if (path := filters.read_path(name)) is not None]
    found = [find(kind, path.uri, path.name, path.sub) for path in paths]
    return tuple(place for place in found if place is not None)


def _named_whole(extension: str, places: tuple[Place, ...]) -> bool:
    return any(p.extension == extension and p.attribute is None for p in places)


def _object(
    value: Mapping[str, Any],
    attributes: Mapping[str, Attribute],
    extension: str,
    chosen: tuple[Place, ...],
    left_out: tuple[Place, ...],
    *,
    asked: bool,
) -> dict[str, Any]:
    if asked and _named_whole(extension, chosen):
        asked = False
    kept = {
        name: _attribute(each, attributes[name.lower()], extension, chosen, left_out, asked=asked)
        for name, each in value.items()
    }
    return {name: each for name, each in kept.items() if each is not None}


def _attribute(
    value: Any,
    attribute: Attribute,
    extension: str,
    chosen: tuple[Place, ...],
    left_out: tuple[Place, ...],
    *,
    asked: bool,
) -> Any:
    """Return what remains of one attribute, None for nothing."""
    if attribute.returned == "always":
        return value
    subs = _subs(chosen, extension, attribute)
    named = any(sub is None for sub in subs)
    if asked and not subs:
        return None
    gone = _subs(left_out, extension, attribute)
    if any(sub is None for sub in gone):
        return None
    if not attribute.complex:
        return value if named or attribute.returned == "default" else None
    wanted = {sub.name for sub in subs if sub is not None}
    keep = {
        sub.name
        for sub in attribute.subs.values()
        if sub.name not in {each.name for each in gone if each is not None}
        and (sub.name in wanted or ((named or not asked) and sub.returned in {"default", "always"}))
    }
    return _kept(value, keep)


def _subs(
    places: tuple[Place, ...], extension: str, attribute: Attribute
) -> list[Attribute | None]:
    return [p.sub for p in places if p.extension == extension and p.attribute is attribute]


def _kept(value: Any, keep: set[str]) -> Any:
    if isinstance(value, list):
        return [{name: part for name, part in each.items() if name in keep} for each in value]
    return {name: part for name, part in value.items() if name in keep} or None
