"""The authorization endpoint: who is asked what, and where the answer goes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from hospes.connect.models import AuthorizationCode, Consent, Grant, Token
from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry
from support.authorizing import CALLBACK, CHALLENGE, answered, authorize_url
from support.people import PASSWORD


def nothing_was_given():
    return not any(model.objects.exists() for model in (Grant, AuthorizationCode, Token, Consent))


def allow(site):
    return site.submit({}, button="Allow")


def enter(site, account):
    return site.submit({"email": account.email, "password": PASSWORD})


# ---- the way through -----------------------------------------------------------------------------


def test_consent_names_the_application_its_maker_and_the_scopes(site, anna, register):
    application = register(
        website="https://www.shop.example/", privacy_url="https://shop.example/privacy"
    ).application
    response = site.get(authorize_url(application))
    assert response.status_code == 200
    assert site.page.heading == "Sign in to Flower shop"
    for words in (
        "www.shop.example",
        "registered by Olga Owner",
        anna.email,
        "Use another account",
        "See your e-mail address",
        "See your name, picture, language and time zone",
        "Privacy policy",
        "You go back to shop.example.",
    ):
        assert words in site.page.text
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "form-action 'self' https://shop.example;" in response.headers["content-security-policy"]
    assert "no-store" in response.headers["cache-control"]
    assert nothing_was_given()


def test_allowing_gives_a_code_that_stands_only_as_a_hash(site, anna, application):
    site.get(authorize_url(application))
    response = allow(site)
    assert response.status_code == 303
    address, fields = answered(response)
    assert address == CALLBACK
    assert (fields["state"], fields["iss"]) == ("st-1", "https://hospes.test")
    code = AuthorizationCode.objects.get()
    assert code.code_hash == hashlib.sha256(fields["code"].encode()).hexdigest()
    assert (code.redirect_uri, code.code_challenge) == (CALLBACK, CHALLENGE)
    assert code.expires_at == pytest.approx(product_clock.timestamp() + 60, abs=3)
    assert code.grant.account == anna
    assert code.grant.nonce == "n-1"
    assert code.grant.amr == "pwd"
    assert code.grant.scope == "email openid profile"
    assert Consent.objects.get().scope == "email openid profile"
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert "connect.consent_given" in actions
    assert "connect.signed_in" in actions
    assert fields["code"] not in str(list(AuditEntry.objects.values()))


def test_the_same_scopes_are_asked_for_once_and_more_are_asked_again(site, anna, application):
    site.get(authorize_url(application))
    allow(site)
    for scope in ("openid profile email", "openid", "openid email"):
        response = site.get(authorize_url(application, scope=scope))
        assert answered(response)[0] == CALLBACK
    assert Grant.objects.count() == 4
    assert site.get(authorize_url(application, scope="openid phone")).status_code == 200
    allow(site)
    assert Consent.objects.get().scope == "email openid phone profile"
    everything = authorize_url(application, scope="openid phone profile email")
    assert answered(site.get(everything))[0] == CALLBACK


def test_cancelling_tells_the_application_and_gives_nothing(site, anna, application):
    site.get(authorize_url(application))
    address, fields = answered(site.submit({}, button="Cancel"))
    assert address == CALLBACK
    assert fields["error"] == "access_denied"
    assert fields["state"] == "st-1"
    assert fields["iss"] == "https://hospes.test"
    assert nothing_was_given()


def test_allowing_twice_does_no_harm(site, anna, application):
    site.get(authorize_url(application))
    form = site.page.form("/authorize/consent")
    fields = {**form.fields, "decision": "allow"}
    codes = {answered(site.post(form.action, fields))[1]["code"] for _ in range(2)}
    assert len(codes) == 2
    assert Consent.objects.count() == 1
    assert AuthorizationCode.objects.filter(used_at=None).count() == 2


def test_a_decision_without_the_csrf_token_gives_nothing(site, anna, application):
    site.get(authorize_url(application))
    form = site.page.form("/authorize/consent")
    fields = {"account": anna.public_id, "decision": "allow"}
    assert site.post(form.action, fields, csrf=False).status_code == 403
    assert nothing_was_given()


def test_a_decision_of_another_account_than_shown_begins_again(
    site, anna, make_account, sign_in, application
):
    site.get(authorize_url(application))
    form = site.page.form("/authorize/consent")
    sign_in(site, make_account())
    response = site.post(form.action, {**form.fields, "decision": "allow"})
    assert response.status_code == 302
    assert site.location.startswith("/authorize?")
    assert nothing_was_given()


# ---- signing in on the way -----------------------------------------------------------------------


def test_signing_in_on_the_way_comes_back_to_the_request(site, make_account, application):
    account = make_account()
    site.get(authorize_url(application, login_hint=account.email))
    assert site.location.startswith("/sign-in?next=%2Fauthorize%3F")
    page = site.follow()
    assert "https://shop.example" in page.headers["content-security-policy"]
    enter(site, account)
    site.follow()
    assert site.page.heading == "Sign in to Flower shop"
    assert answered(allow(site))[1]["state"] == "st-1"


def test_the_request_may_be_posted_from_the_applications_own_site(site, anna, application):
    query = urlsplit(authorize_url(application)).query
    response = site.request(
        "POST",
        "/authorize",
        content=query,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "https://shop.example",
        },
    )
    assert response.status_code == 303
    site.follow()
    assert site.page.heading == "Sign in to Flower shop"


def test_prompt_login_asks_once_for_the_password_and_does_not_loop(site, anna, application):
    site.get(authorize_url(application))
    allow(site)
    first = Grant.objects.get().auth_time
    site.get(authorize_url(application, prompt="login"))
    assert site.location.startswith("/sign-in/confirm?")
    site.follow()
    site.submit({"password": PASSWORD})
    response = site.follow()
    assert answered(response)[0] == CALLBACK
    assert Grant.objects.order_by("pk").last().auth_time >= first
    assert "st-1" in response.headers["location"]
    site.get(authorize_url(application, prompt="login"))
    assert site.location.startswith("/sign-in/confirm?")


def test_an_application_cannot_pretend_that_prompt_login_was_answered(site, anna, application):
    site.get(authorize_url(application))
    allow(site)
    site.get(authorize_url(application, prompt="login"))
    mark = parse_qs(urlsplit(parse_qs(urlsplit(site.location).query)["next"][0]).query)[
        "hospes_progress"
    ][0]
    forged = (mark[:-4] + "AAAA", "x", quote(mark))
    for value in forged:
        other = authorize_url(application, prompt="login", state="other", hospes_progress=value)
        site.get(other)
        assert site.location.startswith("/sign-in/confirm?")
    assert Grant.objects.count() == 1


def test_a_request_kept_for_later_does_not_answer_prompt_login(site, anna, application, clock):
    """Its mark says when it arrived; kept, any later sign-in would seem to be the answer."""
    stranger = site.another_browser()
    stranger.get(authorize_url(application, prompt="login"))
    kept = parse_qs(urlsplit(stranger.location).query)["next"][0]
    site.get(authorize_url(application))
    allow(site)
    clock.move(timedelta(minutes=61))
    site.get("/sign-in?reauth=1")
    site.submit({"email": anna.email, "password": PASSWORD})
    site.get(kept)
    assert site.location.startswith("/sign-in/confirm?")


def test_max_age_asks_for_the_password_when_the_sign_in_is_older(site, anna, application, clock):
    site.get(authorize_url(application))
    allow(site)
    clock.move(timedelta(minutes=10))
    assert answered(site.get(authorize_url(application, max_age="10000")))[0] == CALLBACK
    site.get(authorize_url(application, max_age="300"))
    assert site.location.startswith("/sign-in/confirm?")
    site.follow()
    site.submit({"password": PASSWORD})
    assert answered(site.follow())[0] == CALLBACK


def test_prompt_select_account_shows_the_chooser_once(site, anna, application):
    site.get(authorize_url(application, prompt="select_account"))
    assert site.location.startswith("/sign-in/choose?next=")
    back = parse_qs(urlsplit(site.location).query)["next"][0]
    site.get(back)
    assert site.page.heading == "Sign in to Flower shop"


def test_prompt_consent_asks_again(site, anna, application):
    site.get(authorize_url(application))
    allow(site)
    site.get(authorize_url(application, prompt="consent"))
    assert site.page.heading == "Sign in to Flower shop"
    assert answered(allow(site))[0] == CALLBACK


@pytest.mark.parametrize(
    ("standing", "changes", "error"),
    [
        ("nobody", {}, "login_required"),
        ("signed in", {}, "consent_required"),
        ("consented", {"max_age": "0"}, "login_required"),
        ("consented", {}, None),
    ],
)
def test_prompt_none_never_shows_a_page(  # noqa: PLR0917 - one case, all its values
    site, make_account, sign_in, application, clock, standing, changes, error
):
    if standing != "nobody":
        account = make_account()
        sign_in(site, account)
        if standing == "consented":
            Consent.objects.create(
                account=account,
                application=application,
                scope="email openid profile",
                granted_at=1,
            )
        clock.move(timedelta(seconds=5))
    _, fields = answered(site.get(authorize_url(application, prompt="none", **changes)))
    assert fields.get("error") == error
    assert ("code" in fields) == (error is None)
    assert fields["state"] == "st-1"


# ---- answers -------------------------------------------------------------------------------------


def test_form_post_sends_the_answer_in_a_form_with_a_visible_button(site, anna, application):
    site.get(authorize_url(application, response_mode="form_post"))
    response = allow(site)
    assert response.status_code == 200
    form = site.page.form("https://shop.example")
    assert form.action == CALLBACK
    assert set(form.fields) == {"code", "state", "iss"}
    assert form.buttons[0][2] == "Continue"
    policy = response.headers["content-security-policy"]
    assert "https://shop.example" in policy
    assert "unsafe" not in policy
    assert "no-store" in response.headers["cache-control"]


def test_a_mobile_app_is_answered_at_its_own_scheme(site, anna, register):
    app = register(type="mobile", redirect_uris=("com.example.app:/callback",)).application
    response = site.get(authorize_url(app, redirect_uri="com.example.app:/callback"))
    assert "com.example.app:" in response.headers["content-security-policy"]
    assert allow(site).headers["location"].startswith("com.example.app:/callback?code=")


def test_a_loopback_app_may_use_any_port(site, anna, register):
    app = register(type="mobile", redirect_uris=("http://127.0.0.1/cb",)).application
    site.get(authorize_url(app, redirect_uri="http://127.0.0.1:51234/cb"))
    assert allow(site).headers["location"].startswith("http://127.0.0.1:51234/cb?code=")


# ---- wrong requests ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "unknown"},
        {"client_id": "\ud83d".encode("utf-8", "replace").decode()},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": "https://shop.example:443/callback"},
        {"redirect_uri": "HTTPS://shop.example/callback"},
        {"redirect_uri": "https://shop.example/x/../callback"},
        {"redirect_uri": "https://shop.example@evil.example/callback"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_a_request_that_could_lead_elsewhere_is_shown_and_never_redirected(
    site, anna, application, changes
):
    response = site.get(authorize_url(application, **changes))
    assert response.status_code == 400
    assert "location" not in response.headers
    assert site.page.heading == "This sign-in cannot go on"
    assert "evil.example" not in response.headers["content-security-policy"]
    assert not [link for link in site.page.links if "evil" in link.href or "java" in link.href]
    assert nothing_was_given()


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_repeated_client_or_address_is_shown_and_never_redirected(site, anna, application, name):
    url = authorize_url(application) + "&" + urlencode({name: "https://evil.example/"})
    assert site.get(url).status_code == 400
    assert nothing_was_given()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "nothing-known"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "https://shop.example/r"}, "request_uri_not_supported"),
    ],
)
def test_other_faults_are_told_to_the_application(site, anna, application, changes, error):
    address, fields = answered(site.get(authorize_url(application, **changes)))
    assert address == CALLBACK
    assert fields["error"] == error
    assert fields["state"] == "st-1"
    assert fields["iss"] == "https://hospes.test"
    assert nothing_was_given()


def test_a_repeated_parameter_is_told_to_the_application(site, anna, application):
    _, fields = answered(site.get(authorize_url(application) + "&nonce=second"))
    assert fields["error"] == "invalid_request"
    assert nothing_was_given()


def test_a_machine_has_no_sign_in_page(site, anna, register):
    machine = register(type="other").application
    _, fields = answered(site.get(authorize_url(machine)))
    assert fields["error"] == "unauthorized_client"
    assert nothing_was_given()


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 400),
        ("application/x-www-form-urlencoded", b"client_id=%ff", 400),
        ("application/x-www-form-urlencoded", b"client_id=%00", 400),
        ("application/x-www-form-urlencoded", b"a" * 7000, 400),
    ],
)
def test_damaged_posts_are_told_on_a_page(site, anna, content_type, body, status):
    response = site.request(
        "POST", "/authorize", content=body, headers={"Content-Type": content_type}
    )
    assert response.status_code == status
    assert nothing_was_given()


def test_an_application_deleted_while_the_page_was_open_gets_nothing(site, anna, application):
    site.get(authorize_url(application))
    application.delete()
    assert allow(site).status_code == 400
    assert nothing_was_given()
