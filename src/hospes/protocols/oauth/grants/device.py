"""A code that a person typed in elsewhere becomes tokens (RFC 8628 §3.4, §3.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import transitions
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.polling import Wait, wait
from hospes.protocols.oauth.issuing import ACTIVE_ACCOUNT, Allowed, Denied

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
NAMES = ("device_code",)


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """A device asks whether somebody has answered (RFC 8628 §3.4)."""

    credentials: Credentials
    device_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A request with what became of it, as loaded. Instants in seconds since 1970.

    ``account_state`` is of the person who said yes, ``""`` before one did.
    """

    client_id: str
    expires_at: int
    used_at: int | None
    polled_at: int | None
    interval: int
    refused: bool
    has_grant: bool
    grant_revoked_at: int | None
    account_state: str


def read(credentials: Credentials, body: Parameters) -> DeviceRequest:
    """Read a request that names a ``device_code``.

    Raises:
        OAuthError: ``invalid_request``.

    """
    if not body.get("device_code"):
        raise OAuthError("invalid_request", "device_code must be given.")
    return DeviceRequest(credentials, body.get("device_code"))


def decide(client: ClientView, request: DeviceView | None, *, now: int) -> Allowed | Denied | Wait:
    """Say whether ``client``, already authenticated, gets tokens for a request.

    Another application's attempt is refused like an unknown code and touches nothing.
    """
    if not client.may_use(DEVICE):
        return Denied(
            OAuthError("unauthorized_client", "This application may not sign devices in.")
        )
    if request is None or request.client_id != client.client_id:
        return Denied(OAuthError("invalid_grant", "The device_code is not valid."))
    over = _why_over(request, now)
    if over is not None:
        return Denied(over)
    if request.has_grant:
        return Allowed()
    return wait(polled_at=request.polled_at, interval=request.interval, now=now)


def _why_over(request: DeviceView, now: int) -> OAuthError | None:
    if request.used_at is not None:
        return OAuthError("invalid_grant", "The device_code has been used already.")
    if now >= request.expires_at:
        return OAuthError("expired_token", "The device_code has expired.")
    if request.refused or (request.has_grant and not _holds(request)):
        return OAuthError("access_denied", "The request was refused.")
    return None


def _holds(request: DeviceView) -> bool:
    """Return whether the YES still counts: the grant and the account behind it."""
    grant = transitions.grant_state(request.grant_revoked_at)
    return grant is transitions.Grant.ACTIVE and request.account_state == ACTIVE_ACCOUNT
