"""Bearer tokens: where they stand in a request, and whether they still hold (RFC 6750)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import resources, transitions
from hospes.protocols.oauth.errors import BearerRefusal
from hospes.protocols.oauth.issuing import ACTIVE_ACCOUNT

if TYPE_CHECKING:
    from hospes.protocols.oauth.parameters import Parameters

# Ours without a meaning have 50 characters; those that say something, some more.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8000}={0,2}")


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as loaded. Instants in seconds since 1970; only refresh tokens rotate."""

    scope: str
    expires_at: int | None
    revoked_at: int | None
    grant_revoked_at: int | None
    account_state: str
    rotated_at: int | None = None
    # The key that whoever uses it has to prove, "" for a bearer token.
    bound_to: str = ""
    # What it is good for, separated by blanks; "" for everything.
    resources: str = ""


@dataclass(frozen=True, slots=True)
class Presented:
    """A token as it came; ``dpop``: under the scheme that goes with a proof (RFC 9449 §7.1)."""

    token: str = field(repr=False)
    dpop: bool = False


def read(authorization: str, *, query: Parameters, form: Parameters) -> Presented:
    """Return the token of the ``Authorization`` header or of a posted form (RFC 6750 §2).

    One in the address is refused: addresses are logged and passed on (RFC 9700 §4.3.2).

    Raises:
        BearerRefusal: without a code if there is no token, ``invalid_request`` if there are
            several or it is malformed.

    """
    name = "access_token"
    if query.get(name) or name in query.repeated:
        raise BearerRefusal("invalid_request", "The token must not stand in the address.")
    posted = form.get(name)
    if name in form.repeated or (posted and authorization):
        raise BearerRefusal("invalid_request", "The token is sent more than once.")
    if not posted and not authorization:
        raise BearerRefusal
    token, scheme = posted, "bearer"
    if authorization:
        scheme, _, token = authorization.partition(" ")
        scheme = scheme.lower()
        if scheme not in {"bearer", "dpop"}:
            raise BearerRefusal
        token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise BearerRefusal("invalid_request", "The token is malformed.")
    return Presented(token, scheme == "dpop")


def invalid() -> BearerRefusal:
    """Return the refusal of a token, in the same words for every reason."""
    return BearerRefusal("invalid_token", "The token is not valid.")


def check(token: TokenView, *, required_scope: str, now: int, resource: str = "") -> None:
    """Let a token pass that is alive, for ``resource`` and has the scope.

    Raises:
        BearerRefusal: ``invalid_token`` or ``insufficient_scope``.

    """
    if not alive(token, now=now):
        raise invalid()
    if token.resources and not resources.serves(resource, token.resources):
        # It was given for another one, which may have passed it on (RFC 8707 §3).
        raise invalid()
    if required_scope not in token.scope.split(" "):
        raise BearerRefusal("insufficient_scope", "The token lacks a scope.", scope=required_scope)


def alive(token: TokenView, *, now: int) -> bool:
    """Return whether the token could be used at this instant."""
    state = transitions.token_state(
        revoked_at=token.revoked_at,
        expires_at=token.expires_at,
        rotated_at=token.rotated_at,
        now=now,
    )
    try:
        transitions.move(state, transitions.Event.USE)
    except transitions.IllegalMoveError:
        return False
    grant = transitions.grant_state(token.grant_revoked_at)
    return grant is transitions.Grant.ACTIVE and token.account_state == ACTIVE_ACCOUNT
