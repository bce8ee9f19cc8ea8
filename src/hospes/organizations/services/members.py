"""Joining an organization, changing a role, being removed, leaving."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.identity.services import limits
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import roles
from hospes.organizations.models import CurrentOrganization, Membership, Organization
from hospes.organizations.services import founding, member_notices

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

OWNER, ADMIN = Membership.Role.OWNER, Membership.Role.ADMIN
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Flags:
    """``has_billing``: sees invoices and payments. The others: what is mailed to the member."""

    has_billing: bool = False
    mails_billing: bool = True
    mails_products: bool = True


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """``role`` is one of ``domain.roles.ROLES``."""

    member: Membership
    role: str


@dataclass(frozen=True, slots=True)
class ChangeFlags:
    """As ``Flags``; None leaves what is there."""

    member: Membership
    has_billing: bool | None = None
    mails_billing: bool | None = None
    mails_products: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Somebody else's membership ends."""

    member: Membership


@dataclass(frozen=True, slots=True)
class LeaveOrganization:
    """One's own membership ends."""

    member: Membership


@transaction.atomic
def join(
    organization: Organization,
    account: Account,
    role: str,
    *,
    flags: Flags = Flags(),
    origin: Origin,
    actor: Account | None,
) -> Membership:
    """Make ``account`` a member; whoever is one already keeps the role and flags they have.

    Whether ``actor`` may give that role is for the caller to have asked: an invitation was
    allowed when it was written. ``actor`` is None for the organization's directory.

    Raises:
        Refused: ``role`` ``unknown``.

    """
    if not roles.is_role(role):
        raise Refused(Fault("role", "unknown"))
    membership, is_new = Membership.objects.get_or_create(
        organization=organization,
        account=account,
        defaults={
            "role": role,
            "created_at": clock.now(),
            **{field.name: getattr(flags, field.name) for field in fields(flags)},
        },
    )
    if is_new:
        _note("member_joined", membership, actor.pk if actor else None, origin, {"role": role})
    return membership


@transaction.atomic
def change_role(
    command: ChangeRole, *, acting_member: Membership | None, origin: Origin
) -> Membership:
    """Give a member another role and tell them.

    ``acting_member`` is None for the organization's directory, which may do what an
    administrator may.

    Raises:
        NotFound: either is no member of this organization (any more).
        Denied: whoever acts may not change this member, or not give this role.
        Refused: ``role``: ``unknown``, ``unchanged``, ``own_role_raised``, ``last_owner``; ``""``
            ``throttled`` (with ``minutes``) where it was changed too often within a day.

    """
    actor, member = _held(command.member, acting_member)
    own = actor.pk == member.pk
    if not policies.may_change_member(actor, member):
        raise Denied
    others = other_owners(member)
    fault = roles.fault_of_change(member.role, command.role, own=own, other_owners=others)
    if fault:
        raise Refused(Fault("role", fault))
    if not own and not policies.may_give_role(actor, command.role):
        raise Denied
    limits.admit(
        "organizations.role_changes",
        str(member.pk),
        limit=numbers.get("organizations.role_changes_per_day"),
        window=DAY,
    )
    before, member.role = member.role, command.role
    member.save(update_fields=["role"])
    if before == OWNER:
        _bill_the_only_owner(member.organization_id)
    detail = {"role": member.role, "old_role": before}
    _note("member_role_changed", member, actor.account_id, origin, detail)
    member_notices.tell_role_changed(member, before, acting_member=acting_member)
    return member


@transaction.atomic
def change_flags(command: ChangeFlags, *, acting_member: Membership | None, origin: Origin) -> bool:
    """Change who sees invoices and what is mailed; return whether anything changed.

    Everybody chooses their own mails; who sees invoices is for those who manage members.

    Raises:
        NotFound, Denied: as ``change_role``.
        Refused: ``mails_billing`` ``only_owner``: the only legal representative gets these.

    """
    actor, member = _held(command.member, acting_member)
    manages = policies.may_change_member(actor, member)
    if not manages and (actor.pk != member.pk or command.has_billing is not None):
        raise Denied
    wanted = {
        field.name: getattr(command, field.name)
        for field in fields(Flags)
        if getattr(command, field.name) is not None
    }
    changed = sorted(name for name, value in wanted.items() if getattr(member, name) != value)
    if not changed:
        return False
    if wanted.get("mails_billing") is False and not roles.may_opt_out_of_billing(
        member.role, other_owners=other_owners(member)
    ):
        raise Refused(Fault("mails_billing", "only_owner"))
    for name in changed:
        setattr(member, name, wanted[name])
        setattr(command.member, name, wanted[name])
    member.save(update_fields=changed)
    audit.record(
        "organizations.member_flags_changed",
        actor=actor.account_id,
        subject=member.account_id,
        organization=member.organization_id,
        target=f"member:{member.account_id}",
        origin=origin,
        detail={name: wanted[name] for name in changed},
    )
    return True


