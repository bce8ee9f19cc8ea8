"""Forms of products and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.forms.fields import ToldByService
from hospes.organizations.domain.colours import COLOURS
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COLOUR_NAMES: dict[str, StrOrPromise] = {
    "slate": _("Slate"),
    "blue": _("Blue"),
    "teal": _("Teal"),
    "green": _("Green"),
    "olive": _("Olive"),
    "amber": _("Amber"),
    "orange": _("Orange"),
    "red": _("Red"),
    "pink": _("Pink"),
    "violet": _("Violet"),
}

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("name", "required"): _("Give the tag a name."),
    ("name", "taken"): _("The organization has a tag of this name already."),
    ("color_id", "choose"): _("Choose one of the colours."),
    ("", "too_many_tags"): _("The organization has %(limit)d tags, and cannot have more."),
    ("", "too_long"): _("Use at most %(limit)d characters."),
    ("", "characters"): _("This holds characters that cannot be seen."),
}


def colours() -> list[dict[str, object]]:
    """Return the palette for the template: number, class and name of each colour."""
    return [
        {"number": number, "name": name, "label": COLOUR_NAMES[name]}
        for number, name in enumerate(COLOURS)
    ]


class RenameForm(Form):
    """What the customer calls a product."""

    customer_name = ToldByService(
        label=_("Your name for it"),
        required=False,
        help_text=_("Empty: the name that we gave it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TagForm(Form):
    """A tag's name and colour."""

    name = ToldByService(label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    color_id = forms.TypedChoiceField(
        label=_("Colour"),
        choices=[(number, COLOUR_NAMES[name]) for number, name in enumerate(COLOURS)],
        coerce=int,
        widget=forms.RadioSelect,
    )
