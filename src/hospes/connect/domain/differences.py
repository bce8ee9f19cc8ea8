"""How a redirect URL that was received differs from the registered one it is nearest to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SLASH_ADDED: Final = "slash_added"
SLASH_MISSING: Final = "slash_missing"
HTTP_RECEIVED: Final = "http_received"
HTTPS_RECEIVED: Final = "https_received"
OTHER_PLACE: Final = "other_place"
OTHER_HOST: Final = "other_host"
OTHER_PORT: Final = "other_port"
LETTER_CASE: Final = "letter_case"
QUERY_ADDED: Final = "query_added"
QUERY_MISSING: Final = "query_missing"
FRAGMENT_ADDED: Final = "fragment_added"
POSITION: Final = "position"
CODES: Final = (
    SLASH_ADDED, SLASH_MISSING, HTTP_RECEIVED, HTTPS_RECEIVED, OTHER_PLACE, OTHER_HOST,
    OTHER_PORT, LETTER_CASE, QUERY_ADDED, QUERY_MISSING, FRAGMENT_ADDED, POSITION,
)  # fmt: skip

_PARTS = re.compile(r"([^:/?#]*://)([^/?#]*)(.*)", re.DOTALL)
_ORIGIN = re.compile(r"([^:/?#]+):(?://([^/?#]*))?.*", re.DOTALL)
_PORT = re.compile(r"(.*?)(?::[0-9]*)?")


@dataclass(frozen=True, slots=True)
class Pieces:
    """An address cut into what both have in common before, what differs, and what follows."""

    before: str
    different: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """``code`` is one of ``CODES``; ``at`` counts characters from 1, where they first differ."""

    code: str
    at: int
    received: Pieces
    registered: Pieces


def between(received: str, registered: str) -> Difference | None:
    """Return how the addresses differ, None where they are the same."""
    if received == registered:
        return None
    start = _common(received, registered)
    rest = min(len(received), len(registered)) - start
    end = min(_common(received[::-1], registered[::-1]), rest)
    return Difference(
        _code(received, registered),
        start + 1,
        _cut(received, start, end),
        _cut(registered, start, end),
    )


def nearest(received: str, registered: tuple[str, ...]) -> str:
    """Return the registered address that was most likely meant, "" where none is registered."""

    def distance(uri: str) -> tuple[bool, int]:
        found = between(received, uri)
        if found is None:
            return False, 0
        changed = len(found.received.different) + len(found.registered.different)
        return found.code in {POSITION, OTHER_PLACE}, changed

    return min(registered, key=distance, default="")


def _common(one: str, two: str) -> int:
    for index, (mine, theirs) in enumerate(zip(one, two, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(two))


def _cut(text: str, start: int, end: int) -> Pieces:
    stop = len(text) - end
    return Pieces(text[:start], text[start:stop], text[stop:])


def _code(received: str, registered: str) -> str:
    checks = {
        LETTER_CASE: received.casefold() == registered.casefold(),
        SLASH_ADDED: received == f"{registered}/",
        SLASH_MISSING: registered == f"{received}/",
        HTTP_RECEIVED: _is_http_of(received, registered),
        HTTPS_RECEIVED: _is_http_of(registered, received),
        FRAGMENT_ADDED: received.startswith(f"{registered}#"),
        QUERY_ADDED: _has_query_more(received, registered),
        QUERY_MISSING: _has_query_more(registered, received),
    }
    return next((code for code, holds in checks.items() if holds), "") or _place(
        received, registered
    )


def _is_http_of(plain: str, secure: str) -> bool:
    return plain.startswith("http://") and secure == "https://" + plain.removeprefix("http://")


def _has_query_more(longer: str, shorter: str) -> bool:
    return longer.startswith(f"{shorter}&" if "?" in shorter else f"{shorter}?")


def _place(received: str, registered: str) -> str:
    here, there = _ORIGIN.fullmatch(received), _ORIGIN.fullmatch(registered)
    # Where nothing of the origin agrees, counting the letters that do by chance says nothing.
    if here and there and here[1] != there[1] and _host(here[2] or "") != _host(there[2] or ""):
        return OTHER_PLACE
    mine, theirs = _PARTS.fullmatch(received), _PARTS.fullmatch(registered)
    # An address of which only the host is another: same scheme, same path and query.
    if mine is None or theirs is None or (mine[1], mine[3]) != (theirs[1], theirs[3]):
        return POSITION
    same_host = _host(mine[2]) == _host(theirs[2])
    return OTHER_PORT if same_host else OTHER_HOST


def _host(authority: str) -> str:
    found = _PORT.fullmatch(authority)
    return found[1] if found else authority
