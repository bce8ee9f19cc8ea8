"""Logout asked for by an application (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.id_token import Hint
    from hospes.protocols.oauth.parameters import Parameters

LogoutFault = Literal[
    "parameter_repeated",
    "hint_invalid",
    "client_unknown",
    "client_mismatch",
    "redirect_without_client",
    "redirect_uri_mismatch",
]

_NAMES = (
    "id_token_hint",
    "client_id",
    "post_logout_redirect_uri",
    "state",
    "logout_hint",
    "ui_locales",
)


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """The parameters as sent; ``""`` where absent."""

    id_token_hint: str = field(default="", repr=False)
    client_id: str = ""
    post_logout_redirect_uri: str = ""
    state: str = ""
    logout_hint: str = ""
    ui_locales: str = ""


@dataclass(frozen=True, slots=True)
class LogoutError:
    """A fault to be shown on a page; nobody is sent anywhere and nobody is signed out."""

    code: LogoutFault


@dataclass(frozen=True, slots=True)
class Logout:
    """What may be done.

    ``location`` is where the person goes afterwards, ``""`` for our own page. ``subject`` is the
    account the application means, ``""`` if it named none. ``ask`` says that the person must
    confirm: without a valid hint anybody's link could sign people out.
    """

    client_id: str = ""
    subject: str = ""
    location: str = ""
    ask: bool = True


def parse(params: Parameters) -> LogoutRequest | LogoutError:
    """Read a request from a query string or a posted form."""
    if params.repeated_among(_NAMES):
        return LogoutError("parameter_repeated")
    return LogoutRequest(**{name: params.get(name) for name in _NAMES})


def client_id_of(request: LogoutRequest, hint: Hint | None) -> str:
    """Return the ID of the client to load, ``""`` where the request names none."""
    return request.client_id or (hint.client_id if hint else "")


def evaluate(
    request: LogoutRequest, *, hint: Hint | None, client: ClientView | None
) -> Logout | LogoutError:
    """Judge a request.

    ``hint`` is what ``id_token.read_hint`` made of ``id_token_hint``; ``client`` the application
    with the ID that ``client_id_of`` named.
    """
    fault = _fault(request, hint, client)
    if fault:
        return LogoutError(fault)
    return Logout(
        client_id=client.client_id if client else "",
        subject=hint.subject if hint else "",
        location=_location(request),
        ask=hint is None,
    )


def _fault(
    request: LogoutRequest, hint: Hint | None, client: ClientView | None
) -> LogoutFault | None:
    if request.id_token_hint and hint is None:
        return "hint_invalid"
    if hint and request.client_id and hint.client_id != request.client_id:
        return "client_mismatch"
    wanted = client_id_of(request, hint)
    if wanted and (client is None or client.client_id != wanted):
        return "client_unknown"
    uri = request.post_logout_redirect_uri
    if uri and client is None:
        return "redirect_without_client"
    # Exactly, port and all: nothing here needs the loopback exception.
    if uri and client is not None and uri not in client.logout_redirect_uris:
        return "redirect_uri_mismatch"
    return None


def _location(request: LogoutRequest) -> str:
    uri = request.post_logout_redirect_uri
    if not uri or not request.state:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': request.state})}"
