"""Refresh tokens rotate, and a retry gets the same answer (RFC 6749 §6, RFC 9700 §4.14)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import resource_statements, statements
from hospes.edge.access_tokens import formed, spoken
from hospes.edge.issuing import Issue, added, signed_id_token, told
from hospes.edge.known_clients import ATTEMPTS
from hospes.kit.ids import base62
from hospes.protocols.oauth import clients, issuing
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
        issue = formed(exchange, issue, row)
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
        named = None
        if access is None:
            jti = following.access_token.removeprefix(issuing.ACCESS_TOKEN_PREFIX)
            named = resource_statements.named_successor(connection, row.grant_id, jti)
    decision = refreshing.decide_repeat(
        asked,
        access or named,
        successor,
        bound_to=exchange.bound_to,
        resources=exchange.resources,
    )
    if isinstance(decision, Denied):
        raise exchange.refuse(decision, row)
    issue = Issue(
        following.access_token,
        following.refresh_token,
        decision.scope,
        repeat.rotated_at,
        exchange.bound_to,
    )
    if named is not None and named.expires_at is not None:
        issue = _again(exchange, replace(issue, resources=named.resources), row, named.expires_at)
    access = access or named
    left = (access.expires_at if access and access.expires_at else exchange.now) - exchange.now
    return told(issue, signed_id_token(exchange, row, issue), max(left, 0))


def _again(exchange: Exchange, issue: Issue, row: statements.RefreshRow, expires_at: int) -> Issue:
    """Say the same once more; with some algorithms every signature is another one."""
    issue = spoken(exchange, issue, row.authentication, expires_at=expires_at)
    new = issue.written(row.grant_id, expires_at)
    with exchange.services.database.writing() as connection:
        if statements.successor(connection, new.token_hash, "access") is None:
            step = resource_statements.add(new)
            connection.change(step.sql, *step.values)
    return issue
