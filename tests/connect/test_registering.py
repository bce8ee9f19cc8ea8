"""Registering an application, and what is kept of its secret."""

from __future__ import annotations

import hashlib
from urllib.parse import unquote

import pytest

from hospes.connect.models import Application, ClientSecret, RedirectUri
from hospes.foundation import clock, numbers
from hospes.foundation.models import AuditEntry, NumberSetting

FILLED = {
    "type": "web",
    "name": "Flower shop",
    "redirect_uris": ["https://shop.example/callback", "https://shop.example/other"],
    "website": "https://shop.example/",
    "terms_url": "https://shop.example/terms",
    "privacy_url": "https://shop.example/privacy",
    "id_token_alg": "RS256",
    "pkce_required": "on",
}


def values_shown(site):
    return [element.text for element in site.page.all("span", class_="kept__value")]


def test_an_empty_list_offers_to_create_an_application(site, owner, sign_in):
    sign_in(site, owner)
    assert site.get("/auth/applications").status_code == 200
    assert "No application yet" in site.page.text
    assert site.page.link("Create application").href == "/auth/applications/new"


def test_visitors_are_sent_to_the_sign_in_page_and_back(site):
    site.get("/auth/applications/new")
    assert site.location.startswith("/sign-in?next=%2Fauth%2Fapplications%2Fnew")


