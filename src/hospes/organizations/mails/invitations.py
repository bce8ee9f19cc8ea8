"""Mails of invitations. Strangers read them: no name in them is a link, none is in the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail
from hospes.organizations.domain.invitations import harmless
from hospes.organizations.models import role_words

if TYPE_CHECKING:
    from hospes.organizations.models import Invitation


def invited(invitation: Invitation, *, sender: str, link: str, days: int) -> Mail:
    """Return the invitation, in its own language."""
    provider = settings.HOSPES.provider_name
    with translation.override(invitation.language):
        strict = (
            _("The invitation is for this very address: sign in, or sign up, with it.")
            if invitation.is_strict
            else _("If you have an account already, accept with it; if not, you sign up first.")
        )
        return Mail(
            subject=_("You are invited to an organization"),
            heading=_("You are invited"),
            paragraphs=(
                _("Hello %(name)s, somebody would like to work with you at %(provider)s.")
                % {"name": harmless(invitation.first_name), "provider": provider},
            ),
            facts=(
                (_("Organization"), harmless(invitation.organization.name)),
                (_("Invited by"), harmless(sender)),
                (_("Your role"), str(role_words.NAMES[invitation.role])),
            ),
            action=(_("Look at the invitation"), link),
            after=(
                strict,
                ngettext(
                    "The link works once, within %(days)d day.",
                    "The link works once, within %(days)d days.",
                    days,
                )
                % {"days": days},
                _(
                    "You do not know who that is? Then do nothing: without your consent you join "
                    "nothing."
                ),
            ),
        )


def answered(invitation: Invitation, *, accepted: bool, first_name: str) -> Mail:
    """Return what tells whoever invited of the answer, in the present language."""
    values = {
        "name": f"{invitation.first_name} {invitation.last_name}",
        "email": invitation.email,
        "organization": invitation.organization.name,
        "reader": first_name,
    }
    if accepted:
        subject = _("Your invitation was accepted")
        text = _(
            "Hello %(reader)s, %(name)s (%(email)s) accepted your invitation and now belongs to "
            "%(organization)s."
        )
    else:
        subject = _("Your invitation was declined")
        text = _(
            "Hello %(reader)s, %(name)s (%(email)s) declined your invitation to %(organization)s."
        )
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(text % values,),
    )
