"""The form for a token with which programs register applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from hospes.connect.domain.registration import LONGEST_NAME
from hospes.connect.forms import MESSAGES, DomainCharField, OnceForm
from hospes.connect.services.initial_tokens import DAYS, MOST_USES, CreateInitialToken
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from hospes.kit.faults import Refused

WORDS: Final = {
    **MESSAGES,
    ("name", "required_token"): gettext_lazy("Give the token a name."),
    ("uses", "number"): gettext_lazy("Enter a number from 1 to %(limit)s."),
    ("days", "choose_validity"): gettext_lazy("Choose how long the token works."),
    ("", "too_many_tokens"): gettext_lazy(
        "The organization has as many tokens that work as it may have: %(limit)s. Revoke one first."
    ),
}


def _days() -> list[tuple[int, str]]:
    return [
        (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in DAYS
    ]


class InitialTokenForm(OnceForm):
    """A name, a number of applications, and how long."""

    name = DomainCharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("The program or the place that you give it to."),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_NAME}),
    )
    # Read as text, so that a slip here hides no other fault.
    uses = DomainCharField(
        label=gettext_lazy("Applications"),
        help_text=gettext_lazy("So many can be registered with it, then it ends."),
        initial="1",
        max_length=20,
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_USES, "inputmode": "numeric"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It works for"), choices=_days, coerce=int, initial=7
    )

    def command(self) -> CreateInitialToken:
        """Return what was typed."""
        typed = self.cleaned_data
        uses = typed["uses"]
        return CreateInitialToken(
            name=typed["name"],
            uses=int(uses) if uses.isascii() and uses.isdigit() else 0,
            days=typed["days"],
            form_key=typed["form_key"],
        )

    def show_faults(self, refused: Refused) -> None:
        """Put each fault beside its field."""
        add_faults(self, refused, WORDS)
