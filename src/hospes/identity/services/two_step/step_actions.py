"""What the audit log calls the actions of the second step."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.second_step_asked": _("Password right, second step asked for"),
    "identity.second_step_cancelled": _("Sign-in given up at the second step"),
    "identity.second_factor_confirmed": _("Second step confirmed"),
    "identity.code_failed": _("Wrong code"),
    "identity.browser_trusted": _("Browser trusted"),
    "identity.browser_trust_revoked": _("Browser trusted no longer"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
