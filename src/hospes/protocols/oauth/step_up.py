"""How sure an application wants to be, and whether that is had (OpenID Connect Core §5.5.1.1).

Level "1" is one factor, "2" are two. RFC 9470 lets a resource ask for the second by the same
parameters, ``acr_values`` and ``max_age``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hospes.protocols.oauth.id_token import ACR_VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hospes.protocols.oauth.claims_request import Asked

ONE, TWO = ACR_VALUES


class Demand(Enum):
    """What is asked for. ``VOLUNTARY``: two factors if the person can, else go on with one."""

    NONE = "none"
    VOLUNTARY = "voluntary"
    ESSENTIAL = "essential"
    # An essential level that nobody can reach here.
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The second factor of the person at hand.

    ``at`` is when it was last proved in this session, seconds since 1970; ``since_asked`` whether
    that was for the very request; ``possible`` whether the account has a method for it.
    """

    at: int | None = None
    since_asked: bool = False
    possible: bool = False


def demand(acr_values: Sequence[str], claim: Asked | None = None) -> Demand:
    """Return what a request asks for; ``claim`` is ``acr`` of the ``claims`` parameter.

    Where it names values, it goes before the rest.

    The values stand in order of preference (Core §3.1.2.1); unknown ones are passed over.
    """
    named = claim is not None and bool(claim.values)
    asked = claim.values if claim is not None and named else acr_values
    known = [value for value in asked if value in ACR_VALUES]
    if claim is not None and named and claim.essential:
        if not known:
            return Demand.IMPOSSIBLE
        if ONE not in known:
            return Demand.ESSENTIAL
    return Demand.VOLUNTARY if known[:1] == [TWO] else Demand.NONE


def is_fresh(
    second: SecondFactor, *, prompt: Collection[str], max_age: int | None, now: int
) -> bool:
    """Return whether the second factor counts for a request with this ``prompt`` and ``max_age``.

    One proved for the very request always does, even with ``max_age=0``.
    """
    if second.at is None:
        return False
    if second.since_asked:
        return True
    if "login" in prompt:
        return False
    return max_age is None or now - second.at <= max_age
