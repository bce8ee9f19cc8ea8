"""What ``hospes authenticator`` asks of a provider: the public interface, nothing else."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from hospes import __version__
from hospes.config.cli.faults import CommandFault

SECONDS = 15
LONGEST = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Told(Exception):
    """The provider refused; ``code`` is its word for why, ``error`` all it said."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        self.status = status
        self.error = error
        self.code = str(error.get("code", ""))
        super().__init__(self.code or f"status {status}")


class _NoRedirects(HTTPRedirectHandler):
    """A token goes to the address it was meant for and to no other."""

    def redirect_request(self, *_told: Any) -> None:
        """Follow nothing."""


_opener = build_opener(_NoRedirects)


def issuer_of(text: str) -> str:
    """Return the provider's address as it is signed; plain http only to this very machine.

    Raises:
        CommandFault: it is none.

    """
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    usable = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not usable or not host or "@" in parts.netloc:
        raise CommandFault(
            f"{text!r} is no address of a provider.",
            ("Write it as https://my.provider.example.",),
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def call(
    issuer: str, method: str, path: str, *, token: str = "", body: dict[str, Any] | None = None
) -> Any:
    """Return the ``data`` of an answer.

    Raises:
        Told: the provider refused.
        CommandFault: no answer came, or one that cannot be read.

    """
    headers = {"Accept": "application/json", "User-Agent": f"hospes/{__version__}"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        content = json.dumps(body).encode("utf-8")
    request = Request(f"{issuer}/api/{path}", content, headers, method=method)  # noqa: S310 - see issuer_of
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return _read(answer.read(LONGEST), issuer)["data"]
    except HTTPError as error:
        with error:
            found = _read(error.read(LONGEST), issuer)
        detail = found.get("error")
        raise Told(error.code, detail if isinstance(detail, dict) else {}) from None
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise CommandFault(f"{issuer} does not answer: {reason}") from error


def _read(content: bytes, issuer: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict) or ("data" not in found and "error" not in found):
        raise CommandFault(f"{issuer} answers, but not as a Hospes does.", ("Check the address.",))
    return found
