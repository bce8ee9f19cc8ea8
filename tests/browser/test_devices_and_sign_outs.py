"""A device signed in from a phone, and the frames of the page after signing out, in a browser."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import httpx
import pytest

from hospes.demo.people import PASSWORD
from hospes.protocols.oauth.grants.device import DEVICE
from support.every_page import PEOPLE
from tests.browser.conftest import fill_sign_in

pytestmark = pytest.mark.browser

CALLBACK = "https://films.example/cb"
FRAME = "https://films.example/out"
AFTER = "https://films.example/bye"
# The demo's organization of the customer registers an application of its own.
REGISTER = f"""
import secrets
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
from hospes.organizations.queries import organizations_of
account = Account.objects.get(email={PEOPLE["customer"]!r})
made = register_application(
    RegisterApplication(
        Draft(
            type="web", name="Film box", redirect_uris=({CALLBACK!r},), logout_uris=({AFTER!r},),
            device_grant=True, frontchannel_logout_uri={FRAME!r}, pkce_required=False,
        ),
        secrets.token_urlsafe(30),
    ),
    organization=organizations_of(account).first(), acting_account=account, origin=SYSTEM,
)
import json
print(json.dumps([made.application.client_id, made.secret]))
"""


@pytest.fixture
def application(demo):
    """Return Client ID and secret of an application that signs devices in."""
    return json.loads(demo.python(REGISTER).splitlines()[-1])


def looked_at(page, axe):
    """Look at the page: one heading, no wider than the screen, accessible."""
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    axe(page)


def signed_in(demo, page):
    page.goto(f"{demo.url}/sign-in")
    fill_sign_in(page, PEOPLE["customer"], PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{demo.url}/device")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()


def begun(demo, application):
    """Return what a device is told that begins."""
    answer = httpx.post(
        f"{demo.url}/oauth2/device", data={"scope": "openid email"}, auth=tuple(application)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_device_is_signed_in_with_the_keyboard_alone(demo, new_page, axe, application, scheme):
    page = new_page(phone=True, color_scheme=scheme, viewport={"width": 320, "height": 700})
    signed_in(demo, page)
    told = begun(demo, application)
    looked_at(page, axe)
    page.goto(f"{demo.url}/device")
    # The field has the focus: whoever opens the page types.
    page.keyboard.type("zzzz")
    page.keyboard.press("Enter")
    page.get_by_text("A code has eight letters").first.wait_for()
    looked_at(page, axe)
    field = page.locator("#id_user_code")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(told["user_code"].lower())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign a device in to Film box").wait_for()
    assert page.get_by_text(told["user_code"]).is_visible()
    looked_at(page, axe)
    yes = page.get_by_role("button", name="Yes, sign it in")
    for _ in range(40):
        page.keyboard.press("Tab")
        if yes.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The device is being signed in").wait_for()
    looked_at(page, axe)
    answer = httpx.post(
        f"{demo.url}/token",
        data={"grant_type": DEVICE, "device_code": told["device_code"]},
        auth=tuple(application),
    )
    assert answer.status_code == 200, answer.text


def test_without_scripts_a_device_is_turned_away(demo, new_page, application):
    page = new_page(java_script_enabled=False)
    signed_in(demo, page)
    told = begun(demo, application)
    page.goto(told["verification_uri_complete"])
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("heading", name="The device was turned away").wait_for()


def test_frames_tell_applications_and_the_browser_goes_on(demo, new_page, axe, application):
    page = new_page(phone=True)
    loaded = []

    def site(route):
        loaded.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>Films</title><p>Films")

    page.context.route("https://films.example/**", site)
    signed_in(demo, page)
    asked = {
        "client_id": application[0], "redirect_uri": CALLBACK, "response_type": "code",
        "scope": "openid", "state": "s",
    }  # fmt: skip
    page.goto(f"{demo.url}/authorize?{urlencode(asked)}")
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(lambda url: url.startswith(CALLBACK))
    page.goto(f"{demo.url}/oauth2/end-session")
    page.get_by_role("button", name="Sign out").last.click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    looked_at(page, axe)
    (frame,) = [url for url in loaded if url.startswith(FRAME)]
    assert "sid=" in frame
    assert "iss=" in frame

    # Once more, with an address to go on to.
    signed_in(demo, page)
    answer = page.request.get(f"{demo.url}/authorize?{urlencode(asked)}", max_redirects=0)
    assert answer.headers["location"].startswith(f"{CALLBACK}?code=")
    loaded.clear()
    leaving = {"client_id": application[0], "post_logout_redirect_uri": AFTER}
    page.goto(f"{demo.url}/oauth2/end-session?{urlencode(leaving)}")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url(AFTER)
    assert [url.partition("?")[0] for url in loaded] == [FRAME, AFTER]
