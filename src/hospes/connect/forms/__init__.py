"""The forms of this room."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospes.connect.domain.registration import LONGEST_NAME, Draft
from hospes.connect.forms import session_options
from hospes.connect.forms.software_choices import SOFTWARE
from hospes.connect.models import Application
from hospes.foundation import numbers
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.datastructures import MultiValueDict

    from hospes.kit.faults import Fault, Refused

FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")
# More rows than anybody may keep; what lies beyond is not drawn again.
MOST_ROWS: Final = 101

MESSAGES: Final = {
    ("type", "choose"): gettext_lazy("Choose what kind of application it is."),
    ("name", "required"): gettext_lazy("Give the application a name."),
    ("name", "too_long"): gettext_lazy("Use at most %(limit)s characters."),
    ("name", "characters"): gettext_lazy("The name holds characters that cannot be seen."),
    ("redirect_uris", "required"): gettext_lazy("Enter at least one redirect URL."),
    ("redirect_uris", "too_many"): gettext_lazy("Enter at most %(limit)s addresses."),
    ("redirect_uris", "not_of_preset"): gettext_lazy("%(software)s cannot use this address."),
    ("preset", "choose"): gettext_lazy("Choose one of the list."),
    ("logout_uris", "too_many"): gettext_lazy("Enter at most %(limit)s addresses."),
    ("id_token_alg", "choose"): gettext_lazy("Choose one of the three algorithms."),
    ("backchannel_mode", "choose"): gettext_lazy("Choose one of the three ways."),
    ("backchannel_notification_endpoint", "required"): gettext_lazy(
        "Enter the address that is told of answers, or choose the way in which your software asks."
    ),
    **session_options.MESSAGES,
    ("picture", "too_large"): gettext_lazy(
        "The file is too large. Use one of at most %(megabytes)d MB."
    ),
    ("picture", "not_a_picture"): gettext_lazy(
        "This file cannot be read as a picture. Use a JPEG, PNG or WebP file."
    ),
    ("picture", "too_many_pixels"): gettext_lazy(
        "The picture has too many pixels. Make it smaller first."
    ),
    ("picture", "too_small"): gettext_lazy(
        "The picture is too small. Use one of at least 32 by 32 pixels."
    ),
    ("", "too_many_applications"): gettext_lazy(
        "The organization has %(limit)s applications, and cannot have more."
    ),
    ("", "too_long"): gettext_lazy("This address is too long. Use at most 2000 characters."),
    ("", "characters"): gettext_lazy(
        "This address holds characters that addresses cannot hold. Write them percent-encoded."
    ),
    ("", "not_ascii"): gettext_lazy(
        "Write an international name in its xn-- form, and other special characters "
        "percent-encoded."
    ),
    ("", "white_space"): gettext_lazy("Remove the spaces from the address."),
    ("", "backslash"): gettext_lazy("Write / instead of a backslash."),
    ("", "wildcard"): gettext_lazy(
        "Enter each address in full: a redirect URL is compared exactly, and * stands for nothing."
    ),
    ("", "fragment"): gettext_lazy("Leave out the part from # on."),
    ("", "several_at"): gettext_lazy("The address holds more than one @."),
    ("", "unsafe_character"): gettext_lazy(
        "Leave out quotation marks, brackets and similar characters."
    ),
    ("", "percent_malformed"): gettext_lazy(
        "Each percent sign needs two hexadecimal digits behind it."
    ),
    ("", "hidden_character"): gettext_lazy("The address holds an encoded control character."),
    ("", "not_absolute"): gettext_lazy(
        "Enter the whole address, for example https://shop.example/callback."
    ),
    ("", "scheme_not_lowercase"): gettext_lazy(
        "Write the beginning of the address in small letters, such as https:."
    ),
    ("", "scheme_not_allowed"): gettext_lazy(
        "An address that begins so does not lead back to an application."
    ),
    ("", "scheme_for_mobile_only"): gettext_lazy(
        "A site's address begins with https://. Other beginnings are for mobile applications."
    ),
    ("", "scheme_without_dot"): gettext_lazy(
        "An app's own scheme is a domain name turned round, for example com.example.app:/callback."
    ),
    ("", "https_required"): gettext_lazy(
        "Use https. Plain http is only for this computer itself, such as "
        "http://127.0.0.1:3000/callback."
    ),
    ("", "host_missing"): gettext_lazy("The address names no host."),
    ("", "host_invalid"): gettext_lazy("The host name in the address is not valid."),
    ("", "port_invalid"): gettext_lazy("The port is a number from 1 to 65535."),
    ("", "userinfo"): gettext_lazy("Leave out the part before @."),
    ("", "dot_segment"): gettext_lazy("Write the path without . and .. parts."),
    ("", "reserved_parameter"): gettext_lazy(
        "Leave code, state, iss and error out of the address: the answer itself uses them."
    ),
    ("", "site_only"): gettext_lazy("Leave out the part from ? on."),
    ("", "twice"): gettext_lazy("This address is already in the list."),
    ("", "link"): gettext_lazy("Enter a web address that begins with https:// or http://."),
}

TYPE_CARDS: Final = (
    (
        Application.Type.WEB,
        gettext_lazy("Web Front-End"),
        gettext_lazy(
            "A website whose server finishes the sign-in: a shop, a blog, a forum or another "
            "content management system."
        ),
        "globe",
    ),
    (
        Application.Type.SERVER,
        gettext_lazy("Application"),
        gettext_lazy(
            "Software that you run on a server and that can keep a secret: an internal tool, a "
            "customer portal or a service."
        ),
        "server",
    ),
    (
        Application.Type.MOBILE,
        gettext_lazy("Mobile"),
        gettext_lazy(
            "An app on a phone, a tablet or a computer, or a site that runs in the browser alone. "
            "It cannot keep a secret, so it gets none and proves itself with PKCE instead."
        ),
        "phone",
    ),
    (
        Application.Type.OTHER,
        gettext_lazy("Other"),
        gettext_lazy(
            "A machine that acts for itself. Nobody signs in to it on a page, so it needs no "
            "redirect URL."
        ),
        "settings",
    ),
)


class AddressRows(forms.Widget):
    """Several addresses, one input each."""

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],  # noqa: ARG002 - Django passes it
        name: str,
    ) -> list[str]:
        """Return what was typed, row by row."""
        getlist = getattr(data, "getlist", None)
        values = getlist(name) if getlist else data.get(name, [])
        return [str(value) for value in values]


class DomainCharField(forms.CharField):
    """A text that must be given. The domain says so, together with all other faults."""

    def validate(self, value: Any) -> None:
        """Accept everything here."""


class DomainChoiceField(forms.ChoiceField):
    """A choice that must be made; judged like ``DomainCharField``."""

    def validate(self, value: Any) -> None:
        """Accept everything here."""


class AddressesField(forms.Field):
    """A list of addresses; rows left empty do not count."""

    widget = AddressRows

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the rows that hold something."""
        return tuple(filter(None, (str(row).strip() for row in value or ())))


