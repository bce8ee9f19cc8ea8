"""``/languages``, ``/countries``, ``/timezones``, ``/actions``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hospes.api.queries import reference
from hospes.api.schemas import reference as shapes
from hospes.foundation.errors import NotFound
from hospes.rest.answers import Item, Listed
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hospes.rest.calls import Call
    from hospes.rest.shapes import Shape

    Shaped = Callable[[Sequence[Any]], Iterable[Any]]

TAG = "Reference"


def _shaped(shape: type[Shape]) -> Shaped:
    """Return what makes answers of things that have the shape's very attributes."""
    names = tuple(shape.model_fields)

    def make(items: Sequence[Any]) -> Iterable[Any]:
        return [shape(**{name: getattr(item, name) for name in names}) for item in items]

    return make


_language, _country = _shaped(shapes.Language), _shaped(shapes.Country)
_timezone, _action = _shaped(shapes.Timezone), _shaped(shapes.Action)


def _one(items: Sequence[Any], number: int, shaped: Shaped) -> Item:
    for item in items:
        if item.id == number:
            (found,) = shaped([item])
            return Item(found)
    raise NotFound


def list_languages(_call: Call) -> Listed:
    """Answer every language."""
    return Listed(reference.languages(), _language)


def show_language(_call: Call, language_id: int) -> Item:
    """Answer one language."""
    return _one(reference.languages(), language_id, _language)


def list_countries(call: Call) -> Listed:
    """Answer every country, or those that are enabled with the exceptions named."""
    found = reference.countries()
    if call.word("only_enabled"):
        kept = call.word("only_enabled_exception", ())
        found = tuple(item for item in found if item.is_enabled or item.id in kept)
    return Listed(found, _country)


def show_country(_call: Call, country_id: int) -> Item:
    """Answer one country."""
    return _one(reference.countries(), country_id, _country)


def list_timezones(_call: Call) -> Listed:
    """Answer every time zone."""
    return Listed(reference.timezones(), _timezone)


def show_timezone(_call: Call, timezone_id: int) -> Item:
    """Answer one time zone."""
    return _one(reference.timezones(), timezone_id, _timezone)


def list_actions(_call: Call) -> Listed:
    """Answer every action."""
    return Listed(reference.actions(), _action)


def show_action(_call: Call, action_id: int) -> Item:
    """Answer one action."""
    return _one(reference.actions(), action_id, _action)


_get = partial(Route, "GET", version=1, tag=TAG, scope=None)

ROUTES = (
    _get(
        "/languages",
        handler=list_languages,
        summary="List languages",
        description="The languages that people can read this installation in.",
        answer=list[shapes.Language],
        query=Query(
            paged=True,
            order={"id": "id", "name": "name", "short_name": "short_name"},
            by_default=("id",),
        ),
    ),
    _get(
        "/languages/{language_id}",
        handler=show_language,
        summary="Show a language",
        description="One of the languages, by its number.",
        answer=shapes.Language,
        parameters={"language_id": "The language's number."},
    ),
    _get(
        "/countries",
        handler=list_countries,
        summary="List countries",
        description="Every country and territory of ISO 3166-1, with its name in English.",
        answer=list[shapes.Country],
        query=Query(
            paged=True,
            order={"id": "id", "name": "name", "short_name": "short_name"},
            by_default=("name",),
            search=("name", "short_name"),
            words={
                "only_enabled": Word(
                    "Leave out where nobody can have an address.", kind="boolean", example=True
                ),
                "only_enabled_exception": Word(
                    "Countries to keep even so, by their numbers.",
                    kind="integer",
                    minimum=1,
                    many=True,
                    example=[86],
                ),
            },
        ),
    ),
    _get(
        "/countries/{country_id}",
        handler=show_country,
        summary="Show a country",
        description="One of the countries, by its number.",
        answer=shapes.Country,
        parameters={"country_id": "The country's number."},
    ),
    _get(
        "/timezones",
        handler=list_timezones,
        summary="List time zones",
        description="Every time zone of the IANA database that bears a place's name, and UTC.",
        answer=list[shapes.Timezone],
        query=Query(
            paged=True,
            order={"id": "id", "name": "name"},
            by_default=("name",),
            search=("name",),
        ),
    ),
    _get(
        "/timezones/{timezone_id}",
        handler=show_timezone,
        summary="Show a time zone",
        description="One of the time zones, by its number.",
        answer=shapes.Timezone,
        parameters={"timezone_id": "The zone's number."},
    ),
    _get(
        "/actions",
        handler=list_actions,
        summary="List actions",
        description="Every kind of thing that the activity logs tell of.",
        answer=list[shapes.Action],
        query=Query(
            paged=True,
            order={"id": "id", "code": "code"},
            by_default=("code",),
            search=("code", "description"),
        ),
    ),
    _get(
        "/actions/{action_id}",
        handler=show_action,
        summary="Show an action",
        description="One of the actions, by its number.",
        answer=shapes.Action,
        parameters={"action_id": "The action's number."},
    ),
)
