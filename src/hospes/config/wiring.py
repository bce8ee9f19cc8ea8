"""Where rooms that do not see each other are bound together.

One function, called once at start-up by every process (``config/apps.py``): what must rise from
a lower room to a higher one rises as an event, and is bound here.
"""

from __future__ import annotations

from hospes.foundation import registry
from hospes.organizations import queries as organization_queries
from hospes.organizations.services import founding
from hospes.site import frame

_state = {"connected": False}


def connect_rooms() -> None:
    """Bind events, frame values and other contributions; a second call changes nothing."""
    if _state["connected"]:
        return
    _state["connected"] = True
    _organizations()


def _organizations() -> None:
    registry.subscribe_inline("identity.account_created", founding.found_for_new_account)
    registry.subscribe_inline("identity.account_deleted", founding.leave_with_deleted_account)
    frame.contribute("organization", organization_queries.current)
    frame.contribute("organizations", organization_queries.listed)
