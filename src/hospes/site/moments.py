"""Dates, times and numbers in words, by the Unicode CLDR (Babel)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from datetime import tzinfo

# English as most of its readers outside America write it: day before month, 24 hours.
_LOCALES = {"en": "en_GB"}


def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language), sep="_")


def words(
    when: datetime | date, *, style: str, language: str, zone: tzinfo, now: datetime
) -> tuple[str, str]:
    """Return ``when`` in words, and in full for whoever points at it.

    Args:
        when: the time; a plain date has no time zone and is shown as it is.
        style: ``medium``, ``long``, ``date``, ``time`` or ``relative``.
        language: a language code such as ``de``.
        zone: the reader's time zone.
        now: what ``relative`` counts from.

    """
    locale = _locale(language)
    if not isinstance(when, datetime):
        return format_date(when, "long", locale), format_date(when, "full", locale)
    local = when.astimezone(zone)
    full = format_datetime(local, "full", locale=locale)
    if style == "relative":
        text = format_timedelta(when - now, add_direction=True, locale=locale, threshold=0.95)
    elif style == "date":
        text = format_date(local, "long", locale)
    elif style == "time":
        text = format_time(local, "short", locale=locale)
    elif style == "long":
        text = format_datetime(local, "long", locale=locale)
    else:
        day = format_date(local, "medium", locale)
        text = f"{day}, {format_time(local, 'short', locale=locale)}"
    return text, full


def number(value: float, language: str) -> str:
    """Return a number with the language's separators."""
    return format_decimal(value, locale=_locale(language))
