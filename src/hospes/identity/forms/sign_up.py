"""Forms of signing up and of choosing a password."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.domain import names
from hospes.identity.domain.passwords import RAW_LIMIT
from hospes.identity.forms import sign_in
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PASSWORD_MESSAGES = {
    ("password", "too_short"): _(
        "This password has %(length)s characters; at least %(minimum)s are needed. "
        "Several unrelated words make a good one."
    ),
    ("password", "too_long"): _("A password can have at most %(maximum)s characters."),
    ("password", "breached"): _(
        "This password stands in lists of stolen passwords. Please choose another one."
    ),
    ("password", "too_weak"): _(
        "This password is easy to guess. Several unrelated words make a better one."
    ),
}

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    **sign_in.MESSAGES,
    **PASSWORD_MESSAGES,
    ("first_name", "required"): _("Please enter your first name."),
    ("last_name", "required"): _("Please enter your last name."),
    ("", "too_long"): _("This is too long; %(maximum)s characters fit."),
    ("", "unusable"): _("This does not look like a name. Letters are needed, and no addresses."),
    ("password", "wrong"): _("This is not the password chosen when signing up."),
    ("password", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "gone"): _("This link was already used, or it is too old."),
    ("", "taken"): _("There is an account with this address already. Please sign in."),
}


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def new_password_field(label: StrOrPromise | None = None) -> forms.CharField:
    """Return a field for a password that is chosen now."""
    return forms.CharField(
        label=label or _("Password"),
        strip=False,
        max_length=RAW_LIMIT,
        error_messages={"required": _("Please choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def describe_password(form: Form, minimum: int) -> None:
    """Tell the rule before it is broken; the provider sets the number."""
    form.fields["password"].help_text = _(
        "At least %(minimum)s characters. Several unrelated words make a good password."
    ) % {"minimum": minimum}


class SignUpForm(Form):
    """Who you are. The time zone comes from a script where there is one."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=names.LONGEST,
        error_messages={"required": MESSAGES[("first_name", "required")]},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=names.LONGEST,
        error_messages={"required": MESSAGES[("last_name", "required")]},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = sign_in.email_field()
    password = new_password_field()
    timezone = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-timezone": ""})
    )

    def clean_timezone(self) -> str:
        """Return a time zone that exists."""
        value = str(self.cleaned_data["timezone"])
        return value if value in _zones() else "UTC"


class ChosenPasswordForm(Form):
    """The password chosen when signing up, asked in another browser."""

    password = sign_in.password_field()


class NewPasswordForm(Form):
    """A password chosen now."""

    password = new_password_field(_("New password"))
