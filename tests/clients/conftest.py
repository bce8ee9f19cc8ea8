"""A real server, a person with a browser, and applications registered through the pages."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import pytest

from support.clients import CALLBACK, EMAIL, PASSWORD
from support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.server import Server

# Where Node is absent there is nothing to run; tools/javascript.py says so.
collect_ignore = [] if shutil.which("node") else ["test_javascript.py", "test_javascript_keys.py"]


class Visitor:
    """A browser that speaks real HTTP to the server, signed in."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = httpx.Client(base_url=server.url, follow_redirects=False, timeout=20)
        self.page = Page("")
        self.url = "/"

    def get(self, url: str) -> httpx.Response:
        """Open a page, and go on through redirects within the server."""
        return self._seen(self.client.get(url))

    def send(self, action: str, fields: dict[str, Any]) -> httpx.Response:
        """Fill in and send the form whose action or button holds ``action``."""
        form = self._form(action)
        content = {**form.fields, **fields}
        content |= {name: value for name, value, text in form.buttons if name and action in text}
        url = urljoin(self.url, form.action or self.url)
        headers = {"Origin": self.server.url}
        return self._seen(self.client.post(url, data=content, headers=headers))

    def _form(self, action: str) -> Any:
        for form in self.page.forms:
            if action in form.action or any(action in text for _n, _v, text in form.buttons):
                return form
        raise AssertionError(f"No form {action!r} on {self.url}: {self.page.text}")

    def _seen(self, response: httpx.Response) -> httpx.Response:
        while response.has_redirect_location:
            target = urljoin(str(response.request.url), response.headers["location"])
            if not target.startswith(self.server.url):
                return response
            response = self.client.get(target)
        self.url = str(response.request.url)
        self.page = Page(response.text)
        return response

    def register(self, **values: Any) -> tuple[str, str]:
        """Register an application through the pages; return client ID and secret."""
        self.get("/auth/applications/new")
        fields = {"type": "server", "name": "A client", "redirect_uris": [CALLBACK], **values}
        self.send("Create application", fields)
        shown = [e.text for e in self.page.all("span", class_="kept__value")]
        assert len(shown) >= 3, self.page.text
        return shown[0], shown[1] if shown[1].startswith("hsp_cs_") else ""

    def agree(self, url: str) -> str:
        """Follow an application's request, allow it, and return the address it leads back to."""
        response = self.get(url)
        if response.status_code == 200:
            response = self.send("Allow", {})
        return str(response.headers["location"])


@pytest.fixture(scope="session")
def visitor(running_server: Server) -> Iterator[Visitor]:
    made = running_server.command(
        *("staff", "create", "--email", EMAIL, "--name", "Clara Berg"), input=f"{PASSWORD}\n"
    )
    assert made.returncode == 0, made.stderr
    browser = Visitor(running_server)
    browser.get("/sign-in?next=/auth/applications")
    browser.send("Sign in", {"email": EMAIL, "password": PASSWORD})
    assert browser.url.endswith("/auth/applications"), browser.page.text
    yield browser
    browser.client.close()


@pytest.fixture(autouse=True)
def plain_http_on_this_machine(monkeypatch):
    """Both libraries refuse http unless told so; here it never leaves the machine."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def metadata(running_server: Server) -> dict[str, Any]:
    return httpx.get(f"{running_server.url}/.well-known/openid-configuration").json()


@pytest.fixture
def rows(running_server: Server):
    """Return a function that takes a picture of what codes and tokens gave."""

    def picture() -> list[Any]:
        return [
            running_server.rows("SELECT id, revoked_at FROM connect_grant ORDER BY id"),
            running_server.rows("SELECT id, used_at FROM connect_authorization_code ORDER BY id"),
            running_server.rows("SELECT id, revoked_at FROM connect_token ORDER BY id"),
        ]

    return picture
