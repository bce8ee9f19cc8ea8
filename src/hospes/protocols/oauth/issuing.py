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
# What stands before a thumbprint in ``bound_to``: of a DPoP key, of a client's certificate.
JKT = "jkt:"
X5T = "x5t#S256:"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Tokens may be issued once the code has been marked as used."""


@dataclass(frozen=True, slots=True)
class Denied:
    """No tokens. With ``revoke`` everything that came of the grant ends as well."""

    error: OAuthError
    revoke: bool = False


def token_type(bound_to: str) -> str:
    """Return how a token is sent: bound to a DPoP key it comes with a proof (RFC 9449 §5)."""
    return "DPoP" if bound_to.startswith(JKT) else "Bearer"


def confirmation(bound_to: str) -> dict[str, str]:
    """Return the ``cnf`` of a token that is bound to a key (RFC 7800, RFC 9449 §6, RFC 8705 §3)."""
    method, _, thumbprint = bound_to.partition(":")
    return {method: thumbprint}


def response(
    *,
    access_token: str,
    expires_in: int,
    scope: str,
    id_token: str = "",
    refresh_token: str = "",
    bound_to: str = "",
) -> dict[str, object]:
    """Return the successful answer's body (RFC 6749 §5.1). ``expires_in`` is in seconds."""
    body: dict[str, object] = {
        "access_token": access_token,
        "token_type": token_type(bound_to) if bound_to else "Bearer",
        "expires_in": expires_in,
    }
    if scope:
        body["scope"] = scope
    if refresh_token:
        body["refresh_token"] = refresh_token
    if id_token:
        body["id_token"] = id_token
    return body
