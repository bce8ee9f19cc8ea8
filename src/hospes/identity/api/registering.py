"""Takes this room's endpoints, their heading and scopes into the REST API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.identity.api import application_passwords, profile
from hospes.rest import registry


def register() -> None:
    """Register them; a second call changes nothing."""
    registry.register_scope(
        "profile:read",
        _("See your profile"),
        "Read the profile, e-mail addresses and telephone numbers of whoever made the token.",
    )
    registry.register_scope(
        "profile:write",
        _("Change your profile"),
        "Change the profile of whoever made the token; some fields take the password.",
    )
    registry.register_tag(profile.TAG, "The person behind the token.")
    registry.register(*profile.ROUTES)
    registry.register(*application_passwords.ROUTES)
