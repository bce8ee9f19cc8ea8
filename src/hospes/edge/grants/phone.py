"""A YES on a phone becomes tokens (OpenID Connect CIBA Core 1.0 §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import backchannel_statements
from hospes.edge.access_tokens import formed
from hospes.edge.issuing import added, signed_id_token, told
from hospes.edge.known_clients import ATTEMPTS
from hospes.protocols.oauth import clients
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import phone
from hospes.protocols.oauth.grants.polling import Wait
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange


def fetch(asked: phone.BackchannelRequest, exchange: Exchange) -> Body:
    """Return the tokens for a YES on a phone, or raise ``OAuthError``."""
    database, client, now = exchange.services.database, exchange.client, exchange.now
    auth_req_hash = clients.secret_hash(asked.auth_req_id)
    for _ in range(ATTEMPTS):
        with database.deciding() as connection:
            found = backchannel_statements.request(connection, auth_req_hash)
        decision = phone.decide(client.view, found.view if found else None, now=now)
        if isinstance(decision, Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        if isinstance(decision, Wait):
            _note_question(exchange, row, decision)
            raise decision.error
        issue = formed(exchange, exchange.issue(row.scope), row)
        signed = signed_id_token(exchange, row, issue)
        steps = added(exchange, issue, row.grant_id, row.scope)
        if database.guarded(backchannel_statements.use(row.request_id, now=now), *steps):
            return told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _note_question(
    exchange: Exchange, row: backchannel_statements.BackchannelRow, wait: Wait
) -> None:
    """Remember when the application asked; of hasty ones in one second it is written once."""
    if (row.view.polled_at, row.view.interval) == (exchange.now, wait.interval):
        return
    with exchange.services.database.writing() as connection:
        backchannel_statements.polled(
            connection, row.request_id, now=exchange.now, interval=wait.interval
        )
