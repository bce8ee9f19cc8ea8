"""What only one type of application is asked and told."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from hospes.connect.domain.snippets import curl_machine, env_file, file_name
from hospes.connect.models import Application


@pytest.fixture
def owners_page(site, owner, sign_in):
    sign_in(site, owner)
    return site


def page_of(application, part=""):
    return f"/auth/applications/{application.client_id}{part}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bücherladen", "bucherladen.env"),
        ("Café «Größe» 2", "cafe-grosse-2.env"),
        ("日本", "application.env"),
        ("../../etc", "etc.env"),
    ],
)
def test_a_file_is_named_in_plain_letters(name, expected):
    assert file_name(name) == expected


def test_settings_without_the_secret_leave_a_place_for_it():
    given = {"issuer": "https://hospes.test", "client_id": "c"}
    assert "\n# OIDC_CLIENT_SECRET=\n" in env_file(**given, confidential=True)
    assert "# OIDC" not in env_file(**given, confidential=True, secret="s")
    assert "SECRET" not in env_file(**given)


def test_the_later_download_of_an_application_with_a_secret(site, owner, sign_in, register):
    sign_in(site, owner)
    registered = register(name="Bücherladen")
    site.get(page_of(registered.application))
    assert site.page.all("a", download="bucherladen.env")
    assert "\n# OIDC_CLIENT_SECRET=\n" in unquote(site.page.link("Download").href)
    assert registered.secret not in site.page.html
    mobile = register(type="mobile", name="App").application
    site.get(page_of(mobile))
    assert "SECRET" not in unquote(site.page.link("Download").href)


@pytest.mark.parametrize(
    ("kind", "absent"),
    [
        ("web", set()),
        ("server", set()),
        ("mobile", {"Token introspection", "Approval on the phone"}),
        ("other", {"Authorization", "User information", "Approval on the phone", "Sign-out"}),
    ],
)
def test_all_addresses_are_those_that_the_type_can_use(owners_page, register, kind, absent):
    site = owners_page
    values = {} if kind != "other" else {"redirect_uris": ()}
    site.get(page_of(register(type=kind, **values).application))
    kept = [each.text for each in site.page.all("span", class_="kept__value")]
    paths = {
        "Authorization": "/authorize",
        "User information": "/oauth2/userinfo",
        "Token introspection": "/oauth2/introspect",
        "Approval on the phone": "/oauth2/backchannel-authenticate",
        "Sign-out": "/oauth2/end-session",
    }
    left_out = {name for name, path in paths.items() if f"https://hospes.test{path}" not in kept}
    assert left_out == absent
    assert "https://hospes.test/token" in kept


def test_a_machines_first_page_shows_the_token_address_and_the_call(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    site.submit({"type": "other", "name": "Nightly job"}, button="Create application")
    kept = [each.text for each in site.page.all("span", class_="kept__value")]
    assert kept[-1] == "https://hospes.test/token"
    assert curl_machine() in {each.attributes.get("data-copy") for each in site.page.elements}


def test_a_machine_keeps_nothing_that_only_people_read(site, owner, sign_in, register):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    fields = {"type": "other", "name": "Job", "terms_url": "https://shop.example/terms"}
    assert site.submit(fields, button="Create application").status_code == 200
    made = Application.objects.get()
    assert made.terms_url == ""
    site.get(page_of(made, "/edit"))
    for name in ("terms_url", "privacy_url", "picture", "redirect_uris"):
        assert not site.page.all("input", name=name)
    assert "People see it" not in site.page.text


def test_an_app_is_told_that_pkce_stays_on_and_not_asked(site, owner, sign_in, register):
    sign_in(site, owner)
    site.get(page_of(register(type="mobile").application, "/edit"))
    assert "PKCE is always required" in site.page.text
    assert "com.example.app:/callback" in site.page.text
    assert not site.page.all("input", name="pkce_required")
    site.get(page_of(register().application, "/edit"))
    assert "PKCE is always required" not in site.page.text
    assert site.page.all("input", name="pkce_required")


def test_a_missing_redirect_url_marks_its_field_and_no_other(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    assert site.submit({"type": "web", "name": "Shop", "redirect_uris": [""]}).status_code == 422
    marked = site.page.all("input", **{"aria-invalid": "true"})
    assert [each.attributes["id"] for each in marked] == ["id_redirect_uris"]
    assert "Enter at least one redirect URL." in site.page.errors("redirect_uris")
