"""The second step in a real browser, with scripts and without."""

from __future__ import annotations

import json

import pytest

from support.people import PASSWORD

pytestmark = pytest.mark.browser

MAKE = """
import json
from hospes.kit.origin import SYSTEM
from hospes.identity.services.two_step import backup_codes
from support import two_step
account = two_step.make_account({email!r})
print(json.dumps(backup_codes.regenerate(account, origin=SYSTEM)))
"""
CODE = "from support.two_step import App; print(App().code({steps}))"


def sign_in(page, server, email):
    page.goto(f"{server.url}/sign-in?next=/settings/profile")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url("**/sign-in/verify")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_mistake_then_another_way_then_a_trusted_browser(
    running_server, new_page, axe, scripts, phone
):
    server = running_server
    email = f"step.{scripts}.{phone}@customer.example".lower()
    codes = json.loads(server.python(MAKE.format(email=email)))
    page = new_page(phone=phone, java_script_enabled=scripts)
    check = axe if scripts else lambda _page: None
    sign_in(page, server, email)
    check(page)
    assert page.locator("main").get_by_text(email).is_visible()
    page.fill("[name=code]", "000000")
    page.check("[name=trust]")
    page.click("main button:has-text('Continue')")
    page.wait_for_url("**/sign-in/verify/code")
    check(page)
    assert page.locator(".field__errors").get_by_text("code is not right").is_visible()
    assert page.is_checked("[name=trust]")
    page.click("summary:has-text('Use another way')")
    check(page)
    page.click("main a:has-text('Backup code')")
    page.wait_for_url("**/sign-in/verify?way=backup")
    check(page)
    page.fill("[name=backup]", codes[3])
    page.check("[name=trust]")
    page.click("main button:has-text('Continue')")
    page.wait_for_url("**/settings/profile")
    page.goto(f"{server.url}/sign-out")
    page.click("main button:text-is('Log out')")
    page.wait_for_url("**/sign-in/choose")
    page.click("main a:has-text('Anna Keller')")
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url(f"{server.url}/")


def test_the_step_given_up_and_begun_again(running_server, new_page):
    server = running_server
    server.python(MAKE.format(email="given.up@customer.example"))
    page = new_page()
    sign_in(page, server, "given.up@customer.example")
    page.click("main button:text-is('Cancel')")
    page.wait_for_url("**/sign-in?next=*")
    page.goto(f"{server.url}/sign-in/verify")
    assert page.url.endswith("/sign-in")
    sign_in(page, server, "given.up@customer.example")
    page.fill("[name=code]", server.python(CODE.format(steps=0)).strip())
    page.click("main button:has-text('Continue')")
    page.wait_for_url("**/settings/profile")
