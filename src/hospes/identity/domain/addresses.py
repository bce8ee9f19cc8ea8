"""E-mail addresses as sign-in names."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
_LOCAL = re.compile(r"[^\s@<>\",;:\\()\[\]]{1,64}")
_LABEL = re.compile(r"[^\s@.<>\",;:\\()\[\]/_%&?#=]{1,63}")


def normalise(value: str) -> str:
    """Return the address as it is stored and compared: NFKC, trimmed, in lower case."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def is_plausible(value: str) -> bool:
    """Return whether a mail could be sent there; only a mail that arrives proves more."""
    local, _, host = value.rpartition("@")
    labels = host.split(".")
    return (
        len(value) <= LONGEST
        and not any(unicodedata.category(character).startswith("C") for character in value)
        and _LOCAL.fullmatch(local) is not None
        and len(labels) > 1
        and len(labels[-1]) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )
