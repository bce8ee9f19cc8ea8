"""A browser without scripts: over the whole WSGI stack with no socket, or to a real server."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from support.pages import Form, Page
from support.run import BASE_URL

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CSRF_FIELD = "csrfmiddlewaretoken"

_open: list[httpx.Client] = []


def close_all() -> None:
    """Close the connections of every browser of the test."""
    while _open:
        _open.pop().close()


class Site:
    """One browser: cookies, the last answer, and the page in it.

    It talks to the application within this process, at https://hospes.test; with ``server`` to
    the real one at that address.
    """

    def __init__(
        self,
        *,
        user_agent: str = FIREFOX,
        language: str = "en",
        ip: str = "192.0.2.10",
        raise_exceptions: bool = True,
        server: str = "",
    ) -> None:
        self.base_url = server or BASE_URL
        self._options = {"raise_exceptions": raise_exceptions, "server": server}
        transport: httpx.BaseTransport
        if server:
            transport = httpx.HTTPTransport()
        else:
            from hospes.config.wsgi import application

            transport = httpx.WSGITransport(
                app=application, remote_addr=ip, raise_app_exceptions=raise_exceptions
            )
        self.client = httpx.Client(
            transport=transport,
            base_url=self.base_url,
            headers={"User-Agent": user_agent, "Accept-Language": language},
            follow_redirects=False,
        )
        _open.append(self.client)
        self.response: httpx.Response | None = None
        self.page = Page("")
        self.url = "/"

    def another_browser(self, **options: Any) -> Site:
        """Return a second browser, with no cookies."""
        return Site(**{**self._options, **options})

    # -- cookies -------------------------------------------------------------------------------

    def cookie(self, name: str) -> str | None:
        """Return a cookie's value by its name without the ``__Host-`` prefix."""
        for cookie in self.client.cookies.jar:
            if cookie.name.removeprefix("__Host-") == name:
                return cookie.value
        return None

    def set_cookie(self, name: str, value: str) -> None:
        """Put a cookie of the site into the jar."""
        self.client.cookies.set(
            name, value, domain=urlsplit(self.base_url).hostname or "", path="/"
        )

    # -- requests ------------------------------------------------------------------------------

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send one request; the page in its answer becomes ``self.page``."""
        self.response = response = self.client.request(method, url, **options)
        self.url = str(response.request.url).removeprefix(self.base_url)
        if response.headers.get("content-type", "").startswith("text/html"):
            self.page = Page(response.text)
        return response

    def get(self, url: str, *, follow: bool = False, **options: Any) -> httpx.Response:
        """Open a page; ``follow`` goes on through redirects within the site."""
        response = self.request("GET", url, **options)
        return self.follow() if follow else response

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        follow: bool = False,
        csrf: bool = True,
        **options: Any,
    ) -> httpx.Response:
        """Send a form; the CSRF token is added unless ``csrf`` is false."""
        content = dict(data or {})
        headers = {"Origin": self.base_url, **options.pop("headers", {})}
        if csrf:
            content.setdefault(CSRF_FIELD, self.csrf_token(url))
        response = self.request("POST", url, data=content, headers=headers, **options)
        return self.follow() if follow else response

    def csrf_token(self, url: str = "/") -> str:
        """Return the token of this browser, opening ``url`` first where it has none yet."""
        for address in (url, "/sign-in"):
            if self.cookie("csrf") is None:
                self.client.get(address)
        return self.cookie("csrf") or ""

    def submit(
        self,
        fields: dict[str, Any] | None = None,
        *,
        action: str = "",
        button: str = "",
        follow: bool = False,
        files: Any = None,
    ) -> httpx.Response:
        """Fill in and send a form of the page at hand, as it stands but for ``fields``.

        The form is chosen by (part of) its ``action`` or by its ``button``'s text, otherwise it
        is the first one with the POST method that has the fields.
        """
        form = self._chosen_form(fields or {}, action, button)
        content: dict[str, Any] = {**form.fields, **(fields or {})}
        for name, value, text in form.buttons:
            if name and ((button and button in text) or (not button and len(form.buttons) == 1)):
                content[name] = value
                break
        content = {name: value for name, value in content.items() if value is not None}
        url = urljoin(self.base_url + self.url, form.action or self.url)
        if form.method == "get":
            response = self.request("GET", url, params=content)
        else:
            response = self.request(
                "POST", url, data=content, files=files, headers={"Origin": self.base_url}
            )
        return self.follow() if follow else response

    def _chosen_form(self, fields: dict[str, Any], action: str, button: str) -> Form:
        if not action and not button:
            for form in self.page.forms:
                offered = {*form.fields, *form.choices}
                if form.method == "post" and fields and set(fields) <= offered:
                    return form
        return self.page.form(action, button=button)

    def follow(self, limit: int = 10) -> httpx.Response:
        """Go on through redirects as long as they stay on the site."""
        response = self.response
        assert response is not None
        for _ in range(limit):
            if not response.has_redirect_location:
                return response
            target = urljoin(str(response.request.url), response.headers["location"])
            if urlsplit(target).netloc != urlsplit(self.base_url).netloc:
                return response
            response = self.request("GET", target)
        raise AssertionError(f"More than {limit} redirects, the last to {response.url}")

    def click(self, text: str, *, follow: bool = True) -> httpx.Response:
        """Follow the link whose text contains ``text``."""
        target = urljoin(self.base_url + self.url, self.page.link(text).href)
        return self.get(target, follow=follow)

    @property
    def location(self) -> str:
        """Return where the last answer redirects to, without the site's own origin."""
        assert self.response is not None
        return self.response.headers.get("location", "").removeprefix(self.base_url)
