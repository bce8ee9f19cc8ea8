"""What the audit log calls what happens to invitations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "organizations.invitation_created": _("Invitation sent"),
    "organizations.invitation_resent": _("Invitation sent again"),
    "organizations.invitation_renewed": _("New link for an invitation"),
    "organizations.invitation_changed": _("Invitation changed"),
    "organizations.invitation_cancelled": _("Invitation taken back"),
    "organizations.invitation_accepted": _("Invitation accepted"),
    "organizations.invitation_rejected": _("Invitation declined"),
    "organizations.invitation_list_sent": _("List of people invited"),
    "organizations.provisional_deleted": _("Empty organization of a new account deleted"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
