"""Every page is accessible, fits a small phone and breaks nothing, in light and dark."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from support.every_page import ELSEWHERE, PLACES

pytestmark = pytest.mark.browser

SMALL = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


def every_name(patterns) -> set[str]:
    found = set()
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            found |= every_name(pattern.url_patterns)
        else:
            found.add(pattern.name)
    return found


def test_every_address_of_the_product_is_listed():
    listed = {place.name for place in PLACES} | set(ELSEWHERE)
    known = every_name(get_resolver().url_patterns)

    assert known - listed == set()
    assert listed - known == {"not_found"}
    assert not {place.name for place in PLACES} & set(ELSEWHERE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_is_sound(opened, demo, axe, place, scheme):
    page = opened(place.role, scheme)
    told = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.set_viewport_size(SMALL)

    response = page.goto(demo.url + place.of(demo))

    assert response.status == place.status, page.url
    assert page.url.split("?")[0] == (demo.url + place.of(demo)).split("?")[0], "led elsewhere"
    assert page.title().strip()
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.evaluate("document.documentElement.lang")
    assert page.locator("main").count() == 1
    axe(page)
    for size in (SMALL, WIDE):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{wide} px wide at {size['width']} px"
    if place.status < 400:
        assert told == []
