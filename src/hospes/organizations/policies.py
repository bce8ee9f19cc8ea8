"""What a member may do, decided from a loaded membership alone.

Every function is pure: whoever loads the membership loads it within its organization, so that a
stranger meets "not found" before any of these is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.organizations.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEADS = frozenset({Membership.Role.OWNER, Membership.Role.ADMIN})


def may_manage_applications(membership: Membership | None) -> bool:
    """Return whether this member may register, change and delete OAuth applications."""
    return membership is not None and membership.role in _LEADS


def may_see_applications(membership: Membership | None) -> bool:
    """Return whether this member may look at the organization's applications.

    External users see only what they were invited to, and applications are not among it.
    """
    return membership is not None and membership.role != Membership.Role.CLIENT


def is_last_owner(account_id: int, memberships: Iterable[Membership]) -> bool:
    """Return whether ``account_id`` alone legally represents an organization others belong to.

    Args:
        account_id: the account that wants to leave.
        memberships: every membership of one organization.

    """
    members = tuple(memberships)
    owners = {m.account_id for m in members if m.role == Membership.Role.OWNER}
    others = {m.account_id for m in members} - {account_id}
    return owners == {account_id} and bool(others)
