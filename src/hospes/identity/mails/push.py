"""The security mails of the Authenticator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.identity.mails import security
from hospes.identity.mails.security import Notice

NOTICES = {
    "push_refused": Notice(
        _("A sign-in was refused on your phone"),
        _(
            "Somebody gave your right password, and the sign-in was refused on your phone. They "
            "did not get in. If you did not try to sign in yourself, somebody else knows your "
            "password: set a new one now."
        ),
    ),
    "push_mismatched": Notice(
        _("A sign-in was stopped: wrong number on your phone"),
        _(
            "Somebody gave your right password, and then a wrong number was typed on your phone "
            "too often. They did not get in. If you did not try to sign in yourself, somebody "
            "else knows your password: set a new one now."
        ),
    ),
}


def register() -> None:
    """Add them to the others."""
    security.NOTICES.update(NOTICES)
