"""Passkeys in a real browser, with the virtual authenticator that it has for tests."""

from __future__ import annotations

import itertools

import pytest

from support.people import PASSWORD
from support.server import Server

pytestmark = pytest.mark.browser

_numbers = itertools.count(1)
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
STALE = """
from datetime import timedelta
from hospes.identity.models import Session
from hospes.foundation import clock
Session.objects.update(authenticated_at=clock.now() - timedelta(hours=2))
"""


@pytest.fixture(scope="module")
def server():
    """Return a server under a name: browsers keep no passkeys for a bare address."""
    made = Server()
    made.url = f"http://localhost:{made.port}"
    made.start()
    yield made
    made.stop()


NO_SUGGESTIONS = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Person:
    """Somebody with a browser whose authenticator can be told what to do."""

    def __init__(self, server, page, **options):
        self.server, self.page = server, page
        self.email = f"anna.{next(_numbers)}@customer.example"
        server.python(f"from support import people; people.make_account({self.email!r})")
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable", {"enableUI": False})
        self.key = self.add_key(**options)

    def add_key(self, **options):
        asked = {"options": {**KEY, **options}}
        return self.cdp.send("WebAuthn.addVirtualAuthenticator", asked)["authenticatorId"]

    def touch(self, willing):
        """Have the authenticator answer by itself, or wait for a finger that never comes."""
        asked = {"authenticatorId": self.key, "enabled": willing}
        self.cdp.send("WebAuthn.setAutomaticPresenceSimulation", asked)

    def credentials(self):
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.key})[
            "credentials"
        ]

    def open(self, path):
        self.page.goto(f"{self.server.url}{path}")

    def arrive(self, path):
        self.page.wait_for_url(f"{self.server.url}{path}")

    def sign_in(self, path="/settings/profile"):
        self.open(f"/sign-in?add=1&next={path}")
        self.page.fill("main [name=email]", self.email)
        self.page.fill("main [name=password]", PASSWORD)
        self.page.click("main button:text-is('Sign in')")

    def sign_out(self):
        self.page.context.clear_cookies()

    def add_passkey(self, name=""):
        self.sign_in("/settings/two-step/passkey")
        self.arrive("/settings/two-step/passkey")
        self.page.fill("main [name=name]", name)
        self.page.click("main button:has-text('Create the passkey')")
        self.page.wait_for_selector("h1:has-text('Your backup codes')")

    def session(self):
        return self.server.rows(
            "SELECT amr, second_factor_at FROM identity_session"
            " JOIN identity_account ON identity_account.id = account_id"
            " WHERE email = ? ORDER BY identity_session.id DESC LIMIT 1",
            self.email,
        )[0]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
def test_adding_one_and_signing_in_with_the_button(server, new_page, axe, phone):
    person = Person(server, new_page(phone=phone))
    page = person.page
    person.sign_in("/settings/two-step/passkey")
    person.arrive("/settings/two-step/passkey")
    page.wait_for_selector("main button:has-text('Create the passkey')")
    axe(page)
    page.fill("main [name=name]", "My laptop")
    page.click("main button:has-text('Create the passkey')")
    page.wait_for_selector("h1:has-text('Your backup codes')")
    axe(page)
    assert page.locator("main").get_by_text("My laptop").first.is_visible()
    assert [item["isResidentCredential"] for item in person.credentials()] == [True]
    server.wait_for_mail(person.email, "wo-step verification")

    person.sign_out()
    # As in a browser without suggestions: they would take the touch before the button is pressed.
    page.add_init_script(NO_SUGGESTIONS)
    person.open("/sign-in?next=/settings/sessions")
    page.wait_for_selector("main button:has-text('Sign in with a passkey')")
    axe(page)
    page.click("main button:has-text('Sign in with a passkey')")
    person.arrive("/settings/sessions")
    amr, second_factor_at = person.session()
    assert amr in ('["hwk", "mfa", "user"]', '["mfa", "swk", "user"]')
    assert second_factor_at


