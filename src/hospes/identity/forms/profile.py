"""Forms of the profile page."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hospes.identity.domain import zones
from hospes.identity.forms.fields import ToldByService
from hospes.identity.services.profile import ChangeProfile
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("first_name", "required"): _("Enter your first name."),
    ("last_name", "required"): _("Enter your last name."),
    ("", "too_long"): _("Use at most %(maximum)d characters."),
    ("", "unusable"): _("A name has letters, and neither links nor addresses."),
    ("locale", "unknown"): _("Choose one of the languages."),
    ("timezone", "unknown"): _("Choose a time zone from the list, such as Europe/Zurich."),
}

PICTURE_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("picture", "required"): _("Choose a picture first."),
    ("picture", "too_large"): _("The file is too large. Use one of at most %(megabytes)d MB."),
    ("picture", "not_a_picture"): _(
        "This file cannot be read as a picture. Use a JPEG, PNG, WebP or GIF file."
    ),
    ("picture", "too_many_pixels"): _("The picture has too many pixels. Make it smaller first."),
    ("picture", "too_small"): _("The picture is too small. Use one of at least 32 by 32 pixels."),
}


@cache
def offered_zones() -> list[str]:
    """Return the time zones that the field suggests."""
    return zones.offered(zoneinfo.available_timezones())


class ProfileForm(Form):
    """Names, language and time zone."""

    first_name = ToldByService(
        label=_("First name"), widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = ToldByService(
        label=_("Last name"), widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    locale = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of these pages and of the mails you get."),
    )
    timezone = ToldByService(
        label=_("Time zone"),
        help_text=_("Type a city to search the list."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def command(self) -> ChangeProfile:
        """Return what the person asks for."""
        typed = self.cleaned_data["timezone"]
        return ChangeProfile(
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
            locale=self.cleaned_data["locale"],
            timezone=zones.find(typed, zoneinfo.available_timezones()) or typed,
        )


class PictureForm(Form):
    """An upload; what is in it, the service finds out."""

    picture = forms.FileField(
        label=_("New picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
