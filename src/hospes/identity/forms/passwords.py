"""The form that changes the password, and the words for every rule a password can break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.forms.fields import password_field
from hospes.identity.services.passwords import ChangePassword
from hospes.site.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

# For every form that takes a new password (see ``services.passwords.check_new_password``).
PASSWORD_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("", "required"): _("Enter a password."),
    ("", "too_short"): _("Length: use at least %(minimum)d characters; these are %(length)d."),
    ("", "too_long"): _("Length: use at most %(maximum)d characters; these are %(length)d."),
    ("", "breached"): _(
        "Leaked: this password is on a list that attackers try first. Choose another one."
    ),
    ("", "too_weak"): _(
        "Strength: this is easy to guess. Several unrelated words are hard to guess and easy to "
        "remember; your name, your address and keyboard patterns are not."
    ),
    ("", "unchanged"): _("New: this is your present password. Choose another one."),
}

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    **PASSWORD_MESSAGES,
    ("current_password", "required"): _("Enter your present password."),
    ("current_password", "wrong"): _("This is not your present password."),
    ("current_password", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "unusable"): _("Your account was changed meanwhile. Load the page again."),
}


class SecureAccountForm(Form):
    """Present and new password; every other session ends, and whatever acts for the account."""

    takes_back = True

    current_password = password_field(_("Present password"), new=False)
    new_password = password_field(
        _("New password"),
        new=True,
        help_text=_(
            "Any characters, spaces included. Long is what counts: a few unrelated words do well."
        ),
    )

    def command(self) -> ChangePassword:
        """Return what the person asks for."""
        return ChangePassword(
            current_password=self.cleaned_data["current_password"],
            new_password=self.cleaned_data["new_password"],
            keep_sessions=frozenset(self.cleaned_data.get("keep_sessions", ())),
            takes_back=self.takes_back,
        )


class ChangePasswordForm(SecureAccountForm):
    """Present and new password, and which other sessions stay."""

    takes_back = False

    keep_sessions = forms.MultipleChoiceField(
        label=_("Devices that stay signed in"),
        help_text=_("All others are signed out. This device stays signed in in any case."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["keep_sessions"].choices = list(others)  # type: ignore[attr-defined] # a ChoiceField
        else:
            del self.fields["keep_sessions"]
