"""The outermost WSGI callable: only well-formed requests for this very host come past it.

It decides who the client is, so that nothing behind it looks at a forwarding header; it answers
what no endpoint needs to see; and it turns an exception into a plain 500.
"""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from hospes.edge import addresses, api_answers
from hospes.edge.http import CERTIFICATE, FORWARDED, NO_STORE, PLANE, json_response, text_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import OptExcInfo

    from hospes.edge.addresses import Network
    from hospes.edge.http import Application, Environ, Headers, Response, StartResponse

DEFAULT_BODY_LIMIT = 8 * 1024 * 1024
PROTOCOL_BODY_LIMIT = 64 * 1024
URL_LIMIT = 8192
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Asked by load balancers and scrapers that know the machine's address only.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_INTERNAL = 500
_REDIRECTED = 307
# Programs read the REST API's envelope, whoever refuses them.
API = "/api/"
_API_CODES = {405: "method_not_allowed", 413: "body_too_large", _INTERNAL: "unexpected_error"}
_MOST_NAMES = 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTENT_LENGTH = re.compile(r"[0-9]{1,12}")
_FORWARDING = re.compile(
    r"HTTP_(?:X_FORWARDED_\w+|FORWARDED|X_REAL_IP|X_CLIENT_IP|X_ORIGINAL_\w+"
    r"|X_REWRITE_URL|TRUE_CLIENT_IP|CF_CONNECTING_IP|X_CLUSTER_CLIENT_IP"
    r"|PROXY|CLIENT_IP|X_HTTP_METHOD_OVERRIDE_HOST|X_HOST)"
)
# Mail links carry their secret in the path; a UUID is only a name.
_SECRET_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_~-]{20,}(?=/|$)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Exchange(NamedTuple):
    """One request and its answer, as logs and metrics see them: no query, no secret.

    ``plane`` is who answered: ``guard``, ``hot`` or ``page``.
    """

    plane: str
    method: str
    path: str
    status: int
    seconds: float
    client: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard goes by. ``base_url`` is without a path; ``body_limit`` in bytes.

    ``client_header`` is where trusted proxies tell the visitor's address.
    At ``protocol_paths`` programs speak: small bodies, and refusals as RFC 6749 §5.2 has them.
    """

    base_url: str
    trusted_proxies: tuple[Network, ...] = ()
    client_header: str = "X-Forwarded-For"
    # Where they tell the certificate of the visitor's connection (RFC 9440); "" for nowhere.
    certificate_header: str = ""
    body_limit: int = DEFAULT_BODY_LIMIT
    protocol_paths: frozenset[str] = frozenset()


class _Stop(Exception):
    def __init__(self, status: int, text: str, headers: Headers = ()) -> None:
        self.status = status
        self.text = text
        self.headers = headers
        super().__init__()


def loggable(path: str) -> str:
    """Return ``path`` with segments that may be secrets blotted out."""
    return _SECRET_SEGMENT.sub(lambda m: m[0] if _UUID.fullmatch(m[0]) else "...", path)


class Guard:
    """Wraps an application. ``observe`` gets every exchange, ``failed`` every exception."""

    def __init__(
        self,
        application: Application,
        rules: Rules,
        *,
        observe: Callable[[Exchange], None] = lambda _exchange: None,
        failed: Callable[[Exception, str], None] = lambda _error, _path: None,
    ) -> None:
        base = urlsplit(rules.base_url)
        self._application = application
        self._rules = rules
        self._observe = observe
        self._failed = failed
        self._client_header = _variable(rules.client_header)
        self._certificate_header = _variable(rules.certificate_header)
        self._forwarding: dict[str, bool] = {}
        self._scheme = base.scheme
        self._host = _canonical(base.netloc, base.scheme)
        self._name, _, port = self._host.rpartition(":")
        if not port.isdigit():
            self._name, port = self._host, _DEFAULT_PORTS[base.scheme][1:]
        self._port = port

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        started = time.perf_counter()
        status = 0

        def start(
            line: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line[:3])
            return start_response(line, headers, exc_info)

        try:
            self._check(environ)
            body = self._application(environ, start)
        except _Stop as stop:
            environ[PLANE] = "guard"
            body = self._refusal(environ, stop).send(environ, start)
        except Exception as error:
            self._failed(error, loggable(_path(environ)))
            if status:
                raise
            # Whatever it is, the client gets no trace.
            sorry = _Stop(_INTERNAL, "Something went wrong on our side.")
            body = self._refusal(environ, sorry).send(environ, start)
        if type(body) is list:
            # The whole answer: nothing is left to wait for.
            self._done(environ, started, status)
            return body
        return _Watched(body, lambda: self._done(environ, started, status))

    def _refusal(self, environ: Environ, stop: _Stop) -> Response:
        path = _path(environ)
        if path not in self._rules.protocol_paths:
            code = _API_CODES.get(stop.status, "invalid_request")
            if path.startswith(API) and stop.status != _REDIRECTED:
                return api_answers.refused(stop.status, code, stop.text, stop.headers)
            return text_response(stop.status, stop.text, stop.headers)
        code = "server_error" if stop.status == _INTERNAL else "invalid_request"
        return json_response(
            stop.status,
            {"error": code, "error_description": stop.text},
            (*stop.headers, *NO_STORE, ("Access-Control-Allow-Origin", "*")),
        )

    def _done(self, environ: Environ, started: float, status: int) -> None:
        self._observe(
            Exchange(
                plane=environ.get(PLANE, "page"),
                method=environ.get("REQUEST_METHOD", ""),
                path=self._loggable(_path(environ)),
                status=status,
                seconds=time.perf_counter() - started,
                client=environ.get("REMOTE_ADDR", ""),
            )
        )

    def _loggable(self, path: str) -> str:
        return path if path in self._rules.protocol_paths else loggable(path)

    def _check(self, environ: Environ) -> None:
        """Make ``environ`` trustworthy or raise ``_Stop`` with the answer."""
        forwarded_scheme = self._peel_proxies(environ)
        _check_text(environ)
        self._check_host(environ)
        if forwarded_scheme == "http" and self._scheme == "https":
            self._redirect(environ, "This address is served over https")
        self._check_method(environ)
        self._bound_body(environ)

    def _peel_proxies(self, environ: Environ) -> str:
        """Set the client's address and the scheme; return the scheme a trusted proxy told."""
        peer = environ.get("REMOTE_ADDR", "")
        forwarded_for = environ.get(self._client_header, "")
        told = environ.get("HTTP_X_FORWARDED_PROTO")
        forwarding = [name for name in environ if self._is_forwarding(name)]
        for name in forwarding:
            del environ[name]
        # Somebody passed this on, trusted or not: the peer's address is not the far end's.
        environ[FORWARDED] = bool(forwarding)
        proxies = self._rules.trusted_proxies
        environ["REMOTE_ADDR"] = addresses.client(peer, forwarded_for, proxies)
        environ.pop("REMOTE_HOST", None)
        if self._certificate_header in environ:
            certificate = environ.pop(self._certificate_header)
            if self._is_proxy(peer):
                environ[CERTIFICATE] = certificate
        # Configured, not heard: links, cookies and CSRF follow the base URL.
        environ["wsgi.url_scheme"] = self._scheme
        environ["SERVER_NAME"], environ["SERVER_PORT"] = self._name, self._port
        return told.rpartition(",")[2].strip().lower() if told and self._is_proxy(peer) else ""

    def _is_proxy(self, peer: str) -> bool:
        address = addresses.parse(peer)
        return address is not None and addresses.trusted(address, self._rules.trusted_proxies)

    def _is_forwarding(self, name: str) -> bool:
        """Return whether a proxy wrote the header; the same few names come with every request."""
        known = self._forwarding.get(name)
        if known is None:
            if len(self._forwarding) >= _MOST_NAMES:
                self._forwarding.clear()
            known = name == self._client_header or _FORWARDING.fullmatch(name) is not None
            self._forwarding[name] = known
        return known

    def _check_host(self, environ: Environ) -> None:
        host = environ.get("HTTP_HOST", "")
        if _path(environ) in PROBES or _canonical(host, self._scheme) == self._host:
            environ["HTTP_HOST"] = self._host
            return
        environ["HTTP_HOST"] = self._host
        if not host:
            raise _Stop(400, f"The request has no Host. Use {self._rules.base_url}")
        received = _canonical(host, self._scheme)
        alias = received.removesuffix(f":{self._port}") in _LOOPBACK and self._name in _LOOPBACK
        if alias:
            self._redirect(environ, "This is served at another name of this machine")
        raise _Stop(421, f"Nothing is served here. Use {self._rules.base_url}")

    def _redirect(self, environ: Environ, why: str) -> None:
        """Send a reader to the right address; a writer is told, lest a form post elsewhere."""
        text = f"{why}: {self._rules.base_url}"
        if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            raise _Stop(421, text)
        path = _quoted(_path(environ))
        query = environ.get("QUERY_STRING", "")
        location = f"{self._rules.base_url}{path}{'?' if query else ''}{query}"
        raise _Stop(307, text, (("Location", location),))

    def _check_method(self, environ: Environ) -> None:
        if environ.get("REQUEST_METHOD") not in METHODS:
            allow = (("Allow", ", ".join(METHODS)),)
            raise _Stop(405, "This method is not supported.", allow)

    def _bound_body(self, environ: Environ) -> None:
        """Leave a body of known, bearable length in ``wsgi.input``."""
        small = _path(environ) in self._rules.protocol_paths
        limit = PROTOCOL_BODY_LIMIT if small else self._rules.body_limit
        declared = environ.get("CONTENT_LENGTH") or ""
        if declared:
            if not _CONTENT_LENGTH.fullmatch(declared) or "HTTP_TRANSFER_ENCODING" in environ:
                raise _Stop(400, "The length of the request is not clear.")
            if int(declared) > limit:
                raise _too_large(limit)
            return
        body = b""
        if environ.get("REQUEST_METHOD") not in _BODILESS:
            # Streamed: read here, so that everything behind knows its length.
            body = _read(environ["wsgi.input"], limit + 1)
            if len(body) > limit:
                raise _too_large(limit)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)


