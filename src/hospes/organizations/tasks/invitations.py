"""Invitations: going through lists, and forgetting what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.foundation.registry import Lane, task
from hospes.organizations.services import inviting_many, purging_invitations

PURGE = "organizations.purge_invitations"


@task(inviting_many.SEND, lease=timedelta(minutes=10), lane=Lane.BULK)
def send_list(payload: dict[str, Any]) -> None:
    """Invite the people of a list; those who were invited already are left out."""
    inviting_many.send(payload["list_id"])


@task(PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Delete invitations and lists that are long over."""
    purging_invitations.purge()
