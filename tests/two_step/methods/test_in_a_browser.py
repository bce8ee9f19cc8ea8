"""Guides 3 and 5 in a real browser: switched on, added to, tidied up, switched off."""

from __future__ import annotations

import base64
import itertools
import re

import pytest

from support.people import PASSWORD
from support.two_step import App

pytestmark = pytest.mark.browser

MAKE = "from support import people; people.make_account({email!r}, locale={locale!r})"
_numbers = itertools.count(1)


def look(page, axe, heading):
    """Look at the page: nothing hangs over its edge, no rule of accessibility is broken."""
    page.wait_for_selector(f"h1:has-text('{heading}')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    axe(page)


def sign_in(page, server, email, onward):
    page.goto(f"{server.url}/sign-in?next={onward}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{onward}")


def app_on(page):
    key = page.inner_text("main code").replace(" ", "")
    return App(base64.b32decode(key + "=" * (-len(key) % 8)))


def code_by_sms(server, phone, count):
    return re.match(r"\d{6}", server.wait_for_mail(phone, count=count).text)[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [True, False], ids=["phone", "computer"])
def test_on_another_one_and_off_again(running_server, new_page, axe, narrow, scheme):
    server, number = running_server, next(_numbers)
    email, phone = f"methods.{number}@customer.example", f"+4179123455{number}"
    server.python(MAKE.format(email=email, locale="en"))
    page = new_page(phone=narrow, color_scheme=scheme)
    sign_in(page, server, email, "/settings/login")
    look(page, axe, "Sign-in and security")
    page.click("main a:text-is('Activate')")
    look(page, axe, "Two-step verification")
    # The menu says where one is.
    assert page.locator("nav [aria-current]:has-text('Sign-in and security')").count()
    page.click("main a[href='/settings/two-step/app']")
    look(page, axe, "Codes from an app")
    page.click("main button:has-text('Next')")
    look(page, axe, "Scan the code")
    app = app_on(page)
    page.fill("[name=code]", app.wrong())
    page.click("main button:has-text('Confirm')")
    page.wait_for_selector(".field__errors")
    look(page, axe, "Scan the code")
    page.fill("[name=code]", app.code())
    page.click("main button:has-text('Confirm')")
    page.wait_for_selector("h1:has-text('Your backup codes')")
    look(page, axe, "Your backup codes")
    shown = page.locator(".codes code").all_inner_texts()
    assert len(shown) == 10
    with page.expect_download() as download:
        page.click("button:has-text('Download')")
    kept = download.value.path().read_text("utf-8").split("\n")
    assert kept == [f"Backup codes of {email} at Alpenhost. Each works once.", *shown, ""]
    page.click("main a:has-text('I have kept them')")
    page.wait_for_url("**/settings/two-step")
    look(page, axe, "Two-step verification")
    page.click("main a[href='/settings/two-step/sms']")
    # The app's first code was this browser's second step as well.
    page.wait_for_url("**/settings/two-step/sms")
    look(page, axe, "Codes by SMS")
    page.select_option("[name=region]", "CH")
    page.fill("[name=phone]", "12")
    page.click("main button:has-text('Send a code')")
    page.wait_for_selector(".field__errors")
    look(page, axe, "Codes by SMS")
    page.fill("[name=phone]", phone)
    page.click("main button:has-text('Send a code')")
    page.wait_for_selector("h1:has-text('Enter the code')")
    look(page, axe, "Enter the code")
    page.fill("[name=code]", code_by_sms(server, phone, 1))
    page.click("main button:has-text('Confirm')")
    page.wait_for_url("**/settings/two-step")
    look(page, axe, "Two-step verification")
    page.click("main li:has-text('My phone') button:has-text('Ask first')")
    page.wait_for_url("**/settings/two-step")
    page.goto(f"{server.url}/settings/login")
    look(page, axe, "Sign-in and security")
    page.goto(f"{server.url}/settings/secure")
    look(page, axe, "Secure your account")
    page.goto(f"{server.url}/settings/two-step/codes")
    look(page, axe, "Backup codes")
    other = new_page(phone=narrow, color_scheme=scheme)
    by_sms(other, server, email, phone, axe)
    page.goto(f"{server.url}/settings/two-step")
    look(page, axe, "Two-step verification")
    page.click("main li:has-text('My phone') a:has-text('Rename')")
    look(page, axe, "Rename My phone")
    page.fill("[name=name]", "Old phone")
    page.click("main button:has-text('Save')")
    page.wait_for_url("**/settings/two-step")
    page.click("main li:has-text('Old phone') a:has-text('Remove')")
    look(page, axe, "Remove Old phone?")
    page.fill("main [name=password]", "not my password at all")
    page.click("main button:has-text('Remove')")
    page.wait_for_selector(".field__errors")
    page.fill("main [name=password]", PASSWORD)
    page.click("main button:has-text('Remove')")
    page.wait_for_url("**/settings/two-step")
    page.click("main li:has-text('Authenticator app') a:has-text('Remove')")
    look(page, axe, "Remove Authenticator app?")
    page.fill("main [name=password]", PASSWORD)
    page.check("[name=meant]")
    page.click("main button:has-text('Remove and switch off')")
    page.wait_for_url("**/settings/two-step")
    look(page, axe, "Two-step verification")
    assert page.locator("main").get_by_text("Your password alone opens").first.is_visible()


def by_sms(page, server, email, phone, axe):
    """Sign in elsewhere with a code by SMS, and have that browser trusted."""
    page.goto(f"{server.url}/sign-in?next=/settings/profile")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-in/verify")
    look(page, axe, "Two-step verification")
    page.click("main button:has-text('Send a code')")
    page.wait_for_url("**/sign-in/verify?way=*")
    page.wait_for_selector("[name=code]")
    look(page, axe, "Two-step verification")
    page.fill("[name=code]", "abc")
    page.click("main button:has-text('Continue')")
    page.wait_for_selector(".field__errors")
    look(page, axe, "Two-step verification")
    page.fill("[name=code]", code_by_sms(server, phone, 2))
    page.check("[name=trust]")
    page.click("main button:has-text('Continue')")
    page.wait_for_url("**/settings/profile")


def test_all_of_it_works_without_scripts(running_server, new_page):
    server = running_server
    email = "methods.bare@customer.example"
    server.python(MAKE.format(email=email, locale="en"))
    page = new_page(java_script_enabled=False)
    sign_in(page, server, email, "/settings/two-step/app")
    page.click("main button:has-text('Next')")
    page.fill("[name=code]", app_on(page).code())
    page.click("main button:has-text('Confirm')")
    page.wait_for_selector("h1:has-text('Your backup codes')")
    assert page.locator(".codes code").count() == 10
    # What needs scripts is not offered.
    assert not page.locator("button:has-text('Download')").is_visible()
    assert not page.locator("button:has-text('Print')").is_visible()
    page.click("main a:has-text('I have kept them')")
    page.click("main a:has-text('Remove')")
    page.fill("main [name=password]", PASSWORD)
    page.check("[name=meant]")
    page.click("main button:has-text('Remove and switch off')")
    page.wait_for_url("**/settings/two-step")
    assert not page.locator("h2:has-text('Your methods')").count()


TWO = """
from hospes.identity.services.two_step import backup_codes
from support import two_step
account = two_step.make_account({email!r}, locale={locale!r})
backup_codes.replace(account)
two_step.add_method(account, kind="sms", name="Telefon", phone="+41791234567")
print(*(each.public_id for each in account.methods.order_by("pk")))
"""


@pytest.mark.parametrize("locale", ["de", "fr", "it", "es"])
def test_longer_languages_fit_on_a_phone(running_server, new_page, axe, locale):
    server = running_server
    email = f"methods.{locale}@customer.example"
    first, second = server.python(TWO.format(email=email, locale=locale)).split()
    page = new_page(phone=True, locale=locale)
    page.goto(f"{server.url}/sign-in?next=/settings/two-step")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-in/verify")
    page.goto(f"{server.url}/sign-in/verify?way={second}")
    look(page, axe, "")
    page.goto(f"{server.url}/sign-in/verify?way=code")
    page.fill("[name=code]", App().code())
    page.click("form[action='/sign-in/verify/code'] button[type=submit]")
    page.wait_for_url("**/settings/two-step")
    assert page.evaluate("document.documentElement.lang") == locale
    look(page, axe, "")
    for path in ("app", "sms", "codes", f"{first}/remove", f"{second}/rename"):
        page.goto(f"{server.url}/settings/two-step/{path}")
        look(page, axe, "")
