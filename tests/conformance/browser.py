"""A person with a browser that runs no scripts, from an application's request to its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from conformance.provider import BASE, CALLBACK, EMAIL, PASSWORD, is_here

from support.pages import Form, Page

if TYPE_CHECKING:
    import httpx
    from conformance.provider import Provider

PARTY = "https://party.example"


@dataclass(frozen=True)
class Returned:
    """How the browser came back to the relying party."""

    address: str
    query: tuple[tuple[str, str], ...]
    # What was posted; None where the browser came by GET.
    form: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True)
class Stayed:
    """A page on which the person stays: nothing leads on from here by itself."""

    status: int
    page: Page
    path: str

    @property
    def leads_away(self) -> bool:
        """Return whether a form or a link of the page leads to the relying party."""
        targets = [form.action for form in self.page.forms]
        targets += [link.href for link in self.page.links]
        return any(target.startswith(PARTY) for target in targets)


class Browser:
    """One browser. ``asked`` names the pages at which the person had to do something."""

    def __init__(self, provider: Provider) -> None:
        self.client = provider.connect()
        self.asked: list[str] = []
        # Of the first page shown, if any: what the person saw before doing anything.
        self.first_page: Page | None = None

    def visit(self, url: str, params: dict[str, str], *, method: str = "GET") -> Returned | Stayed:
        """Be sent to ``url`` by a relying party; sign in and agree wherever asked to."""
        self.asked, self.first_page = [], None
        if method == "POST":
            response = self.client.post(url, data=params, headers={"Origin": PARTY})
        else:
            response = self.client.get(url, params=params)
        for _ in range(20):
            if response.has_redirect_location:
                target = urljoin(str(response.request.url), response.headers["location"])
                if not is_here(target):
                    return _returned(target)
                response = self.client.get(target)
                continue
            arrived = self._act(response)
            if isinstance(arrived, Returned | Stayed):
                return arrived
            response = arrived
        raise AssertionError(f"Sent round in circles, at last to {response.request.url}")

    def first(self, url: str, params: dict[str, str]) -> Page:
        """Be sent to ``url`` and do nothing; return the first page."""
        response = self.client.get(url, params=params)
        while response.has_redirect_location:
            response = self.client.get(
                urljoin(str(response.request.url), response.headers["location"])
            )
        return Page(response.text)

    def _act(self, response: httpx.Response) -> httpx.Response | Returned | Stayed:
        path = urlsplit(str(response.request.url)).path
        page = Page(response.text)
        if response.status_code != 200:
            return Stayed(response.status_code, page, path)
        posted = _posted_away(page, response)
        if posted is not None:
            return posted
        self.first_page = self.first_page or page
        button, fields = _next_step(page, path)
        if button:
            return self._send(response, page.form(button=button), path, fields)
        return Stayed(response.status_code, page, path)

    def _send(
        self, response: httpx.Response, form: Form, name: str, fields: dict[str, Any]
    ) -> httpx.Response:
        self.asked.append(name)
        assert len(self.asked) < 8, f"Asked again and again: {self.asked}"
        here = str(response.request.url)
        return self.client.post(
            urljoin(here, form.action or here),
            data={**form.fields, **fields},
            headers={"Origin": BASE},
        )

    @property
    def asked_for_password(self) -> bool:
        """Return whether the person had to give the password at the last visit."""
        return any(path.startswith("/sign-in") for path in self.asked)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def _next_step(page: Page, path: str) -> tuple[str, dict[str, str]]:
    """Return the button that the person presses on a page, "" for none, and what is filled in."""
    if path == "/sign-in":
        return "Sign in", {"email": EMAIL, "password": PASSWORD}
    if path == "/sign-in/confirm":
        return "Confirm", {"password": PASSWORD}
    if path == "/authorize":
        return "Allow", {"decision": "allow"}
    if path == "/oauth2/end-session" and any(path in form.action for form in page.forms):
        return "Sign out", {}
    return "", {}


def _returned(target: str) -> Returned:
    parts = urlsplit(target)
    assert not parts.fragment, "the code flow answers in no fragment"
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return Returned(address, tuple(parse_qsl(parts.query, keep_blank_values=True)))


def _posted_away(page: Page, response: httpx.Response) -> Returned | None:
    """Return what the page's form takes to the relying party at once, if it has such a form."""
    for form in page.forms:
        if not is_here(urljoin(BASE, form.action)):
            # A browser refuses to send a form where the page's own policy does not allow it.
            policy = response.headers["content-security-policy"]
            allowed = policy.partition("form-action")[2].partition(";")[0].split()
            assert any(CALLBACK.startswith(source) for source in allowed), policy
            assert response.headers["content-type"].startswith("text/html")
            assert form.method == "post"
            assert not form.multipart
            sent = tuple((name, str(value)) for name, value in form.fields.items())
            assert all(isinstance(value, str) for value in form.fields.values()), "sent twice"
            back = _returned(form.action)
            return Returned(back.address, back.query, sent)
    return None
