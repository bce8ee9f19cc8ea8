"""A computer and a phone at a real server: linking, YES, NO, and the code without a network."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest

from support import run
from support.authenticator import App
from support.people import PASSWORD

pytestmark = pytest.mark.browser

NAME = "Anna Keller"


class Walk:
    """One person with a computer and a phone."""

    def __init__(self, server, new_page, email):
        self.server, self.new_page, self.email = server, new_page, email
        self.phone = App(new_page(phone=True), server.url)
        self.computer = new_page()
        server.python(f"from support import people; people.make_account({email!r})")

    def sign_in(self, page=None, path="/sign-in"):
        """Give the password; return the page."""
        page = page or self.computer
        page.goto(f"{self.server.url}{path}")
        page.fill("main input[name=email]", self.email)
        page.fill("main input[name=password]", PASSWORD)
        page.click("main form:has(input[name=password]) button[type=submit]")
        return page

    def link_by_typed_code(self):
        """Link the phone with the code that the computer shows."""
        page = self.sign_in()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(f"{self.server.url}/settings/two-step/authenticator")
        page.click("main form.card button[type=submit]")
        code = page.locator(".link-phone__typed").inner_text()
        self.phone.open("#/type")
        self.phone.page.fill("#code", code)
        self.phone.press("Continue")
        self.phone.heading(f"Link this phone to {NAME} at Alpenhost?")
        self.phone.press("Link this phone")
        self.phone.heading("Your backup codes")
        codes = self.phone.page.locator(".backup li").all_inner_texts()
        self.phone.press("I have kept the codes")
        self.phone.page.locator(".account").wait_for()
        # The computer has gone on by itself.
        page.get_by_role("heading", name="Your phone is linked").wait_for()
        return codes

    def asked(self):
        """Sign in on a fresh computer up to the second step; return the page and its number."""
        page = self.sign_in(self.new_page())
        page.wait_for_url("**/sign-in/verify**")
        number = page.locator(".push-number__value").inner_text().strip()
        self.phone.heading("Is it you signing in?")
        return page, number

    def challenge(self):
        """Return the state and the answering phone of the newest challenge."""
        return self.server.rows(
            "SELECT c.state, c.answered_by_id FROM identity_challenge c JOIN identity_account a"
            " ON a.id = c.account_id WHERE a.email = ? ORDER BY c.id DESC LIMIT 1",
            self.email,
        )[0]


@pytest.fixture
def walk(running_server, new_page, request):
    return Walk(running_server, new_page, f"{request.node.name[5:40]}@walk.example")


def signed_in(page):
    return urlsplit(page.url).path == "/"


def test_yes_with_the_number_lets_the_computer_on_by_itself(walk):
    codes = walk.link_by_typed_code()
    assert len(set(codes)) == 10
    page, number = walk.asked()
    shown = walk.phone.page.locator(".request").inner_text()
    assert walk.email in shown
    assert "127.0.0.1" in shown

    walk.phone.press("Yes")
    wrong = f"{(int(number) + 1) % 100:02}"
    walk.phone.page.fill("#number", wrong)
    walk.phone.press("Confirm")
    walk.phone.page.get_by_text("Tries left: 1").wait_for()
    assert walk.challenge() == ("open", None)
    walk.phone.page.fill("#number", number)
    began = time.monotonic()
    walk.phone.press("Confirm")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    assert time.monotonic() - began < 5
    assert signed_in(page)
    walk.phone.heading("Confirmed")
    state, phone = walk.challenge()
    assert state == "approved"
    assert phone


def test_no_refuses_the_sign_in(walk):
    walk.link_by_typed_code()
    page, _number = walk.asked()

    walk.phone.press("No")
    walk.phone.heading("Refused")

    page.get_by_text("The sign-in was refused on the phone.").wait_for()
    assert walk.challenge()[0] == "refused"
    page.goto(f"{walk.server.url}/settings/profile")
    assert urlsplit(page.url).path.startswith("/sign-in")


def test_the_code_of_a_phone_without_a_network_opens_the_door_once(walk):
    walk.link_by_typed_code()
    walk.phone.controlled()
    walk.phone.page.context.set_offline(True)
    walk.phone.open()
    walk.phone.page.get_by_text("No network", exact=True).wait_for()

    page = walk.sign_in(walk.new_page())
    page.wait_for_url("**/sign-in/verify**")
    page.locator("summary", has_text="Use another way").click()
    page.locator("a.account-row", has_text="code").first.click()
    code = walk.phone.code(NAME)
    page.fill("main input[name=code]", code)
    page.click("main form:has(input[name=code]) button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert signed_in(page)

    again = walk.sign_in(walk.new_page())
    again.wait_for_url("**/sign-in/verify**")
    again.locator("summary", has_text="Use another way").click()
    again.locator("a.account-row", has_text="code").first.click()
    again.fill("main input[name=code]", code)
    again.click("main form:has(input[name=code]) button[type=submit]")
    again.wait_for_load_state()
    assert urlsplit(again.url).path.startswith("/sign-in/verify"), "a code was used twice"


def test_a_phone_links_itself_without_a_computer(walk):
    page = walk.phone.page
    walk.phone.open("#/add")
    page.get_by_role("link", name="Sign in on this phone").click()
    page.fill("main input[name=email]", walk.email)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.get_by_role("button", name="Authorize").click()

    walk.phone.heading(f"Link this phone to {NAME} at Alpenhost?")
    assert "#link" not in page.url
    walk.phone.press("Link this phone")
    walk.phone.heading("Your backup codes")
    walk.phone.press("I have kept the codes")
    page.locator(".account").wait_for()
    computer, number = walk.asked()
    walk.phone.press("Yes")
    page.fill("#number", number)
    walk.phone.press("Confirm")
    computer.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_link_is_good_for_one_phone(walk):
    walk.link_by_typed_code()
    second = App(walk.new_page(phone=True), walk.server.url)
    link = walk.server.python(
        "from hospes.identity.models import *; from hospes.identity.services.two_step import links;"
        "from hospes.kit.origin import SYSTEM;"
        f"account = Account.objects.get(email={walk.email!r});"
        "print(links.begin(account, browser=None, origin=SYSTEM).token)"
    )
    second.open(f"#link={link}")
    second.press("Link this phone")
    second.page.locator(".account").wait_for()
    third = App(walk.new_page(phone=True), walk.server.url)

    third.open(f"#link={link}")

    third.heading("This phone was not linked")
    third.page.get_by_text("This code has been used already.").wait_for()
    count = "SELECT count(*) FROM identity_authenticator"
    before = walk.server.rows(count)
    assert third.kept() == []
    assert walk.server.rows(count) == before


def test_a_phone_removed_on_the_web_is_told(walk):
    walk.link_by_typed_code()
    page = walk.computer
    page.goto(f"{walk.server.url}/settings/two-step")
    page.locator("main a[href$='/remove']").click()
    page.fill("main input[name=password]", PASSWORD)
    page.check("main input[name=meant]")
    page.click("main form.card button[type=submit]")

    walk.phone.page.get_by_text("The link was removed on the web.").wait_for()
    run.wait_until(lambda: walk.phone.kept()[0]["removedAt"] > 0, "the mark")
    assert walk.phone.kept()[0]["token"] is None


def test_names_are_kept_by_the_provider(walk):
    walk.link_by_typed_code()
    walk.phone.page.locator(".account__head").click()
    walk.phone.page.fill("#device", "Red phone")
    walk.phone.press("Save")
    walk.phone.page.get_by_text("Saved.").first.wait_for()

    rows = walk.server.rows(
        "SELECT m.name FROM identity_method m JOIN identity_account a ON a.id = m.account_id"
        " WHERE a.email = ?",
        walk.email,
    )
    assert rows == [("Red phone",)]
