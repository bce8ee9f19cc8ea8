"""Authorization codes: the request and the decision (RFC 6749 §4.1.3, RFC 7636 §4.6)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import pkce, transitions
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import ACTIVE_ACCOUNT, Allowed, Denied

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters

AUTHORIZATION_CODE = "authorization_code"
NAMES = ("code", "redirect_uri", "code_verifier")


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A request to turn a code into tokens."""

    credentials: Credentials
    redirect_uri: str
    code: str = field(repr=False)
    code_verifier: str = field(default="", repr=False)


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
    # The key it is to be exchanged with, "" where any will do.
    bound_to: str = ""


def read(credentials: Credentials, body: Parameters) -> CodeRequest:
    """Read a request that names a code.

    Raises:
        OAuthError: ``invalid_request``.

    """
    missing = [name for name in ("code", "redirect_uri") if not body.get(name)]
    if missing:
        raise OAuthError("invalid_request", f"{' and '.join(missing)} must be given.")
    verifier = body.get("code_verifier")
    if verifier and not pkce.well_formed(verifier):
        raise OAuthError(
            "invalid_request", "code_verifier must be 43 to 128 unreserved characters."
        )
    return CodeRequest(credentials, body.get("redirect_uri"), body.get("code"), verifier)


def unknown() -> Denied:
    """Return the answer to a code that nobody knows."""
    return Denied(OAuthError("invalid_grant", "The code is not valid."))


def replayed() -> Denied:
    """Return the answer to a code that was used before: what it gave ends (RFC 6749 §4.1.2)."""
    return Denied(OAuthError("invalid_grant", "The code has been used already."), revoke=True)


def decide(
    request: CodeRequest,
    client: ClientView,
    code: CodeView | None,
    *,
    now: int,
    bound_to: str = "",
) -> Allowed | Denied:
    """Say whether ``client``, already authenticated, gets tokens for the code.

    ``bound_to`` is the key that the request has proved, "" for none.

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
    fault = _proof_fault(request, client, code, bound_to)
    return Denied(OAuthError("invalid_grant", fault)) if fault else Allowed()


def _proof_fault(request: CodeRequest, client: ClientView, code: CodeView, bound_to: str) -> str:
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
        # RFC 9449 §10.
        "The code is bound to another key.": bool(code.bound_to) and code.bound_to != bound_to,
    }
    return next((text for text, wrong in checks.items() if wrong), "")
