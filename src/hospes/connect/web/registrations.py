"""What this room adds to others: pages in the navigation, words in the log, the step's way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hospes.connect.web.requests import way_out
from hospes.foundation.services import audit
from hospes.identity.services.activity import register_sentences
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
        "connect.initial_token_created": _("Token for registering applications created"),
        "connect.initial_token_revoked": _("Token for registering applications revoked"),
        "connect.program_registered": _("Application registered by a program"),
        "connect.program_changed": _("Application changed by the program that registered it"),
        "connect.program_ended": _("Access of a program to its application ended"),
        "connect.security_changed": _("Security of an application changed"),
        "connect.secret_replaced": _("Client secret replaced"),
        "connect.secret_ended": _("Old client secret ended"),
        "connect.logo_changed": _("Logo of an application changed"),
        "connect.logo_removed": _("Logo of an application removed"),
        "connect.passwords_allowed": _("Application may ask about application passwords"),
        "connect.passwords_forbidden": _(
            "Application may no longer ask about application passwords"
        ),
        "connect.signing_key_made": _("Signing key made"),
        "connect.consent_given": _("Application allowed to see the account"),
        "connect.consent_withdrawn": _("Access of an application removed"),
        "connect.signed_in": _("Signed in to an application"),
        "connect.reuse_detected": _("Code or refresh token used a second time"),
        "connect.device_allowed": _("Device signed in to an application"),
        "connect.device_refused": _("Device turned away"),
    }.items():
        audit.register_action(action, label)
    register_sentences(
        {
            "connect.application_registered": _("The application %(name)s was registered."),
            "connect.application_changed": _("The application %(name)s was changed."),
            "connect.application_deleted": _("The application %(name)s was deleted."),
            "connect.initial_token_created": _(
                "The token %(name)s for registering applications was created."
            ),
            "connect.initial_token_revoked": _(
                "The token %(name)s for registering applications was revoked."
            ),
            "connect.program_registered": _("A program registered the application %(name)s."),
            "connect.program_changed": _(
                "The program that registered the application %(name)s changed it."
            ),
            "connect.program_ended": _(
                "The program that registered %(name)s can no longer change it."
            ),
            "connect.security_changed": _("The security of %(name)s was changed."),
            "connect.secret_replaced": _("The client secret of %(name)s was replaced."),
            "connect.secret_ended": _(
                "The old client secret …%(hint)s of %(name)s was ended before its time."
            ),
            "connect.logo_changed": _("The logo of %(name)s was changed."),
            "connect.logo_removed": _("The logo of %(name)s was removed."),
            "connect.passwords_allowed": _(
                "%(name)s may find out from now on whether an application password is right."
            ),
            "connect.passwords_forbidden": _(
                "%(name)s may no longer find out whether an application password is right."
            ),
            "connect.consent_given": _("%(name)s was allowed to see the account."),
            "connect.consent_withdrawn": _("The access of %(name)s was removed."),
            "connect.signed_in": _("Signed in to %(name)s."),
            "connect.device_allowed": _("A device at %(address)s was signed in to %(name)s."),
            "connect.device_refused": _(
                "A device at %(address)s that asked for %(name)s was turned away."
            ),
            "connect.reuse_detected": _(
                "What %(name)s had got for signing you in was used a second time. Somebody may "
                "have copied it, so this access was ended."
            ),
        }
    )
