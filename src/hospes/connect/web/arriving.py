"""How an authorization request reaches us: in the address itself, or pushed ahead (RFC 9126)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.connect import queries
from hospes.protocols.oauth import authorize as protocol
from hospes.protocols.oauth import parameters, pushed

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.connect.models import Application, PushedRequest
    from hospes.connect.web.progress import Mark
    from hospes.protocols.oauth.clients import ClientView


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request, not yet judged, and whose it is; ``pushed`` is the row it came from."""

    sent: protocol.AuthorizeRequest
    application: Application | None
    client: ClientView | None
    pushed: PushedRequest | None = None

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
    found = _found(mark.query)
    if isinstance(found, Arrived) and found.pushed is not None:
        return found if _in_time(found.pushed, mark.asked_at) else _invalid()
    return found


def _found(query: str) -> Arrived | protocol.PageError:
    sent = protocol.parse(parameters.from_urlencoded(query))
    if isinstance(sent, protocol.PageError):
        return sent
    name = pushed.name_of(sent.request_uri) if sent.request_uri else ""
    if name:
        return _pushed(sent, name)
    application = queries.by_client_id(sent.client_id)
    return Arrived(sent, application, queries.client_view(application) if application else None)


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
        found = _found(query)
    except parameters.UnreadableError:
        return ""
    if isinstance(found, protocol.PageError) or isinstance(found.judged(), protocol.PageError):
        return ""
    return found.sent.redirect_uri
