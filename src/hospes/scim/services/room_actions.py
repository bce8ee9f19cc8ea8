"""What the audit log calls the deeds of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services import audit

ACTIONS = {
    "scim.directory_connected": _("Directory connected"),
    "scim.directory_token_rotated": _("Token of a directory replaced"),
    "scim.directory_disconnected": _("Directory disconnected"),
    "scim.team_handed_over": _("Work team handed over to a directory"),
    "scim.user_created": _("Directory added a person"),
    "scim.user_changed": _("Directory changed a person"),
    "scim.user_activated": _("Directory let a person in again"),
    "scim.user_deactivated": _("Directory switched a person off"),
    "scim.user_deleted": _("Directory removed a person"),
    "scim.group_created": _("Directory made a work team"),
    "scim.group_changed": _("Directory changed a work team"),
    "scim.group_deleted": _("Directory deleted a work team"),
}


def register() -> None:
    """Name the actions for people."""
    for action, label in ACTIONS.items():
        audit.register_action(action, label)
