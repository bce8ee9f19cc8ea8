"""Request objects are refused (OpenID Connect Core §6.1); this finds where the refusal goes.

A client may say only inside the object how it wants to be answered, and to which ``state``. An
unsigned one is no more and no less believable than plain parameters, so these two are taken from
it, for the refusal alone. Where the browser goes is never read here.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

MAXIMUM_LENGTH = 8192


@dataclass(frozen=True, slots=True)
class Wish:
    """How to answer; ``""`` where the object does not say."""

    response_mode: str = ""
    state: str = ""


def wish_of(request_object: str) -> Wish:
    """Return what an unsigned request object says; nothing of one that cannot be read."""
    if len(request_object) > MAXIMUM_LENGTH:
        return Wish()
    try:
        first, second, signature = request_object.split(".")
        header, payload = _members(first), _members(second)
    except (ValueError, RecursionError):
        return Wish()
    if signature or header.get("alg") != "none":
        return Wish()
    mode, state = payload.get("response_mode"), payload.get("state")
    return Wish(
        mode if isinstance(mode, str) else "",
        # What no address or page can carry is nothing to give back.
        state if isinstance(state, str) and state.isprintable() else "",
    )


def _members(part: str) -> dict[str, object]:
    # Padding beyond what is needed is ignored.
    told = json.loads(base64.urlsafe_b64decode(part + "=="))
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004 - caught above with the other faults
    return told
