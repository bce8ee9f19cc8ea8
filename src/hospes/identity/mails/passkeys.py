"""The security mail of passkeys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.identity.mails import security
from hospes.identity.mails.security import Notice

NOTICES = {
    "passkey_copied": Notice(
        _("One of your passkeys was refused"),
        _(
            "The passkey “%(name)s” was used in a way that shows there may be a copy of it. "
            "Nobody got in with it. Remove this passkey and add a new one; if you did not just use "
            "it yourself, somebody else has the copy."
        ),
    ),
}


def register() -> None:
    """Add them to the others."""
    security.NOTICES.update(NOTICES)
