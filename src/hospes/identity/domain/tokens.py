"""Opaque random values: the person holds the value, the database its hash."""

from __future__ import annotations

import hashlib

# 256 bits cannot be guessed, so a plain hash is enough at rest.
BYTES = 32


def fingerprint(value: str) -> str:
    """Return SHA-256 of ``value`` in hexadecimal, as it is stored and looked up."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
