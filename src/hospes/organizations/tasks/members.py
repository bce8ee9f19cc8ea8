"""Telling members that two-step verification is required now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.foundation.registry import subscribe, task
from hospes.organizations.services import two_step

TELL = "organizations.tell_two_step_required"


@task(TELL, lease=timedelta(minutes=10))
def tell(payload: dict[str, Any]) -> None:
    """Mail the members without it; a second run mails nobody twice."""
    two_step.tell_members(payload)


def register() -> None:
    """Listen to the switch."""
    subscribe("organizations.two_step_required_changed", TELL)
