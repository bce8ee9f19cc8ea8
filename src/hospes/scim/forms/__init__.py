"""The forms of this room."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from hospes.scim.services.directories import LONGEST_NAME
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.kit.faults import Refused
    from hospes.organizations.models import Team

FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")
MESSAGES: Final = {
    ("name", "required"): gettext_lazy("Give the directory a name."),
    ("name", "too_long"): gettext_lazy("Use at most %(limit)s characters."),
    ("name", "characters"): gettext_lazy("The name holds characters that cannot be seen."),
    ("name", "taken"): gettext_lazy("There is a directory of this name already."),
    ("", "too_many"): gettext_lazy(
        "The organization has %(limit)s directories, and cannot have more."
    ),
    ("team", "kept"): gettext_lazy("A directory keeps this team already."),
}


def new_form_key() -> str:
    """Return a name for a form, so that it does its deed once."""
    return secrets.token_urlsafe(24)


class ConnectForm(Form):
    """The directory's name, and the form's own."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("How you call it, for example Main directory."),
        max_length=LONGEST_NAME,
        error_messages={
            "required": MESSAGES[("name", "required")],
            "max_length": gettext_lazy("Use at most %(limit_value)d characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    form_key = forms.RegexField(FORM_KEY, widget=forms.HiddenInput)

    def show_faults(self, refused: Refused) -> None:
        """Put what was refused beside the fields."""
        add_faults(self, refused, MESSAGES)


class HandOverForm(Form):
    """Which of the teams that no directory keeps yet."""

    team = forms.TypedChoiceField(
        label=gettext_lazy("Work team"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose a team."),
            "invalid_choice": gettext_lazy("Choose one of the teams."),
        },
    )

    def __init__(self, teams: Iterable[Team], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(team.pk, team.name) for team in teams]

    def show_faults(self, refused: Refused) -> None:
        """Put what was refused beside the fields."""
        add_faults(self, refused, MESSAGES)
