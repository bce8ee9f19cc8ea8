"""Proof Key for Code Exchange (RFC 7636). S256 only: plain proves nothing to an onlooker."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge_fault(challenge: str, method: str, *, required: bool) -> str:
    """Return what is wrong with a challenge of an authorization request, ``""`` if nothing."""
    if not challenge:
        if method:
            return "code_challenge_method comes without code_challenge"
        return "code_challenge is required" if required else ""
    if method != METHOD:
        return f"code_challenge_method must be {METHOD}"
    if not _CHALLENGE.fullmatch(challenge):
        return "code_challenge must be 43 characters of base64url"
    return ""


def well_formed(verifier: str) -> bool:
    """Return whether ``verifier`` has the length and characters of RFC 7636 §4.1."""
    return _VERIFIER.fullmatch(verifier) is not None


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def proves(verifier: str, challenge: str) -> bool:
    """Return whether ``verifier`` belongs to ``challenge``."""
    if not well_formed(verifier):
        return False
    return hmac.compare_digest(challenge_of(verifier).encode(), challenge.encode("utf-8"))
