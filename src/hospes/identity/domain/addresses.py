"""E-mail addresses as sign-in names."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
_SHAPE = re.compile(r"[^\s@<>\",;:\\()\[\]]{1,64}@[^\s@<>\",;:\\()\[\]/]+\.[^\s@.<>\",;:\\()\[\]/]{2,}")


def normalise(value: str) -> str:
    """Return the address as it is stored and compared: NFKC, trimmed, in lower case."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def is_plausible(value: str) -> bool:
    """Return whether a mail could be sent there; only a mail that arrives proves more."""
    return (
        len(value) <= LONGEST
        and _SHAPE.fullmatch(value) is not None
        and ".." not in value
        and not any(unicodedata.category(character).startswith("C") for character in value)
    )
