"""What a customer is before the law."""

from __future__ import annotations

# As the published API names them, in the order in which forms offer them.
CHOOSABLE = ("individual", "company", "public_body")
# Set by the provider alone, on a customer it limits.
RESTRICT = "restrict"


def may_become(wanted: str, present: str = "") -> bool:
    """Return whether a customer of type ``present`` ("" for a new one) may choose ``wanted``.

    Nobody makes himself ``restrict``, nor leaves it by himself.
    """
    if present == RESTRICT:
        return wanted == RESTRICT
    return wanted in CHOOSABLE
