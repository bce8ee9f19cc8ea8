"""A code that a person typed in elsewhere becomes tokens (RFC 8628 §3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import device_statements
from hospes.edge.access_tokens import formed
from hospes.edge.issuing import added, signed_id_token, told
from hospes.edge.known_clients import ATTEMPTS
from hospes.protocols.oauth import clients
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import device
from hospes.protocols.oauth.grants.polling import Wait
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange


def fetch(asked: device.DeviceRequest, exchange: Exchange) -> Body:
    """Return the tokens for a code that was typed in, or raise ``OAuthError``."""
    database, client, now = exchange.services.database, exchange.client, exchange.now
    code_hash = clients.secret_hash(asked.device_code)
    for _ in range(ATTEMPTS):
        with database.deciding() as connection:
            found = device_statements.request(connection, code_hash)
        decision = device.decide(client.view, found.view if found else None, now=now)
        if isinstance(decision, Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        if isinstance(decision, Wait):
            _note_question(exchange, row, decision)
            raise decision.error
        issue = formed(exchange, exchange.issue(row.scope), row)
        signed = signed_id_token(exchange, row, issue)
        steps = added(exchange, issue, row.grant_id, row.scope)
        if database.guarded(device_statements.use(row.request_id, now=now), *steps):
            return told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _note_question(exchange: Exchange, row: device_statements.DeviceRow, wait: Wait) -> None:
    """Remember when the device asked; of hasty questions in one second it is written once."""
    if (row.view.polled_at, row.view.interval) == (exchange.now, wait.interval):
        return
    with exchange.services.database.writing() as connection:
        device_statements.polled(
            connection, row.request_id, now=exchange.now, interval=wait.interval
        )
