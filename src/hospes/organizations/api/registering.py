"""Takes this room's endpoints, their headings and scopes into the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.organizations.api import access, accounts, invitations, products, teams, users
from hospes.rest import registry

_TAGS = {
    accounts.TAG: "Organizations: the customers, with their services and tags.",
    users.TAG: "Members of an organization.",
    invitations.TAG: "People asked to join an organization.",
    teams.TAG: "Work teams: members who share rights.",
    products.TAG: "What organizations hold.",
}


def register() -> None:
    """Register them; a second call changes nothing."""
    registry.register_scope(
        "accounts:read",
        _("See organizations, members, invitations and work teams"),
        "Read organizations, their members, invitations, teams, tags and services.",
    )
    registry.register_scope(
        "accounts:write",
        _("Change members, invitations, work teams and tags"),
        "Invite people, change and remove members, make, change and delete teams and tags.",
    )
    registry.register_scope(
        "products:read", _("See products"), "Read the products that organizations hold."
    )
    registry.register_scope(
        "products:write",
        _("Change names and tags of products"),
        "Call products otherwise and put tags on them.",
    )
    for name, description in _TAGS.items():
        registry.register_tag(name, description)
    for room in (accounts, users, invitations, teams, products):
        registry.register(*room.ROUTES)
    registry.register_current_account(access.current)
