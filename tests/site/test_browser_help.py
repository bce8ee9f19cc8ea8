"""Guide 8: a browser without cookies or scripts is noticed, and its own guide is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hospes.kit.useragents import Agent
from hospes.site import browser_check, guides

if TYPE_CHECKING:
    from support.site import Site

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
)
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/22F76 Instagram 380.0.0.28.88"
)


@pytest.mark.parametrize(
    ("user_agent", "title", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox",
            "Enhanced Tracking Protection",
        ),
        (IPHONE, "Safari", "Block All Cookies"),
        (SAMSUNG, "Samsung Internet", "Sites and downloads"),
        (INSTAGRAM, "Page inside another app", "Open in browser"),
    ],
)
def test_the_guide_for_the_browser_at_hand_comes_first(site: Site, user_agent, title, words):
    text = site.get("/help/browser", headers={"User-Agent": user_agent}).text
    assert f'<h2 class="guide__title">{title}<' in text
    assert "Your browser" in text
    assert words in text
    assert "Other browsers" in text


def test_an_iphone_learns_to_lift_the_block_and_to_put_it_back(site: Site):
    text = site.get("/help/browser/safari-iphone").text
    assert "Switch “Block All Cookies” off, for the moment." in text
    assert "switch “Block All Cookies” on again" in text


@pytest.mark.parametrize("guide", guides.GUIDES, ids=lambda guide: guide.key)
def test_every_guide_has_a_page_with_all_its_steps(site: Site, guide: guides.Guide):
    response = site.get(f"/help/browser/{guide.key}")
    assert response.status_code == 200
    assert response.text.count("<li>") >= sum(len(part.steps) for part in guide.parts)
    assert "%(site)s" not in response.text


def test_an_exception_for_this_site_names_it(site: Site):
    assert "https://hospes.test" in site.get("/help/browser/firefox").text


def test_an_unknown_guide_does_not_exist(site: Site):
    assert site.get("/help/browser/netscape").status_code == 404


@pytest.mark.parametrize("form", ["desktop", "phone", "tablet"])
@pytest.mark.parametrize("in_app", [False, True])
@pytest.mark.parametrize(
    "system", ["", "Windows", "macOS", "Linux", "ChromeOS", "Android", "iOS", "iPadOS"]
)
@pytest.mark.parametrize("browser", ["", "Chrome", "Safari", "DuckDuckGo", "Samsung Internet"])
def test_every_agent_has_a_guide(browser, system, in_app, form):
    guide = guides.for_agent(Agent(browser, "1", system, form, in_app))
    assert guide in guides.GUIDES
    if not in_app and system in {"iOS", "iPadOS"}:
        assert guide.device == "iphone"
    if not in_app and system == "Android":
        assert guide.device == "android"


def test_a_first_visit_shows_nothing_about_cookies():
    assert browser_check.cookies_work(RequestFactory().get("/sign-in")) is None


def test_a_form_without_any_cookie_shows_that_cookies_are_off():
    assert browser_check.cookies_work(RequestFactory().post("/sign-in")) is False


def test_a_bounce_shows_whether_cookies_are_kept():
    response = browser_check.bounce("/sign-in?next=/settings%3Fa%3D1&cookies=old")
    assert response["Location"] == "/sign-in?next=%2Fsettings%3Fa%3D1&cookies=sent"
    request = RequestFactory().get(response["Location"])
    assert browser_check.cookies_work(request) is False
    request.COOKIES[browser_check.cookie_name()] = "1"
    assert browser_check.cookies_work(request) is True


def test_the_probe_is_a_cookie_of_this_very_host():
    response = HttpResponse()
    browser_check.arm(response)
    cookie = response.cookies[browser_check.cookie_name()]
    assert browser_check.cookie_name().startswith("__Host-")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_probe_sheet_shows_the_notice_only_where_the_probe_is_missing(site: Site):
    without = site.get("/help/browser/check.css")
    assert without.headers["content-type"].startswith("text/css")
    assert without.headers["cache-control"] == "no-store"
    assert ".cookies-off{display:flex}" in without.text
    site.get("/help/browser")
    assert site.get("/help/browser/check.css").text.strip() == ""


def test_the_sign_in_page_links_the_probe_sheet_and_has_words_for_scripts_off(site: Site):
    text = site.get("/sign-in").text
    assert "/help/browser/check.css" in text
    assert "<noscript>" in text
    assert "The steps for Firefox" in text
