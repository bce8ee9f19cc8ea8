"""Real browsers: pages wide and narrow, and the accessibility rules run inside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import browser as browser_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread, which Django takes
    # for asynchronous code that must not reach the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    program = browser_program.find()
    assert program, browser_program.MISSING
    browser = playwright_driver.chromium.launch(
        executable_path=program, args=browser_program.ARGUMENTS
    )
    yield browser
    browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser profile of its own.

    ``phone`` makes it narrow with a touch screen; other options are those of Playwright's
    ``new_context`` (``locale``, ``color_scheme``, ``java_script_enabled`` …). A script's error
    or a breach of the content security policy fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(*, phone: bool = False, **options: Any) -> Page:
        defaults: dict[str, Any] = {"viewport": PHONE if phone else WIDE, "locale": "en-GB"}
        if phone:
            defaults |= {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
        context = chromium.new_context(**{**defaults, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a page in a wide window."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """Return a page on a phone-sized screen."""
    return new_page(phone=True)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a function that fails where the page at hand breaks a rule of accessibility."""
    import axe_core_python

    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text("utf-8")

    def check(page: Page) -> None:
        page.evaluate(script)
        # This edition of the rules is older than the word for passkeys (HTML, autofill detail
        # tokens: "webauthn" after the field's own).
        page.evaluate(
            "() => axe.configure({checks: [{id: 'autocomplete-valid',"
            " options: {stateTerms: ['username webauthn']}}]})"
        )
        # What a closed <details> holds is not shown, though it has a place on the page.
        result = page.evaluate(
            "() => axe.run({exclude: [['details:not([open]) > :not(summary)']]},"
            " {resultTypes: ['violations']})"
        )
        told = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(node["html"] for node in violation["nodes"])
            for violation in result["violations"]
        ]
        assert not told, f"{page.url} breaks rules of accessibility:\n" + "\n".join(told)

    return check
