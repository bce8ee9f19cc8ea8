"""Time zones as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def offered(known: Collection[str]) -> list[str]:
    """Return the zones to choose from: places and UTC, without historic names."""
    return ["UTC", *sorted(name for name in known if name.startswith(REGIONS))]


def find(text: str, known: Collection[str]) -> str:
    """Return the zone meant by ``text``, ``""`` if that is open.

    The name in any case and with spaces for underscores, or its last part where only one offered
    zone ends so: ``europe/zurich``, ``Zurich``, ``new york``.
    """
    wanted = text.strip().replace(" ", "_").casefold()
    if not wanted:
        return ""
    for name in known:
        if name.casefold() == wanted:
            return name
    places = [name for name in offered(known) if name.casefold().rpartition("/")[2] == wanted]
    return places[0] if len(places) == 1 else ""
