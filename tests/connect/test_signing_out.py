"""Signing out at an application's request."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from connect.hints import id_token

from hospes.connect.models import ApplicationEvent, Consent, Grant
from hospes.identity.models import Session
from support.authorizing import authorize_url

AFTER = "https://shop.example/bye"


@pytest.fixture
def shop(register):
    return register(logout_uris=(AFTER,)).application


@pytest.fixture
def owners(site, owner, sign_in):
    """Return a browser in which the applications' owner is signed in."""
    browser = site.another_browser()
    sign_in(browser, owner)
    return browser


def url(**values):
    return "/oauth2/end-session?" + urlencode({k: v for k, v in values.items() if v is not None})


def living():
    return Session.objects.filter(ended_at=None).count()


def test_a_valid_hint_signs_out_without_asking_and_returns_the_state(site, anna, shop):
    site.get(authorize_url(shop))
    site.submit({}, button="Allow")
    response = site.get(
        url(id_token_hint=id_token(anna, shop), post_logout_redirect_uri=AFTER, state="a b&c")
    )
    assert response.headers["location"] == f"{AFTER}?state=a+b%26c"
    assert living() == 0
    assert Grant.objects.get().revoked_at is not None
    site.get("/settings/applications")
    assert site.location.startswith("/sign-in")


@pytest.mark.parametrize("asks", [{"scope": "openid offline_access"}, {"access_type": "offline"}])
def test_what_was_allowed_offline_outlasts_the_applications_sign_out(site, anna, shop, asks):
    for changes in ({}, asks):
        site.get(authorize_url(shop, **changes))
        site.submit({}, button="Allow")
    online, offline = Grant.objects.order_by("pk")
    site.get(url(id_token_hint=id_token(anna, shop)))
    assert living() == 0
    online.refresh_from_db()
    offline.refresh_from_db()
    assert online.revoked_at is not None
    assert offline.revoked_at is None
    assert Consent.objects.count() == 1
    kinds = list(ApplicationEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["signed_in", "signed_in", "tokens_revoked"]


def test_the_owner_of_another_application_reads_that_the_sign_out_ended_its_access(
    site, anna, shop, register, owners
):
    wiki, calendar = register(name="Wiki").application, register(name="Calendar").application
    for application, scope in ((wiki, "openid"), (calendar, "openid offline_access")):
        site.get(authorize_url(application, scope=scope))
        site.submit({}, button="Allow")
    # Signed in twice, told once.
    site.get(authorize_url(wiki, scope="openid"))
    assert Grant.objects.filter(application=wiki).count() == 2
    site.get(url(id_token_hint=id_token(anna, shop)))
    assert living() == 1  # the owner's own
    ended = ApplicationEvent.objects.get(kind="tokens_revoked")
    assert (ended.application, ended.account, ended.address) == (wiki, anna, "")
    assert not Grant.objects.filter(application=wiki, revoked_at=None).exists()
    owners.get(f"/auth/applications/{wiki.client_id}/log")
    assert "Access ended" in owners.page.text
    assert "The person signed out, at an application's request" in owners.page.text


def test_an_expired_hint_still_says_who(site, anna, shop, clock):
    hint = id_token(anna, shop)
    clock.move(timedelta(hours=3))
    assert site.get(url(id_token_hint=hint)).status_code == 200
    assert site.page.heading == "You are signed out"
    assert living() == 0


def test_without_a_hint_the_person_is_asked(site, anna, shop):
    response = site.get(url(client_id=shop.client_id, post_logout_redirect_uri=AFTER, state="s"))
    assert response.status_code == 200
    assert site.page.heading == "Sign out?"
    assert anna.email in site.page.text
    assert "https://shop.example" in response.headers["content-security-policy"]
    assert living() == 1
    answer = site.submit({}, button="Sign out", action="end-session")
    assert answer.headers["location"] == f"{AFTER}?state=s"
    assert living() == 0


def test_no_parameters_at_all_ask_as_well(site, anna):
    site.get("/oauth2/end-session")
    assert site.page.heading == "Sign out?"
    site.submit({}, button="Sign out", action="end-session")
    assert site.page.heading == "You are signed out"
    assert living() == 0


def test_a_hint_of_somebody_else_ends_nobodys_session(site, anna, make_account, shop):
    other = make_account()
    site.get(url(id_token_hint=id_token(other, shop), post_logout_redirect_uri=AFTER))
    assert site.response.headers["location"] == AFTER
    assert living() == 1


def test_an_account_that_is_not_the_current_one_is_asked_about(
    site, anna, make_account, sign_in, shop
):
    other = make_account()
    sign_in(site, other)
    site.get(url(id_token_hint=id_token(anna, shop), post_logout_redirect_uri=AFTER))
    assert site.page.heading == "Sign out?"
    assert anna.email in site.page.text
    assert living() == 2
    site.submit({}, button="Sign out", action="end-session")
    assert list(Session.objects.filter(ended_at=None).values_list("account", flat=True)) == [
        other.pk
    ]


def test_only_this_browsers_session_ends(site, anna, sign_in, shop):
    elsewhere = site.another_browser()
    sign_in(elsewhere, anna)
    site.get(url(id_token_hint=id_token(anna, shop)))
    assert living() == 1
    assert elsewhere.get("/settings/applications").status_code == 200


def test_nobody_signed_in_goes_straight_back(site, make_account, shop):
    hint = id_token(make_account(), shop)
    site.get(url(id_token_hint=hint, post_logout_redirect_uri=AFTER, state="s"))
    assert site.response.headers["location"] == f"{AFTER}?state=s"


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"post_logout_redirect_uri": AFTER + "?x=1"},
        {"post_logout_redirect_uri": AFTER + "/"},
        {"post_logout_redirect_uri": "https://shop.example/callback"},
        {"client_id": "someone-else"},
        {"id_token_hint": "not.a.token"},
    ],
)
def test_a_wrong_request_signs_nobody_out_and_leads_nowhere(site, anna, shop, changes):
    values = {
        "id_token_hint": id_token(anna, shop),
        "post_logout_redirect_uri": AFTER,
        "state": "s",
        **changes,
    }
    response = site.get(url(**values))
    assert response.status_code == 400
    assert "location" not in response.headers
    assert site.page.heading == "Nobody was signed out"
    assert living() == 1


