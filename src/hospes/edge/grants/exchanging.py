"""Applications act on with tokens that they were sent (RFC 8693)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import exchange_statements, introspect
from hospes.edge.access_tokens import refuse_unknown, spoken
from hospes.edge.issuing import told
from hospes.edge.known_clients import Stale
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import exchanging
from hospes.protocols.oauth.id_token import Authentication
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange
    from hospes.edge.statements import FactsRow


def exchange_token(asked: exchanging.ExchangeRequest, exchange: Exchange) -> Body:
    """Return the token that another one is exchanged for, or raise ``OAuthError``."""
    services, client = exchange.services, exchange.client
    refused = exchanging.allowed(client.view)
    if refused is not None:
        # Nothing is looked up for it.
        raise exchange.refuse(refused, None)
    row = introspect.load(services, client, asked.subject_token)
    actor = introspect.load(services, client, asked.actor_token) if asked.actor_token else None
    decision = exchanging.decide(
        asked,
        exchanging.Asking(
            client.view,
            client.organization,
            exchange.resources,
            exchange.bound_to,
            services.number("connect.exchange_depth"),
        ),
        row.facts if row else None,
        actor.facts if actor else None,
        now=exchange.now,
        lifetime=exchange.access_seconds,
    )
    if isinstance(decision, Denied) or row is None:
        raise exchange.refuse(decision if isinstance(decision, Denied) else _gone(), None)
    if exchange.resources and not row.facts.view.resources:
        try:
            refuse_unknown(services, client.organization, exchange.resources)
        except OAuthError as error:
            raise exchange.refuse(Denied(error), None) from None
    return _issued(asked, decision, row, exchange)


def _gone() -> Denied:
    return Denied(OAuthError("invalid_request", "The subject token is not valid."))


def _issued(
    asked: exchanging.ExchangeRequest,
    decision: exchanging.Exchanged,
    row: FactsRow,
    exchange: Exchange,
) -> Body:
    issue = replace(exchange.issue(decision.scope), resources=decision.resources)
    proof = row.facts.proof or Authentication("", None)
    issue = spoken(
        exchange,
        issue,
        # An application that acted for itself stays the subject.
        replace(proof, subject=row.facts.subject or row.facts.client_id),
        expires_at=decision.expires_at,
        actors=decision.actors,
        always=asked.speaking,
    )
    step = exchange_statements.add(
        issue.written(row.grant_id, decision.expires_at),
        actors=decision.actors,
        subject=row.token_id,
        application=exchange.client.key,
        revision=exchange.client.revision,
    )
    if not exchange.services.database.guarded(step):
        raise Stale
    kind = exchanging.JWT if asked.speaking else exchanging.ACCESS_TOKEN
    return told(issue, "", decision.expires_at - exchange.now) | {"issued_token_type": kind}
