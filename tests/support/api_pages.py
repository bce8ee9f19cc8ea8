"""A house with an administrator, for browser tests of the pages for programs and directories."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from support.server import Server

SMALL = {"width": 360, "height": 740}
_MAKE = """
import json
from support.api_tokens import make_token
from support.organizations import make_product, make_service, own
from support.people import make_account
owner = make_account({email!r}, first_name="Vera", last_name="Brunner")
house = own(owner)
house.name = "Haus Brunner AG"
house.save()
for name in ("bergblume.example", "seerose.example", "zeder.example"):
    make_product(house, name=name)
print(json.dumps([str(house.public_id), house.pk, make_token(owner, scopes=("products:read",))]))
"""


@dataclass(frozen=True)
class House:
    """An organization with three products. ``token`` may read them."""

    url: str
    email: str
    public_id: str
    key: int
    token: str

    @property
    def address(self) -> str:
        """Return where its pages begin."""
        return f"{self.url}/organizations/{self.public_id}"


def make_house(server: Server, email: str) -> House:
    """Make an organization that the person ``email`` represents."""
    public_id, key, token = json.loads(server.python(_MAKE.format(email=email)).splitlines()[-1])
    return House(server.url, email, public_id, key, token)


def enter(page: Page, house: House) -> None:
    """Sign its administrator in."""
    page.goto(f"{house.url}/sign-in")
    page.fill("main input[name=email]", house.email)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def fits(page: Page) -> None:
    """Fail where the page is wider than its window, or something is cut off at its edge."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], f"{page.url} is {wide} px wide"
    out = page.evaluate(
        "[...document.querySelectorAll('main button, main .button, main .badge, main code')]"
        ".filter(each => each.checkVisibility() && !each.closest('pre')"
        " && each.getBoundingClientRect().right > innerWidth).map(each => each.outerHTML)"
    )
    assert out == [], f"{page.url}: {out}"


def seen(page: Page, axe: Callable[[Page], None], heading: str = "") -> None:
    """Fail where the page is cut, wide or on a small phone, or breaks a rule of accessibility.

    It is looked at once its ``heading`` is there.
    """
    if heading:
        page.get_by_role("heading", name=heading, exact=True).first.wait_for()
    before = page.viewport_size
    fits(page)
    page.set_viewport_size(SMALL)
    fits(page)
    axe(page)
    page.set_viewport_size(before)
