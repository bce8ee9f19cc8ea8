"""Forms of an organization: created, changed, searched, deleted."""

from __future__ import annotations

import uuid
import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hospes.foundation.services import audit
from hospes.identity.domain import zones
from hospes.identity.forms.fields import ToldByService
from hospes.identity.forms.profile import PICTURE_MESSAGES
from hospes.organizations.domain import addresses, legal_types
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import Address, Organization
from hospes.organizations.queries.activity import ActivityFilter
from hospes.organizations.services.founding import CreateOrganization
from hospes.organizations.services.settings import FIELDS, ChangeOrganization
from hospes.site.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from hospes.kit.faults import Refused

LONGEST_SEARCH = 200

LEGAL_TYPES: dict[str, StrOrPromise] = {
    Organization.LegalType.INDIVIDUAL: gettext_lazy("Private person"),
    Organization.LegalType.COMPANY: gettext_lazy("Company or association"),
    Organization.LegalType.PUBLIC_BODY: gettext_lazy("Public body"),
    Organization.LegalType.RESTRICT: gettext_lazy("Limited by the provider"),
}

_LINK = gettext_lazy("Enter a web address that begins with https:// or http://.")

MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    **PICTURE_MESSAGES,
    ("picture", "not_a_picture"): gettext_lazy(
        "This file cannot be read as a picture. Use a JPEG, PNG or WebP file."
    ),
    ("name", "required"): gettext_lazy("Give the organization a name."),
    ("name", "represented"): gettext_lazy(
        "You represent an organization of this name already. Give this one another name."
    ),
    ("legal_type", "choose"): gettext_lazy("Choose what the organization is."),
    ("email", "invalid"): gettext_lazy(
        "This is no complete e-mail address; one looks like name@example.org."
    ),
    ("phone", "invalid"): gettext_lazy(
        "This is no phone number in the country of the main address. Check the digits, or begin "
        "with + and the country's code."
    ),
    ("website", "too_long"): gettext_lazy("This address is too long. Use at most 2000 characters."),
    ("website", "characters"): gettext_lazy(
        "This address holds characters that addresses cannot hold. Write them percent-encoded."
    ),
    ("website", "link"): _LINK,
    ("website", "host_invalid"): gettext_lazy("The host name in the address is not valid."),
    ("website", "userinfo"): gettext_lazy("Leave out the part before @."),
    ("language", "unknown"): gettext_lazy("Choose one of the languages."),
    ("timezone", "unknown"): gettext_lazy(
        "Choose a time zone from the list, such as Europe/Zurich."
    ),
    ("invoice_to", "choose"): gettext_lazy("Choose one of the two addresses."),
    **{
        (f"{prefix}_{part}", "required"): text
        for prefix in ("main", "billing")
        for part, text in (
            ("street", gettext_lazy("Enter street and number.")),
            ("city", gettext_lazy("Enter the city.")),
            ("country", gettext_lazy("Choose the country.")),
        )
    },
    ("main_country", "unknown"): gettext_lazy("Choose a country from the list."),
    ("billing_country", "unknown"): gettext_lazy("Choose a country from the list."),
    ("", "too_many_organizations"): gettext_lazy(
        "You represent %(limit)d organizations, and cannot represent more."
    ),
    ("", "too_long"): gettext_lazy("Use at most %(limit)d characters."),
    ("", "characters"): gettext_lazy("This holds characters that cannot be seen."),
}

CLOSING_MESSAGES: dict[tuple[str, str], StrOrPromise] = {
    ("typed_name", "mismatch"): gettext_lazy("This is not the name of the organization."),
    ("", "obstacles"): gettext_lazy("First hand over what is named above."),
    ("", "last_organization"): gettext_lazy(
        "This is the only organization you belong to. It goes when you delete your account."
    ),
}


