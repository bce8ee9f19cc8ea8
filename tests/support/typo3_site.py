"""A TYPO3 that has the extension, one request at a time."""

from __future__ import annotations

import html
import re
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from support.site_visitor import CONNECTORS, PhpSite, SiteVisitor, words

if TYPE_CHECKING:
    from support.altering_proxy import Proxy
    from support.server import Server

MODULE = CONNECTORS / "typo3" / "hospes_connect"
SITE = "https://site.example"
BACKEND, FRONTEND = "/typo3/hospes-connect", "/"
DEFAULTS = {
    "backendEnabled": "1",
    "backendLink": "1",
    "frontendEnabled": "1",
    "frontendLink": "1",
    "frontendCreate": "1",
    "followEmail": "1",
}


class Typo3(PhpSite):
    """A TYPO3 with the extension, and somebody's browser."""

    def __init__(self, server: Server, proxy: Proxy, application: tuple[str, str]) -> None:
        super().__init__("typo3.php", MODULE, proxy.port)
        self.server, self.proxy = server, proxy
        self.cookies: dict[str, str] = {}
        self.visitor = SiteVisitor(server, "lea@site.example")
        self.world["settings"] = {
            **DEFAULTS,
            "issuer": server.url,
            "clientId": application[0],
            "clientSecret": application[1],
        }
        self.world["tables"] = {}

    def set(self, **values: str) -> None:
        self.world["settings"] |= values

    def get(self, path: str, query: dict[str, str] | None = None, **more: Any) -> Any:
        """Make a request with the browser's cookies, and keep what it is told to."""
        said = self.ask("request", path=path, query=query or {}, cookies=self.cookies, **more)
        assert said["left"] is None
        for line in said["headers"].get("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if int(morsel["max-age"]) > 0:
                    self.cookies[name] = morsel.value
        return said

    def begin(self, side: str, **query: str) -> str:
        start = {"hospes-connect": "start", **query} if side == FRONTEND else query
        said = self.get(side, start)
        assert said["status"] == 303, said
        return str(said["headers"]["location"][0])

    def answered(self, side: str, **query: str) -> dict[str, str]:
        """Begin, sign in; return the words of the provider's answer, not taken to the site yet."""
        back = self.visitor.visit(self.begin(side, **query))
        assert back.startswith(f"{SITE}{side}?")
        return words(back)

    def arrive(self, side: str, query: dict[str, str], **more: Any) -> Any:
        """Take an answer to the site, and follow the page that leads to it once more."""
        said = self.get(side, query, **more)
        again = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', said["body"])
        if again:
            assert side == BACKEND
            said = self.get(side, words(html.unescape(again[1])), **more)
        return said

    def sign_in(self, side: str, **query: str) -> Any:
        return self.arrive(side, self.answered(side, **query))

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.world["tables"].get(table, []))

    def fault(self, said: Any) -> str:
        """Return what is said of a sign-in that did not work, and see that nobody is signed in."""
        assert not self.world.get("signed_in")
        if said["status"] == 303:
            query = words(said["headers"]["location"][0])
            page = self.ask("login page", path="/typo3/login", query=query)
            return str(page["hospesConnect"]["fault"])
        assert said["status"] in {403, 503}
        return html.unescape(said["body"])
