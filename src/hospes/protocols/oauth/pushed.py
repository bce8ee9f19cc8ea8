"""Authorization requests that the application sends ahead, and a name for each (RFC 9126).

The browser then carries the name alone, so nobody on its way reads or changes what is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hospes.protocols.oauth import authorize, clients
from hospes.protocols.oauth.clients import Credentials, read_credentials, refuse_misplaced
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.parameters import Parameters

if TYPE_CHECKING:
    from hospes.protocols.oauth.authorize import AuthorizeRequest, PageError, Validated
    from hospes.protocols.oauth.clients import ClientView

URN = "urn:ietf:params:oauth:request_uri:"
NAMES = tuple(dict.fromkeys((*authorize.NAMES, *clients.NAMES)))
LONGEST = 16_000
# A browser would be shown a page for these; a program is told in JSON.
_PAGE_FAULTS: dict[str, tuple[str, str]] = {
    "client_id_missing": ("invalid_request", "client_id is missing."),
    "client_id_repeated": ("invalid_request", "client_id occurs more than once."),
    "client_unknown": ("invalid_request", "client_id is not the one that proved itself."),
    "redirect_uri_missing": ("invalid_request", "redirect_uri is missing."),
    "redirect_uri_repeated": ("invalid_request", "redirect_uri occurs more than once."),
    "redirect_uri_mismatch": ("invalid_request", "redirect_uri is not registered."),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A pushed request as it came; nothing of it has been judged but its form."""

    credentials: Credentials
    values: Parameters = field(repr=False)


def parse(authorization: str, body: Parameters, *, query: Parameters) -> Sent:
    """Read a request; ``authorization`` is the header, ``""`` where there is none.

    Raises:
        OAuthError: ``invalid_request`` or ``invalid_client``.

    """
    refuse_misplaced(NAMES, body, query=query)
    credentials = read_credentials(authorization, body)
    named = {"client_id": credentials.client_id}
    kept = {name: body.get(name) for name in authorize.NAMES if body.get(name)}
    # Only who it is: what proves it is nobody's further business.
    if "resource" in kept:
        kept["resource"] = " ".join(body.every("resource"))
    return Sent(credentials, Parameters(kept | named))


def read(values: Parameters) -> AuthorizeRequest:
    """Return the request that was sent, not yet judged.

    Raises:
        OAuthError: ``invalid_request``.

    """
    if values.get("request_uri"):
        raise OAuthError("invalid_request", "request_uri cannot be pushed (RFC 9126, 2.1).")
    request = authorize.parse(values)
    if isinstance(request, authorize.PageError):
        raise _told(request)
    return replace(request, pushed=True)


def judge(request: AuthorizeRequest, client: ClientView) -> Validated:
    """Return the judged request of ``client``, which has proved itself (RFC 9126 §2.1).

    Raises:
        OAuthError: with the code that the browser would have carried back.

    """
    result = authorize.validate(request, client)
    if isinstance(result, authorize.PageError):
        raise _told(result)
    if isinstance(result, authorize.RedirectError):
        raise OAuthError(result.code, result.description)
    return result


def _told(fault: PageError) -> OAuthError:
    return OAuthError(*_PAGE_FAULTS.get(fault.code, ("invalid_request", "The request is faulty.")))


def written(request: AuthorizeRequest) -> str:
    """Return the request as its row keeps it.

    Raises:
        OAuthError: ``invalid_request`` for one that is too long.

    """
    told = {name: value for name in authorize.NAMES if (value := getattr(request, name))}
    text = json.dumps({"signed": request.signed, "sent": told}, separators=(",", ":"))
    if len(text) > LONGEST:
        raise OAuthError("invalid_request", f"The request is longer than {LONGEST} characters.")
    return text


def kept(text: str) -> AuthorizeRequest:
    """Return the request that ``written`` kept."""
    told = json.loads(text)
    return authorize.AuthorizeRequest(**told["sent"], pushed=True, signed=told["signed"])


def reference(name: str) -> str:
    """Return the ``request_uri`` of a request with that name (RFC 9126 §2.2)."""
    return URN + name


def name_of(request_uri: str) -> str:
    """Return the name in a ``request_uri`` of ours, ``""`` in any other."""
    return request_uri.removeprefix(URN) if request_uri.startswith(URN) else ""
