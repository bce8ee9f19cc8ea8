"""The forms of application passwords, and the words for all that may be wrong with one."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.forms.fields import ToldByService
from hospes.identity.services.application_passwords import (
    LONGEST_NAME,
    CreateApplicationPassword,
    RenameApplicationPassword,
)
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,43}", re.ASCII)

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("name", "required"): _("Give it a name that you will know again."),
    ("name", "too_long"): _("Use at most %(maximum)d characters."),
    ("name", "characters"): _("The name holds characters that cannot be seen."),
    ("", "too_many"): _(
        "You have %(limit)s application passwords, which is as many as there may be. Revoke one "
        "that you no longer need."
    ),
    ("", "throttled"): _(
        "You have created many application passwords just now. Please try again in %(minutes)s min."
    ),
}


def new_form_key() -> str:
    """Return a name for a form that is sent once."""
    return secrets.token_urlsafe(24)


class NameForm(Form):
    """What a password is called."""

    name = ToldByService(
        label=_("Name"),
        help_text=_("The program and the device it is for, such as “Mail on my phone”."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def creating(self, form_key: str) -> CreateApplicationPassword:
        """Return what is to be made."""
        return CreateApplicationPassword(self.cleaned_data["name"], form_key)

    def renaming(self, password_id: int) -> RenameApplicationPassword:
        """Return what is to be called otherwise."""
        return RenameApplicationPassword(password_id, self.cleaned_data["name"])
