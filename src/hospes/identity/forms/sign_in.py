"""Forms of signing in and getting back in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.domain import addresses
from hospes.identity.domain.passwords import RAW_LIMIT
from hospes.site.forms import Form

THROTTLED = _("That was too often. Please try again in %(minutes)s min.")

MESSAGES = {
    ("", "wrong"): _(
        "The e-mail address or the password is not right. If you are sure of both, your account "
        "may be locked: a new password unlocks it."
    ),
    ("", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "too_many_mails"): _(
        "Several mails were sent to this address already. Please look for them, or try again in "
        "%(minutes)s min."
    ),
    ("email", "missing"): _("Please enter your e-mail address."),
    ("email", "not_an_address"): _(
        "This does not look like an e-mail address. It needs a form like name@example.org."
    ),
}


def email_field(*, autocomplete: str = "username") -> forms.CharField:
    """Return a field for an address; the server, not the browser, judges it."""
    return forms.CharField(
        label=_("E-mail address"),
        max_length=addresses.LONGEST,
        error_messages={"required": MESSAGES[("email", "missing")]},
        widget=forms.EmailInput(
            attrs={
                "autocomplete": autocomplete,
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "email",
            }
        ),
    )


def password_field() -> forms.CharField:
    """Return a field for the password an account has."""
    return forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=RAW_LIMIT,
        error_messages={"required": _("Please enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignInForm(Form):
    """Address and password on one page, as password managers expect them."""

    # Browsers then offer passkeys among the addresses they know.
    email = email_field(autocomplete="username webauthn")
    password = password_field()


class ConfirmPasswordForm(Form):
    """The password again."""

    password = password_field()


class RecoverForm(Form):
    """The address whose password is forgotten."""

    email = email_field()
