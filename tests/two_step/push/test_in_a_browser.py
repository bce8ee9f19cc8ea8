"""Waiting for the phone and linking one, in a real browser with scripts and without."""

from __future__ import annotations

import itertools
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from support.people import PASSWORD
from support.phones import Phone
from support.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from support.server import Server

pytestmark = pytest.mark.browser

MAKE = """
import json
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support import people, phones
account = people.make_account({email!r})
phone = phones.give_phone(account) if {phone} else None
key = phone and phone.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
print(json.dumps([phone and phone.token, key]))
"""
_numbers = itertools.count(1)


def person(server: Server, *, phone: bool = True) -> tuple[str, Phone]:
    """Make an account at the server; return its address and its phone, linked or not."""
    email = f"push.{next(_numbers)}.{time.time_ns()}@customer.example"
    token, key = json.loads(server.python(MAKE.format(email=email, phone=phone)))
    made = Phone(issuer=server.url, token=token or "", site=Site(server=server.url))
    if key:
        made.key = load_pem_private_key(key.encode(), None)  # type: ignore[assignment]
    return email, made


def sign_in(page: Page, server: Server, email: str, onward: str = "/settings/profile") -> None:
    page.goto(f"{server.url}/sign-in?next={onward}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")


def answer(phone: Phone, number: str) -> None:
    found = phone.challenge()
    assert found is not None
    assert phone.approve(found, number).status_code == 200


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
def test_the_page_goes_on_by_itself_within_a_second(
    running_server: Server, new_page: Callable[..., Page], axe: Any, *, phone: bool
) -> None:
    email, pocket = person(running_server)
    page = new_page(phone=phone)
    sign_in(page, running_server, email)
    page.wait_for_url("**/sign-in/verify")
    page.wait_for_selector("[data-push-status]:has-text('Waiting for your phone.')")
    axe(page)
    assert page.locator("main").get_by_text("We asked Fairphone 5.").is_visible()
    assert not page.locator("button:has-text('I have approved it')").is_visible()
    page.check("[name=trust]")
    answer(pocket, page.inner_text(".push-number__value"))
    begun = time.monotonic()
    page.wait_for_url("**/settings/profile")
    # The page asks every 0.7 s; the rest is what the two pages take on a busy machine.
    assert time.monotonic() - begun < 3
    rows = running_server.rows(
        "SELECT s.amr, (SELECT count(*) FROM identity_trusted_browser t WHERE t.account_id = a.id)"
        " FROM identity_session s JOIN identity_account a ON a.id = s.account_id"
        " WHERE a.email = ? AND s.ended_at IS NULL",
        email,
    )
    assert [(json.loads(amr), trusts) for amr, trusts in rows] == [(["mfa", "pwd", "swk"], 1)]


def test_the_browser_notices_within_a_second(
    running_server: Server, new_page: Callable[..., Page]
) -> None:
    email, pocket = person(running_server)
    page = new_page()
    sign_in(page, running_server, email)
    page.wait_for_selector("[data-push-status]:has-text('Waiting for your phone.')")
    number = page.inner_text(".push-number__value")
    with page.expect_request("**/sign-in/verify/push", timeout=5000):
        answer(pocket, number)
        begun = time.monotonic()
    assert time.monotonic() - begun < 1.2


def test_without_scripts_there_is_a_button(
    running_server: Server, new_page: Callable[..., Page]
) -> None:
    email, pocket = person(running_server)
    page = new_page(java_script_enabled=False)
    sign_in(page, running_server, email)
    page.wait_for_url("**/sign-in/verify")
    number = page.inner_text(".push-number__value")
    page.click("button:has-text('I have approved it')")
    page.wait_for_url("**/sign-in/verify?way=authenticator")
    assert page.inner_text(".push-number__value") == number
    answer(pocket, number)
    page.click("button:has-text('I have approved it')")
    page.wait_for_url("**/settings/profile")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
