"""The forms of webhooks, and the words for all that may be wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospes.api.domain.webhooks import EVENTS, LONGEST_DESCRIPTION, LONGEST_URL, TEST, Draft
from hospes.api.models import WebhookDelivery
from hospes.api.queries.webhooks import FAILING, OFF, ON, Chosen, Wanted
from hospes.api.services.webhooks import faults_in
from hospes.foundation.services.audit import describe
from hospes.identity.forms.fields import ToldByService
from hospes.kit.faults import Refused
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from hospes.api.models import Webhook

ALL, SOME = "all", "some"
LONGEST_SEARCH = 200

MESSAGES: Mapping[tuple[str, str], StrOrPromise] = {
    ("url", "required"): _("Enter the address of the receiver."),
    ("url", "too_long"): _("Use at most %(limit)s characters."),
    ("url", "not_an_address"): _("Enter a whole address, such as https://shop.example/hook."),
    ("url", "https_only"): _("The address has to begin with https:// and use port 443."),
    ("url", "no_user"): _("The address must not hold a user name or a password."),
    ("url", "fragment"): _("The address must not hold a # sign."),
    ("url", "not_public"): _("The address has to be one that the whole Internet can reach."),
    ("url", "already_there"): _("There is a webhook to this address already."),
    ("description", "too_long"): _("Use at most %(limit)s characters."),
    ("description", "characters"): _("The description holds characters that cannot be seen."),
    ("events", "choose"): _("Choose from the list."),
    ("", "too_many_webhooks"): _("The organization has %(limit)s webhooks, and cannot have more."),
    ("", "disabled"): _("The webhook is switched off. Switch it on first."),
    ("", "too_often"): _(
        "Messages were sent by hand %(limit)s times within an hour. Please try again later."
    ),
}
# Events that are no action of the log, or another one there.
_EVENT_WORDS: Final[Mapping[str, StrOrPromise]] = {
    "organizations.two_step_required_changed": _("Two-step verification required, or no longer"),
    "organizations.product_created": _("Product added"),
    "organizations.product_changed": _("Product changed"),
    TEST: _("Test event"),
}
STATES: Final[Mapping[str, tuple[StrOrPromise, str]]] = {
    WebhookDelivery.State.WAITING: (_("Waiting"), "info"),
    WebhookDelivery.State.DELIVERED: (_("Delivered"), "success"),
    WebhookDelivery.State.FAILED: (_("Failed"), "danger"),
}


WEBHOOK_STATES: Final[Mapping[str, StrOrPromise]] = {
    ON: _("On"),
    FAILING: _("Failing"),
    OFF: _("Off"),
}


def event_words(event: str) -> StrOrPromise:
    """Return what people call an event."""
    return _EVENT_WORDS.get(event) or describe(event)


def fault_words(refused: Refused) -> str:
    """Return the words of what was refused where there is no form to show it."""
    fault = refused.faults[0]
    return str(MESSAGES[("", fault.code)]) % fault.params


class WebhookForm(Form):
    """Where a webhook leads, and what it is told."""

    url = ToldByService(
        label=_("Address"),
        help_text=_("Where your server takes messages, for example https://shop.example/hook."),
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "maxlength": LONGEST_URL,
            }
        ),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("For yourselves: what the receiver does with it."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_DESCRIPTION}),
    )
    which = forms.ChoiceField(
        label=_("Which events?"),
        choices=((ALL, _("All, also those that are added later")), (SOME, _("Only these:"))),
        widget=forms.RadioSelect,
        initial=ALL,
        error_messages={"required": _("Choose which events.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": MESSAGES[("events", "choose")]},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["events"]
        choice.choices = [(event, event_words(event)) for event in EVENTS]

    def clean(self) -> dict[str, Any]:
        """Ask for events where only some were wanted."""
        typed = super().clean() or {}
        only_some = typed.get("which") == SOME
        if only_some and not typed.get("events") and "events" not in self.errors:
            self.add_error("events", gettext("Choose at least one event."))
        if self.errors:
            self._ask_about_the_rest(typed)
        return typed

    def _ask_about_the_rest(self, typed: dict[str, Any]) -> None:
        """Say what is wrong with the other fields too, as the service is not asked any more."""
        draft = Draft(typed.get("url", ""), typed.get("description", ""))
        told = set(self.errors)
        faults = [fault for fault in faults_in(draft) if fault.field not in told]
        if faults:
            add_faults(self, Refused(faults), MESSAGES)

    def draft(self) -> Draft:
        """Return what was asked for."""
        typed = self.cleaned_data
        events = tuple(typed["events"]) if typed["which"] == SOME else ()
        return Draft(typed["url"], typed["description"], events)

    def show_faults(self, refused: Refused) -> None:
        """Put each fault beside its field."""
        add_faults(self, refused, MESSAGES)


def initial_of(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook's present values for its form."""
    return {
        "url": webhook.url,
        "description": webhook.description,
        "which": SOME if webhook.events else ALL,
        "events": webhook.events,
    }


class SecretForm(Form):
    """How a secret is replaced."""

    keep_old = forms.BooleanField(
        label=_("Let the old secret sign too for now"),
        help_text=_(
            "So that no message is refused until the receiver knows the new one. Without it the "
            "old secret ends at once, as it should once somebody else has seen it."
        ),
        required=False,
        initial=True,
    )


class ListForm(Form):
    """Which webhooks are shown."""

    state = forms.ChoiceField(label=_("State"), required=False)
    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "maxlength": LONGEST_SEARCH,
                "placeholder": _("Address or description"),
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["state"]
        choice.choices = [("", gettext("Every state")), *WEBHOOK_STATES.items()]

    def wanted(self) -> Wanted:
        """Return what to look for."""
        words = self.cleaned_data["q"][:LONGEST_SEARCH]
        return Wanted(words, self.cleaned_data["state"])


class LogForm(Form):
    """Which deliveries are shown."""

    state = forms.ChoiceField(label=_("State"), required=False)
    event = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields
        choice["state"].choices = [
            ("", gettext("Any")),
            *((state, words) for state, (words, _kind) in STATES.items()),
        ]
        choice["event"].choices = [
            ("", gettext("Any")),
            *((event, event_words(event)) for event in (*EVENTS, TEST)),
        ]

    def chosen(self) -> Chosen:
        """Return what to look for."""
        return Chosen(self.cleaned_data["state"], self.cleaned_data["event"])
