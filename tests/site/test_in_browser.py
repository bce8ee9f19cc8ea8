"""The look in a real browser: accessible, calm, and working without scripts or cookies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.browser import PHONE
from tools import browser as browser_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

PAGES = [
    "/dev/look",
    "/dev/look?toasts=1",
    "/dev/look/narrow",
    "/dev/look/confirm",
    "/help/browser",
    "/help/browser/in-app",
    "/no-such-page",
]


DRESSES = [
    {"phone": narrow, "color_scheme": scheme}
    for narrow in (False, True)
    for scheme in ("light", "dark")
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dress", DRESSES, ids=["wide", "wide dark", "phone", "phone dark"])
def test_no_rule_of_accessibility_is_broken(running_server, new_page, axe, path, dress):
    page = new_page(**dress)
    page.goto(running_server.url + path)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "phone"])
def test_the_open_menus_are_accessible_and_close_again(running_server, new_page, axe, narrow):
    page = new_page(phone=narrow)
    page.goto(f"{running_server.url}/dev/look")
    page.click(".account__summary")
    page.click("text=My accounts")
    page.wait_for_selector("text=Jonas Keller")
    axe(page)
    page.keyboard.press("Escape")
    assert page.locator("details[data-menu][open]").count() == 0
    assert page.evaluate("document.activeElement.className") == "account__summary"
    if narrow:
        page.click(".drawer > summary")
        axe(page)
        page.mouse.click(380, 700)
        assert page.locator("details[data-menu][open]").count() == 0


def test_a_confirmation_opens_as_a_dialog_and_gives_the_focus_back(running_server, page, axe):
    page.goto(f"{running_server.url}/dev/look")
    page.click("a[data-dialog]")
    page.wait_for_selector("dialog[open] h1")
    # While it fades in, its colours are not yet the ones to judge.
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    axe(page)
    page.click("dialog >> text=Cancel")
    # The browser tells that a dialog closed a moment after it did.
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.hasAttribute('data-dialog')")
    page.click("a[data-dialog]")
    page.click("dialog >> button:has-text('Delete')")
    page.wait_for_selector(".toast--success")


def test_a_confirmation_is_a_page_without_scripts(running_server, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{running_server.url}/dev/look")
    page.click("a[data-dialog]")
    assert page.url.endswith("/dev/look/confirm")
    page.click("main button:has-text('Delete')")
    assert page.is_visible(".toast--success")


def test_without_scripts_menus_open_and_themes_change(running_server, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{running_server.url}/dev/look")
    assert not page.is_visible(".needs-scripts >> nth=0")
    page.click(".account__summary")
    page.click("button[name=theme][value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 20, 18)"
    page.click(".footer button[value=de]")
    assert page.get_attribute("html", "lang") == "de"


def test_a_password_can_be_shown_and_is_hidden_before_it_is_sent(running_server, page):
    page.goto(f"{running_server.url}/dev/look/narrow")
    page.fill("#id_password", "correct horse battery")
    page.click("[data-password-toggle]")
    assert page.get_attribute("#id_password", "type") == "text"
    assert page.is_visible("text=Very good length")
    page.evaluate("addEventListener('submit', event => event.preventDefault())")
    page.click("main button[type=submit]")
    assert page.get_attribute("#id_password", "type") == "password"


def test_a_selection_is_counted_and_its_buttons_wait_for_it(running_server, page):
    page.goto(f"{running_server.url}/dev/look")
    table = page.locator("form[data-selection]")
    assert table.locator(".bulk button >> nth=0").is_disabled()
    table.locator("[data-select-all]").check()
    assert table.locator("[data-count]").inner_text() == "4 selected"
    table.locator("tbody input >> nth=1").uncheck()
    assert table.locator("[data-count]").inner_text() == "3 selected"
    assert table.locator("[data-select-all]").evaluate("box => box.indeterminate")
    assert table.locator(".bulk button >> nth=0").is_enabled()


def test_the_summary_of_mistakes_takes_the_focus_and_leads_to_the_field(running_server, page):
    page.goto(f"{running_server.url}/dev/look")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("[data-error-summary] a:has-text('E-mail address')")
    assert page.evaluate("document.activeElement.name") == "email"


def test_the_keyboard_reaches_the_content_first(running_server, page):
    page.goto(f"{running_server.url}/help/browser")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/dev/look?toasts=1", "/dev/look/narrow", "/help/browser"])
def test_nothing_moves_while_a_page_loads(running_server, new_page, path):
    page = new_page(phone=True)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => {"
        "for (const entry of list.getEntries()) window.moved += entry.value;"
        "}).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(running_server.url + path, wait_until="networkidle")
    assert page.evaluate("window.moved") < 0.001


def blocking(playwright_driver, folder: Path, **settings: int):
    """Open a browser whose own settings block (2) something on every site."""
    profile = folder / "profile" / "Default"
    profile.mkdir(parents=True)
    preferences = {"profile": {"default_content_setting_values": settings}}
    (profile / "Preferences").write_text(json.dumps(preferences))
    return playwright_driver.chromium.launch_persistent_context(
        str(profile.parent),
        executable_path=browser_program.find(),
        args=browser_program.ARGUMENTS,
        viewport=PHONE,
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_blocked_cookies_are_told_on_the_first_page_with_the_way_out(
    running_server, playwright_driver, tmp_path: Path, scripts
):
    settings = {"cookies": 2} if scripts else {"cookies": 2, "javascript": 2}
    context = blocking(playwright_driver, tmp_path, **settings)
    try:
        page = context.pages[0]
        page.goto(f"{running_server.url}/sign-in")
        assert page.is_visible("text=Your browser does not keep cookies")
        page.click("text=The steps for Chrome")
        assert page.is_visible("text=Allow sites to save data on your device")
        assert page.is_visible("noscript .notice") is not scripts
    finally:
        context.close()


def test_a_browser_that_keeps_cookies_is_told_about_scripts_only(
    running_server, playwright_driver, tmp_path: Path
):
    context = blocking(playwright_driver, tmp_path, javascript=2)
    try:
        page = context.pages[0]
        page.goto(f"{running_server.url}/sign-in")
        assert page.is_visible("noscript .notice")
        assert not page.is_visible("text=Your browser does not keep cookies")
    finally:
        context.close()
