"""The room's Django application."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


def _staff(request: "HttpRequest") -> bool:
    account = getattr(request, "account", None)
    return account is not None and account.is_staff


class StatusConfig(AppConfig):
    name = "hospes.status"
    label = "status"

    def ready(self) -> None:
        """Bring along endpoints, tasks, words for the audit log and entries of the navigation."""
        from hospes.site.navigation import NavItem, register  # noqa: PLC0415 - models must be loaded
        from hospes.status import tasks  # noqa: F401, PLC0415 - registers the room's tasks
        from hospes.status.api import events  # noqa: PLC0415 - models must be loaded
        from hospes.status.services import actions  # noqa: PLC0415 - models must be loaded

        events.register()
        actions.register()
        register(
            NavItem(
                "staff",
                _("Status events"),
                "staff_status",
                "bell",
                25,
                when=_staff,
                keywords=_("incident maintenance outage status page"),
            )
        )
        register(
            NavItem(
                "main",
                _("Status of our services"),
                "status",
                "bell",
                850,
                keywords=_("incident maintenance outage"),
                listed=False,
            )
        )
