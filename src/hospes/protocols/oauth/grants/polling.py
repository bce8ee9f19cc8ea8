"""Grants whose answer is asked for until it is there (RFC 8628 §3.5, CIBA Core 1.0 §11)."""

from __future__ import annotations

from dataclasses import dataclass

from hospes.protocols.oauth.errors import OAuthError

# Each hasty question adds 5.
SLOWER_BY = 5
LONGEST_INTERVAL = 60


@dataclass(frozen=True, slots=True)
class Wait:
    """No answer yet. The application is told ``error`` and waits ``interval`` seconds."""

    error: OAuthError
    interval: int


def wait(*, polled_at: int | None, interval: int, now: int) -> Wait:
    """Say how long to wait, to one that asks ``now`` and asked last at ``polled_at``.

    Instants in seconds since 1970, ``interval`` in seconds.
    """
    if polled_at is not None and now < polled_at + interval:
        slower = min(interval + SLOWER_BY, LONGEST_INTERVAL)
        return Wait(OAuthError("slow_down", f"Ask every {slower} seconds."), slower)
    pending = OAuthError("authorization_pending", "The person has not answered yet.")
    return Wait(pending, interval)
