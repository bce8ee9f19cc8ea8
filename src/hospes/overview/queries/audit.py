"""Reads of the audit log, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; empty values mean "any".

    ``since`` is included, ``until`` is not. ``account`` is a row id.
    """

    action: str = ""
    account: int | None = None
    ip: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; ``older`` is the id to continue below, None at the end."""

    entries: tuple[AuditEntry, ...]
    older: int | None


def _filtered(filters: Filters) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-id")
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.account is not None:
        rows = rows.filter(
            Q(subject_account_id=filters.account) | Q(actor_account_id=filters.account)
        )
    if filters.ip:
        rows = rows.filter(ip=filters.ip)
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    return rows


def page(filters: Filters, *, before: int | None) -> Page:
    """Return the entries below the id ``before``: one query, however deep the page."""
    rows = _filtered(filters)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = tuple(rows[: PAGE_SIZE + 1])
    entries = found[:PAGE_SIZE]
    return Page(entries, entries[-1].pk if len(found) > PAGE_SIZE else None)


def every(filters: Filters) -> Iterator[AuditEntry]:
    """Yield all entries, a few hundred in memory at a time."""
    return _filtered(filters).iterator(chunk_size=500)


def recorded_actions() -> tuple[str, ...]:
    """Return the actions there are entries of."""
    return tuple(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def people_in(entries: Iterable[AuditEntry]) -> dict[int, Account]:
    """Return the accounts that entries speak of, by row id, in one query."""
    wanted = {
        account_id
        for entry in entries
        for account_id in (entry.actor_account_id, entry.subject_account_id)
        if account_id is not None
    }
    return Account.objects.only("id", "public_id", "email", "first_name", "last_name").in_bulk(
        wanted
    )
