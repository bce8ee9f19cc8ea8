"""Takes this room's endpoints and the headings they stand under into the API."""

from __future__ import annotations

from hospes.api.api import reference
from hospes.rest import registry


def register() -> None:
    """Register them; a second call changes nothing."""
    registry.register_tag(reference.TAG, "What other answers refer to by number.")
    registry.register(*reference.ROUTES)
