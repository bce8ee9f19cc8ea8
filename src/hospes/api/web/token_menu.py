"""The tokens page in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.navigation import NavItem
from hospes.site.navigation import register as add


def register() -> None:
    """Add it."""
    add(
        NavItem(
            "settings",
            _("API tokens"),
            "settings_tokens",
            "key",
            55,
            keywords=_("API token key secret program script automation developer"),
        )
    )
