"""The shop's addresses, as one WSGI application."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from hospes.demo.client import pages
from hospes.demo.client.fetching import ProviderFaultError
from hospes.demo.client.language import chosen, translator
from hospes.demo.client.relying_party import Provider, RefusedError, Registration
from hospes.demo.client.visitors import Visitor, Visitors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    StartResponse = Callable[..., object]

# Cookies are shared between the ports of one host: the name must not meet the provider's.
COOKIE: Final = "bergblume"
LONGEST_BODY: Final = 16 * 1024
STATIC: Final = Path(__file__).resolve().parent / "static"
FILES: Final = {
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/flower.svg": ("flower.svg", "image/svg+xml"),
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """``own_url`` is where visitors reach the shop, without a slash at its end."""

    issuer: str
    provider_name: str
    own_url: str
    registration: Callable[[], Registration | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; ``cookie`` is set where it is not "" ."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    location: str = ""
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request with the visitor it came from."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    language: str
    key: str
    visitor: Visitor


class Shop:
    """The WSGI application."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._provider = Provider(configuration.issuer)
        self._visitors = Visitors()
        self._routes: dict[tuple[str, str], Callable[[Call], Answer]] = {
            ("GET", "/"): self._home,
            ("GET", "/sign-in"): self._sign_in,
            ("GET", "/callback"): self._callback,
            ("POST", "/sign-out"): self._sign_out,
            ("GET", "/settings"): self._settings,
            ("POST", "/settings"): self._save,
            ("POST", "/settings/forget"): self._forget,
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._file(environ) or self._answer(environ)
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", self._policy()),
        ]
        if answer.location:
            headers.append(("Location", answer.location))
        if answer.cookie:
            secure = "; Secure" if self._configuration.own_url.startswith("https:") else ""
            headers.append(
                ("Set-Cookie", f"{COOKIE}={answer.cookie}; Path=/; HttpOnly; SameSite=Lax{secure}")
            )
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _policy(self) -> str:
        parts = urlsplit(self._configuration.issuer)
        # Signing out leads from a form here to the provider and back.
        return (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {parts.scheme}://{parts.netloc}"
        )

    @staticmethod
    def _file(environ: dict[str, Any]) -> Answer | None:
        found = FILES.get(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        return Answer(200, (STATIC / found[0]).read_bytes(), found[1])

    def _answer(self, environ: dict[str, Any]) -> Answer:
        method = environ["REQUEST_METHOD"].replace("HEAD", "GET")
        handler = self._routes.get((method, environ.get("PATH_INFO", "")))
        if handler is None:
            return Answer(404, b"Not found\n", "text/plain; charset=utf-8")
        form = _form(environ) if method == "POST" else {}
        key = _cookie(environ)
        visitor, cookie = self._visitors.find(key), ""
        if visitor is None:
            key, visitor = self._visitors.new()
            cookie = key
        call = Call(
            method=method,
            path=environ.get("PATH_INFO", ""),
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""), errors="replace")),
            form=form,
            language=chosen(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
            key=key,
            visitor=visitor,
        )
        if method == "POST" and not visitor.owns(form.get("token", "")):
            return Answer(403, b"This form is not the shop's own.\n", "text/plain; charset=utf-8")
        try:
            answer = handler(call)
        except (ProviderFaultError, RefusedError) as error:
            body = pages.trouble(self._view(call), error.code, error.text)
            answer = Answer(400 if isinstance(error, RefusedError) else 502, body.encode())
        if cookie and not answer.cookie:
            return Answer(answer.status, answer.body, answer.content_type, answer.location, cookie)
        return answer

    # -- pages ---------------------------------------------------------------------------------

    def _home(self, call: Call) -> Answer:
        if call.visitor.person:
            return Answer(200, pages.signed_in(self._view(call), call.visitor.person).encode())
        return Answer(200, pages.welcome(self._view(call)).encode())

    def _sign_in(self, call: Call) -> Answer:
        registration = self._registration(call)
        if registration is None:
            return Answer(303, location="/settings")
        pending, address = self._provider.begin(
            registration, redirect_uri=self._callback_url, language=call.language
        )
        call.visitor.add_pending(pending)
        return Answer(302, location=address)

    def _callback(self, call: Call) -> Answer:
        pending = call.visitor.take_pending(call.query.get("state", ""))
        if pending is None:
            raise RefusedError("state")
        call.visitor.person = self._provider.finish(
            pending, call.query, redirect_uri=self._callback_url
        )
        return Answer(303, location="/", cookie=self._visitors.renew(call.key))

    def _sign_out(self, call: Call) -> Answer:
        person, call.visitor.person = call.visitor.person, None
        if person is None or call.form.get("where") != "everywhere":
            return Answer(303, location="/")
        back = f"{self._configuration.own_url}/"
        return Answer(303, location=self._provider.logout_address(person, back=back))

    def _settings(self, call: Call) -> Answer:
        own = call.visitor.own
        client_id = own.client_id if own else ""
        return Answer(200, pages.settings(self._view(call), client_id=client_id).encode())

    def _save(self, call: Call) -> Answer:
        _ = translator(call.language)
        client_id = call.form.get("client_id", "").strip()
        secret = call.form.get("client_secret", "").strip()
        faults = {}
        if not client_id:
            faults["client_id"] = _("Enter the client ID.")
        for name, value in (("client_id", client_id), ("client_secret", secret)):
            if not value.isascii() or any(char.isspace() for char in value):
                faults[name] = _("This does not look like what the application's page shows.")
        if faults:
            body = pages.settings(self._view(call), client_id=client_id, faults=faults)
            return Answer(422, body.encode())
        call.visitor.own = Registration(
            client_id, secret, returns_after_logout=call.form.get("returns") == "1"
        )
        call.visitor.person = None
        return Answer(303, location="/")

    def _forget(self, call: Call) -> Answer:
        call.visitor.own = None
        call.visitor.person = None
        return Answer(303, location="/")

    # -- parts ---------------------------------------------------------------------------------

    @property
    def _callback_url(self) -> str:
        return f"{self._configuration.own_url}/callback"

    def _registration(self, call: Call) -> Registration | None:
        return call.visitor.own or self._configuration.registration()

    def _view(self, call: Call) -> pages.View:
        return pages.View(
            language=call.language,
            translate=translator(call.language),
            provider_name=self._configuration.provider_name,
            issuer=self._configuration.issuer,
            own_url=self._configuration.own_url,
            token=call.visitor.token,
            registration=self._registration(call),
            own_registration=call.visitor.own is not None,
        )


def _cookie(environ: dict[str, Any]) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _form(environ: dict[str, Any]) -> dict[str, str]:
    try:
        length = min(int(environ.get("CONTENT_LENGTH") or 0), LONGEST_BODY)
    except ValueError:
        length = 0
    body = environ["wsgi.input"].read(length) if length > 0 else b""
    return dict(parse_qsl(body.decode("utf-8", "replace"), errors="replace"))
