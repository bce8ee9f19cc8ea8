"""Refresh tokens: rotation, the retry that gets the same answer, and reuse (RFC 9700 §4.14).

A client may lose an answer on its way. If it sends the same refresh token again at once, it gets
the same tokens again: they are derived from the old token, which only the client has, and a salt
that the old token's row keeps. Neither alone yields anything, so nothing in clear is stored.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import scopes, transitions
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import (
    ACCESS_TOKEN_PREFIX,
    ACTIVE_ACCOUNT,
    REFRESH_TOKEN_PREFIX,
    Denied,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters

REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a grant's name
NAMES = ("refresh_token", "scope")
# 43 base62 digits hold 256 random bits.
TOKEN_DIGITS = 43


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """A request for new tokens. ``scope`` is ``""`` where the same as before is wanted."""

    credentials: Credentials
    refresh_token: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class RefreshView:
    """A refresh token with its grant and account, as loaded. Instants in seconds since 1970."""

    client_id: str
    scope: str
    expires_at: int | None
    revoked_at: int | None
    rotated_at: int | None
    grant_revoked_at: int | None
    account_state: str
    salt: str = field(default="", repr=False)
    # The key that it is to be used with, "" for that of a confidential application.
    bound_to: str = ""


@dataclass(frozen=True, slots=True)
class Rotate:
    """New tokens may be issued, the access token for ``scope``, once the old one is marked."""

    scope: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """The answer of ``rotated_at`` is to be given again, if its tokens are untouched."""

    salt: str = field(repr=False)
    rotated_at: int


@dataclass(frozen=True, slots=True)
class Successor:
    """A token of the first answer, as loaded for the second."""

    scope: str
    expires_at: int | None
    revoked_at: int | None
    rotated_at: int | None
    bound_to: str = ""
    resources: str = ""


@dataclass(frozen=True, slots=True)
class Successors:
    """The two tokens that follow a refresh token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


def read(credentials: Credentials, body: Parameters) -> RefreshRequest:
    """Read a request that names a refresh token.

    Raises:
        OAuthError: ``invalid_request`` or ``invalid_scope``.

    """
    if not body.get("refresh_token"):
        raise OAuthError("invalid_request", "refresh_token must be given.")
    return RefreshRequest(credentials, body.get("refresh_token"), scopes.read(body))


def unknown() -> Denied:
    """Return the answer to a refresh token that nobody knows."""
    return Denied(OAuthError("invalid_grant", "The refresh token is not valid."))


def reused() -> Denied:
    """Return the answer to a token used twice: one of the two users is a thief (RFC 9700)."""
    return Denied(
        OAuthError("invalid_grant", "The refresh token has been used already."), revoke=True
    )


def decide(
    request: RefreshRequest,
    client: ClientView,
    token: RefreshView | None,
    *,
    now: int,
    retry_seconds: int,
    bound_to: str = "",
) -> Rotate | Repeat | Denied:
    """Say what ``client``, already authenticated, gets for the token.

    ``bound_to`` is the key that the request has proved, "" for none.

    Another client's attempt is refused like an unknown token and touches nothing.
    """
    if not client.may_use(REFRESH_TOKEN):
        return Denied(
            OAuthError("unauthorized_client", "This type of application has no refresh tokens.")
        )
    if token is None or token.client_id != client.client_id:
        return unknown()
    if token.bound_to and token.bound_to != bound_to:
        # Whoever stole it has not the key, and ends nobody's grant (RFC 9449 §5).
        return Denied(OAuthError("invalid_grant", "The refresh token is bound to another key."))
    state = transitions.token_state(
        revoked_at=token.revoked_at,
        expires_at=token.expires_at,
        rotated_at=token.rotated_at,
        now=now,
    )
    grant = transitions.grant_state(token.grant_revoked_at)
    holds = grant is transitions.Grant.ACTIVE and token.account_state == ACTIVE_ACCOUNT
    if holds and state is transitions.Token.ROTATED and token.rotated_at is not None:
        # A clock that went back a little does not make a thief of a client.
        retried = abs(now - token.rotated_at) <= retry_seconds
        return Repeat(token.salt, token.rotated_at) if retried else reused()
    if not holds or not _may_rotate(state):
        return Denied(OAuthError("invalid_grant", "The refresh token is no longer valid."))
    return _narrowed(request.scope, token.scope)


def _may_rotate(state: transitions.Token) -> bool:
    try:
        transitions.move(state, transitions.Event.ROTATE)
    except transitions.IllegalMoveError:
        return False
    return True


def decide_repeat(
    request: RefreshRequest,
    access: Successor | None,
    refresh: Successor | None,
    *,
    bound_to: str = "",
    resources: tuple[str, ...] = (),
) -> Rotate | Denied:
    """Say whether a retry gets the first answer again; ``Rotate`` then names its scope.

    Once the first answer's refresh token has been exchanged itself, somebody received it, and
    the old one comes from somebody else.
    """
    if access is None or refresh is None or refresh.rotated_at is not None:
        return reused()
    if refresh.revoked_at is not None or access.revoked_at is not None:
        return Denied(OAuthError("invalid_grant", "The refresh token is no longer valid."))
    if access.bound_to != bound_to:
        return Denied(OAuthError("invalid_grant", "A retry is made with the same key."))
    asked = set(request.scope.split())
    if asked and asked != set(access.scope.split()):
        return Denied(OAuthError("invalid_scope", "A retry asks for the same scope."))
    if resources and set(resources) != set(access.resources.split()):
        return Denied(OAuthError("invalid_target", "A retry asks for the same resources."))
    return Rotate(access.scope)


def _narrowed(asked: str, allowed: str) -> Rotate | Denied:
    """Return the scope of the next access token: what was allowed, or less (RFC 6749 §6)."""
    if not asked:
        return Rotate(allowed)
    wanted = set(asked.split())
    if not wanted.issubset(allowed.split()):
        return Denied(OAuthError("invalid_scope", "scope goes beyond what was granted."))
    return Rotate(" ".join(name for name in allowed.split() if name in wanted))


def successors(refresh_token: str, salt: str, *, name: Callable[[bytes, int], str]) -> Successors:
    """Return the tokens that follow ``refresh_token``; ``salt`` is 256 bits of chance as text.

    ``name`` makes a name of that many digits out of bytes.
    """
    key = refresh_token.encode("utf-8")
    access, refresh = (
        name(hmac.digest(key, f"{kind}:{salt}".encode(), hashlib.sha512), TOKEN_DIGITS)
        for kind in ("access", "refresh")
    )
    return Successors(ACCESS_TOKEN_PREFIX + access, REFRESH_TOKEN_PREFIX + refresh)
