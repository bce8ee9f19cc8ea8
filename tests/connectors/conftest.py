"""A WordPress into which the module was installed as its administrator does it, and a provider."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from support.altering_proxy import Proxy
from support.server import Server
from support.wordpress import ADMIN, WordPress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PASSWORD = "seven herons over the reeds 58"
PEOPLE = (
    *("lea", "max", "ida", "tom", "eva", "ben", "zoe", "jan"),
    *("mia", "kai", "ola", "ned", "uma", "ugo", "gil", "sam"),
)
# A page of the site that costs nothing, for where it does not matter which one is reached.
LIGHT = "/readme.html"
SET_UP = """
import json
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.kit.origin import SYSTEM
from support.organizations import own
from support.people import make_account
owner = make_account("owner@site.example", {password!r}, first_name="Olga")
house = own(owner)
for name in {people!r}:
    make_account(f"{{name}}@site.example", {password!r}, first_name=name.title())
def register(name, uris, alg="RS256"):
    draft = Draft(
        type="web", name=name, redirect_uris=uris, logout_uris={out!r}, id_token_alg=alg,
        preset="wordpress",
    )
    made = register_application(
        RegisterApplication(draft, f"form-of-{{name}}"), organization=house,
        acting_account=owner, origin=SYSTEM,
    )
    return made.application.client_id, made.secret
print(json.dumps([
    register("The site", {uris!r}),
    register("To be deleted", {uris!r}, "ES256"),
    register("Elsewhere", ("https://elsewhere.example/openid-connect-authorize",)),
]))
"""


class Walker:
    """A browser without pages, of somebody who is signed in at the provider."""

    def __init__(self, connected: Connected, cookies: list[Any], url: str = "") -> None:
        self.url, self.client = url or connected.site.url, httpx.Client(timeout=30)
        for cookie in cookies:
            if cookie["domain"] == "127.0.0.1":
                self.client.cookies.set(
                    cookie["name"], cookie["value"], "127.0.0.1", cookie["path"]
                )

    def answered(self) -> str:
        """Press the button; return the provider's answer, which is not taken to the site yet."""
        start = f"{self.url}/wp-login.php?action=hospes-connect&redirect_to={LIGHT}"
        asked = self.client.get(start).headers["location"]
        return str(self.client.get(asked).headers["location"])

    def arrive(self, address: str = "") -> str:
        """Take an answer to the site; return "" for somebody signed in, else what is said."""
        response = self.client.get(address or self.answered())
        signed_in = any("wordpress_logged_in" in c for c in response.headers.get_list("set-cookie"))
        target = response.headers["location"]
        assert signed_in == (target in {LIGHT, self.url + LIGHT}), target
        if signed_in:
            return ""
        said = re.search(
            r'id="login_error"[^>]*>(.*?)</div>', self.client.get(target).text, re.DOTALL
        )
        assert said
        return html.unescape(said[1])

    def own_cookie(self) -> tuple[str, str]:
        """Return name and value of the cookie that the sign-in begun last left here."""
        *_, last = (c for c in self.client.cookies.jar if c.name.startswith("hospes_connect_"))
        return last.name, str(last.value)

    def put(self, name: str, value: str) -> None:
        """Put a cookie of the site."""
        self.client.cookies.set(name, value, "localhost.local", "/openid-connect-authorize")


class Connected:
    """The site, its provider, and the proxy between the two."""

    def __init__(self, site: WordPress, server: Server, proxy: Proxy) -> None:
        self.site, self.server, self.proxy = site, server, proxy
        self.applications: list[tuple[str, str]] = []
        self.steps: list[str] = []

    @property
    def own(self) -> tuple[str, str]:
        """Return client ID and secret of the site's application."""
        return self.applications[0]

    def begin(self, page: Page, address: str = "/wp-login.php") -> None:
        """Open the sign-in page, and press the button."""
        page.goto(self.site.url + address)
        page.click(".hospes-connect a.button")

    def prove(self, page: Page, name: str) -> None:
        """Fill in the provider's sign-in page."""
        page.fill("main input[name=email]", f"{name}@site.example")
        page.fill("main input[name=password]", PASSWORD)
        page.click("main form:has(input[name=password]) button[type=submit]")

    def allow(self, page: Page) -> None:
        """Press the button of the provider's consent page."""
        page.get_by_role("button", name="Allow").click()

    def enter(self, page: Page, name: str) -> None:
        """Sign somebody in for the first time."""
        self.begin(page, f"/wp-login.php?redirect_to={LIGHT}")
        self.prove(page, name)
        self.allow(page)
        page.wait_for_url(self.site.url + LIGHT)

    def again(self, page: Page) -> None:
        """Forget who is signed in at the site, and sign in; the provider still knows."""
        self.leave(page)
        self.begin(page, f"/wp-login.php?redirect_to={LIGHT}")
        page.wait_for_url(self.site.url + LIGHT)

    def leave(self, page: Page) -> None:
        """Forget who is signed in at the site."""
        page.context.clear_cookies(domain="localhost")

    def refused(self, page: Page) -> str:
        """Return what the site's sign-in page says, and see that nobody is signed in."""
        page.wait_for_url(f"{self.site.url}/wp-login.php?**")
        names = {c["name"] for c in page.context.cookies() if c["domain"] == "localhost"}
        assert not [name for name in names if name.startswith("wordpress_logged_in")]
        return page.inner_text("#login_error")

    def user(self, name: str) -> Any:
        return self.site.user(f"{name}@site.example")

    def log(self) -> list[dict[str, Any]]:
        """Return what the administrator finds, the newest first."""
        return list(self.site.ask("Hospes\\Connect\\Errors::lines()"))

    def set(self, **values: str) -> None:
        """Change settings, as `wp hospes-connect configure` does."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]
        done = self.site.cli("hospes-connect", "configure", *options)
        assert done.returncode == 0, done.stdout + done.stderr


def enter_with_password(page: Page, site: WordPress) -> None:
    """Sign the administrator in with WordPress's own form."""
    page.goto(f"{site.url}/wp-login.php")
    page.fill("#user_login", ADMIN[0])
    page.fill("#user_pass", ADMIN[1])
    page.click("#wp-submit")
    page.wait_for_url(f"{site.url}/wp-admin/**")


