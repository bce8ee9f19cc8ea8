"""Mails that the settings pages send: links to confirm, and news of the account's end."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail


def _valid_for_hours(hours: int) -> str:
    return ngettext(
        "The link works once, within %(hours)d hour.",
        "The link works once, within %(hours)d hours.",
        hours,
    ) % {"hours": hours}


def confirm_new_address(*, name: str, url: str, hours: int) -> Mail:
    """Return the mail that proves a new sign-in address."""
    return Mail(
        subject=_("Confirm your new sign-in address"),
        heading=_("Confirm your new sign-in address"),
        paragraphs=(
            _("Hello %(name)s, you asked to sign in with this address from now on.")
            % {"name": name},
            _valid_for_hours(hours),
        ),
        action=(_("Confirm this address"), url),
        after=(_("If you did not ask for this, ignore this mail; nothing changes."),),
    )


def address_has_account(*, name: str) -> Mail:
    """Return the mail to somebody whose address another account wanted to take."""
    return Mail(
        subject=_("Your address was entered for another account"),
        heading=_("Your address was entered for another account"),
        paragraphs=(
            _(
                "Hello %(name)s, somebody asked to use this address as the sign-in address of "
                "another account. That is not possible while your own account has it, and "
                "whoever asked was not told so."
            )
            % {"name": name},
            _("If that was you: change the sign-in address of this account first."),
        ),
    )


def confirm_recovery_address(*, name: str, url: str, hours: int) -> Mail:
    """Return the mail that proves a recovery address."""
    return Mail(
        subject=_("Confirm this recovery address"),
        heading=_("Confirm this recovery address"),
        paragraphs=(
            _(
                "Hello %(name)s, this address was entered for regaining access to an account if "
                "its password is lost."
            )
            % {"name": name},
            _valid_for_hours(hours),
        ),
        action=(_("Confirm this address"), url),
        after=(_("If this account is not yours, ignore this mail; nothing changes."),),
    )


def export_ready(*, name: str, url: str, days: int) -> Mail:
    """Return the mail that says where the copy of one's data is."""
    return Mail(
        subject=_("The copy of your data is ready"),
        heading=_("The copy of your data is ready"),
        paragraphs=(
            _("Hello %(name)s, you can download the copy of your data now.") % {"name": name},
            ngettext(
                "It is removed after %(days)d day.", "It is removed after %(days)d days.", days
            )
            % {"days": days},
        ),
        action=(_("Go to the download"), url),
        after=(_("You will be asked to sign in first."),),
    )


def account_deleted(*, name: str) -> Mail:
    """Return the last mail an account gets."""
    return Mail(
        subject=_("Your account was deleted"),
        heading=_("Your account was deleted"),
        paragraphs=(
            _("Goodbye %(name)s. Your account is gone and its personal data was wiped.")
            % {"name": name},
            _("This address is free: a new account can be opened with it."),
        ),
    )


def deletion_stopped(*, name: str, reasons: tuple[str, ...], url: str) -> Mail:
    """Return the mail that says why an account was not deleted after all."""
    return Mail(
        subject=_("Your account could not be deleted"),
        heading=_("Your account could not be deleted"),
        paragraphs=(
            _("Hello %(name)s, something has to be handed over before your account can go:")
            % {"name": name},
            *reasons,
            _("Settle this, then ask for the deletion again."),
        ),
        action=(_("Open my data"), url),
    )
