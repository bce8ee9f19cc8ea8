"""What this room contributes to a person's data export and to closing an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hospes.organizations import queries
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
