"""Authorization codes become tokens (RFC 6749 §4.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.access_tokens import formed
from hospes.edge.issuing import added, signed_id_token, told
from hospes.edge.known_clients import ATTEMPTS
from hospes.protocols.oauth import clients
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import codes
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange


def redeem(asked: codes.CodeRequest, exchange: Exchange) -> Body:
    """Return the tokens for a code, or raise ``OAuthError``."""
    database, client, now = exchange.services.database, exchange.client, exchange.now
    code_hash = clients.secret_hash(asked.code)
    for _ in range(ATTEMPTS):
        with database.deciding() as connection:
            found = statements.code(connection, code_hash)
        decision = codes.decide(
            asked,
            client.view,
            found.view if found else None,
            now=now,
            bound_to=exchange.bound_to,
        )
        if isinstance(decision, Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        issue = formed(exchange, exchange.issue(row.scope), row)
        signed = signed_id_token(exchange, row, issue)
        # The decision saw the row; the first statement makes it true, or finds another was first.
        steps = added(exchange, issue, row.grant_id, row.scope)
        if database.guarded(statements.use_code(row.code_id, now=now), *steps):
            return told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")
