"""Guides 4, 8 and 20, as people follow them in a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hospes.demo.people import PASSWORD
from support.browser import PHONE
from tests.browser.conftest import fill_sign_in
from tools import browser as browser_program

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LEA = "lea@bergblume.example"
JONAS = "jonas@studio-lindau.example"
MATEO = "mateo@barcode.example"
NEW_PASSWORD = "seven herons above the weir 93"


def sign_in(page: Page, demo, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{demo.url}/sign-in?next=/")
    fill_sign_in(page, email, password)
    page.wait_for_url(f"{demo.url}/")


def signed_in_as(page: Page, demo) -> str:
    """Return the address of the account in use, "" if there is none."""
    page.goto(demo.url)
    shown = page.locator(".account__who .muted")
    return (shown.first.text_content() or "").strip() if shown.count() else ""


def open_account_menu(page: Page, *, my_accounts: bool = False) -> None:
    page.locator("details.account > summary").click()
    if my_accounts:
        page.locator("details.account details.menu__group > summary").first.click()


# ---- guide 20: log out, switch user ----------------------------------------------------------


def test_two_accounts_side_by_side(new_page, demo, axe):
    page = new_page(phone=True)
    sign_in(page, demo, LEA)

    open_account_menu(page, my_accounts=True)
    axe(page)
    page.locator("details.account a[href*='/sign-in?add=1']").click()
    axe(page)
    fill_sign_in(page, JONAS, PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert signed_in_as(page, demo) == JONAS

    # Switching asks for no password while the other session lives.
    open_account_menu(page, my_accounts=True)
    page.locator("details.account form[action='/accounts/switch'] button", has_text=LEA).click()
    page.wait_for_load_state()
    assert signed_in_as(page, demo) == LEA

    # Logging Lea out leaves her remembered and Jonas signed in.
    page.goto(f"{demo.url}/accounts")
    axe(page)
    row = page.locator(".account-row", has_text=LEA)
    row.locator("form[action='/sign-out'] button").click()
    page.wait_for_load_state()
    page.goto(f"{demo.url}/accounts")
    row = page.locator(".account-row", has_text=LEA)
    assert row.locator("a[href*='/sign-in?account=']").count() == 1
    other = page.locator(".account-row", has_text=JONAS)
    assert other.locator("form[action='/sign-out']").count() == 1

    # A remembered account asks for its password again.
    row.locator("a[href*='/sign-in?account=']").click()
    page.wait_for_load_state()
    axe(page)
    assert page.locator("main input[name=password]").is_visible()

    # Forgetting removes her from this browser's list, and only there.
    page.goto(f"{demo.url}/accounts")
    row = page.locator(".account-row", has_text=LEA)
    row.locator("form[action='/accounts/remove'] button").click()
    page.wait_for_load_state()
    page.goto(f"{demo.url}/accounts")
    assert page.locator(".account-row", has_text=LEA).count() == 0
    assert LEA not in page.content()
    assert page.locator(".account-row", has_text=JONAS).count() == 1


def test_another_browser_knows_nothing_of_the_remembered_accounts(new_page, demo):
    first = new_page()
    sign_in(first, demo, LEA)

    second = new_page()
    second.goto(f"{demo.url}/accounts")

    assert LEA not in second.content()


def test_an_organization_is_switched_without_signing_in_again(new_page, demo, axe):
    page = new_page(phone=True)
    sign_in(page, demo, JONAS)
    shown = page.locator("summary.organization__name")
    shown.click()
    axe(page)
    page.locator("form[action='/organizations/switch'] button", has_text="Bergblume").click()
    page.wait_for_load_state()

    assert "Bergblume" in page.locator("summary.organization__name").inner_text()
    page.goto(f"{demo.url}/auth/applications")
    content = page.locator("main").inner_text()
    assert "Bergblume" in content
    assert "Kundenportal" not in content


# ---- guide 4: change the password ------------------------------------------------------------


def test_a_changed_password_signs_the_other_browsers_out(new_page, demo, axe):
    page, elsewhere = new_page(phone=True), new_page()
    sign_in(page, demo, MATEO)
    sign_in(elsewhere, demo, MATEO)

    page.goto(f"{demo.url}/settings/login")
    page.locator("main a[href='/settings/password']").first.click()
    page.wait_for_url("**/settings/password")
    names = page.locator("main input[type=password]").evaluate_all("e => e.map(i => i.name)")
    current, new = names[0], names[1]

    def fill(old: str, wanted: str) -> None:
        page.fill(f"main input[name={current}]", old)
        page.fill(f"main input[name={new}]", wanted)
        page.locator(f"main form:has(input[name={new}]) button[type=submit]").last.click()
        page.wait_for_load_state()

    # Too short, and not the present password: told beside the fields, nothing is changed.
    fill("not my password at all", "short")
    assert page.locator("[aria-invalid=true]").count() >= 1
    assert page.locator(".field__errors").count() >= 1
    axe(page)
    fill(PASSWORD, NEW_PASSWORD)
    page.wait_for_url(lambda url: not url.endswith("/settings/password"))

    elsewhere.goto(f"{demo.url}/settings/profile")
    assert "/sign-in" in elsewhere.url
    assert signed_in_as(page, demo) == MATEO
    demo.wait_for_mail(MATEO)
    fill_sign_in(elsewhere, MATEO, NEW_PASSWORD)
    elsewhere.wait_for_url("**/settings/profile")


# ---- guide 8: cookies and scripts ------------------------------------------------------------


@pytest.fixture
def without_cookies(playwright_driver, tmp_path):
    """Return a function that opens a browser whose settings block all cookies."""
    contexts = []

    def open_page(**options: Any) -> Page:
        profile = tmp_path / f"profile-{len(contexts)}"
        (profile / "Default").mkdir(parents=True)
        blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
        (profile / "Default" / "Preferences").write_text(json.dumps(blocked))
        context = playwright_driver.chromium.launch_persistent_context(
            profile,
            executable_path=browser_program.find(),
            args=browser_program.ARGUMENTS,
            viewport=PHONE,
            locale="en-GB",
            **options,
        )
        contexts.append(context)
        return context.pages[0]

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_blocked_cookies_are_told_with_the_guide_for_the_browser(
    without_cookies, demo, axe, scripts
):
    page = without_cookies(java_script_enabled=scripts)

    page.goto(f"{demo.url}/sign-in")

    notice = page.locator("#cookies-off")
    notice.wait_for(state="visible")
    assert notice.locator("li").count() >= 2
    if scripts:
        axe(page)
    notice.locator("a[href='/help/browser']").click()
    page.wait_for_url("**/help/browser")
    assert page.locator("h1").count() == 1
    if scripts:
        axe(page)


def test_with_cookies_nothing_is_said_about_them(new_page, demo):
    page = new_page(phone=True)
    page.goto(f"{demo.url}/sign-in")

    assert page.locator("#cookies-off").is_hidden()


def test_everything_needed_works_without_scripts(new_page, demo):
    page = new_page(phone=True, java_script_enabled=False)
    page.goto(f"{demo.url}/sign-in")
    assert page.locator("noscript .notice, .notice a[href='/help/browser']").count() >= 1

    fill_sign_in(page, LEA, PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)

    # The menu opens, search finds, and logging out works.
    page.goto(f"{demo.url}/search?q=profil")
    page.locator("main .list a[href='/settings/profile']").click()
    page.wait_for_url("**/settings/profile")
    page.locator("details.account > summary").click()
    page.locator("details.account form[action='/sign-out'] button").click()
    page.wait_for_load_state()
    page.goto(f"{demo.url}/settings/profile")
    assert "/sign-in" in page.url


def test_a_mails_button_leads_out_of_its_frame(new_page, demo):
    page = new_page()
    sign_in(page, demo, LEA)
    demo.wait_for_mail(LEA)
    page.goto(f"{demo.url}/dev/mailbox?to={LEA}")
    page.locator("[data-testid=message]").first.click()

    frame = page.frame_locator("iframe.message__frame")
    frame.locator("a[href*='/sign-in/not-me/']").first.click()

    page.wait_for_url("**/sign-in/not-me/**")
    assert page.locator("h1").count() == 1
