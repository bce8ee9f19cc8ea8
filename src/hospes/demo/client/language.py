"""The page's language: the browser's first choice among those that are translated."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES: Final = ("en", "fr", "de", "it", "es")
FOLDER: Final = Path(__file__).resolve().parent.parent.parent / "locale"


def chosen(accept_language: str) -> str:
    """Return the language to answer in for an ``Accept-Language`` header (RFC 9110 §12.5.4)."""
    wishes: list[tuple[float, int, str]] = []
    for position, item in enumerate(accept_language.split(",")[:20]):
        tag, _, parameters = item.strip().partition(";")
        quality = parameters.strip().removeprefix("q=") if parameters else "1"
        try:
            wishes.append((-float(quality), position, tag.split("-")[0].strip().lower()))
        except ValueError:
            continue
    for weight, _position, language in sorted(wishes):
        if weight < 0 and language in LANGUAGES:
            return language
    return "en"


@cache
def translator(language: str) -> Callable[[str], str]:
    """Return the function that says a sentence in ``language``; in English where it cannot."""
    return gettext.translation("django", FOLDER, [language], fallback=True).gettext
