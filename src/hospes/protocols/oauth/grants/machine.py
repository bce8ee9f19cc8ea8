"""Applications that act for themselves (RFC 6749 §4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import Allowed, Denied

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.parameters import Parameters

CLIENT_CREDENTIALS = "client_credentials"
NAMES = ("scope",)


@dataclass(frozen=True, slots=True)
class MachineRequest:
    """A request of an application that acts for itself (RFC 6749 §4.4)."""

    credentials: Credentials
    scope: str = ""


def read(credentials: Credentials, body: Parameters) -> MachineRequest:
    """Read a request; the credentials say all of it but the scope.

    Raises:
        OAuthError: ``invalid_scope``.

    """
    return MachineRequest(credentials, scopes.read(body))


def decide(request: MachineRequest, client: ClientView) -> Allowed | Denied:
    """Say whether ``client``, already authenticated, gets a token of its own (RFC 6749 §4.4).

    Every scope there is tells of a person, and there is none here.
    """
    if not client.may_use(CLIENT_CREDENTIALS):
        return Denied(
            OAuthError("unauthorized_client", "This type of application acts for people only.")
        )
    if request.scope.strip(" "):
        return Denied(OAuthError("invalid_scope", "An application acting for itself has no scope."))
    return Allowed()
