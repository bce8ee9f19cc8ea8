"""A pushed authorization request at the authorization endpoint: one answer, to its own client."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from hospes.connect.models import Application, AuthorizationCode, Grant, PushedRequest
from hospes.connect.services.purge import purge
from hospes.foundation.services import numbers as number_services
from hospes.kit.origin import SYSTEM
from hospes.protocols.oauth import options
from hospes.protocols.oauth.options import ClientOptions
from support.authorizing import CALLBACK, CHALLENGE, answered, authorize_url
from support.people import PASSWORD
from support.racing import race

FORM = {
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid email",
    "state": "st-1",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def shop(register):
    return register()


def push(site, shop, **changes):
    form = {
        "client_id": shop.application.client_id,
        "client_secret": shop.secret,
        **FORM,
        **changes,
    }
    response = site.post("/oauth2/par", form, csrf=False)
    assert response.status_code == 201, response.text
    return response.json()["request_uri"]


def address(client_id, request_uri, **beside):
    return "/authorize?" + urlencode({"client_id": client_id, "request_uri": request_uri, **beside})


def ended(site):
    # Whoever reads it may have looked at the page a second time: no site made a mistake then.
    assert "mistake" not in site.page.text
    return site.page.heading == "This sign-in cannot go on" and "has ended" in site.page.text


@pytest.mark.standard("RFC 9126", "4")
def test_a_pushed_request_is_answered_once_and_only_what_was_pushed_counts(site, anna, shop):
    uri = push(site, shop)
    beside = {"scope": "openid phone", "state": "evil", "redirect_uri": "https://evil.example/"}
    where = address(shop.application.client_id, uri, **beside)
    # Looking at the page again uses nothing up.
    for _ in range(2):
        assert site.get(where).status_code == 200
        assert site.page.heading == "Sign in to Flower shop"
        assert "phone" not in site.page.text
    found, fields = answered(site.submit({}, button="Allow"))
    assert (found, fields["state"]) == (CALLBACK, "st-1")
    assert Grant.objects.get().scope == "email openid"
    assert PushedRequest.objects.get().used_at is not None
    assert site.get(where).status_code == 400
    assert ended(site)
    assert AuthorizationCode.objects.count() == 1


def test_signing_in_on_the_way_may_take_longer_than_the_request_lives(
    site, make_account, shop, clock
):
    account = make_account()
    site.get(address(shop.application.client_id, push(site, shop)))
    site.follow()
    clock.move(timedelta(minutes=10))
    site.submit({"email": account.email, "password": PASSWORD})
    site.follow()
    assert site.page.heading == "Sign in to Flower shop"
    assert answered(site.submit({}, button="Allow"))[0] == CALLBACK


@pytest.mark.standard("RFC 9126", "2.2")
def test_who_comes_too_late_is_told_and_gets_nothing(site, anna, shop, clock):
    where = address(shop.application.client_id, push(site, shop))
    clock.move(timedelta(seconds=91))
    assert site.get(where).status_code == 400
    assert ended(site)
    assert not Grant.objects.exists()


def test_another_application_cannot_use_it(site, anna, shop, register):
    other = register(name="Other shop").application
    uri = push(site, shop)
    assert site.get(address(other.client_id, uri)).status_code == 400
    assert ended(site)
    assert not Grant.objects.exists()
    assert site.get(address(shop.application.client_id, uri)).status_code == 200


@pytest.mark.parametrize("name", ["", "a" * 43, "é", "a&request_uri=b"])
def test_an_invented_name_leads_nowhere(site, anna, shop, name):
    where = f"/authorize?client_id={shop.application.client_id}"
    where += f"&request_uri=urn:ietf:params:oauth:request_uri:{name}"
    response = site.get(where)
    # The bare prefix is no name: it is an address that nobody offers to fetch.
    assert response.status_code == 400
    assert not Grant.objects.exists()


def test_a_no_is_an_answer_as_well(site, anna, shop):
    where = address(shop.application.client_id, push(site, shop))
    site.get(where)
    assert answered(site.submit({}, button="Cancel"))[1]["error"] == "access_denied"
    assert site.get(where).status_code == 400


def test_an_error_without_a_page_is_an_answer_as_well(site, shop):
    where = address(shop.application.client_id, push(site, shop, prompt="none"))
    assert answered(site.get(where))[1]["error"] == "login_required"
    assert site.get(where).status_code == 400


def test_of_two_decisions_at_once_one_gets_a_code(site, anna, shop):
    site.get(address(shop.application.client_id, push(site, shop)))
    form = site.page.form("/authorize/consent")
    fields = {**form.fields, "decision": "allow"}
    answers = [site.post(form.action, fields).status_code for _ in range(2)]
    assert answers == [303, 400]
    assert AuthorizationCode.objects.count() == Grant.objects.count() == 1


def test_a_race_for_one_request_has_one_winner(site, shop):
    from hospes.connect.services import pushed_requests

    push(site, shop)
    row = PushedRequest.objects.get()

    def use(_number):
        try:
            pushed_requests.use(row.pk, now=5)
        except pushed_requests.AlreadyAnswered:
            return False
        return True

    assert sorted(race(use, threads=6)) == [False] * 5 + [True]


def test_what_was_pushed_is_judged_again(site, anna, shop):
    where = address(shop.application.client_id, push(site, shop))
    shop.application.redirect_uris.all().delete()
    assert site.get(where).status_code == 400
    assert not Grant.objects.exists()


@pytest.mark.standard("RFC 9126", "5")
@pytest.mark.parametrize(
    "said",
    [ClientOptions(require_pushed_authorization_requests=True), ClientOptions(profile="fapi2")],
)
def test_who_has_to_push_gets_nothing_by_an_address(site, anna, shop, said):
    Application.objects.update(options=options.write(said))
    _, fields = answered(site.get(authorize_url(shop.application)))
    assert fields["error"] == "invalid_request"
    assert "push" in fields["error_description"]
    assert not Grant.objects.exists()


def test_a_code_is_bound_to_the_key_that_the_request_names(site, anna, shop):
    site.get(address(shop.application.client_id, push(site, shop, dpop_jkt="k" * 43)))
    site.submit({}, button="Allow")
    assert AuthorizationCode.objects.get().bound_to == "jkt:" + "k" * 43


def test_so_is_one_of_a_plain_request(site, anna, application):
    site.get(authorize_url(application, dpop_jkt="j" * 43))
    site.submit({}, button="Allow")
    assert AuthorizationCode.objects.get().bound_to == "jkt:" + "j" * 43


def test_a_form_post_answer_may_leave_for_the_site(site, anna, shop):
    uri = push(site, shop, response_mode="form_post")
    site.get(address(shop.application.client_id, uri))
    response = site.submit({}, button="Allow")
    policy = response.headers["content-security-policy"]
    assert "form-action 'self' https://shop.example;" in policy


def test_old_ones_are_purged(site, shop, clock):
    push(site, shop)
    clock.move(timedelta(hours=12))
    purge()
    assert PushedRequest.objects.exists()
    clock.move(timedelta(hours=13))
    purge()
    assert not PushedRequest.objects.exists()


@pytest.mark.standard("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(("profile", "seconds"), [("default", 300), ("fapi2", 60)])
def test_a_strict_profile_bounds_the_codes_life_whatever_the_setting_says(
    site, anna, shop, profile, seconds
):
    number_services.change("connect.code_seconds", 300, acting_account_id=None, origin=SYSTEM)
    where = address(shop.application.client_id, push(site, shop))
    Application.objects.update(options=options.write(ClientOptions(profile=profile)))
    site.get(where)
    site.submit({}, button="Allow")
    found = AuthorizationCode.objects.get()
    assert found.expires_at == found.grant.created_at + seconds


def test_the_name_of_a_request_is_kept_as_a_hash_only(site, shop):
    name = push(site, shop).rpartition(":")[2]
    assert name not in str(list(PushedRequest.objects.values()))
