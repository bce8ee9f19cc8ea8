"""``/token``: codes, refresh tokens, a YES on a phone and credentials become tokens (RFC 6749)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.edge import refusals
from hospes.edge.grants import codes, device, exchanging, machine, phone, refreshing
from hospes.edge.http import json_response
from hospes.edge.issuing import Exchange
from hospes.edge.known_clients import acting_as
from hospes.edge.possession import Possession
from hospes.edge.requests import refusal
from hospes.protocols.oauth import resources, token
from hospes.protocols.oauth.errors import NO_STORE, OAuthError
from hospes.protocols.oauth.grants.codes import CodeRequest
from hospes.protocols.oauth.grants.device import DeviceRequest
from hospes.protocols.oauth.grants.exchanging import ExchangeRequest
from hospes.protocols.oauth.grants.machine import MachineRequest
from hospes.protocols.oauth.grants.phone import BackchannelRequest
from hospes.protocols.oauth.grants.refreshing import RefreshRequest
from hospes.protocols.oauth.options import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hospes.edge.http import Response
    from hospes.edge.issuing import Body
    from hospes.edge.known_clients import KnownClient
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.token import TokenRequest

# What each kind of request is answered by.
GRANTS: Mapping[type[TokenRequest], Callable[[Any, Exchange], Body]] = {
    CodeRequest: codes.redeem,
    RefreshRequest: refreshing.rotate,
    MachineRequest: machine.act_alone,
    BackchannelRequest: phone.fetch,
    DeviceRequest: device.fetch,
    ExchangeRequest: exchanging.exchange_token,
}


def answer(request: HotRequest, services: Services) -> Response:
    """Answer a token request."""
    try:
        now = services.clock()
        asked, targets = _read(request, services, now=now)

        possession = Possession(services, request, now)

        def work(client: KnownClient) -> Body:
            # Most send no proof and have no options: nothing is looked at further.
            plain = client.view.options is NONE and not request.dpop
            bound_to = "" if plain else possession.given_to(client.view)
            exchange = Exchange(services, client, now, request.address, bound_to, targets)
            return GRANTS[type(asked)](asked, exchange)

        body = acting_as(services, asked.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    return json_response(200, body, (*NO_STORE, *possession.headers))


def _read(
    request: HotRequest, services: Services, *, now: int
) -> tuple[TokenRequest, tuple[str, ...]]:
    """Return what is asked for, and for which resources.

    The owner of the application is told where that is nothing.
    """
    form, query = request.form(), request.query()
    try:
        asked = token.parse(request.authorization, form, query=query)
        named = "resource" in form.values
        return asked, resources.read(form.every("resource")) if named else ()
    except OAuthError as error:
        refusals.note_unread(services, request, form, error, now=now)
        raise
