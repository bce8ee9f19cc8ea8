"""Forms of invitations: one person, a list of people, what an invitation will give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospes.identity.domain import names
from hospes.identity.forms.fields import ToldByService
from hospes.organizations import policies
from hospes.organizations.domain import pasted
from hospes.organizations.domain.roles import ROLES
from hospes.organizations.forms import teams as team_forms
from hospes.organizations.forms.organization import ToldChoice, form_key
from hospes.organizations.models import role_words
from hospes.organizations.services.invitation_checks import Invite
from hospes.organizations.services.invitations import ChangeInvitation
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hospes.kit.faults import Fault, Refused
    from hospes.organizations.models import Invitation, Membership
    from hospes.organizations.services.grants import Wanted

FLAGS: Final = ("has_billing", "mails_billing", "mails_products")
# A list of ten thousand people is shorter, in any spelling of it (signs; bytes of a file).
LONGEST_LIST: Final = 2_000_000
_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)
_GONE = gettext_lazy("The work team is not there any more. Choose again.")

MESSAGES: Final = {
    **team_forms.MESSAGES,
    ("email", "missing"): gettext_lazy("Enter the e-mail address."),
    ("email", "not_an_address"): gettext_lazy(
        "This is no complete e-mail address; one looks like name@example.org."
    ),
    ("email", "already_member"): gettext_lazy("Whoever has this address belongs here already."),
    ("email", "already_invited"): gettext_lazy(
        "This address is invited already, and has not answered yet."
    ),
    ("email", "twice"): gettext_lazy("This address stands in the list more than once."),
    ("first_name", "required"): gettext_lazy("Enter the first name."),
    ("last_name", "required"): gettext_lazy("Enter the last name."),
    ("", "too_long"): gettext_lazy("Use at most %(maximum)d characters."),
    ("", "unusable"): gettext_lazy(
        "This is no name that a mail can greet by: it holds signs of an address."
    ),
    ("language", "unknown"): gettext_lazy("Choose one of the languages."),
    ("role", "unknown"): gettext_lazy("Choose one of the roles."),
    ("role", "not_yours_to_give"): gettext_lazy(
        "Only a legal representative can appoint another one."
    ),
    ("team_ids", "unknown_team"): _GONE,
    ("team_ids", "no_such_team"): gettext_lazy("There is no work team named %(name)s."),
    ("grants", "unreadable"): gettext_lazy("“%(word)s” is no right."),
    ("", "not_pending"): gettext_lazy("This invitation has been answered or taken back."),
    ("", "already_member"): gettext_lazy("Whoever has this address belongs here already."),
    ("", "not_allowed"): gettext_lazy("Whoever sent the list may not invite any longer."),
    ("", "too_many_resends"): gettext_lazy(
        "This invitation got new links too often. Try again in %(minutes)d minutes."
    ),
    ("", "too_many_invitations"): gettext_lazy(
        "Too many people were invited in a short time. Try again in %(minutes)d minutes."
    ),
    ("", "too_many_mails"): gettext_lazy(
        "This address got too many invitations by mail. Try again in %(minutes)d minutes, or "
        "invite without a mail and hand over the link yourself."
    ),
    ("", "nobody"): gettext_lazy("Nobody in this list can be invited."),
    ("", "too_many_rows"): gettext_lazy("A list may name at most %(limit)d people."),
}


class ToldChoices(forms.MultipleChoiceField):
    """Several choices; the service says what is wrong with them."""

    def validate(self, value: Any) -> None:
        """Leave it to the service."""


class _GivingForm(Form):
    """What an invitation gives: role, teams, invoices, language."""

    role = ToldChoice(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    language = ToldChoice(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("The invitation is written in it."),
    )
    team_ids = ToldChoices(
        label=gettext_lazy("Work teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    has_billing = forms.BooleanField(
        label=gettext_lazy("May see invoices and payments"), required=False
    )
    mails_billing = forms.BooleanField(
        label=gettext_lazy("Gets mails about invoices"), required=False
    )
    mails_products = forms.BooleanField(
        label=gettext_lazy("Gets mails about products"), required=False
    )

    def __init__(
        self, *args: Any, member: Membership, teams: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        """``member`` invites: the roles are those that they may give."""
        super().__init__(*args, **kwargs)
        self.offered = [role for role in reversed(ROLES) if policies.may_give_role(member, role)]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role, role_words.NAMES[role]) for role in self.offered
        ]
        self.fields["language"].choices = list(  # type: ignore[attr-defined]
            settings.LANGUAGES
        )
        self.fields["team_ids"].choices = teams  # type: ignore[attr-defined]

    def show_faults(self, refused: Refused) -> None:
        """Put what was refused beside the fields."""
        add_faults(self, refused, MESSAGES)

    def invite(self, grants: frozenset[Wanted], **whom: Any) -> Invite:
        """Return the command of a valid form."""
        told = self.cleaned_data
        return Invite(
            **{"email": "", "first_name": "", "last_name": "", **whom},
            language=told["language"],
            role=told["role"],
            team_ids=_keys(told["team_ids"]),
            grants=grants,
            **{flag: told[flag] for flag in FLAGS},
        )


class ChangeForm(_GivingForm):
    """What a pending invitation will give."""

    def change(self, invitation: Invitation, grants: frozenset[Wanted]) -> ChangeInvitation:
        """Return the command of a valid form."""
        told = self.cleaned_data
        return ChangeInvitation(
            invitation,
            role=told["role"],
            language=told["language"],
            team_ids=_keys(told["team_ids"]),
            grants=grants,
            **{flag: told[flag] for flag in FLAGS},
        )


class InviteForm(_GivingForm):
    """One person."""

    email = ToldByService(
        label=gettext_lazy("E-mail address"),
        widget=forms.TextInput(
            attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    first_name = ToldByService(
        label=gettext_lazy("First name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    last_name = ToldByService(
        label=gettext_lazy("Last name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    is_strict = forms.BooleanField(
        label=gettext_lazy("Only for this address"),
        help_text=gettext_lazy(
            "Only an account that signs in with this very address can accept. Otherwise anybody "
            "who has the link can."
        ),
        required=False,
    )
    is_silent = forms.BooleanField(
        label=gettext_lazy("Send no mail"),
        help_text=gettext_lazy("You get the link and hand it over yourself."),
        required=False,
    )
    field_order = ("email", "first_name", "last_name", "language", "role", "team_ids", *FLAGS)

    def command(self, grants: frozenset[Wanted]) -> Invite:
        """Return the command of a valid form."""
        told = self.cleaned_data
        asked = ("email", "first_name", "last_name", "is_strict", "is_silent")
        return self.invite(grants, **{name: told[name] for name in asked})


class ManyForm(_GivingForm):
    """A list of people, pasted or in a file, and what holds where it says nothing itself."""

    people = forms.CharField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy(
            "One person a line: an address, with the name before or after it if you like. Or the "
            "rows of a spreadsheet whose first line names the columns: e-mail, first name, last "
            "name, language, role, teams."
        ),
        required=False,
        max_length=LONGEST_LIST,
        error_messages={"max_length": gettext_lazy("The list is too long. Send it in parts.")},
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("Instead of a pasted list."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    form_key = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("people", "file")

    def clean(self) -> dict[str, Any]:
        """Take the list out of one of the two places, and make sure that the form has a name."""
        told: dict[str, Any] = super().clean() or {}
        upload = told.get("file")
        if upload is not None and told.get("people", "").strip():
            self.add_error("file", _("Either paste the list or send a file, not both."))
        elif upload is not None and upload.size > LONGEST_LIST:
            self.add_error("file", _("The list is too long. Send it in parts."))
        elif upload is not None:
            told["people"] = pasted.decode(upload.read())
        if not self.errors and not told.get("people", "").strip():
            self.add_error("people", _("Paste the list, or choose a file."))
        told["form_key"] = form_key(told.get("form_key", ""))
        return told


def fault_words(faults: Iterable[Fault]) -> list[str]:
    """Return faults of one row in words, once each."""
    told = (
        str(
            MESSAGES.get((fault.field, fault.code))
            or MESSAGES.get(("", fault.code))
            or _("This value cannot be accepted.")
        )
        % {"maximum": names.LONGEST, **fault.params}
        for fault in faults
    )
    return list(dict.fromkeys(told))


def _keys(values: Iterable[str]) -> frozenset[int]:
    # 0 is no team's key: what is none becomes a team that the service does not know.
    return frozenset(int(value) if _KEY.fullmatch(value) else 0 for value in values)
