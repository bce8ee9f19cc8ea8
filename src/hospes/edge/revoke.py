"""Giving tokens back: ``/oauth2/revoke`` (RFC 7009), and ``DELETE /token`` with the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import introspect, possession, statements
from hospes.edge.http import Response, json_response
from hospes.edge.known_clients import KnownClient, acting_as
from hospes.edge.requests import NO_PARAMETERS, refusal
from hospes.protocols.oauth import bearer, clients, inspection, outcomes
from hospes.protocols.oauth.errors import NO_STORE, BearerRefusal, OAuthError

if TYPE_CHECKING:
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services


def answer(request: HotRequest, services: Services) -> Response:
    """End a token of the client's own; the answer is the same where there is none."""
    try:
        asked = inspection.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()

        def work(client: KnownClient) -> None:
            row = introspect.load(services, client, asked.token)
            what = inspection.ends(row.facts if row else None, client_id=client.view.client_id)
            if row is not None and what:
                _end(services, row, what=what, address=request.address, now=now)

        acting_as(services, asked.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    return Response(200, headers=NO_STORE)


def _end(
    services: Services, row: statements.FactsRow, *, what: str, address: str, now: int
) -> bool:
    """End the token or its grant, for the owner to read; ``False`` where it had ended before."""
    with services.database.writing() as connection:
        if what == "grant":
            ended = statements.revoke_grant(connection, row.grant_id, now=now)
        else:
            ended = statements.revoke_token(connection, row.token_id, now=now)
        if ended:
            statements.add_event(
                connection,
                outcomes.TOKENS_REVOKED,
                application=row.application,
                grant=row.grant_id,
                address=address,
                detail={"what": what},
                now=now,
            )
    return ended


def give_back(request: HotRequest, services: Services) -> Response:
    """End the access token that the request carries; the answer is the REST API's envelope."""
    now = services.clock()
    presented = None
    try:
        presented = bearer.read(request.authorization, query=request.query(), form=NO_PARAMETERS)
        with services.database.reading() as connection:
            row = statements.token_facts(connection, clients.secret_hash(presented.token), asking=0)
        usable = (
            row is not None and row.facts.kind == "access" and bearer.alive(row.facts.view, now=now)
        )
        if row is None or not usable:
            raise bearer.invalid()
        if row.facts.view.bound_to or presented.dpop:
            possession.held(
                services,
                request,
                presented,
                row.facts.view.bound_to,
                row.facts.client_id,
                now=now,
            )
        # Of two who give it back at once, one ends it.
        if not _end(services, row, what="token", address=request.address, now=now):
            raise bearer.invalid()
    except BearerRefusal as refused:
        told = refused.answer(dpop=presented.dpop if presented else None)
        text = refused.description or "A bearer token must be sent."
        error = {"code": "not_authorized", "description": text}
        return json_response(told.status, {"result": "error", "error": error}, told.headers)
    except OAuthError as refused:
        error = {"code": "bad_request", "description": refused.description}
        return json_response(refused.status, {"result": "error", "error": error}, NO_STORE)
    return json_response(200, {"result": "success", "data": True}, NO_STORE)
