from __future__ import annotations

import pytest

from support.people import PASSWORD

pytestmark = pytest.mark.browser


def sign_up(page, server, name, email):
    page.goto(f"{server.url}/sign-up")
    page.fill("[name=first_name]", name)
    page.fill("[name=last_name]", "Aebi")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign up')")
    page.wait_for_url("**/sign-up/sent")
    return server.wait_for_mail(email).links[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_two_people_share_a_phone(running_server, new_page, axe, scripts):
    server = running_server
    page = new_page(phone=True, java_script_enabled=scripts)
    check = axe if scripts else lambda _page: None
    people = [(name, f"{name}.{scripts}@phone.example".lower()) for name in ("Ben", "Mia")]
    for name, email in people:
        page.goto(f"{server.url}/sign-up")
        check(page)
        page.goto(sign_up(page, server, name, email))
        check(page)
        page.click("text=Confirm and sign in")
        page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}/sign-in/choose")
    check(page)
    page.click("button:has-text('Ben Aebi')")
    page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}/sign-out")
    check(page)
    page.click("main button:text-is('Log out')")
    page.wait_for_url("**/sign-in/choose")
    assert page.locator("main").get_by_text("Ben Aebi is logged out.").count() == 1
    page.click("a:has-text('Ben Aebi')")
    assert page.input_value("[name=email]") == people[0][1]
    check(page)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url(f"{server.url}/")
    page.goto(f"{server.url}/accounts")
    check(page)
    for _ in people:
        page.locator("button:has-text('Remove')").first.click()
        page.wait_for_url("**/accounts")
    assert page.get_by_text("No account is signed in or remembered here.").is_visible()
    assert not {c["name"] for c in page.context.cookies()} & {"accounts", "__Host-accounts"}


def test_the_sign_up_form_brings_the_time_zone_along(running_server, new_page):
    page = new_page(timezone_id="Europe/Zurich")
    page.goto(f"{running_server.url}/sign-up")
    assert page.input_value("[name=timezone]") == "Europe/Zurich"
