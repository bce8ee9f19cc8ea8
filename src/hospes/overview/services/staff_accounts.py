"""What staff may do to an account: lock it, unlock it, sign it out everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.identity.services import mail_links, security_notices, sessions
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class LockAccount:
    """``reason`` is written to the audit log."""

    account: Account
    reason: str


@dataclass(frozen=True, slots=True)
class UnlockAccount:
    """``reason`` is written to the audit log."""

    account: Account
    reason: str


def lock_account(command: LockAccount, *, acting_account: Account, origin: Origin) -> int:
    """Keep the account from signing in and end its sessions; return how many ended.

    An account that wrong passwords locked can be locked so as well: its owner opened it again
    with a new password, and now cannot.

    Raises:
        Refused: no reason, one's own account, or an account that is deleted or locked by staff.

    """
    faults = _reason_faults(command.reason)
    if command.account.pk == acting_account.pk:
        faults.append(Fault("", "own_account"))
    if faults:
        raise Refused(faults)
    now = clock.now()
    with transaction.atomic():
        locked = (
            Account.objects.filter(pk=command.account.pk, locked_by_staff=False)
            .exclude(state=Account.State.DELETED)
            .update(state=Account.State.LOCKED, locked_at=now, locked_by_staff=True, updated_at=now)
        )
        if not locked:
            raise Refused(Fault("", "not_active"))
        ended = sessions.end_other_sessions(
            command.account,
            keep=(),
            reason="locked_by_staff",
            origin=origin,
            actor=acting_account,
        )
        _record("staff.account_locked", command, acting_account, origin)
        outbox.emit("identity.account_locked", {"account_id": command.account.pk})
        # Where the staff sit is nothing that the owner has to know.
        security_notices.tell(
            command.account,
            "locked_by_support",
            origin=SYSTEM,
            action=(_("Ask our support"), mail_links.address("recover_help")),
        )
    return ended


def unlock_account(command: UnlockAccount, *, acting_account: Account, origin: Origin) -> None:
    """Let the account sign in again; its count of wrong passwords begins anew.

    Raises:
        Refused: no reason, or an account that is not locked.

    """
    faults = _reason_faults(command.reason)
    if faults:
        raise Refused(faults)
    with transaction.atomic():
        unlocked = Account.objects.filter(pk=command.account.pk, state=Account.State.LOCKED).update(
            state=Account.State.ACTIVE,
            locked_at=None,
            locked_by_staff=False,
            failed_passwords=0,
            updated_at=clock.now(),
        )
        if not unlocked:
            raise Refused(Fault("", "not_locked"))
        _record("staff.account_unlocked", command, acting_account, origin)
        security_notices.tell(command.account, "unlocked_by_support", origin=SYSTEM)


def end_sessions(account: Account, *, acting_account: Account, origin: Origin) -> int:
    """Sign the account out of every browser; return of how many."""
    keep = (
        () if account.pk != acting_account.pk or origin.session_id is None else (origin.session_id,)
    )
    with transaction.atomic():
        ended = sessions.end_other_sessions(
            account, keep=keep, reason="ended_by_staff", origin=origin, actor=acting_account
        )
        if ended and account.pk != acting_account.pk:
            security_notices.tell(account, "signed_out_by_support", origin=SYSTEM)
    return ended


def _reason_faults(reason: str) -> list[Fault]:
    if not reason.strip():
        return [Fault("reason", "missing")]
    if len(reason) > REASON_LENGTH:
        return [Fault("reason", "too_long", {"maximum": REASON_LENGTH})]
    return []


def _record(
    action: str,
    command: LockAccount | UnlockAccount,
    acting_account: Account,
    origin: Origin,
) -> None:
    audit.record(
        action,
        actor=acting_account.pk,
        subject=command.account.pk,
        target=f"account:{command.account.public_id}",
        origin=origin,
        detail={"reason": command.reason.strip()},
    )
