"""Forms of the methods of two-step verification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hospes.identity.forms.contacts import PHONE_MESSAGES, CountryForm, phone_field
from hospes.identity.forms.fields import ToldByService, password_field
from hospes.identity.services.two_step.methods import LONGEST_NAME
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("name", "missing"): _("Give it a name that you will know again."),
    ("name", "too_long"): _("Use at most %(maximum)d characters."),
    ("code", "wrong"): _(
        "This code is not right. Type the one your app shows now; its clock must be right."
    ),
    ("phone", "required"): PHONE_MESSAGES[("phone", "required")],
    ("phone", "invalid"): PHONE_MESSAGES[("phone", "invalid")],
    ("phone", "country"): _("Codes by SMS go to these countries only: %(countries)s."),
    ("phone", "taken"): _("This number is one of your methods already."),
    ("password", "wrong"): _("This is not your password."),
    ("password", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "enforced"): _(
        "Two-step verification is required by %(names)s. Add another method before you remove "
        "this one."
    ),
    ("", "last"): _("This is your last method by now. Confirm that you want to do without."),
    ("", "gone"): _("This method is not there any more."),
}


def _name_field() -> forms.CharField:
    return ToldByService(
        label=_("Name"),
        help_text=_("How you will know it again in the list, such as “Work phone”."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(Form):
    """The name of a method."""

    name = _name_field()


class NumberForm(CountryForm):
    """A number for codes by SMS, in one of the provider's countries."""

    name = _name_field()
    phone = phone_field(_("Phone number"))
    field_order = ("name", "region", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, offered=settings.HOSPES.sms_countries, **kwargs)


class FirstCodeForm(Form):
    """The first code of an app."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=20,
        error_messages={"required": _("Enter the code that the app shows.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input--code"}
        ),
    )


class RemoveForm(Form):
    """The password, before a method goes."""

    password = password_field(_("Your password"), new=False, focus=True)


class RemoveLastForm(RemoveForm):
    """The password, and that one wants to do without two-step verification."""

    meant = forms.BooleanField(
        label=_("I want to do without two-step verification"),
        error_messages={"required": _("Tick this to go on, or cancel.")},
    )
