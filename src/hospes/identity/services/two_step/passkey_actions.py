"""What the audit log calls the actions of passkeys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.passkey_refused": _("Passkey refused"),
    "identity.passkey_copied": _("Passkey refused: there may be a copy of it"),
    "identity.passkey_confirmed": _("Passkey confirmed"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
