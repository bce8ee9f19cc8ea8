"""What becomes of a token: alive, run out, unused for too long, revoked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

DAY = 86400
ACTIVE_ACCOUNT = "active"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class State(StrEnum):
    """One word for each."""

    ACTIVE = "active"
    EXPIRED = "expired"
    INACTIVE = "inactive"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Times:
    """When what happened to a token, in whole seconds since 1970."""

    created_at: int
    last_used_at: int | None = None
    expires_at: int | None = None
    deactivated_at: int | None = None
    revoked_at: int | None = None


def silent_since(times: Times) -> int:
    """Return when the token was used last; one that never was counts from its creation."""
    return times.created_at if times.last_used_at is None else times.last_used_at


def state(times: Times, *, now: int, unused_days: int) -> State:
    """Return the token's state at ``now``.

    Silence ends a token at its last second, whether or not anybody has switched it off by then.
    """
    if times.revoked_at is not None:
        return State.REVOKED
    if times.deactivated_at is not None:
        return State.INACTIVE
    if times.expires_at is not None and times.expires_at <= now:
        return State.EXPIRED
    if silent_since(times) + unused_days * DAY <= now:
        return State.INACTIVE
    return State.ACTIVE


@lru_cache(maxsize=4096)
def networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a space-separated list, as it is stored."""
    return tuple(ipaddress.ip_network(each) for each in text.split())


@lru_cache(maxsize=4096)
def admits(text: str, address: str) -> bool:
    """Return whether a list of networks lets ``address`` in; an empty one lets everybody in."""
    if not text:
        return True
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return any((mapped or known) in network for network in networks(text))
