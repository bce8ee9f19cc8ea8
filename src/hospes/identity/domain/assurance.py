"""What a sign-in proves: the methods' names (RFC 8176 §2) and the level they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

PASSWORD = ("pwd",)
TWO_FACTORS = "mfa"
# What proves the possession of something: a code, an SMS, a key in software or in hardware.
POSSESSION = frozenset({"otp", "sms", "swk", "hwk"})
# Says of a key that it checked its user; nothing by itself.
USER = "user"


def has_two_factors(amr: Collection[str]) -> bool:
    """Return whether two different factors were proved: said, and borne out by what is listed."""
    known = set(amr)
    second = bool(known & POSSESSION)
    first = "pwd" in known or USER in known
    return TWO_FACTORS in known and second and first


def first_factor(amr: Collection[str]) -> tuple[str, ...]:
    """Return what is left where the second factor does not count."""
    return PASSWORD if "pwd" in amr else ()


def proves_possession(amr: Collection[str]) -> bool:
    """Return whether a second step was proved by nothing but what can be one."""
    known = set(amr)
    return bool(known & POSSESSION) and known <= POSSESSION | {USER}


def with_second(first: Collection[str], second: Collection[str]) -> tuple[str, ...]:
    """Return the names of a sign-in whose two steps were proved so.

    Raises:
        ValueError: where ``second`` is no second step, such as the password once more.

    """
    if not proves_possession(second):
        raise ValueError(f"not a second step: {sorted(second)}")
    return tuple(sorted({*first, *second, TWO_FACTORS}))
