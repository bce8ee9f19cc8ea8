"""What a token means to those who hold or guard it (RFC 7662), and giving it back (RFC 7009)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import transitions
from hospes.protocols.oauth.clients import Credentials, read_credentials
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.token import ACTIVE_ACCOUNT

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.parameters import Parameters

NAMES = ("token", "token_type_hint", "client_id", "client_secret")
INACTIVE: dict[str, object] = {"active": False}


@dataclass(frozen=True, slots=True)
class TokenQuestion:
    """A request that names a token. The hint is of no use to us: the token tells its kind."""

    credentials: Credentials
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token of any kind, as loaded. Instants in seconds since 1970.

    ``subject`` is ``""`` where an application acts for itself; ``account_state`` is then
    ``active``. ``organization`` is the owner of the token's application.
    """

    kind: str
    client_id: str
    organization: int
    scope: str
    issued_at: int
    expires_at: int | None
    revoked_at: int | None
    rotated_at: int | None
    grant_revoked_at: int | None
    account_state: str
    subject: str


def parse(authorization: str, body: Parameters, *, query: Parameters) -> TokenQuestion:
    """Read an introspection or revocation request (RFC 7662 §2.1, RFC 7009 §2.1).

    Raises:
        OAuthError: with the code RFC 6749 §5.2 asks for.

    """
    if query.values and any(name in query.values for name in NAMES):
        raise OAuthError("invalid_request", "Parameters belong in the body, not in the address.")
    repeated = body.repeated_among(NAMES) if body.repeated else ()
    if repeated:
        raise OAuthError("invalid_request", f"{' and '.join(repeated)} occurs more than once.")
    credentials = read_credentials(authorization, body)
    token = body.get("token")
    if not token:
        raise OAuthError("invalid_request", "token must be given.")
    return TokenQuestion(credentials, token)


def refuse_public(client: ClientView) -> None:
    """Let only an application pass that has proved itself (RFC 7662 §2.1).

    Raises:
        OAuthError: ``invalid_client`` for one without a secret.

    """
    if client.public:
        raise OAuthError("invalid_client", "This application cannot prove itself.")


def alive(token: TokenFacts, *, now: int) -> bool:
    """Return whether the token could be used at this instant."""
    state = transitions.token_state(
        revoked_at=token.revoked_at,
        expires_at=token.expires_at,
        rotated_at=token.rotated_at,
        now=now,
    )
    return (
        state is transitions.Token.LIVE
        and token.grant_revoked_at is None
        and token.account_state == ACTIVE_ACCOUNT
    )


def introspection(
    token: TokenFacts | None, *, organization: int, issuer: str, now: int
) -> dict[str, object]:
    """Return the answer to an authenticated application of ``organization`` (RFC 7662 §2.2).

    Only tokens given to an application of the same organization are told of: others are
    answered like unknown ones, so that nobody learns whose tokens live.
    """
    if token is None or token.organization != organization or not alive(token, now=now):
        return INACTIVE
    told: dict[str, object] = {
        "active": True,
        "client_id": token.client_id,
        "iss": issuer,
        "iat": token.issued_at,
        "sub": token.subject or token.client_id,
    }
    if token.kind == "access":
        told["token_type"] = "Bearer"  # noqa: S105 - a kind of token
    if token.scope:
        told["scope"] = token.scope
    if token.expires_at is not None:
        told["exp"] = token.expires_at
    return told


def ends(token: TokenFacts | None, *, client_id: str) -> str:
    """Return what a revocation by ``client_id`` ends: ``token``, ``grant`` or ``""`` (RFC 7009 §2).

    A refresh token takes everything with it that came of the same grant. Somebody else's token
    stays, and the answer does not tell that it exists.
    """
    if token is None or token.client_id != client_id:
        return ""
    return "grant" if token.kind == "refresh" else "token"
