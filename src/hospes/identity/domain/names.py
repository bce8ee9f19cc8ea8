"""First and last names as people write them."""

from __future__ import annotations

import unicodedata

from hospes.kit import visible

LONGEST = 128

# A name goes into mails to others: it must not carry a link or an address there.
_TELLTALES = ("://", "www.", "@", "<", ">")


def tidy(name: str) -> str:
    """Return the name in Unicode NFC with single spaces and no blanks at its ends."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def fault(name: str) -> str:
    """Return what is wrong with a tidy name: ``required``, ``too_long``, ``unusable`` or ``""``."""
    if not name:
        return "required"
    if len(name) > LONGEST:
        return "too_long"
    if any(telltale in name.lower() for telltale in _TELLTALES):
        return "unusable"
    if visible.has_hidden(name):
        return "unusable"
    if not any(sign.isalpha() for sign in name):
        return "unusable"
    return ""
