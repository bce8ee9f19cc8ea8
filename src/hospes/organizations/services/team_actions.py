"""What the logs call what is done to work teams and rights."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "organizations.team_created": _("Work team created"),
    "organizations.team_changed": _("Work team changed"),
    "organizations.team_deleted": _("Work team deleted"),
    "organizations.team_members_changed": _("Members of a work team changed"),
    "organizations.grants_changed": _("Rights changed"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
