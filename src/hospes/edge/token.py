"""``/token``: a code becomes tokens, in one transaction, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import signing, statements
from hospes.edge.http import json_response
from hospes.edge.requests import refusal
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import clients, id_token, token
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.databases import Connection
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.edge.statements import CodeRow
    from hospes.protocols.oauth.clients import ClientView

# 43 base62 digits hold 256 random bits.
TOKEN_DIGITS = 43


def answer(request: HotRequest, services: Services) -> Response:
    """Answer a token request (RFC 6749 §4.1.3)."""
    try:
        asked = token.parse(request.authorization, request.form(), query=request.query())
        body = _exchange(asked, services)
    except OAuthError as error:
        return refusal(error.answer())
    return json_response(200, body, NO_STORE)


def _exchange(asked: token.CodeRequest, services: Services) -> dict[str, object]:
    now = services.clock()
    # Before the transaction: who is not a client takes no lock.
    with services.database.reading() as connection:
        loaded = statements.client(connection, asked.credentials.client_id, now=now)
    client = clients.authenticate(asked.credentials, loaded)
    with services.database.writing() as connection:
        outcome = _redeem(connection, asked, client, services, now)
    # A denial is raised only now: what it revoked has been committed.
    if isinstance(outcome, OAuthError):
        raise outcome
    return outcome


def _redeem(
    connection: Connection,
    asked: token.CodeRequest,
    client: ClientView,
    services: Services,
    now: int,
) -> dict[str, object] | OAuthError:
    row = statements.code(connection, clients.secret_hash(asked.code))
    decision = token.decide(asked, client, row.view if row else None, now=now)
    if row is None or isinstance(decision, token.Denied):
        return _deny(connection, row, decision, now)
    # The decision saw the row; this statement makes it true, or finds another was first.
    if not statements.use_code(connection, row.code_id, now=now):
        return _deny(connection, row, token.replayed(), now)
    return _issue(connection, row, client, services, now)


def _deny(
    connection: Connection, row: CodeRow | None, decision: token.Allowed | token.Denied, now: int
) -> OAuthError:
    denied = decision if isinstance(decision, token.Denied) else token.unknown()
    if denied.revoke and row is not None:
        statements.revoke_grant(connection, row.grant_id, now=now)
    return denied.error


def _issue(
    connection: Connection, row: CodeRow, client: ClientView, services: Services, now: int
) -> dict[str, object]:
    random = services.random_bytes(bytes_for(TOKEN_DIGITS))
    access_token = token.ACCESS_TOKEN_PREFIX + base62(random, TOKEN_DIGITS)
    lifetime = services.number("connect.access_token_seconds")
    statements.add_access_token(
        connection,
        clients.secret_hash(access_token),
        grant_id=row.grant_id,
        scope=row.scope,
        now=now,
        expires_at=now + lifetime,
    )
    signed = ""
    if "openid" in row.scope.split(" "):
        claims = id_token.claims(
            row.authentication,
            issuer=services.issuer,
            client_id=client.client_id,
            access_token=access_token,
            alg=client.id_token_alg,
            issued_at=now,
            lifetime=services.number("connect.id_token_seconds"),
        )
        signed = signing.sign(claims, client.id_token_alg, services.keys)
    return token.response(
        access_token=access_token, expires_in=lifetime, scope=row.scope, id_token=signed
    )
