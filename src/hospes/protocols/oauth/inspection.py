"""What a token means to those who hold or guard it (RFC 7662), and giving it back (RFC 7009)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import access_token, clients, resources
from hospes.protocols.oauth.bearer import alive
from hospes.protocols.oauth.clients import Credentials, read_credentials, refuse_misplaced
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import ACTIVE_ACCOUNT, confirmation, token_type

if TYPE_CHECKING:
    from hospes.protocols.oauth.bearer import TokenView
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.id_token import Authentication
    from hospes.protocols.oauth.parameters import Parameters

NAMES = ("token", "token_type_hint", *clients.NAMES)
INACTIVE: dict[str, object] = {"active": False}
# The one thing an application password is good for; no token is ever given for it.
PASSWORD_SCOPE = "application_password"  # noqa: S105 - a scope's name


@dataclass(frozen=True, slots=True)
class TokenQuestion:
    """A request that names a token. The hint is of no use to us: the token tells its kind."""

    credentials: Credentials
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token of any kind, as loaded. ``issued_at`` in seconds since 1970.

    ``subject`` is ``""`` where an application acts for itself; the view's ``account_state`` is
    then ``active``. ``organization`` is the owner of the token's application. ``proof`` tells of
    the sign-in it came of. ``username`` is the person's verified address, ``""`` where there is
    none.
    """

    kind: str
    client_id: str
    organization: int
    issued_at: int
    subject: str
    view: TokenView
    proof: Authentication | None = None
    username: str = ""
    # Who acts for the subject, the one of now first; none where nothing was exchanged.
    actors: tuple[str, ...] = ()

    @property
    def holder(self) -> str:
        """Return the Client ID of the application that the token was given to."""
        return self.actors[0] if self.actors else self.client_id


@dataclass(frozen=True, slots=True)
class PasswordFacts:
    """An application password, as loaded; instants in seconds since 1970.

    ``username`` is the address its owner signs in with, ``""`` where there is none.
    """

    subject: str
    username: str
    issued_at: int
    revoked_at: int | None
    account_state: str


def parse(authorization: str, body: Parameters, *, query: Parameters) -> TokenQuestion:
    """Read an introspection or revocation request (RFC 7662 §2.1, RFC 7009 §2.1).

    Raises:
        OAuthError: with the code RFC 6749 §5.2 asks for.

    """
    refuse_misplaced(NAMES, body, query=query)
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


def introspection(
    token: TokenFacts | None, *, organization: int, issuer: str, now: int
) -> dict[str, object]:
    """Return the answer to an authenticated application of ``organization`` (RFC 7662 §2.2).

    Only tokens given to an application of the same organization are told of: others are
    answered like unknown ones, so that nobody learns whose tokens live.
    """
    if token is None or token.organization != organization or not alive(token.view, now=now):
        return INACTIVE
    told: dict[str, object] = {
        "active": True,
        "client_id": token.holder,
        "iss": issuer,
        "iat": token.issued_at,
        "sub": token.subject or token.client_id,
    }
    if token.kind == "access":
        told["token_type"] = token_type(token.view.bound_to)
        # Only what the person let the application know; a mail server compares it with its user.
        if token.username and "email" in token.view.scope.split(" "):
            told["username"] = token.username
    if token.view.bound_to:
        # RFC 9449 §6.2, RFC 8705 §3.2.
        told["cnf"] = confirmation(token.view.bound_to)
    if token.view.resources:
        told["aud"] = resources.audience(token.view.resources)
    if token.view.scope:
        told["scope"] = token.view.scope
    if token.view.expires_at is not None:
        told["exp"] = token.view.expires_at
    if token.actors:
        told["act"] = access_token.act(token.actors)
    if token.proof is not None and token.proof.auth_time is not None:
        # What a resource needs to ask for a stronger or a later sign-in (RFC 9470 §6.2).
        told["acr"] = token.proof.acr
        told["auth_time"] = token.proof.auth_time
    return told


def password_introspection(
    password: PasswordFacts | None, *, client: ClientView, issuer: str
) -> dict[str, object]:
    """Return the answer about what may be an application password (RFC 7662 §2.2).

    It is told of to whom the provider's operator trusts with it, whoever's organization that is;
    to everybody else it is like an unknown token. Where nobody can sign in, it opens nothing.
    """
    if (
        password is None
        or not client.accepts_application_passwords
        or password.revoked_at is not None
        or password.account_state != ACTIVE_ACCOUNT
        or not password.username
    ):
        return INACTIVE
    # No client_id: it was not given to an application.
    return {
        "active": True,
        "iss": issuer,
        "iat": password.issued_at,
        "sub": password.subject,
        "username": password.username,
        "scope": PASSWORD_SCOPE,
    }


def ends(token: TokenFacts | None, *, client_id: str) -> str:
    """Return what a revocation by ``client_id`` ends: ``token``, ``grant`` or ``""`` (RFC 7009 §2).

    A refresh token takes everything with it that came of the same grant. Somebody else's token
    stays, and the answer does not tell that it exists.
    """
    if token is None or token.holder != client_id:
        return ""
    return "grant" if token.kind == "refresh" else "token"
