"""The entries of the side navigation, which are also the pages that search finds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise

Section = Literal["main", "settings", "staff"]
SECTIONS: tuple[Section, ...] = ("main", "settings", "staff")


def signed_in(request: HttpRequest) -> bool:
    """Return whether somebody is signed in."""
    return getattr(request, "account", None) is not None


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page of the navigation.

    ``keywords`` are further words that search finds it by. ``covers`` names pages elsewhere that
    belong to it, or gives their addresses as ``address`` does: on them and below them it is the
    current entry. A page that is not ``listed`` has no entry and is found by search alone.
    """

    section: Section
    label: _StrOrPromise
    url_name: str
    icon: str
    order: int
    when: Callable[[HttpRequest], bool] = signed_in
    keywords: _StrOrPromise = ""
    covers: tuple[str | Callable[[HttpRequest], str | None], ...] = ()
    listed: bool = True
    # For pages whose address names what the visitor looks at; None leaves the entry out.
    address: Callable[[HttpRequest], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A navigation item as one request sees it."""

    label: str
    url: str
    icon: str
    current: bool


_items: dict[tuple[str, str], NavItem] = {}


def register(item: NavItem) -> None:
    """Add a page to the navigation; registering the same page again replaces it."""
    _items[(item.section, item.url_name)] = item


def _visible(request: HttpRequest, section: Section) -> list[tuple[NavItem, str]]:
    found = []
    for item in sorted(_items.values(), key=lambda item: item.order):
        if item.section != section or not item.when(request):
            continue
        url = _address(request, item)
        if url is not None:
            found.append((item, url))
    return found


def _address(request: HttpRequest, item: NavItem) -> str | None:
    if item.address is not None:
        return item.address(request)
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def _listed(request: HttpRequest, section: Section) -> list[tuple[NavItem, str]]:
    return [(item, url) for item, url in _visible(request, section) if item.listed]


def _covered(request: HttpRequest, item: NavItem) -> list[str]:
    places = [reverse(each) if isinstance(each, str) else each(request) for each in item.covers]
    return [place for place in places if place is not None]


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def entries(request: HttpRequest, section: Section) -> list[Entry]:
    """Return the section's pages for this request, the one being shown marked as current.

    A page below an entry marks the entry; of several that fit, the longest address wins.
    """
    visible = _listed(request, section)
    every = [pair for part in SECTIONS for pair in _listed(request, part)]
    fits = [
        (len(place), url)
        for item, url in every
        for place in (url, *_covered(request, item))
        if _within(request.path, place)
    ]
    best = max(fits, default=(0, ""))[1]
    return [Entry(str(item.label), url, item.icon, url == best) for item, url in visible]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def search(request: HttpRequest, words: str) -> list[Entry]:
    """Return the pages whose name or keywords hold every word, accents and case aside."""
    wanted = _folded(words).split()
    if not wanted:
        return []
    return [
        Entry(str(item.label), url, item.icon, current=False)
        for section in SECTIONS
        for item, url in _visible(request, section)
        if all(word in _folded(f"{item.label} {item.keywords}") for word in wanted)
    ]
