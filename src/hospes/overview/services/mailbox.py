"""Emptying the development mailbox."""

from __future__ import annotations

from hospes.foundation.models import MailboxEntry


def delete_all() -> int:
    """Delete every message; return how many there were."""
    deleted, _by_model = MailboxEntry.objects.all().delete()
    return deleted
