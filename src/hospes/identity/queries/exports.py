"""Reads of data exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.identity.models import DataExport

if TYPE_CHECKING:
    from hospes.identity.models import Account

SHOWN = 5


def recent(account: Account) -> list[DataExport]:
    """Return the account's last exports, newest first: one query."""
    return list(DataExport.objects.filter(account=account).order_by("-pk")[:SHOWN])