@transaction.atomic
def remove_member(
    command: RemoveMember, *, acting_member: Membership | None, origin: Origin
) -> None:
    """End somebody's membership, everything that hung on it, and tell them.

    Their next request, in pages and through the API, finds them a stranger. ``acting_member`` is
    None for the organization's directory, which may do what an administrator may.

    Raises:
        NotFound: either is no member of this organization (any more).
        Denied: whoever acts may not remove this member.
        Refused: ``own`` (one leaves, one does not remove oneself), ``last_owner``.

    """
    actor, member = _held(command.member, acting_member)
    if not policies.may_change_member(actor, member):
        raise Denied
    if actor.pk == member.pk:
        raise Refused(Fault("", "own"))
    fault = roles.fault_of_going(member.role, other_owners=other_owners(member))
    if fault:
        raise Refused(Fault("", fault))
    _note("member_removed", member, actor.account_id, origin, {"role": member.role})
    member_notices.tell_removed(member, acting_member=acting_member)
    _end(member)


@transaction.atomic
def leave(command: LeaveOrganization, *, origin: Origin) -> None:
    """End one's own membership and everything that hung on it.

    Raises:
        NotFound: one is no member (any more).
        Refused: ``last_owner``: an organization always has a legal representative.

    """
    _, member = _held(command.member, command.member)
    fault = roles.fault_of_going(member.role, other_owners=other_owners(member))
    if fault:
        raise Refused(Fault("", fault))
    _note("member_left", member, member.account_id, origin, {"role": member.role})
    _end(member)


def other_owners(member: Membership) -> int:
    """Return how many legal representatives stay besides ``member``.

    One whose account is about to be deleted does not stay.
    """
    return (
        Membership.objects.filter(
            organization_id=member.organization_id,
            role=OWNER,
            account__deletion_due_at__isnull=True,
        )
        .exclude(account__state=Account.State.DELETED)
        .exclude(pk=member.pk)
        .count()
    )


def _held(member: Membership, acting: Membership | None) -> tuple[Membership, Membership]:
    """Return who acts and whom it concerns, as they are now.

    Members of one organization change one at a time until the transaction ends.
    """
    # On SQLite the transaction holds the write lock already. Rows that refer to the organization
    # can still be written meanwhile.
    held = Organization.objects.select_for_update(no_key=True)
    if not held.filter(pk=member.organization_id).exists():
        raise NotFound
    present = Membership.objects.select_related("organization", "account").filter(
        organization_id=member.organization_id
    )
    found = present.filter(pk=member.pk).first()
    actor = present.filter(pk=acting.pk).first() if acting else _directory(member)
    if found is None or actor is None:
        raise NotFound
    return actor, found


def _directory(member: Membership) -> Membership:
    return Membership(organization_id=member.organization_id, role=ADMIN)


def _end(member: Membership) -> None:
    organization_id, account_id, was_owner = (
        member.organization_id, member.account_id, member.role == OWNER,
    )  # fmt: skip
    CurrentOrganization.objects.filter(
        organization_id=organization_id, session__account_id=account_id
    ).delete()
    # Team places and grants go with it; a team that it led has no leader.
    member.delete()
    if was_owner:
        _bill_the_only_owner(organization_id)
    # Nobody is without an organization: the pages of an account need one to look at.
    founding.found_for_new_account({"account_id": account_id})


def _bill_the_only_owner(organization_id: int) -> None:
    owners = Membership.objects.filter(organization_id=organization_id, role=OWNER)
    left = list(owners.values_list("pk", flat=True)[:2])
    if len(left) == 1:
        owners.filter(pk=left[0], mails_billing=False).update(mails_billing=True)


def _note(
    what: str,
    member: Membership,
    actor_id: int | None,
    origin: Origin,
    detail: dict[str, Any],
) -> None:
    audit.record(
        f"organizations.{what}",
        actor=actor_id,
        subject=member.account_id,
        organization=member.organization_id,
        target=f"member:{member.account_id}",
        origin=origin,
        detail=detail,
    )
    outbox.emit(
        f"organizations.{what}",
        {
            "organization_id": member.organization_id,
            "actor_id": actor_id,
            "account_id": member.account_id,
            **detail,
        },
    )
