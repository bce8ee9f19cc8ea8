"""The forms of staff."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from hospes.site.forms import Form, add_faults
from hospes.status.domain import moves
from hospes.status.domain.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BoundField
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from hospes.kit.faults import Refused
    from hospes.status.models import StatusEvent

FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")
MOMENT = "%Y-%m-%dT%H:%M"

KINDS: Final = {
    moves.INCIDENT: gettext_lazy("Incident"),
    moves.MAINTENANCE: gettext_lazy("Maintenance"),
}
STATUSES: Final = {
    moves.PLANNED: pgettext_lazy("status event", "Planned"),
    moves.ONGOING: pgettext_lazy("status event", "Ongoing"),
    moves.MONITORED: pgettext_lazy("status event", "Monitoring"),
    moves.RESOLVED: pgettext_lazy("status event", "Resolved"),
    moves.CANCELLED: pgettext_lazy("status event", "Cancelled"),
}
# A maintenance was no trouble that anybody resolved.
FINISHED: Final = pgettext_lazy("status event", "Finished")
ANY: Final = ("", pgettext_lazy("filter", "Any"))

MESSAGES: Final = {
    ("titles", "required"): gettext_lazy("Write a title in at least one language."),
    ("kind", "choose"): gettext_lazy("Choose what kind of event it is."),
    ("status", "choose"): gettext_lazy("An event of this kind does not begin so."),
    ("status", "not_from_here"): gettext_lazy("The event cannot go there from where it is."),
    ("status", "past"): gettext_lazy("The time it was planned for is over. Change that first."),
    ("starts_at", "past"): gettext_lazy("What is planned begins later than now."),
    ("starts_at", "not_yet"): gettext_lazy("This is still to come, but the event has begun."),
    ("ends_at", "before_start"): gettext_lazy("The end comes after the beginning."),
    ("ends_at", "not_yet"): gettext_lazy("This is still to come, but the event is over."),
    ("is_cyberattack", "maintenance"): gettext_lazy("Maintenance is no attack."),
    ("services", "too_many"): gettext_lazy("Name at most %(limit)s services."),
    ("services", "too_long"): gettext_lazy("Use at most %(limit)s characters for each service."),
    ("texts", "required"): gettext_lazy("Write a text in at least one language."),
    ("", "required"): gettext_lazy("Write a title in this language too, or leave its text out."),
    ("", "too_long"): gettext_lazy("Use at most %(limit)s characters."),
    ("", "characters"): gettext_lazy("The text holds characters that cannot be seen."),
    ("", "changed_meanwhile"): gettext_lazy(
        "Somebody else changed this event meanwhile, so nothing was saved yet. What you wrote is "
        "still here; save again to keep it."
    ),
}


def status_label(kind: str, status: str) -> StrOrPromise:
    """Return what people call a status of an event of ``kind``."""
    if kind == moves.MAINTENANCE and status == moves.RESOLVED:
        return FINISHED
    return STATUSES[status]


def new_form_key() -> str:
    """Return a name for a form that is sent once."""
    return secrets.token_urlsafe(24)


def languages() -> list[tuple[str, Any]]:
    """Return the languages that events are written in, with their names."""
    return list(settings.LANGUAGES)


def _moment(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class FilterForm(Form):
    """Which events staff look at."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[ANY, *KINDS.items()]
    )
    status = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ANY,
            *STATUSES.items(),
            ("deleted", pgettext_lazy("status event", "Deleted")),
        ],
    )


