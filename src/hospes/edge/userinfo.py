"""``/oauth2/userinfo``: what a bearer of an access token may know (OpenID Connect Core §5.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import exchange_statements, person_statements, possession
from hospes.edge.http import Response, json_response
from hospes.edge.requests import NO_PARAMETERS, refusal
from hospes.edge.signing import signer
from hospes.protocols.oauth import bearer, claims_request, clients, options, resources, scopes
from hospes.protocols.oauth.errors import NO_STORE, BearerRefusal, OAuthError
from hospes.protocols.oauth.parameters import FORM

if TYPE_CHECKING:
    from hospes.edge.http import Headers
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.parameters import Parameters


def answer(request: HotRequest, services: Services) -> Response:
    """Answer ``GET``, or ``POST`` with the token in the header or in a form."""
    presented, headers = None, NO_STORE
    try:
        presented = bearer.read(request.authorization, query=_query(request), form=_form(request))
        with services.database.reading() as connection:
            row = person_statements.access_token(
                connection, clients.secret_hash(presented.token), picture_url=services.picture_url
            )
            if row is None:
                raise bearer.invalid()
            if row.actors and not exchange_statements.holder_is_there(connection, row.actors):
                raise bearer.invalid()
            now = services.clock()
            bearer.check(
                row.view,
                required_scope="openid",
                now=now,
                resource=services.issuer + resources.USERINFO,
            )
            if row.view.bound_to or presented.dpop:
                client_id = person_statements.grant_client(connection, row.grant_id)
                headers = (
                    *NO_STORE,
                    *possession.held(
                        services, request, presented, row.view.bound_to, client_id, now=now
                    ),
                )
            also = claims_request.stored(row.claims).userinfo if row.claims else ()
            person = row.person
            if scopes.GROUPS in (*row.view.scope.split(), *also):
                groups = person_statements.grant_groups(connection, row.grant_id)
                person = replace(person, groups=groups)
            signed_for = (
                person_statements.grant_client(connection, row.grant_id) if row.options else ""
            )
    except BearerRefusal as error:
        return refusal(error.answer(dpop=presented.dpop if presented else None))
    told = scopes.claims(row.view.scope, person, also)
    if row.options:
        alg = options.read(row.options).userinfo_signed_response_alg
        return _signed(services, alg, {**told, "iss": services.issuer, "aud": signed_for}, headers)
    return json_response(200, told, headers)


def _signed(services: Services, alg: str, told: dict[str, object], headers: Headers) -> Response:
    """Return the answer as a signed JWT (OpenID Connect Core §5.3.2)."""
    token = signer(services.keys, alg).sign(told)
    return Response(200, token.encode("ascii"), "application/jwt", headers)


def _query(request: HotRequest) -> Parameters:
    try:
        return request.query()
    except OAuthError as error:
        raise BearerRefusal("invalid_request", error.description) from None


def _form(request: HotRequest) -> Parameters:
    if request.method != "POST" or not request.content_type.lower().startswith(FORM):
        return NO_PARAMETERS
    try:
        return request.form()
    except OAuthError as error:
        raise BearerRefusal("invalid_request", error.description) from None
