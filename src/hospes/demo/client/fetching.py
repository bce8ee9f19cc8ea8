"""HTTP calls to the provider, with the standard library alone."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

SECONDS: Final = 10
LONGEST: Final = 1024 * 1024
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ProviderFaultError(Exception):
    """The provider did not answer as the standards say; ``code`` is its own word, if any."""

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text}" if text else code)


class _NoRedirects(HTTPRedirectHandler):
    """A token or a secret goes to the address it was meant for and to no other."""

    def redirect_request(self, *_told: Any) -> None:
        """Follow nothing."""


_opener = build_opener(_NoRedirects)


def get_json(url: str, *, bearer: str = "") -> dict[str, Any]:
    """Return the JSON object at ``url``.

    Raises:
        ProviderFaultError: it cannot be reached or answers something else.

    """
    headers = {"Accept": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    return _send(Request(_checked(url), headers=headers))  # noqa: S310 - checked just now


def post_form(url: str, fields: dict[str, str], *, basic: str = "") -> dict[str, Any]:
    """Post ``fields`` and return the JSON object in the answer.

    Raises:
        ProviderFaultError: with the error code of RFC 6749 §5.2 where the provider sent one.

    """
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    if basic:
        headers["Authorization"] = f"Basic {basic}"
    body = urlencode(fields).encode()
    return _send(Request(_checked(url), data=body, headers=headers))  # noqa: S310 - checked


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ProviderFaultError("insecure_address", url)


def _send(request: Request) -> dict[str, Any]:
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return _object(answer.read(LONGEST))
    except HTTPError as error:
        with error:
            found = _object(error.read(LONGEST))
        raise ProviderFaultError(
            str(found.get("error", f"http_{error.code}")), str(found.get("error_description", ""))
        ) from error
    except (URLError, OSError) as error:
        raise ProviderFaultError("unreachable", str(error)) from error


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise ProviderFaultError("not_json") from error
    if not isinstance(found, dict):
        raise ProviderFaultError("not_json")
    return found
