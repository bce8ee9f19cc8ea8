"""The language an application asks for."""

from __future__ import annotations

import pytest

from support.authorizing import authorize_url


@pytest.mark.parametrize(
    ("asked", "language"),
    [("xx fr-CH", "fr"), ("de-AT fr", "de"), ("es", "es"), ("xx", "en"), ("a" * 500, "en")],
)
def test_ui_locales_speaks_to_people_we_do_not_know(site, application, asked, language):
    site.get(authorize_url(application, ui_locales=asked))
    assert site.follow().status_code == 200
    assert site.response.headers["content-language"] == language
    assert f'<html lang="{language}"' in site.response.text


@pytest.mark.parametrize(
    ("asked", "language"), [("xx fr-CH", "fr"), ("de", "de"), ("xx", "en"), ("", "en")]
)
def test_consent_is_asked_for_in_the_applications_language(
    site, anna, application, asked, language
):
    site.get(authorize_url(application, ui_locales=asked or None))
    assert site.response.headers["content-language"] == language
    assert f'<html lang="{language}"' in site.response.text
    # Everywhere else the person's own choice stands.
    assert site.get("/settings/applications").headers["content-language"] == "en"


def test_a_language_picked_on_the_consent_page_stays(site, anna, application):
    site.get(authorize_url(application, ui_locales="fr"))
    site.submit({}, button="Deutsch", action="/language")
    site.follow()
    assert site.page.heading.endswith("anmelden")
    assert '<html lang="de"' in site.response.text
    # Whatever an application asks for from now on.
    site.get(authorize_url(application, ui_locales="it"))
    assert site.response.headers["content-language"] == "de"
