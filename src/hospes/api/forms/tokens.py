"""The form that creates an API token, and the words for all that may be wrong with one."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hospes.api.domain.tokens import DAY, LONGEST_NAME, Draft, split_networks
from hospes.api.services.tokens import CreateToken
from hospes.foundation import clock
from hospes.identity.forms.fields import ToldByService, password_field
from hospes.rest import registry
from hospes.site.forms import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from hospes.kit.faults import Refused
    from hospes.organizations.models import Membership

FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")
DAYS: Final = (7, 30, 90, 365)
ALL, SOME = "all", "some"
UNTIL = "date"

MESSAGES: Mapping[tuple[str, str], StrOrPromise] = {
    ("name", "required"): _("Give the token a name."),
    ("name", "too_long"): _("Use at most %(limit)s characters."),
    ("name", "characters"): _("The name holds characters that cannot be seen."),
    ("scopes", "required"): _("Choose at least one permission."),
    ("scopes", "unknown"): _("Choose from the list."),
    ("organization", "unknown"): _("Choose one of your organizations."),
    ("products", "needs_organization"): _("Choose the organization that has the products."),
    ("products", "number"): _("Choose at least one product, and at most %(limit)s."),
    ("products", "unknown"): _("Choose products that you can use yourself."),
    ("networks", "too_many"): _("Enter at most %(limit)s networks."),
    ("networks", "malformed"): _(
        "%(network)s is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/32."
    ),
    ("networks", "host_bits"): _(
        "%(network)s is an address within a network. Did you mean %(meant)s?"
    ),
    ("expires_at", "past"): _("Choose a day that is still to come."),
    ("expires_at", "too_late"): _("Choose an earlier day, or no end."),
    ("password", "required"): _("Enter your password."),
    ("password", "wrong"): _("This is not your present password."),
    ("password", "throttled"): _("Too many attempts. Please try again in %(minutes)s min."),
    ("", "too_many_tokens"): _(
        "You have created many tokens just now. Please try again in %(minutes)s min."
    ),
}
# The form asks for the end in two fields; what is wrong with it stands beside the second.
_FIELDS = {"expires_at": "until"}


def new_form_key() -> str:
    """Return a name for a form that nobody else has."""
    return secrets.token_urlsafe(24)


class _ChoicesToldByService(forms.MultipleChoiceField):
    """Several of a list; the service says what is wrong with them."""

    def validate(self, value: Any) -> None:
        """Leave it to the service."""


class _IdsField(_ChoicesToldByService):
    """Row ids; what is none is left out, so that the service finds it missing."""

    def clean(self, value: Any) -> tuple[int, ...]:
        """Return the ids; 0 stands for what no row has."""
        texts = super().clean(value)
        return tuple(
            int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 - a 64-bit id has 19 digits
            for text in texts
        )


class TokenForm(Form):
    """Everything a person says of a token. The rules are the domain's."""

    name = ToldByService(
        label=_("Name"),
        help_text=_("Yours alone: what uses the token, for example “Backup script”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_NAME}),
    )
    scopes = _ChoicesToldByService(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple)
    organization = forms.ChoiceField(
        label=_("Organization"),
        help_text=_("The token may never do more than you may yourself, at any moment."),
        required=False,
    )
    reach = forms.ChoiceField(
        label=_("Products"),
        choices=((ALL, _("All that I can use")), (SOME, _("Only those I choose here"))),
        widget=forms.RadioSelect,
        initial=ALL,
        required=False,
    )
    products = _IdsField(label=_("Products"), required=False)
    validity = forms.ChoiceField(label=_("Valid"), required=False)
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    networks = forms.CharField(
        label=_("Only from these networks"),
        help_text=_(
            "IP addresses and networks, one on each line. Leave it empty to allow every address."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "192.0.2.0/24",
            }
        ),
    )
    password = password_field(
        _("Your password"), new=False, help_text=_("Confirms that it is you.")
    )

    def __init__(self, *args: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields
        choice["scopes"].choices = [(scope.name, scope.label) for scope in registry.scopes()]
        choice["organization"].choices = [
            ("", gettext("All that I belong to, now and later")),
            *((str(each.organization_id), each.organization.name) for each in memberships),
        ]
        choice["validity"].choices = [
            ("", gettext("Without an end")),
            *(
                (
                    str(days),
                    ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days},
                )
                for days in DAYS
            ),
            (UNTIL, gettext("until a day that I choose")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where it is needed."""
        typed = super().clean() or {}
        if typed.get("validity") == UNTIL and not typed.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Choose the last day."))
        return typed

    def command(self, form_key: str, *, zone: str) -> CreateToken:
        """Return what was asked for; a day ends in the time zone ``zone``."""
        typed = self.cleaned_data
        only_some = typed["reach"] == SOME
        return CreateToken(
            Draft(
                name=typed["name"],
                scopes=tuple(typed["scopes"]),
                networks=split_networks(typed["networks"]),
                expires_at=self._expires_at(zone),
            ),
            password=typed["password"],
            form_key=form_key,
            organization_id=int(typed["organization"]) if typed["organization"] else None,
            product_ids=typed["products"] if only_some else None,
        )

    def _expires_at(self, zone: str) -> int | None:
        validity = self.cleaned_data["validity"]
        if not validity:
            return None
        if validity != UNTIL:
            return clock.timestamp() + int(validity) * DAY
        last_day = self.cleaned_data.get("until")
        if last_day is None:
            # Said beside the field already.
            return None
        try:
            following = last_day + timedelta(days=1)
        except OverflowError:
            following = datetime.max.replace(tzinfo=UTC).date()
        return int(datetime.combine(following, time.min, ZoneInfo(zone)).timestamp())

    def show_faults(self, refused: Refused) -> None:
        """Put each fault beside its field."""
        for fault in refused.faults:
            words = str(MESSAGES.get((fault.field, fault.code), "")) % fault.params
            field = _FIELDS.get(fault.field, fault.field)
            self.add_error(
                field if field in self.fields else None,
                words or gettext("This value cannot be accepted."),
            )
