"""Forms of the sign-in address and the recovery contacts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.core import get_global
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hospes.identity.domain import phones
from hospes.identity.forms.fields import ToldByService
from hospes.identity.services.email_change import AskEmailChange
from hospes.identity.services.recovery_contacts import SetRecoveryEmail, SetRecoveryPhone
from hospes.site.forms import Form

if TYPE_CHECKING:
    from collections.abc import Collection

    from django_stubs_ext import StrOrPromise

    from hospes.identity.models import Account

EMAIL_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("email", "required"): _("Enter an e-mail address."),
    ("email", "invalid"): _("This is no complete e-mail address; one looks like name@example.org."),
    ("email", "same_as_sign_in"): _(
        "This is your sign-in address. A way back in has to be another one."
    ),
    ("email", "same_as_recovery"): _(
        "This is your recovery address. Change that one first, so that they stay two."
    ),
    ("email", "unchanged"): _("This is the address you have already."),
    ("email", "too_many_mails"): _(
        "This address was sent several mails within the hour. Try again later."
    ),
}

PHONE_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("phone", "required"): _("Enter a phone number."),
    ("phone", "invalid"): _(
        "This is no phone number in that country. Check the digits, or begin with + and the "
        "country's code."
    ),
    ("phone", "unchanged"): _("This is the number you have already."),
}


def _email_field(label: StrOrPromise) -> ToldByService:
    return ToldByService(
        label=label,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class EmailForm(Form):
    """The new sign-in address."""

    email = _email_field(_("New sign-in address"))

    def command(self) -> AskEmailChange:
        """Return what the person asks for."""
        return AskEmailChange(self.cleaned_data["email"])


class RecoveryEmailForm(Form):
    """The recovery address."""

    email = _email_field(_("Recovery address"))

    def command(self) -> SetRecoveryEmail:
        """Return what the person asks for."""
        return SetRecoveryEmail(self.cleaned_data["email"])


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language).territories
    found = [
        (region, f"{names.get(region, region)} (+{code})")
        for region, code in phones.regions().items()
    ]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def likely_region(account: Account) -> str:
    """Return the country a new number is probably from."""
    territories = get_global("zone_territories")
    return phones.region_of(account.recovery_phone) or territories.get(account.timezone, "CH")


def phone_field(label: StrOrPromise) -> ToldByService:
    """Return a field for a number; the service says what is wrong with it."""
    return ToldByService(
        label=label,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class CountryForm(Form):
    """The country that a number is read for: one of ``offered``, or any."""

    region = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, offered: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            pair
            for pair in _countries(get_language() or "en")
            if offered is None or pair[0] in offered
        ]
        self.fields["region"].choices = choices  # type: ignore[attr-defined] # a ChoiceField


class RecoveryPhoneForm(CountryForm):
    """A number and the country it is read for."""

    phone = phone_field(_("Phone number"))

    def command(self) -> SetRecoveryPhone:
        """Return what the person asks for."""
        return SetRecoveryPhone(self.cleaned_data["phone"], self.cleaned_data["region"])
