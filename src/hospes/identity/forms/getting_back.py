"""Forms of forgotten logins, codes and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.core import get_global
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hospes.identity.domain import addresses, cases
from hospes.identity.forms.contacts import PHONE_MESSAGES, CountryForm, phone_field
from hospes.identity.forms.fields import ToldByService
from hospes.identity.forms.sign_in import THROTTLED, RecoverForm
from hospes.identity.services.getting_back.cases import OpenCase
from hospes.identity.services.getting_back.reminders import AskReminder
from hospes.site.forms import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from hospes.identity.services.getting_back.reminders import Way

REMINDER_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("phone", "required"): PHONE_MESSAGES[("phone", "required")],
    ("phone", "invalid"): PHONE_MESSAGES[("phone", "invalid")],
    ("recovery_email", "invalid"): _(
        "This is no complete e-mail address; one looks like name@example.org."
    ),
    ("recovery_email", "required"): _("A mail needs the recovery address of the account."),
    ("", "throttled"): THROTTLED,
}

CASE_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("login", "required"): _("Enter what you sign in with."),
    ("login", "invalid"): _("This is neither an e-mail address nor a temporary login ID."),
    ("contact_email", "required"): _("Enter an address at which we can reach you."),
    ("contact_email", "invalid"): _(
        "This is no complete e-mail address; one looks like name@example.org."
    ),
    ("contact_email", "same_as_login"): _(
        "Give an address that you can read now; this is the one you sign in with."
    ),
    ("phone", "invalid"): PHONE_MESSAGES[("phone", "invalid")],
    ("words", "too_long"): _("Use at most %(maximum)d characters."),
    ("", "throttled"): _("Several requests came from here today. Try again in %(hours)s h."),
}


class PasswordLostForm(RecoverForm):
    """The login whose password is forgotten, and the way the new one is to come."""

    WAYS = (
        ("mail", _("A link by mail to this address")),
        ("recovery_mail", _("A link by mail to the recovery address")),
        ("sms", _("A code by SMS to the recovery phone")),
    )

    way = forms.ChoiceField(
        label=_("How do you want to get back in?"),
        choices=WAYS,
        widget=forms.RadioSelect,
        initial="mail",
        error_messages={"required": _("Choose one.")},
    )


class CodeForm(Form):
    """A code from an SMS."""

    code = forms.CharField(
        label=_("Code from the SMS"),
        max_length=20,
        error_messages={"required": _("Enter the code from the SMS.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input--code"}
        ),
    )


class _WithPhone(CountryForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["region"].initial = get_global("zone_territories").get(zone, "CH")


class ReminderForm(_WithPhone):
    """The phone that an account named, and where its login is to be sent."""

    phone = phone_field(_("Recovery phone of the account"))
    recovery_email = forms.CharField(
        label=_("Recovery address of the account"),
        help_text=_("Needed for a mail, and where several accounts have this phone."),
        max_length=addresses.LONGEST,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    way = forms.ChoiceField(
        label=_("How shall we tell you?"),
        choices=(("sms", _("By SMS to that phone")), ("mail", _("By mail to that address"))),
        widget=forms.RadioSelect,
        initial="sms",
    )
    field_order = ("region", "phone", "recovery_email", "way")

    def command(self) -> AskReminder:
        """Return what the person asks for."""
        data = self.cleaned_data
        way: Way = "mail" if data["way"] == "mail" else "sms"
        return AskReminder(data["phone"], data["region"], data["recovery_email"], way)


class CaseForm(_WithPhone):
    """A request for help with signing in."""

    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=(
            ("no_access", _("I have forgotten the password and reach none of its ways back")),
            ("second_step_lost", _("I know the password but have lost every second step")),
            ("forgotten_login", _("I do not know what I sign in with")),
            ("unlock", _("My account is locked")),
        ),
        widget=forms.RadioSelect,
        initial="no_access",
    )
    login = forms.CharField(
        label=_("What you sign in with"),
        help_text=_("Leave it empty if that is what you have forgotten."),
        max_length=addresses.LONGEST,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    contact_email = ToldByService(
        label=_("An address that you can read now"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("A phone on which we can call you"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    words = forms.CharField(
        label=_("What should we know?"),
        help_text=_(
            "For instance what you ordered from us, or when you last signed in. Never write your "
            "password."
        ),
        required=False,
        max_length=cases.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("kind", "login", "contact_email", "region", "phone", "words")

    def command(self, locale: str) -> OpenCase:
        """Return what the person asks for, in ``locale``."""
        data = self.cleaned_data
        return OpenCase(
            kind=data["kind"],
            login=data["login"],
            contact_email=data["contact_email"],
            phone=data["phone"],
            region=data["region"],
            words=data["words"],
            locale=locale,
        )
