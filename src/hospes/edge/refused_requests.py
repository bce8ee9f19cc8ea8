"""What an application's owner is told of its own requests that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import statements
from hospes.edge.known_clients import KnownClient, Stale
from hospes.protocols.oauth import outcomes

if TYPE_CHECKING:
    from hospes.edge.services import Services
    from hospes.protocols.oauth.errors import OAuthError


def note(
    services: Services, client: KnownClient, error: OAuthError, *, address: str, now: int
) -> None:
    """Tell the application's owner of a refusal.

    Raises:
        Stale: the application has changed since, so this is none.

    """
    noted = services.log_has_room(client.key)
    database = services.database
    with database.writing() if noted else database.reading() as connection:
        if statements.revision(connection, client.key) != client.revision:
            raise Stale
        if noted:
            statements.add_event(
                connection,
                outcomes.REQUEST_REFUSED,
                application=client.key,
                grant=None,
                address=address,
                detail={"error": error.code, "reason": error.description},
                now=now,
            )