def download(page: Page, connected: Connected) -> Path:
    """Fetch the zip from the application's page, as its owner does."""
    address = f"/auth/applications/{connected.own[0]}"
    page.goto(f"{connected.server.url}/sign-in?next={address}")
    connected.prove(page, "owner")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download for this site").click()
    archive = connected.site.folder / started.value.suggested_filename
    started.value.save_as(archive)
    return archive


def install(page: Page, connected: Connected) -> None:
    """Download and upload the zip, switch the module on, type the secret, save, and test."""
    site = connected.site
    archive = download(page, connected)
    enter_with_password(page, site)
    page.goto(f"{site.url}/wp-admin/plugin-install.php?tab=upload")
    page.set_input_files("#pluginzip", archive)
    page.click("#install-plugin-submit")
    page.click("text=Activate Plugin")
    page.wait_for_url("**/plugins.php?**")
    page.click("#the-list [data-slug=hospes-connect] >> text=Settings")
    assert page.input_value("[name='hospes_connect[client_id]']") == connected.own[0]
    page.fill("[name='hospes_connect[client_secret]']", f" {connected.own[1]} ")
    page.click("#submit")
    page.wait_for_selector(".settings-error.notice-success")
    page.click("button:has-text('Test the connection')")
    page.wait_for_selector(".notice.inline")
    connected.steps = [notice.inner_text() for notice in page.query_selector_all(".notice.inline")]


@pytest.fixture(scope="session")
def connected(chromium: Browser) -> Iterator[Connected]:
    proxy = Proxy()
    site = WordPress(proxy.port)
    server = Server()
    try:
        server.start()
        site.start()
        made = Connected(site, server, proxy)
        back = f"{site.url}/openid-connect-authorize"
        other = f"{site.url}/wp-admin/admin-ajax.php?action=openid-connect-authorize"
        out = f"{site.url}/wp-login.php?loggedout=true"
        values = {"password": PASSWORD, "people": PEOPLE, "uris": (back, other), "out": (out,)}
        made.applications = json.loads(server.python(SET_UP.format(**values)))
        context = chromium.new_context(locale="en-GB")
        context.set_default_timeout(10_000)
        install(context.new_page(), made)
        context.close()
        yield made
        assert not site.complaints(), site.complaints()
    finally:
        site.stop()
        server.stop()
        proxy.stop()


@pytest.fixture(scope="session")
def cookies(chromium: Browser, connected: Connected) -> list[Any]:
    """Return what the browser keeps of Uma, who signed in and allowed the site."""
    context = chromium.new_context(locale="en-GB")
    context.set_default_timeout(10_000)
    connected.enter(context.new_page(), "uma")
    kept = context.cookies()
    context.close()
    return list(kept)


@pytest.fixture
def walk(connected: Connected, cookies: list[Any]) -> Iterator[Callable[..., Walker]]:
    """Return a function that gives one more window, of Uma's browser or of another."""
    walkers: list[Walker] = []

    def one_more(kept: list[Any] | None = None, url: str = "") -> Walker:
        walkers.append(Walker(connected, kept or cookies, url))
        return walkers[-1]

    yield one_more
    for walker in walkers:
        walker.client.close()


@pytest.fixture
def walker(walk: Callable[..., Walker]) -> Walker:
    """Return Uma, who has an account at the site."""
    return walk()


@pytest.fixture
def set_for_now(connected: Connected) -> Iterator[Callable[..., None]]:
    """Return a function that changes settings until the end of the test."""
    before = connected.site.ask("get_option('hospes_connect')")
    yield connected.set
    text = json.dumps(before).replace("'", "\\'")
    connected.site.ask(f"update_option('hospes_connect', json_decode('{text}', true))")
