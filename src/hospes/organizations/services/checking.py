"""What is wrong with the particulars of an organization, as creating and changing ask alike."""

from __future__ import annotations

import zoneinfo

from django.conf import settings

from hospes.kit import visible
from hospes.kit.faults import Fault

LONGEST_NAME = 128


def tidy(text: str) -> str:
    """Return ``text`` on one line, with single blanks."""
    return " ".join(text.split())


def name_faults(name: str) -> list[Fault]:
    """Return what is wrong with a tidied name."""
    if not name or visible.is_blank(name):
        return [Fault("name", "required")]
    if len(name) > LONGEST_NAME:
        return [Fault("name", "too_long", {"limit": LONGEST_NAME})]
    return [Fault("name", "characters")] if visible.has_hidden(name) else []


def language_faults(language: str) -> list[Fault]:
    """Return what is wrong with a language; "" is that of whoever acts."""
    known = not language or language in dict(settings.LANGUAGES)
    return [] if known else [Fault("language", "unknown")]


def timezone_faults(timezone: str) -> list[Fault]:
    """Return what is wrong with a time zone; "" is that of whoever acts."""
    known = not timezone or timezone in zoneinfo.available_timezones()
    return [] if known else [Fault("timezone", "unknown")]
