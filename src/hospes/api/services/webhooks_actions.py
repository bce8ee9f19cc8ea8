"""What the audit log calls what is done with webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "api.webhook_added": _("Webhook added"),
    "api.webhook_changed": _("Webhook changed"),
    "api.webhook_secret_replaced": _("Secret of a webhook replaced"),
    "api.webhook_enabled": _("Webhook switched on"),
    "api.webhook_disabled": _("Webhook switched off"),
    "api.webhook_gave_up": _("Webhook switched off by itself"),
    "api.webhook_tested": _("Test event sent to a webhook"),
    "api.webhook_replayed": _("Messages sent to a webhook again"),
    "api.webhook_deleted": _("Webhook deleted"),
}


def register() -> None:
    """Name the actions."""
    for action, label in LABELS.items():
        register_action(action, label)
