"""``/oauth2/introspect``: whether a token lives, for those who guard something (RFC 7662)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import exchange_statements, password_statements, statements
from hospes.edge.http import json_response
from hospes.edge.known_clients import KnownClient, Stale, acting_as
from hospes.edge.requests import refusal
from hospes.kit import application_passwords
from hospes.protocols.oauth import clients, inspection
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services

# A use of an application password is written down at most so often.
USE_SECONDS = 60


def answer(request: HotRequest, services: Services) -> Response:
    """Answer an application that proved itself; one without a secret cannot."""
    try:
        asked = inspection.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()

        def work(client: KnownClient) -> dict[str, object]:
            inspection.refuse_public(client.view)
            # By its form alone: nothing more is read for a token.
            password = application_passwords.read(asked.token)
            if password and client.view.accepts_application_passwords:
                return _of_password(services, client, password, now=now)
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
            actors = " ".join(row.facts.actors)
            if actors and not exchange_statements.holder_is_there(connection, actors):
                row = None
        else:
            revision = statements.revision(connection, client.key)
    if revision != client.revision:
        raise Stale
    return row


def _of_password(
    services: Services, client: KnownClient, password: str, *, now: int
) -> dict[str, object]:
    """Answer a trusted application, and note for the owner who asked."""
    password_hash = clients.secret_hash(password)
    with services.database.reading() as connection:
        row = password_statements.application_password(connection, password_hash, asking=client.key)
        revision = row.asking_revision if row else statements.revision(connection, client.key)
    if revision != client.revision:
        raise Stale
    told = inspection.password_introspection(
        row.facts if row else None, client=client.view, issuer=services.issuer
    )
    before = now - USE_SECONDS
    if row is not None and told["active"] and (row.last_used_at or 0) <= before:
        services.database.guarded(
            password_statements.use(row.password_id, application=client.key, now=now, before=before)
        )
    return told
