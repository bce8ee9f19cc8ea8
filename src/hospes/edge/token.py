"""``/token``: a code becomes tokens, in one transaction, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.http import json_response
from hospes.edge.requests import refusal
from hospes.edge.signing import signer
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import clients, id_token, token
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.databases import Connection
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.edge.signing import Signer
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


@dataclass(frozen=True, slots=True)
class _Terms:
    """What tokens issued now are like.

    Gathered before the transaction: keys and numbers may be read from the database, and with
    SQLite nobody else writes while the transaction runs.
    """

    issuer: str
    now: int
    random: bytes = field(repr=False)
    access_token_seconds: int
    id_token_seconds: int
    signer: Signer


def _exchange(asked: token.CodeRequest, services: Services) -> dict[str, object]:
    now = services.clock()
    # Outside the transaction as well: who is not a client takes no lock.
    with services.database.reading() as connection:
        loaded = statements.client(connection, asked.credentials.client_id, now=now)
    client = clients.authenticate(asked.credentials, loaded)
    terms = _Terms(
        issuer=services.issuer,
        now=now,
        random=services.random_bytes(bytes_for(TOKEN_DIGITS)),
        access_token_seconds=services.number("connect.access_token_seconds"),
        id_token_seconds=services.number("connect.id_token_seconds"),
        signer=signer(services.keys, client.id_token_alg),
    )
    with services.database.writing() as connection:
        outcome = _redeem(connection, asked, client, terms)
    # A denial is raised only now: what it revoked has been committed.
    if isinstance(outcome, OAuthError):
        raise outcome
    return outcome


def _redeem(
    connection: Connection, asked: token.CodeRequest, client: ClientView, terms: _Terms
) -> dict[str, object] | OAuthError:
    row = statements.code(connection, clients.secret_hash(asked.code))
    decision = token.decide(asked, client, row.view if row else None, now=terms.now)
    if row is None or isinstance(decision, token.Denied):
        return _deny(connection, row, decision, terms.now)
    # The decision saw the row; this statement makes it true, or finds another was first.
    if not statements.use_code(connection, row.code_id, now=terms.now):
        return _deny(connection, row, token.replayed(), terms.now)
    return _issue(connection, row, client, terms)


def _deny(
    connection: Connection, row: CodeRow | None, decision: token.Allowed | token.Denied, now: int
) -> OAuthError:
    denied = decision if isinstance(decision, token.Denied) else token.unknown()
    if denied.revoke and row is not None:
        statements.revoke_grant(connection, row.grant_id, now=now)
    return denied.error


def _issue(
    connection: Connection, row: CodeRow, client: ClientView, terms: _Terms
) -> dict[str, object]:
    access_token = token.ACCESS_TOKEN_PREFIX + base62(terms.random, TOKEN_DIGITS)
    statements.add_access_token(
        connection,
        clients.secret_hash(access_token),
        grant_id=row.grant_id,
        scope=row.scope,
        now=terms.now,
        expires_at=terms.now + terms.access_token_seconds,
    )
    signed = ""
    if "openid" in row.scope.split(" "):
        claims = id_token.claims(
            row.authentication,
            issuer=terms.issuer,
            client_id=client.client_id,
            access_token=access_token,
            alg=terms.signer.alg,
            issued_at=terms.now,
            lifetime=terms.id_token_seconds,
        )
        signed = terms.signer.sign(claims)
    return token.response(
        access_token=access_token,
        expires_in=terms.access_token_seconds,
        scope=row.scope,
        id_token=signed,
    )
