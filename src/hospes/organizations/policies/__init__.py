"""What a member may do by role, decided from a loaded membership alone.

Every function is pure: whoever loads the membership loads it within its organization, so that a
stranger meets "not found" before any of these is asked. Rights on products: ``policies/rights.py``.
"""

from __future__ import annotations

from hospes.organizations.models import Membership

OWNER, ADMIN, NORMAL, CLIENT = (
    Membership.Role.OWNER,
    Membership.Role.ADMIN,
    Membership.Role.NORMAL,
    Membership.Role.CLIENT,
)
_LEADS = frozenset({OWNER, ADMIN})


def leads(membership: Membership | None) -> bool:
    """Return whether this member is a legal representative or an administrator.

    They have every right on every product and manage members, invitations and teams.
    """
    return membership is not None and membership.role in _LEADS


def may_see_members(membership: Membership | None) -> bool:
    """Return whether this member may see who else belongs to the organization.

    External users are left out of its address book.
    """
    return membership is not None and membership.role != CLIENT


def may_manage_members(membership: Membership | None) -> bool:
    """Return whether this member may invite, change, remove and unlock members."""
    return leads(membership)


def may_manage_teams(membership: Membership | None) -> bool:
    """Return whether this member may make, change and delete work teams and grant rights."""
    return leads(membership)


def may_see_organization(membership: Membership | None) -> bool:
    """Return whether this member may read the organization's settings; externals may not."""
    return membership is not None and membership.role != CLIENT


def may_edit_organization(membership: Membership | None) -> bool:
    """Return whether this member may change the organization's settings."""
    return leads(membership)


def may_close_organization(membership: Membership | None) -> bool:
    """Return whether this member may delete the organization: legal representatives alone."""
    return membership is not None and membership.role == OWNER


def may_see_billing(membership: Membership | None) -> bool:
    """Return whether this member may see invoices and payments."""
    return leads(membership) or (membership is not None and membership.has_billing)


def may_give_role(membership: Membership | None, role: str) -> bool:
    """Return whether this member may make somebody else a ``role``.

    Only a legal representative makes another one.
    """
    if role == OWNER:
        return membership is not None and membership.role == OWNER
    return leads(membership) and role in Membership.Role.values


def may_change_member(membership: Membership | None, other: Membership) -> bool:
    """Return whether this member may change the role of, or remove, ``other``.

    A legal representative is touched by legal representatives alone.
    """
    if other.role == OWNER:
        return membership is not None and membership.role == OWNER
    return leads(membership)


def may_manage_applications(membership: Membership | None) -> bool:
    """Return whether this member may register, change and delete OAuth applications."""
    return leads(membership)


def may_see_applications(membership: Membership | None) -> bool:
    """Return whether this member may look at the organization's applications.

    External users see only what they were invited to, and applications are not among it.
    """
    return membership is not None and membership.role != CLIENT
