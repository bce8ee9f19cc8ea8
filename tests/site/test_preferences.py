"""Language and theme: chosen without scripts, remembered by the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hospes.site import language

if TYPE_CHECKING:
    from support.site import Site

HELP = "/help/browser"


def lang(site: Site) -> str:
    return site.get(HELP).text.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-CH, fr;q=0.8", "de"),
        ("pt, it;q=0.7, en;q=0.3", "it"),
        ("zz", "en"),
        ("*", "en"),
        ("fr-CA;q=0.1", "fr"),
        ("de;q=nonsense", "en"),
    ],
)
def test_the_first_visit_is_in_the_language_the_browser_asks_for(accepted: str, code: str):
    from support.site import Site

    site = Site(language=accepted)
    response = site.get(HELP)
    assert f'<html lang="{code}"' in response.text
    assert response.headers["content-language"] == code


@pytest.mark.parametrize("code", ["en", "fr", "de", "it", "es"])
def test_a_language_can_be_chosen_and_is_remembered(site: Site, code: str):
    site.get(HELP)
    response = site.post("/language", {"language": code, "next": HELP})
    assert (response.status_code, response.headers["location"]) == (302, HELP)
    assert lang(site) == code
    assert site.cookie("language") == code


def test_the_footer_names_each_language_in_itself(site: Site):
    text = site.get(HELP).text
    for name in ("English", "Français", "Deutsch", "Italiano", "Español"):
        assert name in text


def test_the_choice_is_told_to_the_rooms_above(site: Site, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(language, "_listeners", [])
    language.on_choice(lambda _request, code: heard.append(code))
    site.get(HELP)
    site.post("/language", {"language": "de", "next": HELP})
    assert heard == ["de"]


@pytest.mark.parametrize("code", ["", "xx", "../en", "de;drop", "ru"])
def test_an_unknown_language_changes_nothing(site: Site, monkeypatch, code: str):
    heard: list[str] = []
    monkeypatch.setattr(language, "_listeners", [])
    language.on_choice(lambda _request, code: heard.append(code))
    site.get(HELP)
    site.post("/language", {"language": code, "next": HELP})
    assert lang(site) == "en"
    assert site.cookie("language") is None
    assert heard == []


def test_a_language_is_chosen_by_post_with_its_token_only(site: Site):
    assert site.get("/language").status_code == 405
    site.get(HELP)
    response = site.post("/language", {"language": "de", "next": HELP}, csrf=False)
    assert response.status_code == 403
    assert lang(site) == "en"


@pytest.mark.parametrize("path", ["/language", "/theme"])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_choosing_leads_to_no_other_site(site: Site, path: str, target: str):
    site.get(HELP)
    response = site.post(path, {"language": "de", "theme": "dark", "next": target})
    assert response.headers["location"] == "/"


def test_a_theme_can_be_chosen_remembered_and_left_again(site: Site):
    page = site.get(HELP).text
    assert 'data-theme="system"' in page
    assert 'media="screen and (prefers-color-scheme: dark)"' in page
    site.post("/theme", {"theme": "dark", "next": HELP})
    page = site.get(HELP).text
    assert 'data-theme="dark"' in page
    assert 'media="screen"' in page
    site.post("/theme", {"theme": "light", "next": HELP})
    page = site.get(HELP).text
    assert 'data-theme="light"' in page
    assert "css/dark" not in page
    site.post("/theme", {"theme": "system", "next": HELP})
    assert 'data-theme="system"' in site.get(HELP).text
    assert site.cookie("theme") is None


def test_an_unknown_theme_changes_nothing(site: Site):
    site.get(HELP)
    site.post("/theme", {"theme": "dark", "next": HELP})
    site.post("/theme", {"theme": '"><script>', "next": HELP})
    assert 'data-theme="dark"' in site.get(HELP).text


def test_a_forged_theme_cookie_is_not_believed(site: Site):
    site.set_cookie("__Host-theme", "sepia")
    assert 'data-theme="system"' in site.get(HELP).text


def test_a_signed_in_persons_choice_is_kept_in_the_account(site: Site, make_account, sign_in):
    account = make_account(email="amelie@example.com")
    sign_in(site, account)
    site.get(HELP)
    site.post("/language", {"language": "it", "next": HELP})
    account.refresh_from_db()
    assert account.locale == "it"
    other = site.another_browser(language="fr")
    sign_in(other, account)
    assert lang(other) == "it"


def test_the_old_address_of_the_icon_leads_to_it(site: Site):
    response = site.get("/favicon.ico")
    assert response.status_code == 302
    assert "/static/site/favicon" in response.headers["location"]
    assert site.get(response.headers["location"]).headers["content-type"] == "image/svg+xml"
