"""Our numbers of languages and countries, as the API answers them; they never change."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale

if TYPE_CHECKING:
    from datetime import datetime

# By ISO 639-1 code: the number, and language with region.
LANGUAGES: dict[str, tuple[int, str]] = {
    "fr": (1, "fr_FR"),
    "en": (2, "en_GB"),
    "de": (3, "de_DE"),
    "it": (4, "it_IT"),
    "es": (5, "es_ES"),
}
_LETTERS = 26


def language_number(code: str) -> int | None:
    """Return a language's number; None for one that has none."""
    return LANGUAGES[code][0] if code in LANGUAGES else None


def language_of(number: int) -> str:
    """Return the language of that number, "" where there is none."""
    return next((code for code, (known, _) in LANGUAGES.items() if known == number), "")


def language_of_locale(locale: str) -> str:
    """Return the language of ``fr_FR``, ``fr-CH`` or ``fr``; "" for one without a number."""
    code = locale.replace("-", "_").partition("_")[0].lower()
    return code if code in LANGUAGES else ""


def locale_of(code: str) -> str:
    """Return the language with its region, as ``fr_FR``; "" for one without a number."""
    return LANGUAGES[code][1] if code in LANGUAGES else ""


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    return Locale(code).get_display_name(code) or code


def gmt(zone: str, now: datetime) -> str:
    """Return a time zone's distance from UTC at ``now``, as ``+01:00``."""
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def country_number(code: str) -> int:
    """Return the number of an ISO 3166-1 alpha-2 code in upper case."""
    first, second = (ord(letter) - ord("A") + 1 for letter in code)
    return first * _LETTERS + second


def number_of(name: str) -> int:
    """Return the number of what bears ``name``: the same in every installation and release."""
    return zlib.crc32(name.encode("utf-8"))
