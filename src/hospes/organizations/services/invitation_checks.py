"""What an invitation asks for, what keeps it from being sent, and how often one may invite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation import clock, numbers
from hospes.identity.domain import addresses, names, throttling
from hospes.identity.services import limits
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import invitations as rules
from hospes.organizations.domain import roles
from hospes.organizations.models import Invitation, Membership, Team
from hospes.organizations.services import grants as granting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.organizations.services.grants import Wanted

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom, into what, and how.

    ``team_ids`` are keys of the organization's teams. ``is_strict``: only an account with this
    very address may accept. ``is_silent``: no mail is sent.
    """

    email: str
    first_name: str
    last_name: str
    language: str
    role: str
    team_ids: frozenset[int] = frozenset()
    grants: frozenset[Wanted] = frozenset()
    has_billing: bool = False
    mails_billing: bool = True
    mails_products: bool = True
    is_strict: bool = True
    is_silent: bool = False


def tidy(command: Invite) -> Invite:
    """Return the command with the address and the names as they are stored."""
    return replace(
        command,
        email=addresses.normalise(command.email),
        first_name=names.tidy(command.first_name),
        last_name=names.tidy(command.last_name),
    )


def faults(command: Invite, *, acting_member: Membership) -> tuple[Fault, ...]:
    """Return everything that keeps a tidy command from being carried out now."""
    organization_id = acting_member.organization_id
    found = own_faults(command, acting_member)
    if not rules.email_fault(command.email):
        found += address_faults(command.email, organization_id)
    found += team_faults(command.team_ids, organization_id)
    found += grant_faults(command.grants, organization_id)
    return tuple(found)


def own_faults(command: Invite, acting_member: Membership) -> list[Fault]:
    """Return what is wrong with a tidy command by itself, without a look at what is stored."""
    found = [
        Fault(field, code, {"maximum": names.LONGEST})
        for field, code in (
            ("email", rules.email_fault(command.email)),
            ("first_name", rules.name_fault(command.first_name)),
            ("last_name", rules.name_fault(command.last_name)),
        )
        if code
    ]
    if command.language not in settings.HOSPES.languages:
        found.append(Fault("language", "unknown"))
    return found + role_faults(command.role, acting_member)


def address_faults(email: str, organization_id: int) -> list[Fault]:
    """Return whether the address is a member's, or waits for an answer already."""
    if is_member(email, organization_id):
        return [Fault("email", "already_member")]
    pending = (
        Invitation.objects.filter(
            organization_id=organization_id,
            email=email,
            status=rules.PENDING,
            expires_at__gt=clock.now(),
        )
        .values_list("pk", flat=True)
        .first()
    )
    if pending is None:
        return []
    return [Fault("email", "already_invited", {"invitation": pending})]


def is_member(email: str, organization_id: int) -> bool:
    """Return whether an account with that address belongs to the organization."""
    return Membership.objects.filter(organization_id=organization_id, account__email=email).exists()


def role_faults(role: str, acting_member: Membership) -> list[Fault]:
    """Return why the member cannot give that role."""
    if not roles.is_role(role):
        return [Fault("role", "unknown")]
    if not policies.may_give_role(acting_member, role):
        return [Fault("role", "not_yours_to_give")]
    return []


def team_faults(team_ids: Iterable[int], organization_id: int) -> list[Fault]:
    """Name the teams that are not the organization's."""
    wanted = set(team_ids)
    if not wanted:
        return []
    known = set(
        Team.objects.filter(organization_id=organization_id, pk__in=wanted).values_list(
            "pk", flat=True
        )
    )
    return [Fault("team_ids", "unknown_team", {"id": key}) for key in sorted(wanted - known)]


def grant_faults(grants: frozenset[Wanted], organization_id: int) -> list[Fault]:
    """Name the rights that do not exist, or reach what is not the organization's."""
    try:
        granting.refuse_unknown(grants, organization_id=organization_id)
    except Refused as refused:
        return list(refused.faults)
    return []


def admit(acting_member: Membership) -> None:
    """Count one more invitation of this member and of the organization.

    Raises:
        Refused: ``too_many_invitations``.

    """
    for name, key, number, window in (
        (
            "invitation.person", acting_member.account_id,
            "organizations.invitations_per_person_per_hour", limits.HOUR,
        ),
        (
            "invitation.organization", acting_member.organization_id,
            "organizations.invitations_per_organization_per_day", DAY,
        ),
    ):  # fmt: skip
        limits.admit(
            name,
            str(key),
            limit=numbers.get(number),
            window=window,
            code="too_many_invitations",
        )


def admit_mail(email: str) -> None:
    """Count one more mail to the address, whoever invites.

    Raises:
        Refused: ``too_many_mails``.

    """
    # Across organizations: nobody's mailbox is filled by many who invite.
    limits.admit(
        "invitation.address",
        throttling.account_key(email),
        limit=numbers.get("organizations.invitation_mails_per_address_per_day"),
        window=DAY,
        code="too_many_mails",
    )
