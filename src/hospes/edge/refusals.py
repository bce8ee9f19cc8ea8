"""What an application's owner is told of requests that did not prove to be the application's.

Whoever knows a client ID can cause these, so they are bounded, and none costs an answer that
succeeds anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.protocols.oauth import clients, outcomes
from hospes.protocols.oauth.errors import OAuthError, Unproved

if TYPE_CHECKING:
    from hospes.edge.known_clients import KnownClient
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters


def note_unproved(
    services: Services,
    known: KnownClient,
    credentials: Credentials,
    request: HotRequest,
    error: OAuthError,
    *,
    now: int,
) -> None:
    """Note that a request named ``known``, just loaded, and could not prove to be its own."""
    if not services.log_has_room(known.key):
        return
    secret_hash = clients.secret_hash(credentials.secret)
    with services.database.reading() as connection:
        found = connection.row(statements.REPLACED_HINT, known.key, secret_hash, now)
    said = error.reason if isinstance(error, Unproved) else ""
    reason = said or _why(credentials, known.view, ended=found[0] if found else "")
    detail = {"endpoint": request.path, "error": "invalid_client", "reason": reason}
    _write(services, known.key, outcomes.CLIENT_REFUSED, detail, request, now=now)


def _why(credentials: Credentials, client: ClientView, *, ended: str) -> str:
    try:
        clients.authenticate(credentials, client)
    except OAuthError:
        return clients.why_refused(credentials, client, ended=ended)
    # An application without a secret is itself, and that is not enough here.
    return "A Mobile application has no secret to prove itself with."


def note_unread(
    services: Services, request: HotRequest, form: Parameters, error: OAuthError, *, now: int
) -> None:
    """Note that a token request could not be read, if it names an application."""
    known = services.clients.load(services, _named(request, form), now=now)
    if known is not None and services.log_has_room(known.key):
        detail = {"error": error.code, "reason": error.description}
        _write(services, known.key, outcomes.TOKEN_REFUSED, detail, request, now=now)


def _named(request: HotRequest, form: Parameters) -> str:
    try:
        return clients.read_credentials(request.authorization, form).client_id
    except OAuthError:
        return ""


def _write(
    services: Services,
    key: int,
    kind: str,
    detail: dict[str, str],
    request: HotRequest,
    *,
    now: int,
) -> None:
    with services.database.writing() as connection:
        if statements.revision(connection, key) is None:
            return
        statements.add_event(
            connection,
            kind,
            application=key,
            grant=None,
            address=request.address,
            detail=detail,
            now=now,
        )
