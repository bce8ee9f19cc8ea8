"""``/oauth2/backchannel-authenticate``: an application has a person asked (CIBA Core 1.0 §7).

Who asks, and whether it is well said, is decided here; the phone is asked by what ``Services``
holds, in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import refused_requests
from hospes.edge.http import Response, json_response
from hospes.edge.known_clients import KnownClient, Stale, acting_as
from hospes.protocols.oauth import backchannel, id_token
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.backchannel import Accepted, Question


def answer(request: HotRequest, services: Services) -> Response:
    """Answer an application that wants to have somebody asked."""
    try:
        sent = backchannel.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()

        def work(client: KnownClient) -> Accepted:
            try:
                question = _meant(backchannel.check(sent, client.view), client, services)
                accepted = services.ask_phone(
                    client.key, client.revision, question, request.address, request.user_agent
                )
            except OAuthError as error:
                refused_requests.note(services, client, error, address=request.address, now=now)
                raise
            if accepted is None:
                raise Stale
            return accepted

        accepted = acting_as(services, sent.credentials, work, request=request, now=now)
    except OAuthError as error:
        told = backchannel.refusal(error)
        return json_response(told.status, told.body, told.headers)
    return json_response(200, accepted.body(), NO_STORE)


def _meant(question: Question, client: KnownClient, services: Services) -> Question:
    """Return the question with the subject that its hint names; an expired one still says who."""
    if not question.id_token_hint:
        return question
    hint = id_token.read_hint(
        question.id_token_hint, jwks=services.keys.jwks(), issuer=services.issuer
    )
    if hint is None or hint.client_id != client.view.client_id:
        raise OAuthError(
            "invalid_request", "id_token_hint is no ID token of this issuer for this application."
        )
    return replace(question, subject=hint.subject, id_token_hint="")
