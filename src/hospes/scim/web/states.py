"""What has become of a directory's user, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hospes.organizations.domain import invitations as rules

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.scim.models import DirectoryUser


def of(user: DirectoryUser, *, now: datetime) -> tuple[str, str]:
    """Return the state's name, in the present language, and the kind of its badge."""
    if not user.active:
        return _("Switched off"), "neutral"
    if user.account_id is not None:
        return _("Member"), "success"
    invitation = user.invitation
    if invitation is None:
        return _("Not invited"), "warning"
    state = rules.state_of(
        invitation.status,
        expires_at=invitation.expires_at,
        answered_at=invitation.answered_at,
        now=now,
    )
    return {
        rules.PENDING: (_("Invited"), "info"),
        rules.REJECTED: (_("Declined"), "warning"),
        rules.CANCELLED: (_("Invitation taken back"), "warning"),
        rules.EXPIRED: (_("Invitation expired"), "warning"),
    }.get(state, (_("Not invited"), "warning"))
