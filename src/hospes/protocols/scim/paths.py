"""Paths of PATCH operations: ``name.givenName``, ``members[value eq "x"]`` (RFC 7644 §3.5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hospes.protocols.scim import filters
from hospes.protocols.scim.errors import ScimError, invalid_path
from hospes.protocols.scim.matching import check_selection
from hospes.protocols.scim.schemas import Place, must_find

if TYPE_CHECKING:
    from hospes.protocols.scim.filters import Node
    from hospes.protocols.scim.schemas import ResourceKind

LONGEST: Final = 2048
_SELECTING = re.compile(r"([^\[\]\"]{1,400})(\[.*\])(?:\.([A-Za-z$][\w$-]{0,99}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """What an operation is about; ``selection`` chooses among the values of ``place``."""

    place: Place
    selection: Node | None = None


def parse(text: str, kind: ResourceKind) -> Target:
    """Read a path.

    Raises:
        ScimError: it is none or leads nowhere (``invalidPath``), or what stands in square
            brackets is no filter (``invalidFilter``).

    """
    if len(text) > LONGEST:
        raise invalid_path(f"A path has at most {LONGEST} characters.")
    text = text.strip()
    parts = _SELECTING.fullmatch(text)
    if parts is None:
        path = filters.read_path(text)
        if path is None:
            raise invalid_path(f"“{text[:200]}” is no path.")
        return Target(must_find(kind, path.uri, path.name, path.sub))
    path = filters.read_path(parts[1].strip())
    if path is None or path.sub:
        raise invalid_path(f"“{parts[1][:200]}” is no attribute to choose among.")
    node = filters.parse(parts[1].strip() + parts[2])
    if not isinstance(node, filters.Within):
        raise invalid_path(f"“{text[:200]}” is no path.")
    place = must_find(kind, path.uri, path.name, parts[3] or "")
    attribute = place.attribute
    if attribute is None or not attribute.complex or not attribute.many:
        raise invalid_path(f"{path} has no values to choose among.")
    try:
        check_selection(node.inner, attribute)
    except ScimError as fault:
        raise ScimError(fault.detail, kind="invalidFilter") from fault
    return Target(place, node.inner)
