"""Why an account is locked, and lifting the lock that wrong passwords made."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import outbox
from hospes.identity.models import Account

if TYPE_CHECKING:
    from datetime import datetime

# After these the password is taken to be known to somebody else, until there is a new one.
_DISTRUSTED = ("identity.sign_in_repudiated", "identity.email_change_undone")


class Lock(Enum):
    """What keeps an account from signing in."""

    OPEN = "open"
    WRONG_PASSWORDS = "wrong_passwords"
    # Its owner said that somebody else is in there: only a new password opens it.
    NEW_PASSWORD = "new_password"  # noqa: S105 - a word for a reason
    STAFF = "staff"


def lock_of(account: Account) -> Lock:
    """Return what keeps ``account`` from signing in: no query for one that is open."""
    if account.state != Account.State.LOCKED:
        return Lock.OPEN
    if account.locked_by_staff:
        return Lock.STAFF
    distrusted = _is_distrusted(account.pk, since=account.password_changed_at)
    return Lock.NEW_PASSWORD if distrusted else Lock.WRONG_PASSWORDS


@transaction.atomic
def lift(account: Account) -> bool:
    """Let an account that wrong passwords locked sign in again; return whether it was one.

    Its owner's own limit begins anew. What slows guessing down, per account and per network,
    goes on counting: lifting a lock buys no more guesses than that limit.
    """
    present = Account.objects.select_for_update().get(pk=account.pk)
    if lock_of(present) is not Lock.WRONG_PASSWORDS:
        return False
    Account.objects.filter(pk=account.pk).update(
        state=Account.State.ACTIVE, locked_at=None, failed_passwords=0, updated_at=clock.now()
    )
    outbox.emit("identity.account_unlocked", {"account_id": account.pk})
    return True


def _is_distrusted(account_id: int, *, since: datetime) -> bool:
    return AuditEntry.objects.filter(
        subject_account_id=account_id, action__in=_DISTRUSTED, at__gte=since
    ).exists()
