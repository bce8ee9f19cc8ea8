"""What stands in the place of an address that vanished: no mail can go there (RFC 2606 §2)."""

from __future__ import annotations

_DOMAIN = "temporary.invalid"


def make(name: str) -> str:
    """Return the stand-in called ``name``."""
    return f"{name}@{_DOMAIN}"


def is_one(email: str) -> bool:
    """Return whether an address is a stand-in, which is nobody's and names a login."""
    return email.endswith(f"@{_DOMAIN}")
