"""Takes this room's endpoints and the headings they stand under into the API."""

from __future__ import annotations

from hospes.api.api import bulk_invitations, reference, tasks
from hospes.rest import registry


def register() -> None:
    """Register them; a second call changes nothing."""
    registry.register_tag(reference.TAG, "What other answers refer to by number.")
    registry.register(*reference.ROUTES)
    registry.register_tag(tasks.TAG, "Work that goes on after its answer.")
    registry.register(*tasks.ROUTES, *bulk_invitations.ROUTES)