def test_a_changed_hint_is_refused(site, anna, shop):
    head, body, signature = id_token(anna, shop).split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert site.get(url(id_token_hint=f"{head}.{body}.{flipped}")).status_code == 400
    assert site.get(url(id_token_hint=f"{head}.{body}.")).status_code == 400
    assert living() == 1


def test_an_address_without_its_application_is_refused(site, anna, shop):
    assert site.get(url(post_logout_redirect_uri=AFTER)).status_code == 400
    assert living() == 1


def test_a_posted_request_is_the_same_as_a_get(site, anna, shop):
    query = urlsplit(url(id_token_hint=id_token(anna, shop), state="s")).query
    response = site.request(
        "POST",
        "/oauth2/end-session",
        content=query,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "https://shop.example",
        },
    )
    assert response.status_code == 303
    assert living() == 1
    site.follow()
    assert living() == 0


def test_the_answer_needs_the_csrf_token(site, anna):
    response = site.post("/oauth2/end-session/confirm", {"account": anna.public_id}, csrf=False)
    assert response.status_code == 403
    assert living() == 1


def test_a_wrong_address_is_shown_and_stands_in_the_owners_log(site, anna, shop, owners):
    received = f"{AFTER}/<b id='evil'>"
    hint = id_token(anna, shop)
    assert site.get(url(id_token_hint=hint, post_logout_redirect_uri=received)).status_code == 400
    assert received in site.page.text
    assert site.page.by_id("evil") is None
    # Of what is registered a visitor learns nothing.
    assert f"<code>{AFTER}</code>" not in site.page.html
    event = ApplicationEvent.objects.get()
    assert event.kind == "logout_mismatch"
    assert event.detail == {"received": received, "registered": AFTER}
    assert (event.address, event.account) == ("192.0.2.10", None)
    assert hint not in str(event.detail)
    owners.get(f"/auth/applications/{shop.client_id}/log")
    assert "Address after signing out not registered" in owners.page.text
    marks = [each.text for each in owners.page.all("mark")]
    assert marks == ["/<b id='evil'>", "nothing here"]


def test_the_owner_adds_an_address_after_signing_out_from_the_log(site, anna, shop, owners):
    received = f"{AFTER}/"
    site.get(url(client_id=shop.client_id, post_logout_redirect_uri=received))
    owners.get(f"/auth/applications/{shop.client_id}/log")
    assert "A slash at the end is too much." in owners.page.text
    owners.click("Add this address")
    assert "The last address after signing out below" in owners.page.text
    assert owners.submit({}, button="Save").status_code == 302
    assert set(shop.redirect_uris.filter(use="logout").values_list("uri", flat=True)) == {
        AFTER,
        received,
    }
    assert shop.redirect_uris.filter(use="sign_in").count() == 1
    site.get(url(client_id=shop.client_id, post_logout_redirect_uri=received))
    assert site.page.heading == "Sign out?"


def test_other_faults_of_a_sign_out_leave_no_line(site, anna, shop):
    for values in (
        {"id_token_hint": "not.a.token", "post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "someone-else", "post_logout_redirect_uri": "https://evil.example/"},
        {"post_logout_redirect_uri": "https://evil.example/"},
    ):
        assert site.get(url(**values)).status_code == 400
        assert "evil.example" not in site.page.text
    assert not ApplicationEvent.objects.exists()
