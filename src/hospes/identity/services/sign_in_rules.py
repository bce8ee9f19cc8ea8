"""The owner's own rules for signing in: which mails, and after how many failures it locks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.identity.services import security_notices
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

FIELDS = ("mail_on_sign_in", "mail_on_failed_sign_in", "lock_after_failures")
FEWEST, MOST = 1, 100


@dataclass(frozen=True, slots=True)
class ChangeSignInRules:
    """``lock_after_failures`` is 1-100 wrong passwords in a row, None for never."""

    mail_on_sign_in: bool
    mail_on_failed_sign_in: bool
    lock_after_failures: int | None


def change_sign_in_rules(
    command: ChangeSignInRules, *, acting_account: Account, origin: Origin
) -> bool:
    """Write the acting account's rules; return whether anything changed.

    Raises:
        Refused: ``lock_after_failures`` ``out_of_range`` (with ``minimum`` and ``maximum``).

    """
    lock = command.lock_after_failures
    if lock is not None and not FEWEST <= lock <= MOST:
        sizes = {"minimum": FEWEST, "maximum": MOST}
        raise Refused(Fault("lock_after_failures", "out_of_range", sizes))
    values = {field: getattr(command, field) for field in FIELDS}
    changed = [field for field in FIELDS if getattr(acting_account, field) != values[field]]
    if not changed:
        return False
    with transaction.atomic():
        # Failures that were counted under another rule must not lock the account at once.
        Account.objects.filter(pk=acting_account.pk).update(
            **values, failed_passwords=0, updated_at=clock.now()
        )
        audit.record(
            "identity.notices_changed",
            actor=acting_account.pk,
            subject=acting_account.pk,
            origin=origin,
            detail={"fields": changed},
        )
        outbox.emit("identity.notices_changed", {"account_id": acting_account.pk})
        security_notices.tell(acting_account, "notices_changed", origin=origin)
    for field, value in values.items():
        setattr(acting_account, field, value)
    return True
