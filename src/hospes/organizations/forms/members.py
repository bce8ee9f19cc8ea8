"""Forms of members: role, mails, being removed, leaving, two-step verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.organizations.models import role_words
from hospes.site.forms import Form

if TYPE_CHECKING:
    from typing import Any

    from django_stubs_ext import StrOrPromise

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("role", "unknown"): _("Choose one of the roles."),
    ("role", "unchanged"): _("This is the present role."),
    ("role", "own_role_raised"): _("Nobody gives themselves more rights. Ask somebody else."),
    ("role", "last_owner"): _(
        "The organization always has a legal representative. Appoint another one first."
    ),
    ("mails_billing", "only_owner"): _(
        "The only legal representative gets the mails about invoices and payments."
    ),
    ("password", "wrong"): _("This is not your password."),
    ("password", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "last_owner"): _(
        "The organization always has a legal representative. Appoint another one first."
    ),
    ("", "own"): _("You cannot do this to yourself."),
    ("", "not_locked"): _("This account is not locked, so nothing was changed."),
    ("", "staff"): _("This account was locked by our staff, who alone can unlock it."),
    ("", "new_password"): _(
        "Its owner reported that somebody else was in this account. Only a new password opens it: "
        "they set one with “Forgotten your password?” on the sign-in page."
    ),
    ("", "own_two_step_missing"): _("Set up two-step verification for your own account first."),
    ("", "unchanged"): _("Nothing was changed."),
    ("", "throttled"): _("This was done too often. Please try again in %(minutes)s min."),
}


class RoleForm(Form):
    """Another role; only those that whoever asks may give are offered."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        error_messages={
            "required": MESSAGES["role", "unknown"],
            "invalid_choice": MESSAGES["role", "unknown"],
        },
    )

    def __init__(self, *args: Any, offered: tuple[str, ...], **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role, role_words.NAMES[role]) for role in offered]


class MailsForm(Form):
    """What is mailed to a member."""

    mails_billing = forms.BooleanField(label=_("Mails about invoices and payments"), required=False)
    mails_products = forms.BooleanField(
        label=_("Mails about products, such as activation and termination"), required=False
    )


class FlagsForm(MailsForm):
    """The same, and whether the member sees invoices."""

    has_billing = forms.BooleanField(
        label=_("Sees invoices and payments"),
        help_text=_("Legal representatives and administrators see them anyway."),
        required=False,
    )
    field_order = ("has_billing", "mails_billing", "mails_products")


class RemoveForm(Form):
    """The own password, and that the list of what goes was read."""

    meant = forms.BooleanField(
        label=_("I have read what ends, and want to remove this person"),
        error_messages={"required": _("Confirm that you have read what ends.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )


class LeaveForm(Form):
    """That the list of what goes was read."""

    meant = forms.BooleanField(
        label=_("I have read what ends, and want to leave"),
        error_messages={"required": _("Confirm that you have read what ends.")},
    )
