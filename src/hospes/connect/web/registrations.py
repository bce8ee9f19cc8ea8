"""What this room adds to others: pages in the navigation, words in the log, the step's way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hospes.connect.web.requests import way_out
from hospes.foundation.services import audit
from hospes.identity.services.two_step import applications
from hospes.organizations.policies import may_see_applications
from hospes.organizations.queries import current_membership
from hospes.site.navigation import NavItem
from hospes.site.navigation import register as register_page

if TYPE_CHECKING:
    from django.http import HttpRequest


def _sees_applications(request: HttpRequest) -> bool:
    return may_see_applications(current_membership(request))


def register() -> None:
    """Add pages, words, and where the second step leads that somebody gives up."""
    applications.register_way_out(way_out)
    register_page(
        NavItem(
            section="main",
            label=_("Auth"),
            url_name="applications",
            icon="key",
            order=60,
            when=_sees_applications,
            keywords=_("applications OAuth2 OpenID Connect single sign-on client ID secret"),
        )
    )
    register_page(
        NavItem(
            section="settings",
            label=_("Connected applications"),
            url_name="settings_applications",
            icon="link",
            order=60,
            keywords=_("consent allowed sites access remove"),
        )
    )
    for action, label in {
        "connect.application_registered": _("Application registered"),
        "connect.application_changed": _("Application changed"),
        "connect.application_deleted": _("Application deleted"),
        "connect.secret_replaced": _("Client secret replaced"),
        "connect.logo_changed": _("Logo of an application changed"),
        "connect.logo_removed": _("Logo of an application removed"),
        "connect.signing_key_made": _("Signing key made"),
        "connect.consent_given": _("Application allowed to see the account"),
        "connect.consent_withdrawn": _("Access of an application removed"),
        "connect.signed_in": _("Signed in to an application"),
    }.items():
        audit.register_action(action, label)
