"""``/oauth2/introspect``: whether a token lives, for those who guard something (RFC 7662)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.http import json_response
from hospes.edge.known_clients import KnownClient, Stale, acting_as
from hospes.edge.requests import refusal
from hospes.protocols.oauth import clients, inspection
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services


def answer(request: HotRequest, services: Services) -> Response:
    """Answer an application that proved itself; one without a secret cannot."""
    try:
        asked = inspection.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()

        def work(client: KnownClient) -> dict[str, object]:
            inspection.refuse_public(client.view)
            row = load(services, client, asked.token)
            return inspection.introspection(
                row.facts if row else None,
                organization=client.organization,
                issuer=services.issuer,
                now=now,
            )

        body = acting_as(services, asked.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    return json_response(200, body, NO_STORE)


def load(services: Services, client: KnownClient, token: str) -> statements.FactsRow | None:
    """Load a token, and make sure that ``client`` is as it was kept.

    Raises:
        Stale: it is not.

    """
    with services.database.reading() as connection:
        row = statements.token_facts(connection, clients.secret_hash(token), asking=client.key)
        if row is not None:
            revision = row.asking_revision
        else:
            revision = statements.revision(connection, client.key)
    if revision != client.revision:
        raise Stale
    return row
