"""What the audit log calls what happens to API tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "api.token_created": _("API token created"),
    "api.tokens_revoked": _("API tokens revoked"),
    "api.tokens_leaked": _("API tokens reported as leaked and revoked"),
    "api.tokens_deactivated": _("Unused API tokens switched off"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
