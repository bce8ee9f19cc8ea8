"""The room's Django application."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


def _staff(request: "HttpRequest") -> bool:
    account = getattr(request, "account", None)
    return account is not None and account.is_staff


class OverviewConfig(AppConfig):
    name = "hospes.overview"
    label = "overview"

    def ready(self) -> None:
        """Put this room's pages into the navigation, its deeds into words."""
        # Only now: these modules import models.
        from hospes.foundation.services.audit import register_action  # noqa: PLC0415 - models must be loaded
        from hospes.site.navigation import NavItem, register, signed_in  # noqa: PLC0415 - models must be loaded

        register(NavItem("main", _("Home"), "home", "home", 0))
        staff = (
            (_("Accounts"), "staff_accounts", "users", _("customers people lock unlock")),
            (_("Recovery"), "staff_cases", "key", _("help sign in locked lost second step")),
            (_("Jobs"), "staff_jobs", "wrench", _("work queue failed retry")),
            (_("Audit log"), "staff_audit", "list", _("history who did what export")),
            (_("Numbers and limits"), "staff_settings", "sliders", _("settings configuration")),
            (_("System"), "staff_system", "server", _("health version keys mail")),
        )
        for order, (label, url_name, icon, keywords) in enumerate(staff):
            register(
                NavItem("staff", label, url_name, icon, order * 10, when=_staff, keywords=keywords)
            )
        from hospes.overview.services import notices, search_sources  # noqa: PLC0415 - models must be loaded
        from hospes.site import frame  # noqa: PLC0415 - models must be loaded

        frame.contribute("notice", notices.moved_clock)
        register(
            NavItem(
                "main",
                _("Development mailbox"),
                "dev_mailbox",
                "mail",
                900,
                when=lambda request: signed_in(request) and notices.is_development(),
                keywords=_("mail messages"),
            )
        )
        search_sources.register()
        register_action("staff.account_locked", _("Account locked by staff"))
        register_action("staff.account_unlocked", _("Account unlocked by staff"))
