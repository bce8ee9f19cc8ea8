"""The room's Django application."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from hospes.organizations.models import Membership


def _within(
    url_name: str, allowed: "Callable[[Membership | None], bool] | None" = None
) -> "Callable[[HttpRequest], str | None]":
    """Return a function that gives the page's address in the current organization.

    None for visitors, and for members whom ``allowed`` does not let in.
    """

    def address(request: "HttpRequest") -> str | None:
        # Only now: the module imports models.
        from hospes.organizations.queries import current_membership  # noqa: PLC0415 - see above

        member = current_membership(request)
        if member is None or (allowed is not None and not allowed(member)):
            return None
        return reverse(url_name, args=[member.organization.public_id])

    return address


class OrganizationsConfig(AppConfig):
    name = "hospes.organizations"
    label = "organizations"

    def ready(self) -> None:
        """Put this room's pages into the navigation, its deeds into words."""
        from hospes.organizations.services import invitation_actions  # noqa: PLC0415 - models must be loaded

        invitation_actions.register()
        # Only now: these modules import models.
        from hospes.organizations import policies  # noqa: PLC0415 - models must be loaded
        from hospes.organizations.api import registering  # noqa: PLC0415 - models must be loaded
        from hospes.organizations.services import (  # noqa: PLC0415 - models must be loaded
            closing,
            member_actions,
            organization_actions,
            own_handover,
            team_actions,
        )
        from hospes.organizations.tasks import members as member_tasks  # noqa: PLC0415 - models must be loaded
        from hospes.site.navigation import NavItem, register  # noqa: PLC0415 - models must be loaded

        registering.register()
        organization_actions.register()
        member_actions.register()
        member_tasks.register()
        team_actions.register()
        closing.register_organization_handover(own_handover.handover)
        register(
            NavItem(
                "main",
                _("Products"),
                "products",
                "server",
                10,
                keywords=_("services domains hosting tags"),
                address=_within("products"),
            )
        )
        register(
            NavItem(
                "main",
                _("Members"),
                "members",
                "user",
                20,
                keywords=_("members people roles two-step verification unlock remove"),
                covers=(_within("invitations"),),
                address=_within("members", policies.may_see_members),
            )
        )
        register(
            NavItem(
                "main",
                _("Invitations"),
                "invitations",
                "user-plus",
                21,
                keywords=_("invite people members link"),
                listed=False,
                address=_within("invitations", policies.may_manage_members),
            )
        )
        register(
            NavItem(
                "main",
                _("Work teams"),
                "teams",
                "users",
                30,
                keywords=_("work teams rights access who can do what"),
                address=_within("teams"),
            )
        )
        register(
            NavItem(
                "main",
                _("Organization"),
                "organization_settings",
                "building",
                60,
                keywords=_("organization address invoice legal type logo language activity log"),
                covers=(_within("leave_organization"), _within("webhooks"), _within("directory")),
                address=_within("organization_settings", policies.may_see_organization),
            )
        )
        register(
            NavItem(
                "main",
                _("Your organizations"),
                "organizations",
                "building",
                61,
                keywords=_("switch create organization"),
                listed=False,
            )
        )
