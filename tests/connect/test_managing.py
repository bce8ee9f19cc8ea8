"""The list, the details, changing, replacing the secret, deleting; and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.connect import queries
from hospes.connect.models import (
    Application,
    ApplicationEvent,
    AuthorizationCode,
    ClientSecret,
    Consent,
    Grant,
    RedirectUri,
    Token,
)
from hospes.connect.services.applications import hash_of
from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry
from hospes.organizations.models import Membership
from hospes.organizations.queries import organizations_of

EDITED = {
    "name": "Flower shop 2",
    "redirect_uris": ["https://shop.example/new"],
    "logout_uris": ["https://shop.example/"],
    "id_token_alg": "ES256",
    "pkce_required": "on",
    "website": "https://shop.example/",
    "terms_url": "",
    "privacy_url": "",
}


def member(make_account, owner, role):
    account = make_account()
    # The oldest membership is the one looked at, so the account's own organization goes.
    Membership.objects.filter(account=account).delete()
    Membership.objects.create(
        organization=organizations_of(owner).get(),
        account=account,
        role=role,
        created_at=product_clock.now(),
    )
    return account


def page_of(application, part=""):
    return f"/auth/applications/{application.client_id}{part}"


def test_the_list_takes_the_same_queries_for_one_and_for_many(site, owner, sign_in, register):
    sign_in(site, owner)
    register()
    site.get("/auth/applications")
    with CaptureQueriesContext(connection) as one:
        site.get("/auth/applications")
    for number in range(5):
        register(name=f"Shop {number}")
    with CaptureQueriesContext(connection) as many:
        site.get("/auth/applications")
    assert len(one) == len(many)
    assert len(many) <= 4


def test_the_list_is_searched_by_name_id_and_address(site, owner, sign_in, register):
    sign_in(site, owner)
    shop = register().application
    other = register(name="Wiki", redirect_uris=("https://wiki.example/cb",)).application
    for words in ("wiki", other.client_id[:13], "wiki.example"):
        site.get(f"/auth/applications?q={words}")
        assert "Wiki" in site.page.text
        assert shop.client_id not in site.page.text
    site.get("/auth/applications?q=nothing-like-it")
    assert "Nothing found" in site.page.text


def test_the_details_tell_the_addresses_and_never_the_secret(site, owner, sign_in, register):
    sign_in(site, owner)
    registered = register()
    with CaptureQueriesContext(connection) as queries:
        assert site.get(page_of(registered.application)).status_code == 200
    assert len(queries) <= 7
    for words in (
        registered.application.client_id,
        "https://hospes.test/.well-known/openid-configuration",
        "https://hospes.test/oauth2/end-session",
        "OIDC_ISSUER=https://hospes.test",
        "https://shop.example/callback",
    ):
        assert words in site.page.text
    assert registered.secret not in site.page.html


def test_changing_keeps_the_type_and_replaces_the_addresses(site, owner, sign_in, application):
    sign_in(site, owner)
    site.get(page_of(application, "/edit"))
    assert site.submit({**EDITED, "type": "mobile"}, button="Save").status_code == 302
    application.refresh_from_db()
    assert (application.name, application.type) == ("Flower shop 2", "web")
    assert application.id_token_alg == "ES256"
    found = set(application.redirect_uris.values_list("use", "uri"))
    assert found == {
        ("sign_in", "https://shop.example/new"),
        ("logout", "https://shop.example/"),
    }
    entry = AuditEntry.objects.get(action="connect.application_changed")
    assert entry.detail["changed"] == [
        "id_token_alg",
        "logout_uris",
        "name",
        "redirect_uris",
        "website",
    ]


def test_a_refused_change_changes_nothing(site, owner, sign_in, application):
    sign_in(site, owner)
    site.get(page_of(application, "/edit"))
    response = site.submit({**EDITED, "redirect_uris": ["http://shop.example/"]}, button="Save")
    assert response.status_code == 422
    application.refresh_from_db()
    assert application.name == "Flower shop"
    assert RedirectUri.objects.get().uri == "https://shop.example/callback"
    assert not AuditEntry.objects.filter(action="connect.application_changed").exists()


def test_a_replaced_secret_overlaps_for_a_day(site, owner, sign_in, register, clock):
    sign_in(site, owner)
    registered = register()
    site.get(page_of(registered.application, "/secret"))
    assert site.submit({"old": "keep"}).status_code == 200
    secret = site.page.all("span", class_="kept__value")[1].text
    assert secret != registered.secret
    old = ClientSecret.objects.get(secret_hash=hash_of(registered.secret))
    assert old.expires_at == pytest.approx(product_clock.timestamp() + 86400, abs=5)
    assert ClientSecret.objects.get(secret_hash=hash_of(secret)).expires_at is None
    site.get(page_of(registered.application))
    assert "Ends soon" in site.page.text
    clock.move(timedelta(hours=25))
    sign_in(site, owner)
    site.get(page_of(registered.application))
    assert "Ends soon" not in site.page.text


def test_a_replaced_secret_can_end_at_once(site, owner, sign_in, register):
    sign_in(site, owner)
    registered = register()
    site.get(page_of(registered.application, "/secret"))
    site.submit({"old": "end"})
    (working,) = queries.working_secrets(registered.application)
    assert working.secret_hash != hash_of(registered.secret)
    assert AuditEntry.objects.filter(action="connect.secret_replaced").count() == 1


def test_replacing_by_the_same_form_twice_replaces_once(site, owner, sign_in, register):
    sign_in(site, owner)
    registered = register()
    site.get(page_of(registered.application, "/secret"))
    key = site.page.form("/secret").fields["form_key"]
    site.post(page_of(registered.application, "/secret"), {"old": "keep", "form_key": key})
    before = set(ClientSecret.objects.values_list("secret_hash", flat=True))
    response = site.post(
        page_of(registered.application, "/secret"), {"old": "end", "form_key": key}
    )
    assert response.status_code == 302
    assert set(ClientSecret.objects.values_list("secret_hash", flat=True)) == before


def test_a_mobile_application_has_no_secret_to_replace(site, owner, sign_in, register):
    sign_in(site, owner)
    mobile = register(type="mobile", redirect_uris=("com.example.app:/cb",)).application
    assert site.get(page_of(mobile, "/secret")).status_code == 404
    site.get(page_of(mobile))
    assert "Replace the secret" not in site.page.text


def test_replacing_and_deleting_ask_for_the_password_after_a_while(
    site, owner, sign_in, application, clock
):
    sign_in(site, owner)
    clock.move(timedelta(minutes=16))
    for part in ("/secret", "/delete"):
        site.get(page_of(application, part))
        assert site.location.startswith("/sign-in/confirm?next=")
    site.post(page_of(application, "/delete"))
    assert Application.objects.exists()


def test_deleting_ends_every_grant_code_and_token(site, owner, anna, sign_in, application):
    now = product_clock.timestamp()
    grant = Grant.objects.create(
        application=application, account=anna, scope="openid", created_at=now
    )
    AuthorizationCode.objects.create(
        code_hash="c" * 64,
        grant=grant,
        redirect_uri="https://shop.example/callback",
        expires_at=now + 60,
    )
    Token.objects.create(
        token_hash="t" * 64,
        kind="access",
        grant=grant,
        scope="openid",
        created_at=now,
        expires_at=now + 7200,
    )
    Consent.objects.create(account=anna, application=application, scope="openid", granted_at=now)
    browser = site.another_browser()
    sign_in(browser, owner)
    browser.get(page_of(application, "/delete"))
    assert "The consent of 1 person is forgotten; the account stays as it is." in browser.page.text
    assert Application.objects.exists()
    browser.submit({}, action="/delete", follow=True)
    assert "Flower shop is deleted." in browser.page.text
    for model in (Application, Grant, AuthorizationCode, Token, Consent, ClientSecret):
        assert not model.objects.exists()
    entry = AuditEntry.objects.get(action="connect.application_deleted")
    assert entry.detail["name"] == "Flower shop"


def test_deleting_says_that_the_log_goes_and_offers_it(
    site, owner, make_account, sign_in, application
):
    sign_in(site, owner)
    site.get(page_of(application, "/delete"))
    assert "The sign-in log is deleted with it." in site.page.text
    # There is neither a log to download nor a consent to lose.
    assert "as CSV" not in site.page.text
    assert "The consent of" not in site.page.text
    for _ in range(2):
        account = make_account()
        Consent.objects.create(
            account=account, application=application, scope="openid", granted_at=1
        )
        ApplicationEvent.objects.create(
            application=application, at=1, kind="signed_in", account=account
        )
    site.get(page_of(application, "/delete"))
    assert (
        "The consent of 2 people is forgotten; their accounts stay as they are." in site.page.text
    )
    export = site.click("Download the sign-in log as CSV")
    assert export.text.count("signed_in") == 2
    site.get(page_of(application, "/delete"))
    site.submit({}, action="/delete")
    assert not ApplicationEvent.objects.exists()


@pytest.mark.parametrize("part", ["", "/edit", "/secret", "/delete"])
def test_another_organizations_application_does_not_exist(site, anna, application, part):
    assert site.get(page_of(application, part)).status_code == 404
    if part:
        site.get("/auth/applications/new")  # a page with a form, for its token
        fields = {**EDITED, "old": "end", "form_key": "a-form-key-of-twenty-signs"}
        assert site.post(page_of(application, part), fields).status_code == 404
    application.refresh_from_db()
    assert application.name == "Flower shop"
    assert ClientSecret.objects.count() == 1


def test_collaborators_look_and_external_users_do_not(
    site, owner, make_account, sign_in, application
):
    collaborator = member(make_account, owner, "normal")
    sign_in(site, collaborator)
    assert site.get(page_of(application)).status_code == 200
    assert "Delete" not in site.page.text
    for part in ("/edit", "/secret", "/delete"):
        assert site.get(page_of(application, part)).status_code == 403
        assert site.post(page_of(application, part), EDITED).status_code == 403
    assert site.get("/auth/applications/new").status_code == 403
    external = site.another_browser()
    sign_in(external, member(make_account, owner, "client"))
    assert external.get("/auth/applications").status_code == 403
    assert external.get(page_of(application)).status_code == 403
    assert Application.objects.get().name == "Flower shop"
    assert ClientSecret.objects.count() == 1


def test_an_administrator_may_do_everything(site, owner, make_account, sign_in, application):
    sign_in(site, member(make_account, owner, "admin"))
    site.get(page_of(application, "/edit"))
    assert site.submit(EDITED, button="Save").status_code == 302
