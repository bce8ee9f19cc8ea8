"""What the audit log calls what happens to members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "organizations.member_joined": _("Member joined"),
    "organizations.member_role_changed": _("Role changed"),
    "organizations.member_flags_changed": _("Member's mails or sight of invoices changed"),
    "organizations.member_removed": _("Member removed"),
    "organizations.member_left": _("Member left"),
    "organizations.member_unlocked": _("Member's account unlocked"),
    "organizations.member_reminded": _("Member reminded of two-step verification"),
    "organizations.two_step_required_on": _("Two-step verification required of all members"),
    "organizations.two_step_required_off": _("Two-step verification no longer required"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
