"""Tokens for programs and an application's security in a browser, wide and on a phone."""

from __future__ import annotations

import pytest

from support.organization_walk import SMALL, Houses, Walk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "sec", batch=2)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser on which a member of the test's house is signed in."""
    house = houses.next()

    def begin(role="owner", **options):
        return Walk(new_page(**options), house, axe).be(role)

    return begin


def test_a_token_for_programs_is_made_seen_once_and_revoked(walk):
    walker = walk().open("/auth/applications/registration").look()
    walker.says("No token yet").click("Create token").look()
    walker.press("Create token").says("Give the token a name.").look()
    walker.fill(name="Installer", uses="3").press("Create token").look()
    walker.says("The token is shown only now", "hsp_ri_")
    walker.click("I have saved the token").does_not_say("hsp_ri_").says("Works").look()
    walker.page.get_by_role("link", name="Revoke Installer").click()
    walker.page.locator("dialog[open]").wait_for()
    walker.look()
    with walker.page.expect_event("load"):
        walker.page.locator("dialog[open] button.button--danger").click()
    walker.says("Revoked")


def test_the_security_of_an_application_is_changed_on_a_phone(walk):
    walker = walk(viewport=SMALL, color_scheme="dark").open("/auth/applications/new")
    walker.page.locator("input[name=type][value=web]").check()
    walker.fill(name="Shop").page.locator("[name=redirect_uris]").first.fill(
        "https://shop.example/callback"
    )
    walker.press("Create application").click("I have saved the secret")
    walker.click("Change the security").look()
    walker.page.locator("input[name=profile][value=fapi2]").check()
    walker.press("Save").look()
    walker.says("The profile asks for tokens that are bound to a key.", "Switch binding on.")
    walker.page.locator("input[name=profile][value=oauth21]").check()
    walker.tick("Bind tokens to a key (DPoP)").press("Save").says("OAuth 2.1").look()
    walker.page.locator("#security ~ *, section[aria-labelledby=security] summary").last.click()
    walker.says("Every sign-in is protected by PKCE (S256).").look()