class _InLanguages(Form):
    """A form with a text field, or a title and a text, for each language."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def parts(self) -> Iterable[dict[str, Any]]:
        """Return each language with its fields; ``open`` where there is something to see."""
        mine = settings.LANGUAGE_CODE
        for code, name in languages():
            fields: list[BoundField] = [
                self[f"{kind}_{code}"]
                for kind in ("title", "description", "text")
                if f"{kind}_{code}" in self.fields
            ]
            filled = any(field.value() or field.errors for field in fields)
            yield {"code": code, "name": name, "fields": fields, "open": filled or code == mine}

    def texts(self, kind: str) -> dict[str, str]:
        """Return what was typed, by language."""
        return {code: self.cleaned_data[f"{kind}_{code}"] for code, _ in languages()}

    def look_again(self, version: int) -> None:
        """Let the form, sent once more, stand on top of ``version``."""
        data = cast("QueryDict", self.data).copy()
        data["version"] = str(version)
        self.data = data

    def show_faults(self, refused: Refused) -> None:
        """Put every fault of a refused command beside its field."""
        add_faults(self, refused, MESSAGES)


class EventForm(_InLanguages):
    """What is said of an event. With ``event``: kind and status stay."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=tuple(KINDS.items()), widget=forms.RadioSelect
    )
    status = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            (moves.ONGOING, STATUSES[moves.ONGOING]),
            (moves.PLANNED, pgettext_lazy("status event", "Planned (maintenance)")),
            (moves.RESOLVED, pgettext_lazy("status event", "Resolved (an incident told of later)")),
        ],
    )
    starts_at = _moment(gettext_lazy("Beginning"))
    ends_at = _moment(
        gettext_lazy("End"),
        gettext_lazy("Expected as long as it goes on; empty where nobody knows."),
        required=False,
    )
    services = forms.CharField(
        label=gettext_lazy("Services touched"),
        help_text=gettext_lazy("In your words, with commas between them."),
        required=False,
        max_length=2000,
    )
    is_cyberattack = forms.BooleanField(label=gettext_lazy("An attack causes it"), required=False)

    def __init__(self, *args: Any, event: StatusEvent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        if event is not None:
            del self.fields["kind"]
            del self.fields["status"]
        for code, _name in languages():
            self.fields[f"title_{code}"] = forms.CharField(
                label=gettext_lazy("Title"),
                required=False,
                widget=forms.TextInput(attrs={"lang": code}),
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=gettext_lazy("Text"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )

    def plain(self) -> list[BoundField]:
        """Return the fields that are no text, in their order."""
        names = ("kind", "status", "starts_at", "ends_at", "services", "is_cyberattack")
        return [self[name] for name in names if name in self.fields]

    def draft(self) -> Draft:
        """Return what was typed; a time that was not touched keeps its seconds."""
        given = self.cleaned_data
        event = self.event
        return Draft(
            titles=self.texts("title"),
            descriptions=self.texts("description"),
            services=tuple(given["services"].split(",")),
            is_cyberattack=given["is_cyberattack"],
            starts_at=_kept(given["starts_at"], event and event.starts_at),
            ends_at=_kept(given["ends_at"], event and event.ends_at),
        )


def _kept(typed: Any, before: Any) -> Any:
    if (
        typed is not None
        and before is not None
        and before.replace(second=0, microsecond=0) == typed
    ):
        return before
    return typed


class UpdateForm(_InLanguages):
    """What is said about an event now, and where it goes."""

    status = forms.ChoiceField(label=gettext_lazy("State from now on"))

    def __init__(self, *args: Any, event: StatusEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["status"]
        if isinstance(choices, forms.ChoiceField):
            reachable = (event.status, *moves.moves(event.kind, event.status))
            choices.choices = [(each, status_label(event.kind, each)) for each in reachable]
            choices.error_messages["invalid_choice"] = MESSAGES[("status", "not_from_here")]
        for code, _name in languages():
            self.fields[f"text_{code}"] = forms.CharField(
                label=gettext_lazy("Text"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )


def initial_of(event: StatusEvent) -> dict[str, Any]:
    """Return what the form shows of an event before anything is typed."""
    texts = {f"title_{code}": text for code, text in event.titles.items()}
    texts |= {f"description_{code}": text for code, text in event.descriptions.items()}
    return {
        **texts,
        "version": event.version,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "services": ", ".join(event.services),
        "is_cyberattack": event.is_cyberattack,
    }
