"""Unlocking a member's account, on behalf of an organization the person belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.services import audit
from hospes.identity.services import limits, locks
from hospes.identity.services.locks import Lock
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.models import Membership
from hospes.organizations.services import member_notices

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

DAY = timedelta(days=1)
CLIENT = Membership.Role.CLIENT


@dataclass(frozen=True, slots=True)
class UnlockMember:
    """Whose account is to be unlocked, as a member of the organization that acts."""

    member: Membership


def may_unlock(acting: Membership, member: Membership) -> bool:
    """Return whether ``acting`` may unlock ``member`` where the lock is one to be lifted.

    An external user belongs elsewhere, and is unlocked there. Administrators unlock legal
    representatives too: lifting a lock takes nothing away and gives no right.
    """
    return policies.may_manage_members(acting) and member.role != CLIENT


@transaction.atomic
def unlock_member(command: UnlockMember, *, acting_member: Membership, origin: Origin) -> None:
    """Let a member whom wrong passwords locked out sign in again, and tell them.

    Nothing else changes: not the password, not the second step, no session. An account is
    unlocked only so often a day, by all its organizations together, so that locking after wrong
    passwords still bounds how many may be guessed.

    Raises:
        NotFound: either is no member of this organization (any more).
        Denied: whoever acts may not unlock this member.
        Refused: ``own``, ``not_locked``, ``staff`` (staff locked it and alone unlock it),
            ``new_password`` (somebody else knows the password; only a new one opens the account),
            ``throttled`` (with ``minutes``).

    """
    present = Membership.objects.select_related("organization", "account").filter(
        organization_id=command.member.organization_id
    )
    member = present.filter(pk=command.member.pk).first()
    actor = present.filter(pk=acting_member.pk).first()
    if member is None or actor is None:
        raise NotFound
    if not may_unlock(actor, member):
        raise Denied
    fault = _fault(actor, member)
    if fault:
        raise Refused(Fault("", fault))
    limits.admit(
        "organizations.unlocks",
        str(member.account_id),
        limit=numbers.get("organizations.unlocks_per_account_per_day"),
        window=DAY,
    )
    if not locks.lift(member.account):
        raise Refused(Fault("", "not_locked"))
    audit.record(
        "organizations.member_unlocked",
        actor=actor.account_id,
        subject=member.account_id,
        organization=member.organization_id,
        target=f"member:{member.account_id}",
        origin=origin,
    )
    member_notices.tell_unlocked(member, acting_member=actor)


def _fault(actor: Membership, member: Membership) -> str:
    if actor.pk == member.pk:
        return "own"
    return {
        Lock.OPEN: "not_locked",
        Lock.STAFF: "staff",
        Lock.NEW_PASSWORD: "new_password",
        Lock.WRONG_PASSWORDS: "",
    }[locks.lock_of(member.account)]
