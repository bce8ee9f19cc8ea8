"""Applications that act for themselves (RFC 6749 §4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import resource_statements, statements
from hospes.edge.access_tokens import spoken, target
from hospes.edge.issuing import told
from hospes.edge.known_clients import Stale
from hospes.protocols.oauth import clients
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import machine
from hospes.protocols.oauth.issuing import Denied
from hospes.protocols.oauth.options import NONE

if TYPE_CHECKING:
    from hospes.edge.connections import Step
    from hospes.edge.issuing import Body, Exchange, Issue


def act_alone(asked: machine.MachineRequest, exchange: Exchange) -> Body:
    """Return a token of the application's own, or raise ``OAuthError``."""
    services, client, now = exchange.services, exchange.client, exchange.now
    decision = machine.decide(asked, client.view)
    if isinstance(decision, Denied):
        raise exchange.refuse(decision, None)
    issue = exchange.issue("")
    if exchange.resources or client.view.options is not NONE:
        try:
            issue = spoken(exchange, replace(issue, resources=target(exchange, "")), None)
        except OAuthError as error:
            raise exchange.refuse(Denied(error), None) from None
    grant = services.clients.machine_grant(services, client, now=now)
    if not services.database.guarded(_added(exchange, issue, grant)):
        services.clients.forget_grant(client)
        raise Stale
    return told(issue, "", exchange.access_seconds)


def _added(exchange: Exchange, issue: Issue, grant: int) -> Step:
    """Return what writes the token down, if application and grant are as they were."""
    expires_at, revision = exchange.now + exchange.access_seconds, exchange.client.revision
    if issue.resources or issue.jti:
        new = issue.written(grant, expires_at)
        return resource_statements.add_machine(new, revision=revision)
    return statements.add_machine_token(
        clients.secret_hash(issue.access_token),
        grant_id=grant,
        revision=revision,
        now=exchange.now,
        expires_at=expires_at,
        bound_to=issue.bound_to,
    )
