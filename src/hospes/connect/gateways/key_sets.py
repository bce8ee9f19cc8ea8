"""Fetching the key set that an application publishes (RFC 7517, OpenID Connect Core §10.1)."""

from __future__ import annotations

from hospes.foundation.gateways.outgoing import (
    LONGEST_ANSWER,
    Forbidden,
    Outgoing,
    Unreachable,
)

# Somebody waits for it.
SECONDS = 4.0
CLIENT = Outgoing(seconds=SECONDS)
_FOUND = 200


class NotFetched(Exception):
    """There is no key set to be had there now; the text says why."""


def fetch(uri: str) -> str:
    """Return what stands at ``uri``. Redirects are not followed.

    Raises:
        NotFetched: nothing came, or nothing that can be a key set.

    """
    try:
        answer = CLIENT.get(uri, {"Accept": "application/jwk-set+json, application/json"})
    except (Forbidden, Unreachable) as error:
        raise NotFetched(str(error)) from None
    if answer.status != _FOUND:
        raise NotFetched(f"the answer was {answer.status}")
    if len(answer.body) >= LONGEST_ANSWER:
        raise NotFetched("the answer is too long")
    try:
        return answer.body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotFetched("the answer is not UTF-8") from None
