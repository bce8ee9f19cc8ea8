"""Inviting in a browser: the pages that appear only on the way."""

from __future__ import annotations

import pytest

from support.every_page import IDS

pytestmark = pytest.mark.browser

SMALL = {"width": 360, "height": 740}
LIST = "Max Muster <max@neu.example>\nnobody\nida.frei@neu.example"


def sound(page, axe):
    page.set_viewport_size(SMALL)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    # Nothing is cut off at the edge of its card either.
    assert page.evaluate(
        "[...document.querySelectorAll('main .badge, main code, main button')]"
        ".every(each => each.getBoundingClientRect().right <= innerWidth - 16)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_inviting_one_and_many(opened, demo, axe, scheme):
    page = opened("customer", scheme)
    here = f"{demo.url}/organizations/{IDS['{organization}'](demo)}/invitations"
    email = f"nora@{scheme}.example"
    page.goto(f"{here}/new")
    page.locator("main summary").click()
    page.fill("[name=email]", email)
    page.fill("[name=first_name]", "Nora")
    page.fill("[name=last_name]", "Neu")
    page.locator("main .form-actions button[type=submit]").click()
    page.locator(".link-phone__code svg").wait_for()
    link = page.locator("main code").inner_text()
    assert link.startswith(f"{demo.url}/invitations/")
    assert page.locator("[data-copy]").get_attribute("data-copy") == link
    sound(page, axe)

    page.goto(here)
    page.locator("tbody tr", has_text=email).get_by_role("link").click()
    page.locator("button[name=by]").first.wait_for()
    sound(page, axe)

    page.goto(f"{here}/many")
    page.fill("[name=people]", LIST.replace("neu", scheme))
    page.locator("main .form-actions button[type=submit]").click()
    page.locator("button[value=confirm]").wait_for()
    sound(page, axe)
    page.locator("button[value=confirm]").click()
    page.wait_for_url("**/invitations/lists/*")
    # The page asks again by itself until the list is done.
    page.locator("tbody .badge--success").nth(1).wait_for(timeout=20_000)
    kinds = page.locator("tbody .badge").evaluate_all("all => all.map(each => each.className)")
    ends = ["success", "danger", "success"]
    assert kinds == [f"badge badge--{end}" for end in ends]
    sound(page, axe)
