"""How an authorization request comes: in the address, signed (RFC 9101), pushed (RFC 9126)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hospes.connect import queries
from hospes.connect.services import client_keys
from hospes.connect.web import progress
from hospes.connect.web.addresses import issuer
from hospes.foundation import numbers
from hospes.protocols.oauth import authorize as protocol
from hospes.protocols.oauth import parameters, pushed, request_object
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.connect.models import Application, PushedRequest
    from hospes.connect.web.progress import Mark
    from hospes.protocols.oauth.clients import ClientView


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request, not yet judged, and whose it is; ``pushed`` is the row it came from.

    ``once`` names what is good for one answer, and for how many seconds that has to be remembered.
    """

    sent: protocol.AuthorizeRequest
    application: Application | None
    client: ClientView | None
    pushed: PushedRequest | None = None
    once: tuple[str, int] | None = None

    def judged(self) -> protocol.Validated | protocol.RedirectError | protocol.PageError:
        """Judge the request as the application is now."""
        return protocol.validate(self.sent, self.client)

    def bound_to(self, validated: protocol.Validated) -> str:
        """Return the key that its code is good with: proved when it was pushed, or named in it."""
        if self.pushed is not None:
            return self.pushed.bound_to
        return f"jkt:{validated.dpop_jkt}" if validated.dpop_jkt else ""


def arrive(mark: Mark) -> Arrived | protocol.PageError:
    """Read the request in ``mark.query``.

    Raises:
        UnreadableError: it is no list of parameters.

    """
    found = _found(mark)
    if isinstance(found, Arrived) and found.pushed is not None:
        return found if _in_time(found.pushed, mark.asked_at) else _invalid()
    return found


def _found(mark: Mark) -> Arrived | protocol.PageError:
    sent = protocol.parse(parameters.from_urlencoded(mark.query))
    if isinstance(sent, protocol.PageError):
        return sent
    name = pushed.name_of(sent.request_uri) if sent.request_uri else ""
    if name:
        return _pushed(sent, name)
    application = queries.by_client_id(sent.client_id)
    found = Arrived(sent, application, queries.client_view(application) if application else None)
    if sent.request and found.client and request_object.is_signed(sent.request):
        return _opened(found, found.client, int(mark.asked_at.timestamp()))
    return found


def _opened(found: Arrived, client: ClientView, now: int) -> Arrived | protocol.PageError:
    """Return the request that stands in a signed object, or why it is refused.

    As with pushed ones: what counts is when the browser came first.
    """
    sent = found.sent
    try:
        told = request_object.opened(
            sent.request,
            client,
            lambda kid: client_keys.keys_of(client, kid),
            names=protocol.NAMES,
            issuer=issuer(),
            skew=numbers.get("connect.clock_skew_seconds"),
            now=now,
        )
    except request_object.InvalidObject as error:
        return replace(found, sent=replace(sent, request="", object_fault=str(error)))
    except OAuthError as error:
        return replace(found, sent=replace(sent, request="", object_fault=error.description))
    request = protocol.parse(parameters.Parameters(told.values))
    if isinstance(request, protocol.PageError):
        return request
    # As long as somebody may still be on the way with the same object.
    seconds = max(told.remembered, int(progress.LONGEST.total_seconds()))
    once = (f"{client.client_id}:{told.jti}", seconds) if told.jti else None
    return replace(found, sent=replace(request, signed=True), once=once)


def _pushed(sent: protocol.AuthorizeRequest, name: str) -> Arrived | protocol.PageError:
    # Parameters beside the name count for nothing (RFC 9101 §6.3), whatever they say.
    row = queries.pushed_request(name, sent.client_id)
    if row is None or "request_uri" in sent.repeated:
        return _invalid()
    application = row.application
    client = queries.client_view(application)
    return Arrived(pushed.kept(row.parameters), application, client, row)


def _in_time(row: PushedRequest, asked_at: datetime) -> bool:
    """Return whether the browser came in time, and nothing was answered yet.

    Signing in on the way may take longer: what counts is when the browser came first.
    """
    return row.used_at is None and int(asked_at.timestamp()) < row.expires_at


def _invalid() -> protocol.PageError:
    """Return the fault of a name that is unknown, another's, too old or used, in one word."""
    return protocol.PageError("request_uri_invalid")


def redirect_address(query: str) -> str:
    """Return the redirect URI of a request if its application has registered it, else ""."""
    try:
        # The answer is on its way, perhaps: a pushed request may have been used by it.
        found = _found(progress.read(query))
    except parameters.UnreadableError:
        return ""
    if isinstance(found, protocol.PageError) or isinstance(found.judged(), protocol.PageError):
        return ""
    return found.sent.redirect_uri
