"""Forms of staff and development pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospes.overview.services.staff_accounts import REASON_LENGTH
from hospes.site.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

ANY = ("", pgettext_lazy("filter", "Any"))


class ReasonForm(Form):
    """Why staff do something to an account."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Kept in the audit log, and part of the copy of their data that a person may ask for."
        ),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, so that others can follow it later.")},
    )


class CaseDecisionForm(Form):
    """What staff decide about somebody who has no way back in."""

    login = forms.CharField(
        label=_("Login of the account"),
        help_text=_("The case names none that exists. Which account did you find?"),
        required=False,
        max_length=254,
    )
    note = forms.CharField(
        label=_("How did you make sure of who asked?"),
        help_text=_(
            "Kept with the case, and part of the copy of their data that a person may ask for."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how you made sure of who asked.")},
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("grant", _("Grant")), ("refuse", _("Refuse"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )


class AccountFilterForm(Form):
    """Search over accounts."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("active", pgettext_lazy("account", "Active")),
            ("locked", pgettext_lazy("account", "Locked")),
            ("deleted", pgettext_lazy("account", "Deleted")),
        ],
    )


class AuditFilterForm(Form):
    """Filters of the audit log."""

    action = forms.ChoiceField(label=_("What"), required=False)
    account = forms.CharField(
        label=_("Person (e-mail address)"),
        required=False,
        max_length=254,
    )
    ip = forms.GenericIPAddressField(label=_("IP address"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("date", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    until = forms.DateField(
        label=pgettext_lazy("date", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(
        self, *args: Any, actions: Iterable[tuple[str, StrOrPromise]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["action"]
        if isinstance(choices, forms.ChoiceField):
            choices.choices = [ANY, *sorted(actions, key=lambda choice: str(choice[1]))]


class JobFilterForm(Form):
    """Which task's jobs to show."""

    task = forms.ChoiceField(label=_("Task"), required=False)

    def __init__(self, *args: Any, tasks: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["task"]
        if isinstance(choices, forms.ChoiceField):
            choices.choices = [ANY, *((task, task) for task in tasks)]


class MailboxFilterForm(Form):
    """Whose messages to show."""

    to = forms.CharField(label=_("Recipient"), required=False, max_length=320)


class MoveClockForm(Form):
    """How far to move the clock."""

    days = forms.IntegerField(
        label=_("Days"), min_value=0, max_value=3650, required=False, initial=0
    )
    hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=87600, required=False, initial=0
    )
