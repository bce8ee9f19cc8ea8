"""Requiring two-step verification of all members, and asking them for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.identity.services import limits
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import two_step
from hospes.organizations.models import Membership, Organization
from hospes.organizations.queries import members as queries
from hospes.organizations.services import member_notices

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from hospes.kit.origin import Origin

DAY = timedelta(days=1)
# Mails written in one transaction.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RequireTwoStep:
    """Whether everybody in the acting member's organization needs it."""

    required: bool


@dataclass(frozen=True, slots=True)
class RemindMembers:
    """``members`` are row ids; others than the organization's are passed over."""

    members: Collection[int]


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many mails were written, and how many members needed none or had one lately."""

    sent: int
    passed_over: int


@transaction.atomic
def require(command: RequireTwoStep, *, acting_member: Membership, origin: Origin) -> None:
    """Switch the requirement on or off; members without two-step are then told by mail.

    Raises:
        NotFound: whoever acts belongs there no more.
        Denied: they may not change the organization's settings.
        Refused: ``unchanged``; ``own_two_step_missing``: whoever demands it has it;
            ``throttled`` (with ``minutes``) where it was switched on too often within a day.

    """
    actor = _acting(acting_member)
    now = clock.now()
    if not command.required:
        rows = Organization.objects.filter(
            pk=actor.organization_id, two_step_required_at__isnull=False
        )
        changed = rows.update(two_step_required_at=None, updated_at=now)
    else:
        if actor.account.two_step_since is None:
            raise Refused(Fault("", "own_two_step_missing"))
        rows = Organization.objects.filter(
            pk=actor.organization_id, two_step_required_at__isnull=True
        )
        changed = rows.update(two_step_required_at=now, updated_at=now)
    if not changed:
        raise Refused(Fault("", "unchanged"))
    if command.required:
        limits.admit(
            "organizations.two_step_required",
            str(actor.organization_id),
            limit=numbers.get("organizations.two_step_switches_per_day"),
            window=DAY,
        )
    audit.record(
        f"organizations.two_step_required_{'on' if command.required else 'off'}",
        actor=actor.account_id,
        organization=actor.organization_id,
        target=f"organization:{actor.organization_id}",
        origin=origin,
    )
    outbox.emit(
        "organizations.two_step_required_changed",
        {
            "organization_id": actor.organization_id,
            "actor_id": actor.account_id,
            "required": command.required,
        },
    )


def tell_members(payload: Mapping[str, Any]) -> int:
    """Mail every member without two-step that it is required now; return how many mails.

    Runs after ``two_step_required_changed``. Running it again mails nobody twice.
    """
    if not payload["required"]:
        return 0
    sent = 0
    while written := _tell_some(int(payload["organization_id"])):
        sent += written
    return sent


@transaction.atomic
def _tell_some(organization_id: int) -> int:
    waiting = _held(
        Membership.objects.filter(
            Q(two_step_asked_at__isnull=True)
            | Q(two_step_asked_at__lt=F("organization__two_step_required_at")),
            organization_id=organization_id,
            organization__two_step_required_at__isnull=False,
        )
    )[:AT_ONCE]
    found = list(waiting)
    _mark(found)
    for member in found:
        member_notices.tell_two_step_required(member)
    return len(found)


@transaction.atomic
def remind(command: RemindMembers, *, acting_member: Membership, origin: Origin) -> Reminded:
    """Ask members without two-step to set it up; nobody is asked twice within a day.

    Raises:
        NotFound: whoever acts belongs there no more.
        Denied: they may not manage members.

    """
    actor = _acting(acting_member)
    wanted = set(command.members)
    present = Membership.objects.filter(pk__in=wanted, organization_id=actor.organization_id)
    asked = present.count()
    hours = numbers.get("organizations.two_step_reminder_hours")
    before = two_step.asked_before(clock.now(), hours=hours)
    found = list(
        _held(present.filter(Q(two_step_asked_at__isnull=True) | Q(two_step_asked_at__lte=before)))
    )
    _mark(found)
    for member in found:
        member_notices.remind(member, acting_member=actor)
        audit.record(
            "organizations.member_reminded",
            actor=actor.account_id,
            subject=member.account_id,
            organization=member.organization_id,
            target=f"member:{member.account_id}",
            origin=origin,
        )
    return Reminded(sent=len(found), passed_over=asked - len(found))


def _held(members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return those without two-step who can be mailed, held until the transaction ends."""
    # On SQLite the transaction holds the write lock already.
    return (
        members.filter(account__two_step_since__isnull=True)
        .exclude(account__state=Account.State.DELETED)
        .select_related("account", "organization")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _mark(members: list[Membership]) -> None:
    Membership.objects.filter(pk__in=[each.pk for each in members]).update(
        two_step_asked_at=clock.now()
    )


def _acting(member: Membership) -> Membership:
    actor = (
        Membership.objects.select_related("organization", "account")
        .filter(pk=member.pk, organization_id=member.organization_id)
        .first()
    )
    if actor is None:
        raise NotFound
    if not policies.may_manage_members(actor):
        raise Denied
    return actor


def enforcement(account: Account) -> tuple[str, ...]:
    """Return the organizations that do not let ``account`` do without two-step verification."""
    return queries.requiring_two_step(account)
