"""The provider under test, and for each test its module's outcome, a browser and a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
from conformance.browser import Browser
from conformance.modules import PLANS
from conformance.party import Party
from conformance.program import Registrar
from conformance.provider import AFTER_LOGOUT, BASE, CALLBACK, PASSWORD, Client, Provider
from conformance.record import PROPERTY, Outcome

from support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

MODES = {
    "basic": "",
    "formpost-basic": "form_post",
    "rp-initiated-logout": "",
    "backchannel-rp-initiated-logout": "",
    "frontchannel-rp-initiated-logout": "",
    "config": "",
    "dynamic": "",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a module's test once for each plan that holds the module."""
    module = metafunc.function.__name__.removeprefix("test_").replace("_", "-")
    plans = [plan for plan, modules in PLANS.items() if module in modules]
    if plans:
        metafunc.parametrize("plan", plans, scope="function")


class Owner:
    """The developer who registers the clients, through the pages."""

    def __init__(self, provider: Provider) -> None:
        self.client = provider.connect()
        self.page = Page("")
        self.url = "/"
        self.open("/sign-in?next=/auth/applications")
        self.send("Sign in", email="owner@party.example", password=PASSWORD)
        assert self.url.endswith("/auth/applications"), self.page.text

    def open(self, url: str) -> None:
        """Open a page."""
        self._seen(self.client.get(url))

    def send(self, button: str, **fields: Any) -> None:
        """Fill in and send the form with this button."""
        form = self.page.form(button=button)
        content = {k: v for k, v in {**form.fields, **fields}.items() if v is not None}
        self._seen(
            self.client.post(
                urljoin(self.url, form.action or self.url), data=content, headers={"Origin": BASE}
            )
        )

    def _seen(self, response: httpx.Response) -> None:
        while response.has_redirect_location:
            response = self.client.get(
                urljoin(str(response.request.url), response.headers["location"])
            )
        self.url, self.page = str(response.request.url), Page(response.text)

    def fill_in(self, name: str, **changes: Any) -> None:
        """Send the form for a new application."""
        self.open("/auth/applications/new")
        fields = {
            "type": "web",
            "name": name,
            "redirect_uris": [CALLBACK],
            "logout_uris": [AFTER_LOGOUT],
            # The suite sends no challenge, but for one module.
            "pkce_required": None,
        }
        self.send("Create application", **{**fields, **changes})

    def register(self, name: str, **changes: Any) -> Client:
        """Register an application; return what its page shows once."""
        self.fill_in(name, **changes)
        shown = [e.text for e in self.page.all("span", class_="kept__value")]
        assert len(shown) == 4, self.page.text
        return Client(shown[0], shown[1])


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    found = Provider()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def owner(provider: Provider) -> Iterator[Owner]:
    found = Owner(provider)
    provider.first = found.register("First client")
    provider.second = found.register("Second client")
    yield found
    found.client.close()


@pytest.fixture
def outcome(
    plan: str, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Outcome:
    module = request.function.__name__.removeprefix("test_").replace("_", "-")
    found = Outcome(plan, module)
    record_property(PROPERTY, found.told)
    return found


@pytest.fixture
def browser(provider: Provider, owner: Owner) -> Iterator[Browser]:
    found = Browser(provider)
    yield found
    found.close()


@pytest.fixture(scope="session")
def registrar(provider: Provider, owner: Owner) -> Registrar:
    """Return what registers programs, with a token that the developer made."""
    owner.open("/auth/applications/registration/new")
    owner.send("Create token", name="Suite", uses="100", days="1")
    value = owner.page.all("span", class_="kept__value")[0].text
    return Registrar(provider, value)


@pytest.fixture
def party(
    provider: Provider, owner: Owner, plan: str, outcome: Outcome, request: pytest.FixtureRequest
) -> Party:
    """Return the first client, in the response mode of the plan; for its plan a program."""
    if plan == "dynamic":
        return request.getfixturevalue("registrar").program()
    return Party(provider, provider.first, mode=MODES[plan])


@pytest.fixture
def second(provider: Provider, owner: Owner, plan: str) -> Party:
    """Return the second client."""
    return Party(provider, provider.second, mode=MODES[plan])
