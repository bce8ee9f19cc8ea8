"""The status page in a browser: written by staff, read by visitors, told on customers' homes."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 740}


def sound(page, axe):
    page.set_viewport_size(SMALL)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_incident_from_the_form_to_its_end(opened, demo, axe, scheme):
    page = opened("staff", scheme)
    page.goto(f"{demo.url}/staff/status/new?kind=incident")
    page.fill("[name=title_en]", f"Hall three is slow, {scheme}")
    page.locator("summary", has_text="French").click()
    page.fill("[name=title_fr]", f"La halle trois est lente, {scheme}")
    page.get_by_role("button", name="Preview").click()
    page.locator("#status-preview").wait_for()
    sound(page, axe)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/staff/status/*")
    page.get_by_role("heading", level=1, name=f"Hall three is slow, {scheme}").wait_for()
    sound(page, axe)
    number = page.url.rsplit("/", 1)[1]

    home = opened("customer", scheme)
    # The server's own memory of incidents is as old as status.cache_seconds at most.
    home.goto(demo.url)
    home.get_by_text(f"La halle trois est lente, {scheme}").wait_for()
    sound(home, axe)

    visitor = page.context.browser.new_context(
        color_scheme=scheme, locale="en-GB", timezone_id="Pacific/Auckland"
    ).new_page()
    visitor.goto(f"{demo.url}/status")
    visitor.locator("[data-zone]", has_text="Pacific/Auckland").wait_for()
    assert "1 incident is going on." in visitor.locator(".status__summary").inner_text()
    sound(visitor, axe)
    visitor.get_by_role("link", name=f"Hall three is slow, {scheme}").click()
    visitor.wait_for_url(f"**/status/{number}")
    moment = visitor.locator("[data-times] time").first
    shown = visitor.evaluate(
        "iso => new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'short',"
        " timeZone: 'Pacific/Auckland'}).format(new Date(iso))",
        moment.get_attribute("datetime"),
    )
    assert moment.inner_text() == shown
    sound(visitor, axe)

    page.goto(f"{demo.url}/staff/status/{number}/update?status=resolved")
    page.fill("[name=text_en]", "It is fast again.")
    sound(page, axe)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**/staff/status/{number}")
    page.get_by_role("link", name="Delete this event").click()
    page.locator("dialog[open]").wait_for()
    page.locator("dialog[open] [data-dialog-close]").last.click()
    visitor.reload()
    visitor.get_by_text("It is fast again.").wait_for()
    visitor.context.close()
