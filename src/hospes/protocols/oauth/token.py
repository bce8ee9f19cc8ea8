"""The token request: which grant, and which client (RFC 6749 §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.protocols.oauth.clients import (
    BACKCHANNEL,
    Credentials,
    read_credentials,
    refuse_misplaced,
)
from hospes.protocols.oauth.clients import NAMES as CLIENT_NAMES
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import codes, device, exchanging, machine, phone, refreshing
from hospes.protocols.oauth.grants.codes import CodeRequest
from hospes.protocols.oauth.grants.device import DeviceRequest
from hospes.protocols.oauth.grants.exchanging import ExchangeRequest
from hospes.protocols.oauth.grants.machine import MachineRequest
from hospes.protocols.oauth.grants.phone import BackchannelRequest
from hospes.protocols.oauth.grants.refreshing import RefreshRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.protocols.oauth.parameters import Parameters

TokenRequest = (
    CodeRequest
    | RefreshRequest
    | MachineRequest
    | BackchannelRequest
    | DeviceRequest
    | ExchangeRequest
)


@dataclass(frozen=True, slots=True)
class GrantType:
    """A grant: the parameters it knows and how it reads them."""

    names: tuple[str, ...]
    read: Callable[[Credentials, Parameters], TokenRequest]


GRANTS: dict[str, GrantType] = {
    codes.AUTHORIZATION_CODE: GrantType(codes.NAMES, codes.read),
    refreshing.REFRESH_TOKEN: GrantType(refreshing.NAMES, refreshing.read),
    machine.CLIENT_CREDENTIALS: GrantType(machine.NAMES, machine.read),
    BACKCHANNEL: GrantType(phone.NAMES, phone.read),
    device.DEVICE: GrantType(device.NAMES, device.read),
    exchanging.EXCHANGE: GrantType(exchanging.NAMES, exchanging.read),
}
GRANT_TYPES = tuple(GRANTS)
NAMES = tuple(
    dict.fromkeys(
        (
            *("grant_type", "resource", *CLIENT_NAMES),
            *(name for grant in GRANTS.values() for name in grant.names),
        )
    )
)


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
    grant = GRANTS.get(grant_type)
    if grant is None:
        raise OAuthError(
            "unsupported_grant_type", f"grant_type must be one of {', '.join(GRANT_TYPES)}."
        )
    return grant.read(credentials, body)
