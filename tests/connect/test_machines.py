"""Machines: what they are asked when registered, and what their pages explain."""

from __future__ import annotations

import pytest
from connect.till import Machine

from hospes.connect.domain.snippets import curl_machine, python_machine
from hospes.connect.models import Application, ApplicationEvent
from support.authorizing import authorize_url

CURL = (
    'curl --user "$OIDC_CLIENT_ID:$OIDC_CLIENT_SECRET" \\\n'
    "  --data grant_type=client_credentials \\\n"
    '  "$OIDC_TOKEN_ENDPOINT"\n'
)


def copied(site):
    return {each.attributes.get("data-copy") for each in site.page.elements}


@pytest.fixture
def machine(register):
    return register(type="other", name="Nightly job", redirect_uris=()).application


def test_a_machine_is_registered_without_addresses_whatever_the_form_holds(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    assert "client_credentials" in site.page.text
    response = site.submit(
        {
            "type": "other",
            "name": "Nightly job",
            "redirect_uris": ["not an address"],
            "logout_uris": [""],
        },
        button="Create application",
    )
    assert response.status_code == 200
    assert "OIDC_TOKEN_ENDPOINT%3Dhttps%3A//hospes.test/token" in site.page.html
    made = Application.objects.get()
    assert (made.type, made.pkce_required) == ("other", True)
    assert not made.redirect_uris.exists()


def test_a_machines_page_explains_how_it_gets_a_token(site, owner, sign_in, machine):
    sign_in(site, owner)
    site.get(f"/auth/applications/{machine.client_id}")
    assert "OIDC_TOKEN_ENDPOINT=https://hospes.test/token" in site.page.text
    assert "OIDC_REDIRECT_URI" not in site.page.text
    assert "Redirect URLs" not in site.page.text
    assert {
        machine.client_id,
        "https://hospes.test",
        "https://hospes.test/.well-known/openid-configuration",
        "https://hospes.test/token",
        CURL,
    } <= copied(site)
    shown = [each.text for each in site.page.all("span", class_="kept__value")]
    assert shown[2] == "https://hospes.test/token"


@pytest.mark.parametrize("kind", ["web", "server", "mobile"])
def test_other_pages_copy_id_issuer_and_discovery(site, owner, sign_in, register, kind):
    sign_in(site, owner)
    application = register(type=kind).application
    site.get(f"/auth/applications/{application.client_id}")
    assert "OIDC_TOKEN_ENDPOINT" not in site.page.text
    assert {
        application.client_id,
        "https://hospes.test",
        "https://hospes.test/.well-known/openid-configuration",
    } <= copied(site)


def test_changing_a_machine_asks_for_no_address_and_keeps_the_rest(site, owner, sign_in, machine):
    sign_in(site, owner)
    site.get(f"/auth/applications/{machine.client_id}/edit")
    assert site.page.by_id("id_redirect_uris") is None
    assert site.submit({"name": "Hourly job"}, button="Save").status_code == 302
    machine.refresh_from_db()
    assert (machine.name, machine.pkce_required, machine.id_token_alg) == (
        "Hourly job",
        True,
        "RS256",
    )


def test_the_examples_are_programs():
    assert curl_machine() == CURL
    compile(python_machine(), "example", "exec")


def log_of(site, registered):
    site.get(f"/auth/applications/{registered.application.client_id}/log")
    return site.page.text


def test_a_machines_log_counts_tokens_and_says_that_it_lists_none(
    site, owner, sign_in, register, monkeypatch
):
    registered = register(type="other", name="Nightly job", redirect_uris=())
    software = Machine(registered)
    sign_in(site, owner)
    assert "As soon as a request of this application is refused" in log_of(site, registered)
    assert "0 work at the moment" in site.page.text
    first = software.token(registered.secret).json()["access_token"]
    assert "only counted: 1 works at the moment" in log_of(site, registered)
    software.token(registered.secret)
    software.token(registered.secret)
    assert "3 work at the moment" in log_of(site, registered)
    monkeypatch.setattr("hospes.connect.web.application_log.MOST_COUNTED", 2)
    assert "more than 2 work at the moment" in log_of(site, registered)
    assert software.send("/oauth2/revoke", registered.secret, token=first).status_code == 200
    told = log_of(site, registered)
    assert "only counted: 2 work at the moment" in told
    assert "A token of this application works no longer. The application asked for it." in told
    assert "sign-in work no longer" not in told


def test_a_machines_log_offers_no_form_for_an_address_that_it_has_no_use_for(
    site, owner, sign_in, register
):
    registered = register(type="other", name="Nightly job", redirect_uris=())
    site.get(authorize_url(registered.application))
    event = ApplicationEvent.objects.get()
    assert event.kind == "redirect_mismatch"
    sign_in(site, owner)
    assert "so it has no such addresses" in log_of(site, registered)
    assert "Add this address" not in site.page.text
    site.get(f"/auth/applications/{registered.application.client_id}/edit?event={event.pk}")
    assert "Is this address yours?" not in site.page.text
