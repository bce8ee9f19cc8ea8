"""Addresses and numbers cut down to what their owner recognizes, for records that stay."""

from __future__ import annotations

SHOWN_DIGITS = 2


def email(address: str) -> str:
    """Return such as ``a…@example.org``."""
    local, at, host = address.partition("@")
    return f"{local[:1]}…{at}{host}" if address else ""


def phone(number: str) -> str:
    """Return the last two digits: ``…67``."""
    return f"…{number[-SHOWN_DIGITS:]}" if number else ""
