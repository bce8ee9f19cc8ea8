"""Reads of accounts, for staff. Nothing here returns a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Session
from hospes.organizations.models import Membership

if TYPE_CHECKING:
    from hospes.foundation.models import AuditEntry as AuditEntryRow

PAGE_SIZE = 50
ACTIVITY = 20

# A staff page has no business with what proves a person's identity.
_HIDDEN = ("password_hash",)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; ``older`` is the id to continue below, None at the end."""

    accounts: tuple[Account, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class View:
    """One account with what staff need to help: where it is signed in, where it belongs."""

    account: Account
    sessions: tuple[Session, ...]
    memberships: tuple[Membership, ...]
    activity: tuple[AuditEntryRow, ...]


def page(*, query: str, state: str, before: int | None) -> Page:
    """Return accounts whose name or address holds every word of ``query``."""
    rows = Account.objects.defer(*_HIDDEN).order_by("-id")
    for word in query.split()[:6]:
        rows = rows.filter(
            Q(email__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(public_id=word)
        )
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = tuple(rows[: PAGE_SIZE + 1])
    accounts = found[:PAGE_SIZE]
    return Page(accounts, accounts[-1].pk if len(found) > PAGE_SIZE else None)


def by_public_id(public_id: str) -> Account | None:
    """Return the account without its secrets; None where there is none."""
    return Account.objects.defer(*_HIDDEN).filter(public_id=public_id).first()


def view(account: Account) -> View:
    """Return what the staff page of ``account`` shows, in three queries."""
    return View(
        account=account,
        sessions=tuple(
            Session.objects.filter(account=account, ended_at__isnull=True).order_by("-last_seen_at")
        ),
        memberships=tuple(
            Membership.objects.filter(account=account)
            .select_related("organization")
            .order_by("organization__name")
        ),
        activity=tuple(
            AuditEntry.objects.filter(subject_account_id=account.pk).order_by("-id")[:ACTIVITY]
        ),
    )


def row_id_of(email: str) -> int | None:
    """Return the row id of the account with this address; None where there is none."""
    return Account.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
