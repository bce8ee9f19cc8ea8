"""Application passwords in a browser, on a phone: made, copied, revoked."""

from __future__ import annotations

import re

import pytest

from hospes.demo.people import PASSWORD
from support.every_page import PEOPLE
from tests.browser.conftest import fill_sign_in

pytestmark = pytest.mark.browser


def looked_at(page, axe):
    """Look at the page: one heading, no wider than the screen, accessible."""
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_made_copied_and_revoked(demo, new_page, axe, scheme):
    page = new_page(phone=True, color_scheme=scheme)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{demo.url}/sign-in")
    fill_sign_in(page, PEOPLE["customer"], PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(f"{demo.url}/settings/login")
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Manage application passwords").click()
    page.get_by_role("heading", name="No application password yet").wait_for()
    looked_at(page, axe)
    values = []
    for name in ("Mail on my phone", "Calendar"):
        page.goto(f"{demo.url}/settings/application-passwords/new")
        page.get_by_role("button", name="Create the password").click()
        page.get_by_text("Give it a name that you will know again.").first.wait_for()
        looked_at(page, axe)
        page.fill("#id_name", name)
        page.get_by_role("button", name="Create the password").click()
        page.get_by_role("heading", name=f"The password “{name}” is ready").wait_for()
        looked_at(page, axe)
        value = page.locator(".secret code").inner_text()
        assert re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){4}[a-hj-km-np-z2-9]{4}", value)
        page.locator(".secret [data-copy]").click()
        assert page.evaluate("navigator.clipboard.readText()") == value
        values.append(value)
        page.get_by_role("link", name="I have saved the password").click()
        page.get_by_role("heading", name="Application passwords", exact=True).wait_for()
        looked_at(page, axe)
    assert not any(value in page.content() for value in values)

    page.get_by_role("link", name="Revoke Calendar").click()
    question = page.locator("dialog[open]")
    question.get_by_role("heading", name="Revoke the password “Calendar”?").wait_for()
    looked_at_dialog = question.locator("button.button--danger")
    axe(page)
    with page.expect_event("load"):
        looked_at_dialog.click()
    page.get_by_text("The password “Calendar” was revoked.").wait_for()
    assert page.locator("tbody tr").count() == 1
    looked_at(page, axe)

    page.get_by_role("link", name="Revoke all").click()
    question.get_by_text("Mail on my phone").wait_for()
    with page.expect_event("load"):
        question.locator("button.button--danger").click()
    page.get_by_role("heading", name="No application password yet").wait_for()
