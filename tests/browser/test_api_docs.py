"""The API's documentation in a browser: found by words, tried with a token."""

from __future__ import annotations

import pytest

from support.api_pages import SMALL, fits, make_house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(running_server):
    return make_house(running_server, "vera@docs.example")


def products(page):
    """The form that tries the list of products, open."""
    form = page.locator("#get_1_products form[data-docs-try]")
    details = page.locator("#get_1_products details:has(form)")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return form


def test_an_endpoint_is_found_and_really_called(page, house):
    page.goto(f"{house.url}/api/docs")
    page.fill("[data-docs-search]", "products list get")
    page.get_by_text("endpoints", exact=False).first.wait_for()
    shown = page.locator("article:visible").count()
    assert 0 < shown < page.locator("article").count()
    assert page.locator("[data-docs-found]").inner_text().startswith(f"{shown} of ")

    form = products(page)
    form.get_by_role("button", name="Send").click()
    form.get_by_text("Paste a token first").wait_for()
    assert page.evaluate("document.activeElement.id") == "docs-token"
    page.fill("#docs-token", "hsp_pat_nothing")
    form.get_by_role("button", name="Send").click()
    form.get_by_text("401").first.wait_for()
    page.fill("#docs-token", house.token)
    form.locator("[name=search]").fill("seerose")
    with page.expect_response("**/api/1/products?*") as answer:
        form.get_by_role("button", name="Send").click()
    assert answer.value.status == 200
    assert "cookie" not in answer.value.request.all_headers()
    form.get_by_text("200").first.wait_for()
    told = form.locator("[data-docs-answer]").inner_text()
    assert "seerose.example" in told
    assert "zeder.example" not in told
    fits(page)


def test_the_token_is_kept_nowhere(page, house):
    page.goto(f"{house.url}/api/docs")
    page.fill("#docs-token", house.token)
    assert house.token not in page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    page.reload()
    assert page.input_value("#docs-token") == ""


def test_a_phone_and_no_scripts(new_page, house):
    page = new_page(phone=True, viewport=SMALL)
    page.goto(f"{house.url}/api/docs")
    form = products(page)
    page.fill("#docs-token", house.token)
    form.get_by_role("button", name="Send").tap()
    form.get_by_text("200").first.wait_for()
    fits(page)
    plain = new_page(phone=True, viewport=SMALL, java_script_enabled=False)
    plain.goto(f"{house.url}/api/docs")
    assert plain.locator("article").count() > 20
    assert not plain.locator("[data-docs-search]").is_visible()
