"""Applications that act for themselves (RFC 6749 §4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.known_clients import Stale
from hospes.protocols.oauth import clients, issuing
from hospes.protocols.oauth.grants import machine
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange


def act_alone(asked: machine.MachineRequest, exchange: Exchange) -> Body:
    """Return a token of the application's own, or raise ``OAuthError``."""
    services, client, now = exchange.services, exchange.client, exchange.now
    decision = machine.decide(asked, client.view)
    if isinstance(decision, Denied):
        raise exchange.refuse(decision, None)
    access_token = exchange.token(issuing.ACCESS_TOKEN_PREFIX)
    grant = services.clients.machine_grant(services, client, now=now)
    step = statements.add_machine_token(
        clients.secret_hash(access_token),
        grant_id=grant,
        revision=client.revision,
        now=now,
        expires_at=now + exchange.access_seconds,
        bound_to=exchange.bound_to,
    )
    if not services.database.guarded(step):
        services.clients.forget_grant(client)
        raise Stale
    return issuing.response(
        access_token=access_token,
        expires_in=exchange.access_seconds,
        scope="",
        bound_to=exchange.bound_to,
    )
