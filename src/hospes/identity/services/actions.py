"""What the audit log calls the actions of signing up, in and out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.sign_up_begun": _("Sign-up begun"),
    "identity.sign_up_declined": _("Sign-up declined by the address's owner"),
    "identity.sign_up_password_failed": _("Wrong password while confirming a sign-up"),
    "identity.account_created": _("Account created"),
    "identity.signed_in": _("Signed in"),
    "identity.sign_in_failed": _("Wrong password"),
    "identity.sign_in_repudiated": _("Sign-in reported as unknown"),
    "identity.password_confirmed": _("Password confirmed"),
    "identity.account_locked": _("Account locked"),
    "identity.account_switched": _("Switched to this account"),
    "identity.session_ended": _("Signed out"),
    "identity.sessions_ended": _("Other devices signed out"),
    "identity.recovery_asked": _("New password asked for"),
    "identity.password_reset": _("Password reset by mail"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
