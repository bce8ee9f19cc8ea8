"""Refresh tokens rotate, and a retry gets the same answer (RFC 6749 §6, RFC 9700 §4.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.issuing import Issue, added, signed_id_token, told
from hospes.edge.known_clients import ATTEMPTS
from hospes.kit.ids import base62
from hospes.protocols.oauth import clients
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants import refreshing
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.edge.issuing import Body, Exchange


def rotate(asked: refreshing.RefreshRequest, exchange: Exchange) -> Body:
    """Return the tokens that follow a refresh token, or raise ``OAuthError``."""
    services, client, now = exchange.services, exchange.client, exchange.now
    retry_seconds = services.number("connect.refresh_retry_seconds")
    token_hash = clients.secret_hash(asked.refresh_token)
    for _ in range(ATTEMPTS):
        with services.database.deciding() as connection:
            found = statements.refresh(connection, token_hash)
        decision = refreshing.decide(
            asked,
            client.view,
            found.view if found else None,
            now=now,
            retry_seconds=retry_seconds,
            bound_to=exchange.bound_to,
        )
        if isinstance(decision, Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        if isinstance(decision, refreshing.Repeat):
            return _repeat(asked, decision, row, exchange)
        salt = exchange.chance()
        following = refreshing.successors(asked.refresh_token, salt, name=base62)
        issue = Issue(
            following.access_token,
            following.refresh_token,
            decision.scope,
            now,
            exchange.bound_to,
        )
        signed = signed_id_token(exchange, row, issue)
        steps = added(exchange, issue, row.grant_id, row.view.scope)
        if services.database.guarded(statements.rotate(row.token_id, salt, now=now), *steps):
            return told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _repeat(
    asked: refreshing.RefreshRequest,
    repeat: refreshing.Repeat,
    row: statements.RefreshRow,
    exchange: Exchange,
) -> Body:
    """Give the answer again that a client did not receive."""
    following = refreshing.successors(asked.refresh_token, repeat.salt, name=base62)
    with exchange.services.database.deciding() as connection:
        access, successor = (
            statements.successor(connection, clients.secret_hash(value), kind)
            for value, kind in (
                (following.access_token, "access"),
                (following.refresh_token, "refresh"),
            )
        )
    decision = refreshing.decide_repeat(asked, access, successor, bound_to=exchange.bound_to)
    if isinstance(decision, Denied):
        raise exchange.refuse(decision, row)
    issue = Issue(
        following.access_token,
        following.refresh_token,
        decision.scope,
        repeat.rotated_at,
        exchange.bound_to,
    )
    left = (access.expires_at if access and access.expires_at else exchange.now) - exchange.now
    return told(issue, signed_id_token(exchange, row, issue), max(left, 0))
