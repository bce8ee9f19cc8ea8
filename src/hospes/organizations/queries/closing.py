"""Reads for deleting an organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from hospes.organizations.models import Invitation, Membership, Product, Team

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Contents:
    """How much of what an organization holds; ``members`` are those beside whoever asks."""

    products: int
    members: int
    teams: int
    invitations: int


def contents(organization: Organization) -> Contents:
    """Return what stands against the end or goes with it: four queries."""
    return Contents(
        products=Product.objects.filter(organization=organization).count(),
        members=Membership.objects.filter(organization=organization).count() - 1,
        teams=Team.objects.filter(organization=organization).count(),
        invitations=Invitation.objects.filter(
            organization=organization, status=Invitation.Status.PENDING
        ).count(),
    )


def is_last_of(account: Account, organization: Organization) -> bool:
    """Return whether ``account`` belongs to no organization but this one."""
    others = Membership.objects.filter(account=account).exclude(organization=organization)
    return not others.exists()


def without_another(organization: Organization) -> set[int]:
    """Return the accounts that belong to this organization alone, by row id."""
    elsewhere = Membership.objects.filter(account=OuterRef("account")).exclude(
        organization=organization
    )
    return set(
        Membership.objects.filter(~Exists(elsewhere), organization=organization).values_list(
            "account_id", flat=True
        )
    )
