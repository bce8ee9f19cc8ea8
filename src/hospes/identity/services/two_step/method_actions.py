"""What the audit log calls the actions of methods and backup codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.two_step_on": _("Two-step verification switched on"),
    "identity.two_step_off": _("Two-step verification switched off"),
    "identity.two_step_switched_off": _("Two-step verification switched off by staff"),
    "identity.method_added": _("Method of two-step verification added"),
    "identity.method_renamed": _("Method of two-step verification renamed"),
    "identity.method_made_default": _("Method of two-step verification made the default"),
    "identity.method_removed": _("Method of two-step verification removed"),
    "identity.methods_taken_back": _("Methods removed that a stranger may have added"),
    "identity.backup_codes_made": _("New backup codes made"),
    "identity.backup_code_used": _("Backup code used"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
