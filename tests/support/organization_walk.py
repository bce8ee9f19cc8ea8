"""Organizations on a running server, and people who walk their pages in browsers.

``make`` runs in the server's installation (``Server.python``); ``Houses`` and ``Walk`` in the
test's process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from support.browser import WIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from support.server import Server

SMALL = {"width": 360, "height": 740}
# The innermost elements that reach past the right edge of the window.
BEYOND = """[...document.querySelectorAll('main *')].filter(
  e => e.getBoundingClientRect().right > innerWidth && !e.children.length
).map(e => e.outerHTML.slice(0, 200)).join(' ') || 'unknown'"""
SETTLED = """Promise.all(document.getAnimations().filter(
  each => each.effect.getComputedTiming().endTime < 2000
).map(each => each.finished.catch(() => {})))"""
ROLES = ("owner", "admin", "anna", "bruno", "eva")


def make(mark: str, count: int, two_step: bool) -> str:
    """Make ``count`` houses (``support.teams``) with everybody signed in; return them as JSON.

    ``two_step``: the owner has two-step verification, so that they may require it of others.
    """
    from django.db import transaction

    # In one transaction: else the server gives accounts organizations of their own meanwhile.
    with transaction.atomic():
        return json.dumps([_made(f"{mark}-{number}", two_step) for number in range(count)])


def _made(mark: str, two_step: bool) -> dict[str, Any]:
    from hospes.identity.services import sessions
    from hospes.kit.origin import SYSTEM
    from support import organizations, teams
    from support.two_step import add_method

    house = teams.make_house(f"Haus {mark}", mark)
    if two_step:
        add_method(house.owner.account)
    told: dict[str, Any] = {
        "name": house.organization.name,
        "path": house.address("").rstrip("/"),
        "mark": mark,
        "people": {},
        "products": [house.first.pk, house.second.pk],
    }
    for role in ROLES:
        account = getattr(house, role).account
        session, token = sessions.open_session(
            account, None, origin=SYSTEM, amr=("pwd", "otp", "mfa")
        )
        organizations.look_at(session, house.organization)
        told["people"][role] = [account.email, account.public_id, token]
    return told


@dataclass(frozen=True)
class House:
    """One organization: its owner, admin, two collaborators (anna, bruno) and external eva."""

    server: Server
    name: str
    path: str
    mark: str
    people: dict[str, list[str]]
    products: list[int]

    def email(self, role: str) -> str:
        """Return the sign-in address of that person."""
        return self.people[role][0]

    def of(self, role: str) -> str:
        """Return the path of that member's page."""
        return f"{self.path}/members/{self.people[role][1]}"


class Houses:
    """Gives each test of a module a house of its own; they are made many at once."""

    def __init__(
        self, server: Server, mark: str, batch: int = 8, *, two_step: bool = False
    ) -> None:
        self.server, self.mark, self.batch, self.two_step = server, mark, batch, two_step
        self._made: list[dict[str, Any]] = []
        self._batches = 0

    def next(self) -> House:
        """Return a fresh one."""
        if not self._made:
            self._batches += 1
            mark = f"{self.mark}{self._batches}"
            self._made = json.loads(
                self.server.python(
                    "from support.organization_walk import make\n"
                    f"print(make({mark!r}, {self.batch}, {self.two_step}))"
                ).splitlines()[-1]
            )
        return House(self.server, **self._made.pop())


class Walk:
    """A person at a browser, on the pages of one organization."""

    def __init__(self, page: Page, house: House, axe: Callable[[Page], None]) -> None:
        self.page, self.house, self._axe = page, house, axe
        self.server = house.server

    def be(self, role: str) -> Walk:
        """Go on as that person, who is signed in already."""
        token = self.house.people[role][2]
        self.page.context.add_cookies([{"name": "browser", "value": token, "url": self.server.url}])
        return self

    def open(self, path: str = "", *, status: int = 200) -> Walk:
        """Open a page of the organization, or any page where ``path`` begins with a slash."""
        if not path.startswith("/"):
            path = f"{self.house.path}/{path}"
        answer = self.page.goto(self.server.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self

    def look(self) -> Walk:
        """Look the page over: accessible, one heading, nothing too wide on a phone."""
        page = self.page
        # A dialog that still fades in has the colours of no state.
        page.evaluate(SETTLED)
        assert page.locator("main h1").count() == 1
        self._axe(page)
        size = page.viewport_size or WIDE
        for each in (SMALL, size):
            page.set_viewport_size({"width": each["width"], "height": each["height"]})
            wide = page.evaluate("document.documentElement.scrollWidth")
            beyond = "" if wide <= each["width"] else page.evaluate(BEYOND)
            assert not beyond, f"{page.url}: {wide} px wide at {each['width']} px: {beyond}"
        return self

    def button(self, name: str) -> Locator:
        """Return the button of that name on the page or in its dialog."""
        dialog = self.page.locator("dialog[open]")
        within = dialog if dialog.count() else self.page.locator("main")
        return within.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> Walk:
        """Press the button of that name and wait for the page it leads to."""
        self._leave(self.button(name))
        return self

    def click(self, name: str) -> Walk:
        """Follow the link of that name."""
        self._leave(self.page.locator("main").get_by_role("link", name=name, exact=True).first)
        return self

    def _leave(self, target: Locator) -> None:
        with self.page.expect_event("load"):
            target.click()

    def fill(self, **fields: str) -> Walk:
        """Fill in fields by their names."""
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)
        return self

    def tick(self, *labels: str) -> Walk:
        """Tick boxes and radio buttons by their labels."""
        for label in labels:
            self.page.locator("main").get_by_label(label, exact=True).check()
        return self

    def says(self, *texts: str) -> Walk:
        """Expect these texts on the page, toasts included."""
        told = self.page.locator("body").inner_text()
        for text in texts:
            seen = self.page.locator("main").inner_text()[:600]
            assert text in told, f"{self.page.url} does not say {text!r}:\n{seen}"
        return self

    def does_not_say(self, *texts: str) -> Walk:
        """Expect none of these texts in what the page itself holds."""
        told = self.page.locator("main").inner_text()
        for text in texts:
            assert text not in told, f"{self.page.url} says {text!r}:\n{told}"
        return self

    def row(self, text: str) -> Locator:
        """Return the row of a table that holds the text."""
        return self.page.locator("main tbody tr", has_text=text)

    def rows(self) -> list[str]:
        """Return the name at the head of each row of the page's table."""
        found = self.page.locator("main tbody th[scope=row]").evaluate_all(
            "all => all.map(e => (e.querySelector('.break-late') ?? e).textContent.trim())"
        )
        return [str(each) for each in found]

    @property
    def path(self) -> str:
        """Return where the browser is, without the server."""
        return urlsplit(self.page.url).path

    def download(self, name: str) -> str:
        """Follow a link to a file; return the file's text."""
        with self.page.expect_download() as waited:
            self.page.locator("main").get_by_role("link", name=name, exact=True).click()
        return waited.value.path().read_text("utf-8-sig")
