"""Languages, countries, time zones and actions, each with a number that never changes."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from django.conf import settings
from django.utils import translation

from hospes.foundation import clock
from hospes.foundation.services import audit
from hospes.kit import published

# ISO 3166-1 reserves these for what is no country.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@dataclass(frozen=True, slots=True)
class Language:
    """A language people can read this installation in."""

    id: int
    name: str
    short_name: str
    locale: str
    short_locale: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory; ``is_enabled`` where somebody can live."""

    id: int
    name: str
    short_name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Timezone:
    """A time zone, with its distance from UTC at present as ``+01:00``."""

    id: int
    name: str
    gmt: str


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of entry of the activity logs."""

    id: int
    code: str
    description: str


def languages() -> tuple[Language, ...]:
    """Return the languages of this installation."""
    return tuple(
        Language(number, published.language_name(code), code, locale, code)
        for code, (number, locale) in published.LANGUAGES.items()
        if code in settings.HOSPES.languages
    )


@cache
def countries() -> tuple[Country, ...]:
    """Return every country, by name."""
    found = [
        # Nobody has a telephone where nobody lives.
        Country(published.country_number(code), name, code, code in phonenumbers.SUPPORTED_REGIONS)
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES  # noqa: PLR2004 - alpha-2; the others are continents
    ]
    return tuple(sorted(found, key=lambda country: country.name))


@cache
def _zone_names() -> tuple[str, ...]:
    names = zoneinfo.available_timezones()
    return tuple(sorted(name for name in names if "/" in name or name == "UTC"))


def timezones() -> tuple[Timezone, ...]:
    """Return every time zone, by name."""
    return _timezones(clock.timestamp() // 3600)


@lru_cache(maxsize=2)
def _timezones(_hour: int) -> tuple[Timezone, ...]:
    now = clock.now()
    return tuple(
        Timezone(published.number_of(name), name, published.gmt(name, now))
        for name in _zone_names()
    )


def actions() -> tuple[Action, ...]:
    """Return every kind of entry that activity logs know, by code."""
    with translation.override("en"):
        return tuple(
            Action(published.number_of(code), code, str(label))
            for code, label in sorted(audit.actions().items())
        )