def form_key(text: str = "") -> str:
    """Return ``text`` if it can name a form, else a fresh name."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


class ToldChoice(forms.ChoiceField):
    """A choice; the service says what is wrong with it, together with all else."""

    def validate(self, value: Any) -> None:
        """Leave it to the service."""


def _text(label: StrOrPromise, complete: str = "off", hint: StrOrPromise = "") -> ToldByService:
    return ToldByService(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": complete}),
    )


class _PlacedForm(Form):
    """Language, time zone and main address, which creating and changing ask alike."""

    main_street = _text(gettext_lazy("Street and number"), "address-line1")
    main_street2 = _text(gettext_lazy("Address supplement"), "address-line2")
    main_zip = _text(gettext_lazy("Postal code"), "postal-code")
    main_city = _text(gettext_lazy("City"), "address-level2")
    main_country = ToldChoice(
        label=gettext_lazy("Country"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    language = ToldChoice(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Of invoices and of mails to the organization."),
    )
    timezone = ToldByService(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Type a city to search the list."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    # What the address fields of this form begin with.
    kinds: tuple[str, ...] = ("main",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = addresses.country_names(get_language() or "en")
        for kind in self.kinds:
            choices = [("", _("Choose a country")), *names.items()]
            self.fields[f"{kind}_country"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        languages = [("", _("That of the reader")), *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined] # a ChoiceField

    def address(self, kind: str) -> PostalAddress:
        """Return the address as typed."""
        return PostalAddress(
            **{part: self.cleaned_data[f"{kind}_{part}"] for part in addresses.PARTS}
        )

    def zone(self) -> str:
        """Return the time zone meant, or what was typed."""
        typed = self.cleaned_data["timezone"]
        return zones.find(typed, zoneinfo.available_timezones()) or typed


class CreateForm(_PlacedForm):
    """What a new organization is; the rest can follow."""

    name = ToldByService(
        label=gettext_lazy("Name of the organization"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_type = ToldChoice(
        label=gettext_lazy("What it is"),
        choices=[(kind, LEGAL_TYPES[kind]) for kind in legal_types.CHOOSABLE],
    )
    form_key = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "legal_type")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As the service wants it, and so that it is not called optional.
        self.fields["main_country"].required = True

    def clean(self) -> dict[str, Any]:
        """Make sure that the form has a name."""
        told: dict[str, Any] = super().clean() or {}
        told["form_key"] = form_key(told.get("form_key", ""))
        return told

    def command(self) -> CreateOrganization:
        """Return what the person asks for."""
        return CreateOrganization(
            name=self.cleaned_data["name"],
            legal_type=self.cleaned_data["legal_type"],
            address=self.address("main"),
            language=self.cleaned_data["language"],
            timezone=self.zone(),
            form_key=self.cleaned_data["form_key"],
        )


class SettingsForm(_PlacedForm):
    """Everything an organization says of itself."""

    kinds = ("main", "billing")

    name = ToldByService(
        label=gettext_lazy("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_type = ToldChoice(label=gettext_lazy("What it is"))
    email = ToldByService(
        label=gettext_lazy("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = ToldByService(
        label=gettext_lazy("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    website = ToldByService(
        label=gettext_lazy("Website"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )
    billing_street = _text(gettext_lazy("Street and number"), "billing address-line1")
    billing_street2 = _text(gettext_lazy("Address supplement"), "billing address-line2")
    billing_zip = _text(gettext_lazy("Postal code"), "billing postal-code")
    billing_city = _text(gettext_lazy("City"), "billing address-level2")
    billing_country = ToldChoice(
        label=gettext_lazy("Country"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "billing country"}),
    )
    invoice_to = ToldChoice(
        label=gettext_lazy("Invoices bear"),
        choices=[
            (Address.Kind.MAIN, gettext_lazy("the main address")),
            (Address.Kind.BILLING, gettext_lazy("the billing address")),
        ],
        widget=forms.RadioSelect,
    )
    invoice_field1 = _text(
        gettext_lazy("First free line"),
        hint=gettext_lazy("Stands on each invoice, such as an order number or a cost centre."),
    )
    invoice_field2 = _text(gettext_lazy("Second free line"))
    picture = forms.FileField(
        label=gettext_lazy("New logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, present: ChangeOrganization, **kwargs: Any) -> None:
        initial = {name: getattr(present, name) for name in (*FIELDS, "invoice_to")}
        for kind in self.kinds:
            address = getattr(present, kind)
            initial |= {f"{kind}_{part}": getattr(address, part) for part in addresses.PARTS}
        super().__init__(*args, initial=initial, **kwargs)
        types = [
            (kind, label)
            for kind, label in LEGAL_TYPES.items()
            if legal_types.may_become(kind, present.legal_type)
        ]
        self.fields["legal_type"].choices = types  # type: ignore[attr-defined] # a ChoiceField
        self.fields["main_country"].required = bool(present.main.country)

    def command(self) -> ChangeOrganization:
        """Return what the person asks for."""
        typed = self.cleaned_data
        picture = typed["picture"]
        return ChangeOrganization(
            **{name: typed[name] for name in FIELDS if name != "timezone"},
            timezone=self.zone(),
            main=self.address("main"),
            billing=self.address("billing"),
            invoice_to=typed["invoice_to"],
            picture=picture.read() if picture else b"",
        )

    def ask_picture_again(self, refused: Refused) -> None:
        """Say as well that a picture which was not at fault must be chosen once more."""
        at_fault = any(fault.field == "picture" for fault in refused.faults)
        if self.files.get("picture") and not at_fault:
            self.add_error("picture", _("Choose the picture again: it is not saved yet."))


class CloseForm(Form):
    """The organization's own name, typed as a confirmation."""

    typed_name = ToldByService(
        label=gettext_lazy("Type the name of the organization to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ActivityForm(Form):
    """What to show of the activity log."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": gettext_lazy("Name, address or product"),
            }
        ),
    )
    person = forms.CharField(
        label=gettext_lazy("Person"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actions: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted((str(audit.describe(action)), action) for action in actions)
        choices = [("", _("Everything")), *((action, label) for label, action in named)]
        self.fields["action"].choices = choices  # type: ignore[attr-defined] # a ChoiceField

    def chosen(self, zone: str) -> ActivityFilter:
        """Return the filter; ``zone`` is the time zone of whoever reads."""
        found = self.cleaned_data
        return ActivityFilter(
            words=found["q"],
            person=found["person"],
            action=found["action"],
            since=found["since"],
            until=found["until"],
            zone=zone,
        )
