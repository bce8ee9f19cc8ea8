"""What is written about an event, and everything that can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hospes.kit import visible
from hospes.kit.faults import Fault
from hospes.status.domain import moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 10_000
LONGEST_SERVICE: Final = 60
MOST_SERVICES: Final = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as somebody describes it.

    ``titles`` and ``descriptions`` are by language. ``services`` are free words. ``ends_at`` is
    when the end is expected, or when it was.
    """

    titles: Mapping[str, str]
    starts_at: datetime
    descriptions: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    is_cyberattack: bool = False
    ends_at: datetime | None = None


def tidy_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts without white space around them and with plain line ends; empty ones go."""
    plain = {code: text.replace("\r\n", "\n").strip() for code, text in texts.items()}
    return {code: text for code, text in plain.items() if text}


def tidy(draft: Draft) -> Draft:
    """Return the draft as it is kept: no empty text, no service twice."""
    services = (" ".join(name.split()) for name in draft.services)
    return replace(
        draft,
        titles=tidy_texts(draft.titles),
        descriptions=tidy_texts(draft.descriptions),
        services=tuple(dict.fromkeys(name for name in services if name)),
    )


def faults_of(
    draft: Draft, *, kind: str, status: str, languages: Iterable[str], now: datetime
) -> list[Fault]:
    """Return everything that is wrong with a tidied draft of an event in ``status``.

    ``titles`` ``required``; ``title_<language>`` and ``description_<language>`` ``required``,
    ``too_long`` (``limit``), ``characters``, ``unknown_language``; ``services`` ``too_many``
    (``limit``), ``too_long`` (``limit``), ``characters``; ``is_cyberattack`` ``maintenance``;
    ``starts_at`` ``not_yet``; ``ends_at`` ``before_start``, ``not_yet``.
    """
    faults = [] if draft.titles else [Fault("titles", "required")]
    faults += text_faults("title", draft.titles, languages, LONGEST_TITLE, lines=False)
    faults += text_faults("description", draft.descriptions, languages, LONGEST_TEXT)
    if draft.titles:
        # A text without a headline would stand below another language's.
        faults += [
            Fault(f"title_{code}", "required")
            for code in draft.descriptions
            if code not in draft.titles
        ]
    faults += _service_faults(draft.services)
    if draft.is_cyberattack and kind == moves.MAINTENANCE:
        faults.append(Fault("is_cyberattack", "maintenance"))
    begun = status in moves.GOING_ON or status == moves.RESOLVED
    if begun and draft.starts_at > now:
        faults.append(Fault("starts_at", "not_yet"))
    if draft.ends_at is not None:
        if draft.ends_at < draft.starts_at:
            faults.append(Fault("ends_at", "before_start"))
        elif status == moves.RESOLVED and draft.ends_at > now:
            faults.append(Fault("ends_at", "not_yet"))
    return faults


def text_faults(
    name: str,
    texts: Mapping[str, str],
    languages: Iterable[str],
    limit: int,
    *,
    lines: bool = True,
) -> list[Fault]:
    """Return what is wrong with texts by language, at ``<name>_<language>``."""
    known = frozenset(languages)
    faults = []
    for code, text in texts.items():
        where = f"{name}_{code}"
        if code not in known:
            faults.append(Fault(where, "unknown_language"))
        if len(text) > limit:
            faults.append(Fault(where, "too_long", {"limit": limit}))
        if visible.has_hidden(text.replace("\n", " ").replace("\t", " ") if lines else text):
            faults.append(Fault(where, "characters"))
        elif visible.is_blank(text):
            faults.append(Fault(where, "required"))
    return faults


def _service_faults(services: tuple[str, ...]) -> list[Fault]:
    faults = []
    if len(services) > MOST_SERVICES:
        faults.append(Fault("services", "too_many", {"limit": MOST_SERVICES}))
    if any(len(name) > LONGEST_SERVICE for name in services):
        faults.append(Fault("services", "too_long", {"limit": LONGEST_SERVICE}))
    if any(visible.has_hidden(name) for name in services):
        faults.append(Fault("services", "characters"))
    return faults
