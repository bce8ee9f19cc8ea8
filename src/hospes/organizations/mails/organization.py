"""Mails about an organization as a whole."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hospes.foundation.services.messages import Mail


def organization_deleted(*, name: str, organization: str, actor: str, new_one: bool) -> Mail:
    """Return the mail to everybody who belonged to an organization that was deleted.

    ``new_one`` tells whether the reader belonged to no other and got one of their own.
    """
    after = (
        (
            _(
                "You belonged to no other organization, so there is one of your own now. It is "
                "named after you."
            ),
        )
        if new_one
        else ()
    )
    return Mail(
        subject=_("%(organization)s was deleted") % {"organization": organization},
        heading=_("%(organization)s was deleted") % {"organization": organization},
        paragraphs=(
            _("Hello %(name)s, %(actor)s deleted the organization %(organization)s.")
            % {"name": name, "actor": actor, "organization": organization},
            _(
                "Its members have no access to it any longer, and its work teams and "
                "invitations are gone. Your account stays as it is."
            ),
            *after,
        ),
    )