def test_signing_in_out_of_the_suggestions(server, new_page):
    person = Person(server, new_page())
    person.add_passkey()
    person.sign_out()
    person.open("/sign-in?next=/settings/sessions")
    # The authenticator chooses by itself: no button was pressed.
    person.arrive("/settings/sessions")
    assert "mfa" in person.session()[0]


def test_the_second_step(server, new_page, axe):
    person = Person(server, new_page())
    person.add_passkey("My laptop")
    person.sign_out()
    person.touch(False)
    person.sign_in()
    page = person.page
    person.arrive("/sign-in/verify")
    page.wait_for_selector("main button:has-text('Continue with the passkey')")
    axe(page)
    person.touch(True)
    page.click("main button:has-text('Continue with the passkey')")
    person.arrive("/settings/profile")
    assert "pwd" in person.session()[0]
    assert person.session()[1]


def test_confirming(server, new_page, axe):
    person = Person(server, new_page())
    person.add_passkey()
    server.python(STALE)
    page = person.page
    person.open("/settings/two-step/passkey")
    page.wait_for_url("**/sign-in/confirm?*")
    page.wait_for_selector("main button:has-text('Confirm with a passkey')")
    axe(page)
    page.click("main button:has-text('Confirm with a passkey')")
    person.arrive("/settings/two-step/passkey")


def test_one_that_is_there_already_is_not_made_twice(server, new_page):
    person = Person(server, new_page())
    person.add_passkey()
    person.sign_out()
    person.touch(True)
    person.open("/sign-in?next=/settings/two-step/passkey")
    page = person.page
    person.arrive("/settings/two-step/passkey")
    page.click("main button:has-text('Create the passkey')")
    page.wait_for_selector("text=This device holds a passkey of your account already.")
    assert page.locator("main button:has-text('Create the passkey')").is_enabled()
    assert len(person.credentials()) == 1


def test_giving_up_leaves_the_page_usable(server, new_page):
    person = Person(server, new_page())
    person.cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": person.key, "isUserVerified": False}
    )
    page = person.page
    person.open("/sign-in")
    page.click("main button:has-text('Sign in with a passkey')")
    page.wait_for_selector("text=No passkey was used.")
    page.fill("main [name=email]", person.email)
    page.fill("main [name=password]", PASSWORD)
    page.click("main button:text-is('Sign in')")
    page.wait_for_url(f"{server.url}/")


def test_a_passkey_that_was_not_made_is_told_as_an_error(server, new_page, axe):
    person = Person(server, new_page(), isUserVerified=False)
    page = person.page
    person.sign_in("/settings/two-step/passkey")
    person.arrive("/settings/two-step/passkey")
    notice = page.locator("main .notice--danger")
    assert not notice.is_visible()
    page.click("main button:has-text('Create the passkey')")
    page.wait_for_selector("main .notice--danger:has-text('No passkey was made.')")
    axe(page)
    assert page.locator("main button:has-text('Create the passkey')").is_enabled()
    assert person.credentials() == []


def test_a_copy_is_refused_and_the_page_says_so(server, new_page):
    person = Person(server, new_page())
    person.add_passkey()
    server.python(
        "from hospes.identity.models import Passkey; Passkey.objects.update(sign_count=1000)"
    )
    person.sign_out()
    page = person.page
    page.add_init_script(NO_SUGGESTIONS)
    person.open("/sign-in")
    page.click("main button:has-text('Sign in with a passkey')")
    page.wait_for_selector("text=there may be a copy of it")
    assert page.url.endswith("/sign-in")
    server.wait_for_mail(person.email, "One of your passkeys was refused")


def test_without_scripts_the_password_remains(server, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{server.url}/sign-in")
    assert page.locator("main button:has-text('Sign in with a passkey')").is_hidden()
    assert page.locator("main button:text-is('Sign in')").is_visible()
