"""The token request, the decision on a code, and the answer (RFC 6749 §4.1.3, §4.4, §5, §6)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import pkce, scopes, transitions
from hospes.protocols.oauth.clients import (
    BACKCHANNEL,
    Credentials,
    read_credentials,
    refuse_misplaced,
)
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.parameters import Parameters

AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a grant's name
CLIENT_CREDENTIALS = "client_credentials"
GRANT_TYPES = (AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS, BACKCHANNEL)
# The public marks that secret scanners look for.
ACCESS_TOKEN_PREFIX = "hsp_at_"  # noqa: S105 - a mark, no token
REFRESH_TOKEN_PREFIX = "hsp_rt_"  # noqa: S105 - a mark, no token
ACTIVE_ACCOUNT = "active"

NAMES = (
    "grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "scope",
    "refresh_token", "auth_req_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A request to turn a code into tokens."""

    credentials: Credentials
    redirect_uri: str
    code: str = field(repr=False)
    code_verifier: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """A request for new tokens. ``scope`` is ``""`` where the same as before is wanted."""

    credentials: Credentials
    refresh_token: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class MachineRequest:
    """A request of an application that acts for itself (RFC 6749 §4.4)."""

    credentials: Credentials
    scope: str = ""


@dataclass(frozen=True, slots=True)
class BackchannelRequest:
    """A request to turn a YES on a phone into tokens (CIBA §10.1)."""

    credentials: Credentials
    auth_req_id: str = field(repr=False)


TokenRequest = CodeRequest | RefreshRequest | MachineRequest | BackchannelRequest


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code with the grant and the account it stands for, as loaded. Instants in seconds."""

    client_id: str
    redirect_uri: str
    code_challenge: str
    expires_at: int
    used_at: int | None
    grant_revoked_at: int | None
    account_state: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Tokens may be issued once the code has been marked as used."""


@dataclass(frozen=True, slots=True)
class Denied:
    """No tokens. With ``revoke`` everything that came of the grant ends as well."""

    error: OAuthError
    revoke: bool = False


def parse(authorization: str, body: Parameters, *, query: Parameters) -> TokenRequest:
    """Read a token request; ``authorization`` is the header, ``""`` where there is none.

    Raises:
        OAuthError: with the code RFC 6749 §5.2 asks for.

    """
    refuse_misplaced(NAMES, body, query=query)
    grant_type = body.get("grant_type")
    if not grant_type:
        raise OAuthError("invalid_request", "grant_type is missing.")
    credentials = read_credentials(authorization, body)
    reader = _READERS.get(grant_type)
    if reader is None:
        raise OAuthError(
            "unsupported_grant_type", f"grant_type must be one of {', '.join(GRANT_TYPES)}."
        )
    return reader(credentials, body)


def _code_request(credentials: Credentials, body: Parameters) -> CodeRequest:
    missing = [name for name in ("code", "redirect_uri") if not body.get(name)]
    if missing:
        raise OAuthError("invalid_request", f"{' and '.join(missing)} must be given.")
    verifier = body.get("code_verifier")
    if verifier and not pkce.well_formed(verifier):
        raise OAuthError(
            "invalid_request", "code_verifier must be 43 to 128 unreserved characters."
        )
    return CodeRequest(credentials, body.get("redirect_uri"), body.get("code"), verifier)


def _refresh_request(credentials: Credentials, body: Parameters) -> RefreshRequest:
    if not body.get("refresh_token"):
        raise OAuthError("invalid_request", "refresh_token must be given.")
    return RefreshRequest(credentials, body.get("refresh_token"), _scope(body))


def _machine_request(credentials: Credentials, body: Parameters) -> MachineRequest:
    return MachineRequest(credentials, _scope(body))


def _backchannel_request(credentials: Credentials, body: Parameters) -> BackchannelRequest:
    if not body.get("auth_req_id"):
        raise OAuthError("invalid_request", "auth_req_id must be given.")
    return BackchannelRequest(credentials, body.get("auth_req_id"))


def _scope(body: Parameters) -> str:
    scope = body.get("scope")
    if not scopes.well_formed(scope):
        raise OAuthError("invalid_scope", "scope holds a character that is not allowed.")
    return scope


_READERS: dict[str, Callable[[Credentials, Parameters], TokenRequest]] = {
    AUTHORIZATION_CODE: _code_request,
    REFRESH_TOKEN: _refresh_request,
    CLIENT_CREDENTIALS: _machine_request,
    BACKCHANNEL: _backchannel_request,
}


def unknown() -> Denied:
    """Return the answer to a code that nobody knows."""
    return Denied(OAuthError("invalid_grant", "The code is not valid."))


def replayed() -> Denied:
    """Return the answer to a code that was used before: what it gave ends (RFC 6749 §4.1.2)."""
    return Denied(OAuthError("invalid_grant", "The code has been used already."), revoke=True)


def decide(
    request: CodeRequest, client: ClientView, code: CodeView | None, *, now: int
) -> Allowed | Denied:
    """Say whether ``client``, already authenticated, gets tokens for the code.

    Another client's attempt is refused like an unknown code and touches nothing: otherwise any
    client could end the grants of all others.
    """
    if not client.may_use(AUTHORIZATION_CODE):
        return Denied(
            OAuthError("unauthorized_client", "This type of application does not use codes.")
        )
    if code is None or code.client_id != client.client_id:
        return unknown()
    state = transitions.code_state(used_at=code.used_at, expires_at=code.expires_at, now=now)
    if state is transitions.Code.USED:
        return replayed()
    try:
        transitions.move(state, transitions.Event.REDEEM)
        transitions.move(transitions.grant_state(code.grant_revoked_at), transitions.Event.ISSUE)
    except transitions.IllegalMoveError:
        return Denied(OAuthError("invalid_grant", "The code is no longer valid."))
    fault = _proof_fault(request, client, code)
    return Denied(OAuthError("invalid_grant", fault)) if fault else Allowed()


def decide_machine(request: MachineRequest, client: ClientView) -> Allowed | Denied:
    """Say whether ``client``, already authenticated, gets a token of its own (RFC 6749 §4.4).

    Every scope there is tells of a person, and there is none here.
    """
    if not client.may_use(CLIENT_CREDENTIALS):
        return Denied(
            OAuthError("unauthorized_client", "This type of application acts for people only.")
        )
    if request.scope.strip(" "):
        return Denied(OAuthError("invalid_scope", "An application acting for itself has no scope."))
    return Allowed()


def _proof_fault(request: CodeRequest, client: ClientView, code: CodeView) -> str:
    """Return the first thing the request fails to prove, ``""`` if it proves all."""
    sent, bound = request.code_verifier, code.code_challenge
    same_address = hmac.compare_digest(request.redirect_uri.encode(), code.redirect_uri.encode())
    checks = {
        "The code is no longer valid.": code.account_state != ACTIVE_ACCOUNT,
        "redirect_uri is not the one of the authorization request.": not same_address,
        "code_verifier was sent, but the authorization request had no code_challenge.": bool(
            sent and not bound
        ),
        "code_verifier is missing.": bool(bound and not sent),
        "code_verifier does not match.": bool(bound and not pkce.proves(sent, bound)),
        "This application must use code_challenge.": client.requires_pkce and not bound,
    }
    return next((text for text, wrong in checks.items() if wrong), "")


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
