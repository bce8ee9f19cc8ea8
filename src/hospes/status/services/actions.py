"""What the audit log calls the deeds of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "status.event_opened": _("Status event published"),
    "status.event_changed": _("Status event changed"),
    "status.event_updated": _("Update of a status event published"),
    "status.event_deleted": _("Status event deleted"),
    "status.event_restored": _("Deleted status event brought back"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