def test_a_no_turns_the_page_by_itself_and_three_leave_other_ways(
    running_server: Server, new_page: Callable[..., Page], axe: Any, *, phone: bool
) -> None:
    email, pocket = person(running_server)
    page = new_page(phone=phone)
    sign_in(page, running_server, email)
    for _ in range(2):
        page.wait_for_selector("[data-push-status]:has-text('Waiting for your phone.')")
        found = pocket.challenge()
        assert found is not None
        pocket.refuse(found)
        page.wait_for_selector("text=The sign-in was refused on the phone.")
        axe(page)
        page.click("button:has-text('Ask the phone again')")
    page.wait_for_selector("[data-push-status]:has-text('Waiting for your phone.')")
    assert not page.locator("button:has-text('Ask again')").is_visible()
    found = pocket.challenge()
    assert found is not None
    pocket.refuse(found)
    page.wait_for_selector("text=For now please use another way.")
    axe(page)
    assert not page.locator("button:has-text('Ask the phone again')").is_visible()
    page.click("summary:has-text('Use another way')")
    assert page.locator("main a:has-text('Code from your app')").is_visible()


def test_a_connection_that_is_interrupted_is_said_and_comes_back(
    running_server: Server, new_page: Callable[..., Page]
) -> None:
    email, pocket = person(running_server)
    page = new_page()
    sign_in(page, running_server, email)
    page.wait_for_selector("[data-push-status]:has-text('Waiting for your phone.')")
    page.context.set_offline(True)
    page.wait_for_selector("[data-push-status]:has-text('The connection is interrupted.')")
    answer(pocket, page.inner_text(".push-number__value"))
    page.context.set_offline(False)
    page.wait_for_url("**/settings/profile")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
def test_linking_a_phone_by_its_code(
    running_server: Server, new_page: Callable[..., Page], axe: Any, *, phone: bool
) -> None:
    email, pocket = person(running_server, phone=False)
    page = new_page(phone=phone)
    sign_in(page, running_server, email, "/settings/two-step/authenticator")
    page.wait_for_url("**/settings/two-step/authenticator")
    axe(page)
    page.click("button:has-text('Show the code')")
    page.wait_for_selector("[data-link-status]:has-text('Waiting for the phone.')")
    axe(page)
    box = page.locator(".link-phone__code svg").bounding_box()
    assert box is not None
    assert box["width"] >= 180
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert pocket.link(code=page.inner_text(".link-phone__typed")).status_code == 201
    page.wait_for_selector("h1:has-text('Your phone is linked')")
    axe(page)
    assert page.locator("dd:has-text('Fairphone 5')").is_visible()
    page.click("a:has-text('Remove this phone')")
    page.wait_for_url("**/remove")
    assert page.locator("main").get_by_text("Fairphone 5").first.is_visible()


def test_linking_without_scripts(running_server: Server, new_page: Callable[..., Page]) -> None:
    email, pocket = person(running_server, phone=False)
    page = new_page(java_script_enabled=False)
    sign_in(page, running_server, email, "/settings/two-step/authenticator")
    page.click("button:has-text('Show the code')")
    code = page.inner_text(".link-phone__typed")
    page.click("a:has-text('I have linked it')")
    page.wait_for_selector("h1:has-text('No phone was linked yet')")
    assert pocket.link(code=code).status_code == 201
    page.click("a:has-text('Look again')")
    page.wait_for_selector("h1:has-text('Your phone is linked')")


def test_this_very_device(running_server: Server, new_page: Callable[..., Page], axe: Any) -> None:
    email, pocket = person(running_server, phone=False)
    page = new_page(phone=True)
    sign_in(page, running_server, email, "/2fa/authorize")
    page.wait_for_url("**/2fa/authorize")
    axe(page)
    page.route("**/authenticator/**", lambda route: route.fulfill(status=200, body=""))
    page.click("button:has-text('Authorize')")
    page.wait_for_url("**/authenticator/#link=*")
    token = re.sub(r".*#link=", "", page.url)
    assert pocket.link(token=token).status_code == 201
