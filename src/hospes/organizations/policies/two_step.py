"""Who is let into an organization that requires two-step verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hospes.organizations.models import Membership


def admitted(membership: Membership, *, has_two_step: bool) -> bool:
    """Return whether this member may use the organization's pages, and the API on it.

    Its organization must be loaded with it: nothing is read here. ``has_two_step`` is
    ``account.two_step_since is not None``. Whoever is not admitted gets 403
    ``two_step_required`` from the API.
    """
    return lets_in(
        required=membership.organization.two_step_required_at is not None,
        has_two_step=has_two_step,
    )


def lets_in(*, required: bool, has_two_step: bool) -> bool:
    """Return whether an organization that requires it, or not, lets somebody in."""
    return has_two_step or not required
