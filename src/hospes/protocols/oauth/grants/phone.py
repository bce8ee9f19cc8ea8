"""A YES on a phone becomes tokens (OpenID Connect CIBA Core 1.0 §10, §11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from hospes.protocols.oauth import transitions
from hospes.protocols.oauth.clients import BACKCHANNEL
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.polling import Wait, wait
from hospes.protocols.oauth.issuing import ACTIVE_ACCOUNT, Allowed, Denied

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters

NAMES = ("auth_req_id",)


@dataclass(frozen=True, slots=True)
class BackchannelRequest:
    """A request to turn a YES on a phone into tokens (CIBA §10.1)."""

    credentials: Credentials
    auth_req_id: str = field(repr=False)


class State(Enum):
    """Where a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with what became of it, as loaded. Instants in seconds since 1970.

    ``challenge`` is the state of the phone's question, ``""`` where there is none;
    ``has_grant`` says whether its YES was taken; ``phone_removed`` is of the one that said it.
    """

    client_id: str
    expires_at: int
    used_at: int | None
    polled_at: int | None
    interval: int
    challenge: str
    has_grant: bool
    grant_revoked_at: int | None
    account_state: str
    phone_removed: bool


def state_of(request: RequestView, *, now: int) -> State:
    """Return where a request stands now.

    A YES counts as long as everything holds that it rests on: the account, the phone, the grant.
    """
    if request.used_at is not None:
        return State.USED
    if now >= request.expires_at or request.challenge == "expired":
        return State.EXPIRED
    if request.account_state != ACTIVE_ACCOUNT:
        return State.REFUSED
    if request.challenge == "open":
        return State.WAITING
    grant = transitions.grant_state(request.grant_revoked_at)
    holds = request.has_grant and grant is transitions.Grant.ACTIVE and not request.phone_removed
    return State.APPROVED if request.challenge == "approved" and holds else State.REFUSED


def decide(client: ClientView, request: RequestView | None, *, now: int) -> Allowed | Denied | Wait:
    """Say whether ``client``, already authenticated, gets tokens for a request (CIBA §11)."""
    if not client.may_use(BACKCHANNEL):
        return Denied(
            OAuthError(
                "unauthorized_client", "This application may not ask people on their phones."
            )
        )
    if request is None or request.client_id != client.client_id:
        return Denied(OAuthError("invalid_grant", "The auth_req_id is not valid."))
    state = state_of(request, now=now)
    if state is State.WAITING:
        return wait(polled_at=request.polled_at, interval=request.interval, now=now)
    if state is State.APPROVED:
        return Allowed()
    return Denied(
        {
            State.USED: OAuthError("invalid_grant", "The auth_req_id has been used already."),
            State.EXPIRED: OAuthError("expired_token", "The auth_req_id has expired."),
            State.REFUSED: OAuthError("access_denied", "The request was refused."),
        }[state]
    )


def read(credentials: Credentials, body: Parameters) -> BackchannelRequest:
    """Read a request that names an ``auth_req_id``.

    Raises:
        OAuthError: ``invalid_request``.

    """
    if not body.get("auth_req_id"):
        raise OAuthError("invalid_request", "auth_req_id must be given.")
    return BackchannelRequest(credentials, body.get("auth_req_id"))
