"""A demo installation with its client, and browsers signed in on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hospes.demo.people import PASSWORD
from support import run
from support.authenticator import App
from support.authenticator_double import Double
from support.browser import PHONE
from support.every_page import PEOPLE
from support.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page


class Demo(Server):
    """``hospes serve --demo`` with the demo client on the next port."""

    def __init__(self) -> None:
        super().__init__("--demo")
        while run.listens(self.port + 1):
            self.port = run.free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def client_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    server = Demo()
    server.start()
    run.wait_until(lambda: run.listens(server.port + 1), "the demo client's first page")
    yield server
    server.stop()


def fill_sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in page and send it."""
    address = page.locator("main input[name=email]")
    # An account that the page expects is named already.
    if address.is_editable():
        address.fill(email)
    page.fill("main input[name=password]", password)
    page.click("main form:has(input[name=password]) button[type=submit]")


@pytest.fixture(scope="module")
def opened(chromium: Browser, demo: Demo) -> Iterator[Callable[[str, str], Page]]:
    """Return a function that gives a page of a browser in which a role is signed in.

    The module shares one browser profile per role and colour scheme.
    """
    pages: dict[tuple[str, str], Page] = {}
    contexts: list[BrowserContext] = []

    def open_page(role: str, scheme: str) -> Page:
        if (role, scheme) not in pages:
            options: dict[str, Any] = {"color_scheme": scheme, "viewport": PHONE}
            context = chromium.new_context(**options, locale="en-GB")
            context.set_default_timeout(10_000)
            contexts.append(context)
            page = context.new_page()
            if role in PEOPLE:
                page.goto(f"{demo.url}/sign-in")
                fill_sign_in(page, PEOPLE[role], PASSWORD)
                page.wait_for_url(lambda url: "/sign-in" not in url)
            pages[role, scheme] = page
        return pages[role, scheme]

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def double(running_server: Server) -> Double:
    """Return a double of what the Authenticator speaks to."""
    return Double(running_server.url)


@pytest.fixture
def open_app(double: Double, new_page: Callable[..., Page]) -> Callable[..., App]:
    """Return a function that opens the Authenticator on a phone that speaks to the double.

    ``server`` is where the app itself comes from, if not the run's server; other options are those
    of ``new_page``.
    """

    def open_it(server: str = "", **options: Any) -> App:
        page = new_page(phone=True, **options)
        double.issuer = server or double.issuer
        double.serve(page.context)
        return App(page, double.issuer)

    return open_it


@pytest.fixture
def app(open_app: Callable[..., App]) -> App:
    """Return the Authenticator on a phone, not linked yet."""
    return open_app()


@pytest.fixture
def linked(app: App, double: Double) -> App:
    """Return the Authenticator on a phone that is linked to Lea's account."""
    app.link(double.invite()[0])
    return app
