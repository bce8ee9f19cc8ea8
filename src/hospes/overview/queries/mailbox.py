"""Reads of the development mailbox."""

from __future__ import annotations

from hospes.foundation.models import MailboxEntry

LIMIT = 100


def entries(recipient: str) -> tuple[MailboxEntry, ...]:
    """Return the newest messages, to one recipient if named; at most 100."""
    rows = MailboxEntry.objects.order_by("-id")
    if recipient:
        rows = rows.filter(recipient__icontains=recipient)
    return tuple(rows[:LIMIT])


def entry(entry_id: int) -> MailboxEntry | None:
    """Return one message."""
    return MailboxEntry.objects.filter(pk=entry_id).first()


def recipients() -> tuple[str, ...]:
    """Return who has mail, in alphabetical order."""
    return tuple(
        MailboxEntry.objects.order_by("recipient")
        .values_list("recipient", flat=True)
        .distinct()[:LIMIT]
    )
