"""Whether a peer of the REST API answers what ours does, before either is timed."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from hospes.kit import api_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

# What is said of a page; a cursor and the instant of the answer differ by nature.
TOLD = ("result", "data", "has_more")
# Of the right form, and nobody's.
UNKNOWN = api_tokens.make(bytes(api_tokens.RANDOM_BYTES))


class Reply(NamedTuple):
    """A status, and the body where it is JSON."""

    status: int
    body: Any


def ask(url: str, token: str) -> Reply:
    """Return what a server answers to whoever carries ``token``; "" carries none."""
    carried = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=carried)) as answer:  # noqa: S310 - our own servers
            return Reply(answer.status, json.load(answer))
    except urllib.error.HTTPError as refused:
        with refused:
            return Reply(refused.code, None)


def difference(ours: Reply, theirs: Reply) -> str:
    """Return in what ``theirs`` is another answer, or nothing."""
    if ours.status != theirs.status:
        return f"it answers {theirs.status} where ours answers {ours.status}"
    if ours.body is None:
        return ""
    for name in TOLD:
        if ours.body.get(name) != theirs.body.get(name):
            return f"its {name} is not ours"
    lacking = sorted(set(ours.body) - set(theirs.body))
    if lacking:
        return f"it says nothing of {', '.join(lacking)}"
    if bool(ours.body.get("cursor")) != bool(theirs.body.get("cursor")):
        return "it goes on where ours ends, or ends where ours goes on"
    return ""


def lists_alike(ours: str, theirs: str, path: str, token: str, *, pages: int = 3) -> str:
    """Return in what one of the first pages below ``path`` differs, or nothing.

    ``path`` has a query; each server is asked to go on from its own cursor.
    """
    mine, other = ask(ours + path, token), ask(theirs + path, token)
    for _ in range(pages):
        found = difference(mine, other)
        if found or mine.body is None or not mine.body.get("cursor"):
            return found
        mine, other = (
            ask(f"{url}{path}&cursor={quote(reply.body['cursor'])}", token)
            for url, reply in ((ours, mine), (theirs, other))
        )
    return difference(mine, other)


def refusals_alike(ours: str, theirs: str, path: str) -> str:
    """Return in what a request without a token, or with an unknown one, is treated otherwise."""
    for token in ("", UNKNOWN):
        found = difference(ask(ours + path, token), ask(theirs + path, token))
        if found:
            return found
    return ""


def require(ours: str, theirs: str, path: str, tokens: Iterable[str]) -> None:
    """End with a clear word unless the peer's answers below ``path`` are ours, refusals too."""
    found = refusals_alike(ours, theirs, path)
    for token in tokens:
        found = found or lists_alike(ours, theirs, path, token)
    if found:
        raise SystemExit(f"The peer does not do the same work at {path}: {found}.")
