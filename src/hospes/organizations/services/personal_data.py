"""What this room contributes to a person's data export and to closing an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from hospes.organizations import queries
from hospes.organizations.models import Invitation, TeamMember
from hospes.organizations.services import own_handover

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from hospes.identity.models import Account


def export(account: Account) -> list[dict[str, Any]]:
    """Return the organizations a person belongs to, as plain values."""
    return [
        {
            "id": membership.organization.public_id,
            "name": membership.organization.name,
            "role": membership.role,
            "member_since": membership.created_at.isoformat(),
        }
        for membership in queries.memberships_of(account)
    ]


def export_invitations(account: Account) -> list[dict[str, Any]]:
    """Return the invitations that a person got or accepted, as plain values."""
    mine = Q(accepted_by=account)
    if account.email_verified_at is not None:
        mine |= Q(email=account.email.lower())
    rows = Invitation.objects.filter(mine).select_related("organization").order_by("pk")
    return [
        {
            "organization": row.organization.name,
            "email": row.email,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "language": row.language,
            "role": row.role,
            "status": row.status,
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "expires_at": row.expires_at,
            "answered_at": row.answered_at,
        }
        for row in rows
    ]


def export_teams(account: Account) -> list[dict[str, Any]]:
    """Return the work teams that a person is in, as plain values."""
    places = TeamMember.objects.filter(membership__account=account)
    return [
        {
            "organization": place.team.organization.name,
            "name": place.team.name,
            "member_since": place.added_at,
            "leads": place.team.leader_id == place.membership_id,
        }
        for place in places.select_related("team__organization").order_by(
            "team__organization_id", "team__name", "pk"
        )
    ]


def deletion_obstacles(account: Account) -> list[StrOrPromise]:
    """Return, in the present language, what keeps ``account`` from being deleted."""
    found: list[StrOrPromise] = [
        _(
            "You are the only legal representative of %(organization)s, which has other members. "
            "Name another legal representative first."
        )
        % {"organization": organization.name}
        for organization in queries.represented_alone(account)
    ]
    # An organization that nobody belongs to any more ends with its last member.
    for organization in queries.alone_in(account):
        obstacles = own_handover.handover(organization).obstacles
        found += [f"{organization.name}: {text}" for text, _address in obstacles]
    return found
