"""Giving tokens back: ``/oauth2/revoke`` (RFC 7009), and ``DELETE /token`` with the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import events, introspect, statements
from hospes.edge.http import Response, json_response
from hospes.edge.known_clients import KnownClient, acting_as
from hospes.edge.requests import refusal
from hospes.protocols.oauth import bearer, clients, inspection
from hospes.protocols.oauth.errors import NO_STORE, BearerRefusal, OAuthError
from hospes.protocols.oauth.parameters import Parameters

if TYPE_CHECKING:
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services

_NONE = Parameters({})


def answer(request: HotRequest, services: Services) -> Response:
    """End a token of the client's own; the answer is the same where there is none."""
    try:
        asked = inspection.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()
        address = str(request.environ.get("REMOTE_ADDR", ""))

        def work(client: KnownClient) -> None:
            row = introspect.load(services, client, asked.token)
            what = inspection.ends(row.facts if row else None, client_id=client.view.client_id)
            if row is not None and what:
                _end(services, row, client.key, what=what, address=address, now=now)

        acting_as(services, asked.credentials, work, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    return Response(200, headers=NO_STORE)


def _end(
    services: Services,
    row: statements.FactsRow,
    application: int,
    *,
    what: str,
    address: str,
    now: int,
) -> None:
    with services.database.writing() as connection:
        if what == "grant":
            ended = connection.change(statements.REVOKE_GRANT, now, row.grant_id)
            connection.change(statements.REVOKE_GRANT_TOKENS, now, row.grant_id)
        else:
            ended = connection.change(statements.REVOKE_ONE, now, row.token_id)
        if ended:
            services.events.write(
                connection,
                events.TOKENS_REVOKED,
                application=application,
                grant=row.grant_id,
                address=address,
                detail={"what": what},
                now=now,
            )


def give_back(request: HotRequest, services: Services) -> Response:
    """End the access token that the request carries; the answer is the REST API's envelope."""
    now = services.clock()
    try:
        token = bearer.read(request.authorization, query=request.query(), form=_NONE)
        with services.database.reading() as connection:
            row = statements.token_facts(connection, clients.secret_hash(token), asking=0)
        if (
            row is None
            or row.facts.kind != "access"
            or not inspection.alive(row.facts, now=now)
            or not services.database.guarded(statements.revoke_token(row.token_id, now=now))
        ):
            raise bearer.invalid()
    except BearerRefusal as refused:
        told = refused.answer()
        text = refused.description or "A bearer token must be sent."
        error = {"code": "not_authorized", "description": text}
        return json_response(told.status, {"result": "error", "error": error}, told.headers)
    except OAuthError as refused:
        error = {"code": "bad_request", "description": refused.description}
        return json_response(refused.status, {"result": "error", "error": error}, NO_STORE)
    return json_response(200, {"result": "success", "data": True}, NO_STORE)
