"""Mails of a sign-up. The one for a known address is as plain as the other."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail


def confirm(*, first_name: str, link: str, hours: int) -> Mail:
    """Return the mail whose link makes the account."""
    provider = settings.HOSPES.provider_name
    return Mail(
        subject=_("Confirm your e-mail address"),
        heading=_("Welcome, %(name)s") % {"name": first_name},
        paragraphs=(
            _(
                "One step is left: confirm that this address is yours, and your account at "
                "%(provider)s is ready."
            )
            % {"provider": provider},
        ),
        action=(_("Confirm my address"), link),
        after=(
            ngettext(
                "The link works once, within %(hours)d hour.",
                "The link works once, within %(hours)d hours.",
                hours,
            )
            % {"hours": hours},
            _(
                "You did not sign up? Then do nothing: without your confirmation there will be no "
                "account."
            ),
        ),
    )


def already_have_account(*, first_name: str, sign_in: str, recover: str) -> Mail:
    """Return the mail to somebody who signs up with the address of their account."""
    return Mail(
        subject=_("You already have an account"),
        heading=_("Hello again, %(name)s") % {"name": first_name},
        paragraphs=(
            _(
                "Somebody, most likely you, signed up with this address. It already has an "
                "account: sign in with the password you have."
            ),
        ),
        action=(_("Sign in"), sign_in),
        after=(
            _("If you forgot your password, set a new one here: %(url)s") % {"url": recover},
            _("If it was not you, do nothing: your account has not changed."),
        ),
    )