class ApplicationForm(session_options.SessionOptionsForm, Form):
    """Everything a customer says of an application. The rules are the domain's."""

    # Rules stand once, in domain/registration.py; the fields here only read.
    type = forms.CharField(label=gettext_lazy("Type"), required=False, max_length=20)
    name = DomainCharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("People see it when they are asked whether they agree."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_NAME}),
    )
    redirect_uris = AddressesField(label=gettext_lazy("Redirect URLs"), required=False)
    logout_uris = AddressesField(label=gettext_lazy("Addresses after signing out"), required=False)
    preset = DomainChoiceField(
        label=gettext_lazy("Software"),
        help_text=gettext_lazy("Its redirect URLs are checked, and its settings printed."),
        choices=SOFTWARE,
        required=False,
    )
    website = forms.CharField(
        label=gettext_lazy("Website"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )
    terms_url = forms.CharField(
        label=gettext_lazy("Terms of use"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    privacy_url = forms.CharField(
        label=gettext_lazy("Privacy policy"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    id_token_alg = DomainChoiceField(
        label=gettext_lazy("Signature of ID tokens"),
        help_text=gettext_lazy(
            "Keep RS256 unless you know that your software accepts another one."
        ),
        choices=(
            (Application.Algorithm.RS256, gettext_lazy("RS256 (works everywhere)")),
            (Application.Algorithm.ES256, "ES256"),
            (Application.Algorithm.EDDSA, "EdDSA (Ed25519)"),
        ),
    )
    pkce_required = forms.BooleanField(
        label=gettext_lazy("Require PKCE"),
        help_text=gettext_lazy(
            "Turn this off only for a plugin that cannot send a code challenge."
        ),
        required=False,
    )

    backchannel_mode = forms.ChoiceField(
        label=gettext_lazy("Approval on the phone"),
        help_text=gettext_lazy(
            "Your software can have people asked on their phone, without a browser: at the "
            "counter or on the telephone. Only people who use the application and have linked "
            "the Authenticator are asked."
        ),
        choices=(
            (Application.BackchannelMode.OFF, gettext_lazy("Off")),
            (Application.BackchannelMode.POLL, gettext_lazy("On: your software asks for answers")),
            (
                Application.BackchannelMode.PING,
                gettext_lazy("On: your software is told of answers"),
            ),
        ),
        required=False,
    )
    backchannel_notification_endpoint = forms.CharField(
        label=gettext_lazy("Address that is told of answers"),
        help_text=gettext_lazy("Only needed where your software is told of answers."),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        if draft is not None:
            kwargs["initial"] = {
                **asdict(draft),
                "redirect_uris": list(draft.redirect_uris),
                "logout_uris": list(draft.logout_uris),
            }
        super().__init__(*args, **kwargs)
        self.row_faults: dict[tuple[str, int], list[str]] = {}
        self.right: dict[int, tuple[str, ...]] = {}  # to accept in place of a redirect URL

    def draft(self, *, application_type: str | None = None) -> Draft:
        """Return what was typed; ``application_type`` stands where the type cannot change."""
        typed = self.cleaned_data
        kind = application_type or typed["type"]
        # Nobody signs in to a machine on a page: it is not asked what only such a sign-in needs.
        machine = kind == Application.Type.OTHER
        return Draft(
            type=kind,
            name=typed["name"],
            redirect_uris=() if machine else typed["redirect_uris"],
            logout_uris=() if machine else typed["logout_uris"],
            id_token_alg=typed["id_token_alg"] or Application.Algorithm.RS256,
            pkce_required=machine or typed["pkce_required"],
            website=typed["website"],
            terms_url="" if machine else typed["terms_url"],
            privacy_url="" if machine else typed["privacy_url"],
            backchannel_mode=typed["backchannel_mode"],
            backchannel_notification_endpoint=typed["backchannel_notification_endpoint"],
            preset=typed["preset"],
            **({} if machine else self.session_options()),
        )

    def show_faults(self, refused: Refused) -> None:
        """Put each fault beside its field, those of an address beside its row."""
        add_faults(self, refused, MESSAGES)
        for fault in refused.faults:
            if "row" in fault.params:
                place = (fault.field, fault.params["row"])
                self.row_faults.setdefault(place, []).append(words(fault))
            if "right" in fault.params:
                self.right[fault.params["row"]] = fault.params["right"]

    def rows(self, field: str, *, more: bool = False) -> list[dict[str, object]]:
        """Return the address rows to draw: what was typed, and an empty one to begin with."""
        values = [value for value in self[field].value() or [] if value.strip()]
        values = values[:MOST_ROWS]
        if more or not values:
            values.append("")
        return [
            {
                "value": value,
                "number": number,
                "id": f"id_{field}_{number}",
                "faults": self.row_faults.get((field, number - 1), []),
                "row": number - 1,
                "right": self.right.get(number - 1) if field == "redirect_uris" else None,
            }
            for number, value in enumerate(values, start=1)
        ]

    def general_faults(self, field: str) -> list[str]:
        """Return the faults of an address list that belong to no single row."""
        of_rows = {
            text
            for (name, _row), texts in self.row_faults.items()
            if name == field
            for text in texts
        }
        return [str(text) for text in self.errors.get(field, []) if str(text) not in of_rows]


def words(fault: Fault) -> str:
    """Return a fault's sentence."""
    found = MESSAGES.get((fault.field, fault.code)) or MESSAGES.get(("", fault.code))
    return str(found) % fault.params if found else _("This value cannot be accepted.")


def new_form_key() -> str:
    """Return a fresh name for a form that must have its effect once."""
    return secrets.token_urlsafe(32)


class OnceForm(Form):
    """A form that is named, so that sending it twice does nothing twice."""

    form_key = forms.RegexField(FORM_KEY, widget=forms.HiddenInput)


class ChangeForm(ApplicationForm):
    """The same with the logo; what is in an upload, the service finds out."""

    picture = forms.FileField(
        label=gettext_lazy("New logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def show_faults(self, refused: Refused) -> None:
        """Say as well that a picture which was not at fault must be chosen once more."""
        super().show_faults(refused)
        if self.files.get("picture") and "picture" not in self.errors:
            self.add_error("picture", _("Choose the picture again: it is not saved yet."))


class ReplaceSecretForm(OnceForm):
    """When the old secret stops working."""

    KEEP = "keep"
    END = "end"

    old = forms.ChoiceField(
        label=gettext_lazy("The old secret"),
        choices=lambda: ReplaceSecretForm.ways(numbers.get("connect.secret_overlap_hours")),
        widget=forms.RadioSelect,
        initial=KEEP,
    )

    @staticmethod
    def ways(hours: int) -> list[tuple[str, str]]:
        """Return both ways, in the reader's language."""
        keep = ngettext(
            "works for another %(hours)d hour", "works for another %(hours)d hours", hours
        )
        return [
            (ReplaceSecretForm.KEEP, keep % {"hours": hours}),
            (ReplaceSecretForm.END, _("ends at once")),
        ]
