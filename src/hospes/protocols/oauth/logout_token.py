"""Telling applications that a session has ended (OpenID Connect Back-Channel Logout 1.0).

A logout token looks like an ID token and must pass for none: it has a type of its own, no nonce,
and lives two minutes (§2.4, §4).
"""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlencode

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
LIFETIME_SECONDS = 120
_SID_BYTES = 24


def sid(session: str, client_id: str) -> str:
    """Return the name of a session for one application; two cannot compare theirs.

    ``session`` is our own name of it, which nobody can guess, so a plain hash hides it.
    """
    digest = hashlib.sha256(f"sid\n{session}\n{client_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:_SID_BYTES]).decode("ascii")


def claims(
    *, issuer: str, client_id: str, subject: str, session_id: str, token_id: str, issued_at: int
) -> dict[str, object]:
    """Return a logout token's claims (§2.4); ``issued_at`` in seconds since 1970.

    ``session_id`` is the application's ``sid``, ``token_id`` a name that is used once.
    """
    return {
        "iss": issuer,
        "sub": subject,
        "aud": client_id,
        "iat": issued_at,
        "exp": issued_at + LIFETIME_SECONDS,
        "jti": token_id,
        "sid": session_id,
        "events": {EVENT: {}},
    }


def frame_address(uri: str, *, issuer: str, session_id: str) -> str:
    """Return what a browser loads to tell an application (Front-Channel Logout 1.0 §3)."""
    query = urlencode({"iss": issuer, "sid": session_id})
    return f"{uri}{'&' if '?' in uri else '?'}{query}"
