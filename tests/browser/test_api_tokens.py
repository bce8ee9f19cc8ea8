"""API tokens in a browser: from the form to the call, and revoked again."""

from __future__ import annotations

import httpx
import pytest

from support.api_pages import SMALL, enter, make_house, seen
from support.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(running_server):
    return make_house(running_server, "vera@tokens.example")


def ask(house, token, path="/api/1/products"):
    return httpx.get(house.url + path, headers={"Authorization": f"Bearer {token}"})


def test_a_token_is_made_used_and_revoked(page, house, axe):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, house)
    page.goto(f"{house.url}/settings/tokens")
    page.get_by_role("link", name="Create token").click()
    seen(page, axe, "Create token")

    # Everything that is wrong is said at once, and nothing that was typed is lost.
    page.select_option("#id_organization", label="Haus Brunner AG")
    page.locator("label", has_text="Only those I choose here").click()
    page.get_by_role("button", name="Show the products").click()
    page.fill("#id_networks", "127.0.0.0/8\n10.1.2.3/8")
    page.select_option("#id_validity", label="until a day that I choose")
    page.fill("#id_until", "2020-01-01")
    page.get_by_role("button", name="Create token").click()
    page.locator(".field--wrong").first.wait_for()
    for said in (
        "Give the token a name.",
        "Choose at least one permission.",
        "Choose at least one product",
        "10.1.2.3/8 is an address within a network. Did you mean 10.0.0.0/8?",
        "Choose a day that is still to come.",
        "Enter your password.",
    ):
        assert page.locator("main").get_by_text(said).first.is_visible(), said
    assert page.input_value("#id_networks").splitlines() == ["127.0.0.0/8", "10.1.2.3/8"]
    seen(page, axe)

    page.fill("#id_name", "Backup script")
    page.check("[id='id_scope_products:read']")
    page.fill("#id_product_words", "seer")
    page.get_by_role("button", name="Show the products").click()
    assert page.locator("#id_products label").all_inner_texts() == ["seerose.example"]
    page.check("#id_products input")
    page.fill("#id_networks", "127.0.0.0/8")
    page.select_option("#id_validity", label="for 30 days")
    page.fill("#id_password", "not this one")
    page.get_by_role("button", name="Create token").click()
    page.get_by_text("This is not your present password.").first.wait_for()
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Create token").click()
    page.get_by_role("heading", name="The token Backup script is ready").wait_for()
    seen(page, axe)
    token = page.locator("main code").first.inner_text()
    page.locator("main [data-copy]").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == token
    assert page.locator("main code").nth(1).inner_text().startswith("curl ")

    # It does what it was made for, and no more; the page tells when.
    (product,) = ask(house, token).json()["data"]
    assert product["internal_name"] == "seerose.example"
    assert ask(house, token, "/api/1/accounts").status_code == 403
    page.get_by_role("link", name="I have saved the token").click()
    row = page.locator("tbody tr", has_text="Backup script")
    row.wait_for()
    assert "127.0.0.1" in row.inner_text()
    assert token not in page.content()

    # Two of three chosen, asked about, gone at the very next request.
    page.goto(f"{house.url}/settings/tokens/new")
    page.fill("#id_name", "Second")
    page.check("[id='id_scope_products:read']")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Create token").click()
    second = page.locator("main code").first.inner_text()
    # Whoever leaves without having said so is asked.
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(".breadcrumbs a", has_text="API tokens").click()
    page.wait_for_url("**/settings/tokens")
    assert asked == ["beforeunload"]
    seen(page, axe)
    for name in ("Backup script", "Second"):
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.get_by_role("heading", name="Revoke 2 tokens?").wait_for()
    seen(page, axe)
    page.locator("main form button[type=submit]").click()
    page.get_by_text("2 tokens were revoked.").wait_for()
    assert [ask(house, each).status_code for each in (token, second, house.token)] == [
        401,
        401,
        200,
    ]


def test_the_keyboard_is_enough(page, house):
    enter(page, house)
    page.goto(f"{house.url}/settings/tokens/new")

    def go_to(selector, most=80):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    go_to("#id_name")
    page.keyboard.type("By keyboard")
    go_to("[value='products:read']")
    page.keyboard.press("Space")
    go_to("#id_validity")
    page.keyboard.press("ArrowDown")
    go_to("#id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The token By keyboard is ready").wait_for()
    token = page.locator("main code").first.inner_text()
    assert ask(house, token).status_code == 200
    go_to("[data-secret-kept]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/tokens")
    go_to("[aria-label='Select By keyboard']")
    page.keyboard.press("Space")
    go_to("form[data-selection] button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Revoke 1 token?").wait_for()
    go_to("main form button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("1 token was revoked.").wait_for()
    assert ask(house, token).status_code == 401


def test_on_a_phone_without_scripts(new_page, house):
    page = new_page(phone=True, viewport=SMALL, java_script_enabled=False)
    enter(page, house)
    page.goto(f"{house.url}/settings/tokens/new")
    page.fill("#id_name", "Plain")
    page.check("[id='id_scope_products:read']")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Create token").click()
    assert ask(house, page.locator("main code").first.inner_text()).status_code == 200
    page.goto(f"{house.url}/settings/tokens?q=plain")
    page.get_by_label("Select Plain").check()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.locator("main form button[type=submit]").click()
    page.goto(f"{house.url}/settings/tokens?q=plain")
    assert page.locator("tbody .badge").inner_text() == "Revoked"
