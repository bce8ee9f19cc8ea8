"""Mails of getting back in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail

Facts = tuple[tuple[str, str], ...]


def reset(*, first_name: str, link: str, minutes: int) -> Mail:
    """Return the mail whose link lets the owner set a new password."""
    return Mail(
        subject=_("Set a new password"),
        heading=_("Set a new password"),
        paragraphs=(
            _(
                "Hello %(name)s, somebody, most likely you, asked for a new password for your "
                "account."
            )
            % {"name": first_name},
        ),
        action=(_("Choose a new password"), link),
        after=(
            ngettext(
                "The link works once, within %(minutes)d minute.",
                "The link works once, within %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
            _("If it was not you, do nothing: your password stays as it is."),
        ),
    )


def was_reset(*, facts: Facts, recover: str) -> Mail:
    """Return the mail that tells the owner of their new password."""
    return Mail(
        subject=_("Your password was reset"),
        heading=_("Your account has a new password"),
        paragraphs=(
            _("It was set with a link from a mail to this address. Every device was signed out."),
        ),
        facts=facts,
        action=(_("This wasn't me: set a new password"), recover),
        after=(_("If it was you, there is nothing to do."),),
    )
