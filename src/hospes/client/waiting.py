"""How long to wait before a request is sent, or sent again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Answers after which the same request may well succeed.
BUSY = frozenset({429, 502, 503, 504})
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
_LEFT = re.compile(r"(?:^|;)\s*(?P<name>[rt])=(?P<number>[0-9]{1,9})", re.ASCII)


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` names, ``None`` where it names none."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - nobody waits so long


def until_there_are_more(headers: Mapping[str, str]) -> float:
    """Return the seconds until the next request is free; 0 where ``RateLimit`` leaves some."""
    found = {each["name"]: int(each["number"]) for each in _LEFT.finditer(_limit(headers))}
    return float(found.get("t", 0)) if found.get("r") == 0 else 0.0


def _limit(headers: Mapping[str, str]) -> str:
    # draft-ietf-httpapi-ratelimit-headers: "name";r=12;t=30
    return headers.get("ratelimit", "")


def pause(attempt: int, spread: float) -> float:
    """Return the seconds before another try where the server named none.

    It doubles with each ``attempt`` (0, 1, …); ``spread`` from 0 to 1 keeps clients apart.
    """
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt, 20))
    return whole / 2 + whole / 2 * spread