def test_registering_shows_client_id_and_secret_once(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    response = site.submit(FILLED)
    assert response.status_code == 200
    assert "no-store" in response.headers["cache-control"]
    client_id, secret, *addresses = values_shown(site)
    assert addresses == [
        "https://hospes.test",
        "https://hospes.test/.well-known/openid-configuration",
    ]
    application = Application.objects.get(client_id=client_id)
    assert application.name == "Flower shop"
    assert application.created_by == owner
    assert list(application.redirect_uris.values_list("uri", flat=True)) == FILLED["redirect_uris"]
    stored = ClientSecret.objects.get(application=application)
    assert stored.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert stored.hint == secret[-4:]
    assert secret.startswith("hsp_cs_")
    assert len(secret) == 50
    download = site.page.link("Download as .env file").href
    assert download.startswith("data:text/plain;charset=utf-8,")
    assert f"OIDC_CLIENT_SECRET={secret}\n" in unquote(download)
    site.get(f"/auth/applications/{client_id}")
    assert secret not in site.page.html
    assert f"…{secret[-4:]}" in site.page.text
    entry = AuditEntry.objects.get(action="connect.application_registered")
    assert entry.actor_account_id == owner.pk
    assert secret not in str(entry.detail)


def test_sending_the_same_form_again_registers_nothing_and_shows_no_secret(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    form = site.page.form("", button="Create application")
    again = {**FILLED, "form_key": form.fields["form_key"]}
    site.post("/auth/applications/new", again)
    secret = values_shown(site)[1]
    response = site.post("/auth/applications/new", again)
    assert response.status_code == 302
    site.follow()
    assert secret not in site.page.html
    assert "not shown again" in site.page.text
    assert Application.objects.count() == 1
    assert ClientSecret.objects.count() == 1


def test_a_mobile_application_gets_no_secret_and_may_use_its_own_scheme(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    site.submit(
        {
            **FILLED,
            "type": "mobile",
            "redirect_uris": ["com.example.app:/callback", "http://127.0.0.1/callback"],
            "pkce_required": None,
        }
    )
    application = Application.objects.get()
    assert application.pkce_required
    assert not ClientSecret.objects.exists()
    assert "secret" not in values_shown(site)
    assert len(values_shown(site)) == 3


@pytest.mark.parametrize("kind", ["web", "server", "other"])
def test_each_other_type_gets_a_secret(site, owner, sign_in, kind):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    site.submit({**FILLED, "type": kind})
    assert Application.objects.get().type == kind
    assert ClientSecret.objects.count() == 1


def test_all_faults_are_told_at_once_beside_their_fields_and_what_was_typed_stays(
    site, owner, sign_in
):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    response = site.submit(
        {
            **FILLED,
            "type": None,
            "name": "  ",
            "redirect_uris": [
                "http://shop.example/callback",
                "https://shop.example/#part",
                "https://good.example/cb",
                "https://good.example/cb",
            ],
            "website": "javascript:alert(1)",
            "terms_url": "JaVaScRiPt://shop.example/%0aalert(1)",
            "privacy_url": "https://user@shop.example/",
        }
    )
    assert response.status_code == 422
    for words in (
        "Choose what kind of application it is.",
        "Give the application a name.",
        "Use https. Plain http is only for this computer itself",
        "Leave out the part from # on.",
        "This address is already in the list.",
        "Enter a web address that begins with https:// or http://.",
        "Leave out the part before @.",
    ):
        assert words in site.page.text
    assert 'value="https://shop.example/#part"' in site.page.html
    assert 'value="javascript:alert(1)"' in site.page.html
    assert not Application.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="connect.application").exists()


@pytest.mark.parametrize(
    "uri",
    [
        "https://shop.example@evil.example/cb",
        "https://shop.example/a/..;/cb",
        "https://shop.example/%2e%2e/cb",
        "https://*.shop.example/cb",
        "https://shop.example\\@evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/cb",
        "//shop.example/cb",
        "https://",
        "https://shop.example:99999/cb",
        "https://shöp.example/cb",
        "https://shop.example/cb?code=1",
    ],
)
def test_addresses_that_parsers_read_differently_are_refused(site, owner, sign_in, uri):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    assert site.submit({**FILLED, "redirect_uris": [uri]}).status_code == 422
    assert not Application.objects.exists()
    assert not RedirectUri.objects.exists()


@pytest.mark.parametrize(
    "name", ["\u3164", "\u200d", "Shop\u061c", "Sh\u00adop", "Shop\u202egnp", "Sh\U000e0041op"]
)
def test_a_name_that_nobody_sees_or_that_reads_otherwise_is_refused(site, owner, sign_in, name):
    """The consent page shows it to people who decide by it."""
    sign_in(site, owner)
    site.get("/auth/applications/new")
    assert site.submit({**FILLED, "name": name}).status_code == 422
    assert "cannot be seen" in site.page.errors("name")
    assert not Application.objects.exists()


def test_without_scripts_one_more_row_can_be_asked_for(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    response = site.post("/auth/applications/new", {**FILLED, "name": "", "more": "redirect_uris"})
    assert response.status_code == 200
    assert len(site.page.all("input", name="redirect_uris")) >= 3
    assert not Application.objects.exists()
    assert "Give the application a name." not in site.page.text


def test_a_form_without_the_csrf_token_registers_nothing(site, owner, sign_in):
    sign_in(site, owner)
    response = site.post("/auth/applications/new", FILLED, csrf=False)
    assert response.status_code == 403
    assert not Application.objects.exists()


def test_an_organization_cannot_have_more_than_its_limit(site, owner, sign_in, register):
    NumberSetting.objects.create(
        key="connect.applications_per_organization", value=1, updated_at=clock.now()
    )
    numbers.forget()
    register()
    sign_in(site, owner)
    site.get("/auth/applications/new")
    assert site.submit(FILLED).status_code == 422
    assert "cannot have more" in site.page.text
    assert Application.objects.count() == 1


def test_a_form_sent_again_for_another_organization_registers_there(owner, make_account):
    from hospes.connect.domain.registration import Draft
    from hospes.connect.services.applications import RegisterApplication, register_application
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.queries import organizations_of

    draft = Draft(type="web", name="Shop", redirect_uris=("https://shop.example/callback",))
    for account in (owner, make_account("other@shop.example")):
        register_application(
            RegisterApplication(draft, "the-very-same-form-key"),
            organization=organizations_of(account).get(),
            acting_account=account,
            origin=SYSTEM,
        )
    assert Application.objects.filter(form_key="the-very-same-form-key").count() == 2
