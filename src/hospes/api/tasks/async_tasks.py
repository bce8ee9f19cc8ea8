"""The work behind asynchronous tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.api.services import bulk_inviting, tasks
from hospes.foundation import registry


@registry.task(tasks.RUN, lease=timedelta(minutes=5))
def run(payload: dict[str, Any]) -> None:
    """Do one."""
    tasks.run(payload["task"], payload["step"])


@registry.task(tasks.SETTLE)
def settle(_payload: dict[str, Any]) -> None:
    """Give up what nobody does any longer."""
    tasks.settle()


@registry.task(tasks.PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Forget what ended long ago."""
    tasks.purge()


def register() -> None:
    """Name the kinds, and keep the schedule."""
    tasks.register_kind(
        bulk_inviting.KIND,
        bulk_inviting.look,
        scopes=bulk_inviting.SCOPES,
        attributes=bulk_inviting.ATTRIBUTES,
    )
    registry.schedule(tasks.SETTLE, timedelta(minutes=1))
    registry.schedule(tasks.PURGE, timedelta(hours=6))