class _Watched:
    """A response body that reports once, when it has been sent or given up."""

    def __init__(self, body: Iterable[bytes], done: Callable[[], None]) -> None:
        self._body = body
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        yield from self._body

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._done()


def _too_large(limit: int) -> _Stop:
    return _Stop(413, f"The request is larger than {limit} bytes.")


def _variable(header: str) -> str:
    """Return what WSGI calls a header, "" for none."""
    return f"HTTP_{header.upper().replace('-', '_')}" if header else ""


def _path(environ: Environ) -> str:
    """Return the path as text; call it only for what was or will be checked."""
    raw: str = environ.get("PATH_INFO", "")
    return raw if raw.isascii() else raw.encode("latin-1", "replace").decode("utf-8", "replace")


def _quoted(path: str) -> str:
    # One leading slash: "//host" would be an address of its own.
    return "/" + quote(path.lstrip("/"), safe="/~!$&'()*+,;=:@")


def _canonical(host: str, scheme: str) -> str:
    return host.lower().removesuffix(_DEFAULT_PORTS[scheme])


def _read(stream: io.BufferedIOBase, limit: int) -> bytes:
    pieces: list[bytes] = []
    left = limit
    while left > 0 and (piece := stream.read(min(left, 65536))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _check_text(environ: Environ) -> None:
    raw: str = environ.get("PATH_INFO", "")
    query: str = environ.get("QUERY_STRING", "")
    if len(raw) + len(query) > URL_LIMIT:
        raise _Stop(414, f"The address is longer than {URL_LIMIT} bytes.")
    for name, value in environ.items():
        # Printable text, which nearly all is, holds no control character.
        if (
            type(value) is str
            and not value.isprintable()
            and name.startswith("HTTP_")
            and _CONTROL.search(value.replace("\t", " "))
        ):
            raise _Stop(400, "A header holds a control character.")
    # An application mounted at the root sees "" for "/".
    if raw and not raw.startswith("/"):
        raise _Stop(400, "The address is malformed.")
    if not query and raw.isascii() and raw.isprintable():
        return
    try:
        path = raw.encode("latin-1").decode("utf-8")
        told = unquote_to_bytes(query.encode("latin-1").replace(b"+", b" ")).decode("utf-8")
    except UnicodeError:
        raise _Stop(400, "The address is not UTF-8.") from None
    if _CONTROL.search(path) or _CONTROL.search(query) or "\0" in told:
        raise _Stop(400, "The address holds a control character.")
    if _BAD_PERCENT.search(query):
        raise _Stop(400, "A percent sign in the address lacks two hexadecimal digits.")
