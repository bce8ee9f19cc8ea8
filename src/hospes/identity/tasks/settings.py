"""Jobs behind the settings pages: data exports and the end of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.foundation import registry
from hospes.identity.services import deletion, export
from hospes.identity.services.two_step import trusted

REMOVE_EXPORTS = "identity.remove_expired_exports"
DELETE_ACCOUNTS = "identity.delete_due_accounts"


@registry.task(export.BUILD, lease=timedelta(minutes=15))
def build_data_export(payload: dict[str, Any]) -> None:
    """Make one account's copy of its data."""
    export.build(payload["export_id"])


@registry.task(REMOVE_EXPORTS)
def remove_expired_exports(_payload: dict[str, Any]) -> None:
    """Delete the copies that have run out."""
    export.remove_expired()


@registry.task(DELETE_ACCOUNTS, lease=timedelta(minutes=15))
def delete_due_accounts(_payload: dict[str, Any]) -> None:
    """Delete the accounts whose days of grace are over."""
    deletion.delete_due()


def register() -> None:
    """Put the regular work on the schedule and listen to sign-ins."""
    registry.schedule(REMOVE_EXPORTS, timedelta(hours=1))
    registry.schedule(DELETE_ACCOUNTS, timedelta(hours=1))
    registry.subscribe_inline("identity.signed_in", deletion.keep_signed_in_account)
    registry.subscribe_inline("identity.sessions_ended", trusted.sessions_ended)
