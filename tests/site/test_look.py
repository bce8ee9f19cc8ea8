"""The gallery is for development; the navigation and the moments are for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import RequestFactory

from hospes.site import icons, moments, navigation
from hospes.site.frame import Frame, contribute
from hospes.site.navigation import NavItem

if TYPE_CHECKING:
    from support.site import Site

LOOK = ["/dev/look", "/dev/look/narrow", "/dev/look/confirm"]
WHEN = datetime(2026, 3, 9, 16, 5, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize("path", LOOK)
def test_the_gallery_shows_in_development_only(site: Site, monkeypatch, path: str):
    monkeypatch.setattr(settings, "HOSPES", replace(settings.HOSPES, development=True))
    assert site.get(path).status_code == 200
    monkeypatch.setattr(settings, "HOSPES", replace(settings.HOSPES, development=False, demo=False))
    assert site.get(path).status_code == 404


def test_the_gallery_draws_every_icon_of_the_sprite(site: Site, monkeypatch):
    monkeypatch.setattr(settings, "HOSPES", replace(settings.HOSPES, development=True))
    text = site.get("/dev/look").text
    assert len(icons.shapes()) >= 40
    assert all(name in text for name in icons.shapes())


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("en", "medium", "9 Mar 2026, 17:05"),
        ("de", "medium", "09.03.2026, 17:05"),
        ("fr", "medium", "9 mars 2026, 17:05"),
        ("it", "medium", "9 mar 2026, 17:05"),
        ("es", "medium", "9 mar 2026, 17:05"),
        ("en", "date", "9 March 2026"),
        ("de", "date", "9. März 2026"),
        ("en", "time", "17:05"),
        ("en", "relative", "3 hours ago"),
        ("de", "relative", "vor 3 Stunden"),
        ("fr", "relative", "il y a 3 heures"),
    ],
)
def test_a_time_is_in_the_readers_language_and_zone(language: str, style: str, text: str):
    now = WHEN + timedelta(hours=3)
    words, _ = moments.words(WHEN, style=style, language=language, zone=ZURICH, now=now)
    assert words == text


def test_a_date_has_no_zone():
    words, full = moments.words(
        date(2026, 3, 9), style="medium", language="en", zone=ZURICH, now=WHEN
    )
    assert words == "9 March 2026"
    assert full.startswith("Monday")


@pytest.mark.parametrize(
    ("language", "text"), [("en", "1,234.5"), ("de", "1.234,5"), ("fr", "1\u202f234,5")]
)
def test_a_number_has_the_readers_separators(language: str, text: str):
    assert moments.number(1234.5, language) == text


@pytest.fixture
def own_navigation(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})

    def always(_request):
        return True

    navigation.register(NavItem("main", "Start", "look", "home", 0, always))
    navigation.register(NavItem("main", "Narrow", "look_narrow", "home", 1, always, "small étroit"))
    navigation.register(NavItem("main", "Absent", "no_such_name", "home", 2, always))
    navigation.register(NavItem("staff", "Secret", "theme", "home", 0, lambda _request: False))
    navigation.register(NavItem("settings", "Help", "browser_help", "home", 0))


def test_the_navigation_shows_what_one_may_see_and_where_one_is(own_navigation):
    request = RequestFactory().get("/dev/look/narrow/deeper")
    entries = navigation.entries(request, "main")
    assert [(entry.label, entry.current) for entry in entries] == [
        ("Start", False),
        ("Narrow", True),
    ]
    assert navigation.entries(request, "staff") == []
    assert navigation.entries(request, "settings") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("narrow", ["Narrow"]),
        ("ÉTROIT small", ["Narrow"]),
        ("etroit", ["Narrow"]),
        ("narrow start", []),
        ("secret", []),
        ("  ", []),
    ],
)
def test_search_finds_pages_one_may_see(own_navigation, words: str, found: list[str]):
    request = RequestFactory().get("/")
    assert [entry.label for entry in navigation.search(request, words)] == found


def test_a_contributed_value_is_worked_out_once_and_only_when_used(monkeypatch):
    calls: list[str] = []
    monkeypatch.setattr("hospes.site.frame._providers", {})
    contribute("thing", lambda request: calls.append(request.path) or "value")
    frame = Frame(RequestFactory().get("/here"))
    assert calls == []
    assert frame["thing"] == frame["thing"] == "value"
    assert calls == ["/here"]
    with pytest.raises(KeyError):
        Frame(RequestFactory().get("/here"), bare=True)["thing"]
