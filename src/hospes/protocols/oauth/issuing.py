"""What all grants share: their outcome, the marks of tokens, the answer (RFC 6749 §5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hospes.protocols.oauth.errors import OAuthError

# The public marks that secret scanners look for.
ACCESS_TOKEN_PREFIX = "hsp_at_"  # noqa: S105 - a mark, no token
REFRESH_TOKEN_PREFIX = "hsp_rt_"  # noqa: S105 - a mark, no token
ACTIVE_ACCOUNT = "active"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Tokens may be issued once the code has been marked as used."""


@dataclass(frozen=True, slots=True)
class Denied:
    """No tokens. With ``revoke`` everything that came of the grant ends as well."""

    error: OAuthError
    revoke: bool = False


def response(
    *, access_token: str, expires_in: int, scope: str, id_token: str = "", refresh_token: str = ""
) -> dict[str, object]:
    """Return the successful answer's body (RFC 6749 §5.1). ``expires_in`` is in seconds."""
    body: dict[str, object] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": expires_in,
    }
    if scope:
        body["scope"] = scope
    if refresh_token:
        body["refresh_token"] = refresh_token
    if id_token:
        body["id_token"] = id_token
    return body
