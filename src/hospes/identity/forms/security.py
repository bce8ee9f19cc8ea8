"""Forms of sign-in rules, the activity filter and the account's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.forms.fields import ToldByService
from hospes.identity.queries.activity import ActivityFilter
from hospes.identity.services.activity import KIND_LABELS
from hospes.identity.services.deletion import AskDeletion
from hospes.identity.services.sign_in_rules import FEWEST, MOST, ChangeSignInRules
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RULES_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("lock_after_failures", "out_of_range"): _(
        "Enter a number from %(minimum)d to %(maximum)d, or leave it empty."
    ),
}

DELETION_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("typed_email", "mismatch"): _("This is not the address you sign in with."),
    ("", "obstacles"): _("First hand over what is named above."),
    ("", "being_deleted"): _("The deletion was asked for already."),
}


class SignInRulesForm(Form):
    """Which mails, and when to lock."""

    mail_on_sign_in = forms.BooleanField(
        label=_("Mail me at every sign-in"),
        help_text=_("A sign-in on a device that is new is mailed in any case."),
        required=False,
    )
    mail_on_failed_sign_in = forms.BooleanField(
        label=_("Mail me when a wrong password was tried"),
        help_text=_("At most one mail an hour."),
        required=False,
    )
    lock_after_failures = forms.IntegerField(
        label=_("Lock my account after this many wrong passwords"),
        help_text=_(
            "In a row, from 1 to 100. Empty: it is not locked, only slowed down. A new password "
            "by mail unlocks it."
        ),
        required=False,
        widget=forms.NumberInput(attrs={"min": FEWEST, "max": MOST, "inputmode": "numeric"}),
    )

    def command(self) -> ChangeSignInRules:
        """Return what the person asks for."""
        return ChangeSignInRules(**self.cleaned_data)


class ActivityForm(Form):
    """What to show of the activity log."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Everything")), *KIND_LABELS.items()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined] # a ChoiceField

    def chosen(self) -> ActivityFilter:
        """Return the filter; what cannot be read filters nothing."""
        found = self.cleaned_data if self.is_bound else {}
        return ActivityFilter(found.get("kind", ""), found.get("since"), found.get("until"))


class DeletionForm(Form):
    """The account's own address, typed as a confirmation."""

    typed_email = ToldByService(
        label=_("Type your sign-in address to confirm"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def command(self) -> AskDeletion:
        """Return what the person asks for."""
        return AskDeletion(self.cleaned_data["typed_email"])
