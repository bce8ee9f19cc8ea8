"""The pages that link a phone: who may open them, whose they are, and the way back out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hospes.identity.models import AuthenticatorLink, Method
from support.people import PASSWORD
from support.phones import Phone, give_phone
from support.site import Site

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from support.moving import Clock

LINK = "/settings/two-step/authenticator"
AUTHORIZE = "/2fa/authorize"


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


def show_code(site: Site) -> str:
    site.get(LINK)
    site.submit({}, button="Show the code")
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", site.page.text)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("path", [LINK, AUTHORIZE])
def test_a_visitor_signs_in_first(site: Site, path: str) -> None:
    site.get("/sign-in")
    for method in ("GET", "POST"):
        site.get(path) if method == "GET" else site.post(path)
        assert site.location.startswith("/sign-in?next=")
    assert not AuthenticatorLink.objects.exists()


@pytest.mark.parametrize("path", [LINK, AUTHORIZE])
def test_the_password_must_be_fresh(
    site: Site, account: Account, sign_in: Any, clock: Clock, path: str
) -> None:
    sign_in(site, account)
    site.get("/settings/profile")
    clock.move(timedelta(minutes=16))
    site.post(path)
    assert site.location.startswith("/sign-in/confirm?next=")
    assert not AuthenticatorLink.objects.exists()


@pytest.mark.parametrize("path", [LINK, AUTHORIZE])
def test_a_password_alone_links_no_further_phone(
    site: Site, account: Account, sign_in: Any, path: str
) -> None:
    give_phone(account)
    sign_in(site, account)
    site.get("/settings/profile")
    site.post(path)
    assert site.location == "/sign-in/verify"
    assert not AuthenticatorLink.objects.exists()
    sign_in(site, account, amr=("pwd", "swk", "mfa"))
    site.post(path)
    assert AuthenticatorLink.objects.count() == 1


def test_looking_makes_no_code_and_the_form_needs_its_token(
    site: Site, account: Account, sign_in: Any
) -> None:
    sign_in(site, account)
    site.get(LINK)
    site.get(AUTHORIZE)
    for path in (LINK, AUTHORIZE):
        site.post(path, csrf=False)
        assert site.response is not None
        assert site.response.status_code == 403
    assert not AuthenticatorLink.objects.exists()


def test_the_qr_code_is_the_one_of_the_address(site: Site, account: Account, sign_in: Any) -> None:
    sign_in(site, account)
    show_code(site)
    assert site.response is not None
    assert site.response.headers["cache-control"] == "no-store"
    assert "<svg" in site.response.text
    # The token stands in the picture alone.
    link = AuthenticatorLink.objects.get()
    assert link.browser is not None
    assert "#link=" not in site.response.text


def test_whoever_types_the_code_learns_where_the_app_is(
    site: Site, account: Account, sign_in: Any
) -> None:
    sign_in(site, account)
    show_code(site)
    assert "Authenticator at https://hospes.test/authenticator/ on the phone" in site.page.text
    assert site.get("https://hospes.test/authenticator/").status_code == 200


def test_authorizing_can_be_given_up(site: Site, account: Account, sign_in: Any) -> None:
    sign_in(site, account)
    site.get(AUTHORIZE)
    assert site.page.link("Cancel").href == "/settings/two-step"
    assert not AuthenticatorLink.objects.exists()


def test_this_device_is_led_to_the_app_with_a_token_that_links_it(
    site: Site, account: Account, sign_in: Any
) -> None:
    sign_in(site, account)
    site.get(AUTHORIZE)
    assert account.email in site.page.text
    site.submit({}, button="Authorize")
    page, _, token = site.location.partition("#link=")
    assert page == "/authenticator/"
    phone = Phone()
    assert phone.link(token=token).status_code == 201
    assert phone.linked["account"]["id"] == account.public_id


def test_what_became_of_a_code_is_its_owners_to_know(
    site: Site, account: Account, sign_in: Any, make_account: Any, clock: Clock
) -> None:
    sign_in(site, account)
    code = show_code(site)
    link = AuthenticatorLink.objects.get()
    path = f"{LINK}/{link.public_id}"
    assert site.get(f"{path}/state").json() == {"state": "waiting"}
    stranger = Site()
    sign_in(stranger, make_account())
    for address in (path, f"{path}/state"):
        assert stranger.get(address).status_code == 404
        assert Site().get(address).status_code == 302
    assert Phone().link(code=code).status_code == 201
    assert site.get(f"{path}/state").json() == {"state": "linked"}
    site.get(path)
    assert "Fairphone 5" in site.page.text
    method = Method.objects.get()
    assert site.page.link("Remove this phone").href.endswith(f"{method.public_id}/remove")


def test_a_code_that_ran_out(site: Site, account: Account, sign_in: Any, clock: Clock) -> None:
    sign_in(site, account)
    show_code(site)
    link = AuthenticatorLink.objects.get()
    clock.move(timedelta(minutes=11))
    assert site.get(f"{LINK}/{link.public_id}/state").json() == {"state": "expired"}
    site.get(f"{LINK}/{link.public_id}")
    assert "The code has run out" in site.page.text


def test_a_strangers_phone_is_removed_without_asking_that_phone(
    site: Site, account: Account, sign_in: Any
) -> None:
    sign_in(site, account)
    code = show_code(site)
    stranger = Phone()
    assert stranger.link(code=code).status_code == 201
    method = Method.objects.get()
    site.get(f"/settings/two-step/{method.public_id}/remove")
    assert site.response is not None
    assert site.response.status_code == 200
    site.submit({"password": PASSWORD, "meant": "on"}, action="")
    method.refresh_from_db()
    assert method.removed_at is not None
    assert stranger.ask("GET", "1/devices/current").status_code == 401


def test_another_sign_in_of_the_account_does_not_get_past_the_phone(
    site: Site, account: Account, sign_in: Any
) -> None:
    elsewhere = Site(ip="198.51.100.7")
    sign_in(elsewhere, account)
    sign_in(site, account)
    assert Phone().link(code=show_code(site)).status_code == 201
    method = Method.objects.get()
    elsewhere.get(f"/settings/two-step/{method.public_id}/remove")
    assert elsewhere.location == "/sign-in/verify"
    # Nor does this browser once it signs in anew.
    sign_in(site, account)
    site.get(f"/settings/two-step/{method.public_id}/remove")
    assert site.location == "/sign-in/verify"
