"""The settings' entries in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.navigation import NavItem
from hospes.site.navigation import register as add


def register() -> None:
    """Add them."""
    add(
        NavItem(
            "settings",
            _("Profile"),
            "settings_profile",
            "user",
            10,
            keywords=_("name picture photo avatar language time zone"),
        )
    )
    add(
        NavItem(
            "settings",
            _("Sign-in and security"),
            "settings_login",
            "lock",
            20,
            keywords=_(
                "login password e-mail address recovery phone lock notices two-step 2FA passkey"
            ),
            covers=(
                "settings_password",
                "settings_email",
                "settings_recovery",
                "settings_secure",
                "two_step",
                "link_phone",
                "passkey_add",
            ),
        )
    )
    add(
        NavItem(
            "settings",
            _("Two-step verification"),
            "two_step",
            "shield",
            25,
            keywords=_(
                "two-step two-factor 2FA MFA passkey authenticator security key backup codes SMS"
            ),
            listed=False,
        )
    )
    add(
        NavItem(
            "settings",
            _("Application passwords"),
            "settings_application_passwords",
            "key",
            27,
            keywords=_("app password mail calendar contacts IMAP SMTP CalDAV program"),
        )
    )
    add(
        NavItem(
            "settings",
            _("Devices"),
            "settings_sessions",
            "device",
            30,
            keywords=_("sessions browsers sign out"),
        )
    )
    add(
        NavItem(
            "settings",
            _("Activity"),
            "settings_activity",
            "clock",
            40,
            keywords=_("log history events"),
        )
    )
    add(
        NavItem(
            "settings",
            _("My data"),
            "settings_data",
            "download",
            90,
            keywords=_("export download copy privacy delete account"),
        )
    )
