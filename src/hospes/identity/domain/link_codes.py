"""The code that links a phone by typing: ten characters of Crockford's base32, 50 bits."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
RANDOM_BYTES = 7
_HALF = LENGTH // 2
_BITS = 5
# Read the way people write them (Crockford, "Base 32").
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u00a0": ""})


def code(data: bytes) -> str:
    """Return the code of ``RANDOM_BYTES`` random bytes, without its dash."""
    number = int.from_bytes(data, "big")
    return "".join(ALPHABET[(number >> (_BITS * place)) & 31] for place in range(LENGTH))


def shown(text: str) -> str:
    """Return the code in two halves, as people read it."""
    return f"{text[:_HALF]}-{text[_HALF:]}"


def normalize(typed: str) -> str:
    """Return what was typed as a code; ``""`` where it cannot be one."""
    text = typed.strip().upper().translate(_ALIKE)
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""
