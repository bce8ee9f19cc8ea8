"""What this room does on schedule."""

from __future__ import annotations

from typing import Any

from hospes.foundation.registry import task
from hospes.status.services import updates

BEGIN_PLANNED = "status.begin_planned"


@task(BEGIN_PLANNED)
def begin_planned(_payload: dict[str, Any]) -> None:
    """Let planned maintenance begin when its time has come."""
    updates.begin_planned()
