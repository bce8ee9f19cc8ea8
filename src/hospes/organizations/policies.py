"""What a member may do, decided from a loaded membership alone.

Every function is pure: whoever loads the membership loads it within its organization, so that a
stranger meets "not found" before any of these is asked.
"""

from __future__ import annotations

from hospes.organizations.models import Membership

_LEADS = frozenset({Membership.Role.OWNER, Membership.Role.ADMIN})


def may_manage_applications(membership: Membership | None) -> bool:
    """Return whether this member may register, change and delete OAuth applications."""
    return membership is not None and membership.role in _LEADS


def may_see_applications(membership: Membership | None) -> bool:
    """Return whether this member may look at the organization's applications.

    External users see only what they were invited to, and applications are not among it.
    """
    return membership is not None and membership.role != Membership.Role.CLIENT
