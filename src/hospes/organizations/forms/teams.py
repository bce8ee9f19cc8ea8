"""Forms of work teams, and the ticks of rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from hospes.organizations.domain import colours, rights, team_names
from hospes.organizations.forms.products import COLOUR_NAMES
from hospes.organizations.services.grants import Wanted
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.kit.faults import Refused
    from hospes.organizations.domain.rights import Reach

MESSAGES: Final = {
    ("name", "required"): gettext_lazy("Give the work team a name."),
    ("name", "too_long"): gettext_lazy("Use at most %(limit)s characters."),
    ("name", "characters"): gettext_lazy("The name holds characters that cannot be seen."),
    ("name", "taken"): gettext_lazy("There is a work team of this name already."),
    ("color_id", "unknown"): gettext_lazy("Choose one of the colours."),
    ("leader", "unknown"): gettext_lazy("Nobody in this organization signs in with this address."),
    ("grants", "unknown_right"): gettext_lazy("There is no such right. Nothing was saved."),
    ("grants", "unknown_product"): gettext_lazy(
        "A product is not there any more. Look at the rights again and save them once more."
    ),
    ("grants", "unknown_service"): gettext_lazy(
        "A service is not there any more. Look at the rights again and save them once more."
    ),
    ("grants", "outside"): gettext_lazy("Nothing was saved: the page was changed meanwhile."),
}


class TeamForm(Form):
    """Name, colour and leader; the leader by sign-in address, or "" for none."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=team_names.LONGEST,
        error_messages={
            "required": MESSAGES[("name", "required")],
            "max_length": gettext_lazy("Use at most %(limit_value)d characters."),
        },
    )
    color_id = forms.TypedChoiceField(
        label=gettext_lazy("Colour"),
        coerce=int,
        choices=[(number, COLOUR_NAMES[name]) for number, name in enumerate(colours.COLOURS)],
        widget=forms.RadioSelect,
        error_messages={
            "required": MESSAGES[("color_id", "unknown")],
            "invalid_choice": MESSAGES[("color_id", "unknown")],
        },
    )
    leader = forms.CharField(
        label=gettext_lazy("Team leader"),
        help_text=gettext_lazy(
            "E-mail address of a member whom the others may turn to. Leave it empty for none."
        ),
        max_length=254,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "email", "list": "team-leaders", "autocomplete": "off"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def show_faults(self, refused: Refused) -> None:
        """Put what was refused beside the fields."""
        add_faults(self, refused, MESSAGES)

    def unknown_leader(self) -> None:
        """Say that nobody here signs in with the address."""
        self.add_error("leader", str(MESSAGES[("leader", "unknown")]))


def fault_words(refused: Refused) -> list[str]:
    """Return what was refused in words, once each, for a page whose form has no fields."""
    told = (
        str(MESSAGES.get((fault.field, fault.code), gettext("This value cannot be accepted.")))
        % fault.params
        for fault in refused.faults
    )
    return list(dict.fromkeys(told))


def ticks(values: Iterable[str]) -> frozenset[Wanted] | None:
    """Read ticked boxes, each "right reach"; None where one of them is none of ours."""
    found = set()
    for value in values:
        right, _space, word = value.partition(" ")
        reach = rights.reach(word)
        if reach is None or not rights.is_right(right):
            return None
        found.add(Wanted(reach, right))
    return frozenset(found)


def shown(values: Iterable[str]) -> frozenset[Reach] | None:
    """Read which rows a page showed; None where one of them is none of ours."""
    found = [rights.reach(value) for value in values]
    if any(each is None for each in found):
        return None
    return frozenset(each for each in found if each is not None)
