"""Token exchange: an application acts on with a token that it was sent (RFC 8693).

What it gets is for the same person, hangs on the same grant and is less than the token it came
of, or the same: no scope, resource or second more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import bearer, resources, scopes
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import Denied

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView, Credentials
    from hospes.protocols.oauth.inspection import TokenFacts
    from hospes.protocols.oauth.parameters import Parameters

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type's name
JWT = "urn:ietf:params:oauth:token-type:jwt"
NAMES = (
    "subject_token", "subject_token_type", "actor_token", "actor_token_type",
    "requested_token_type", "audience", "scope",
)  # fmt: skip
# An exchanged token never goes on without the person.
_NEVER = "offline_access"


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """A request to exchange a token. ``actor_token`` is ``""`` where none was sent."""

    credentials: Credentials
    subject_token: str = field(repr=False)
    scope: str = ""
    actor_token: str = field(default="", repr=False)
    # Whether a token is wanted that says itself what it is, whatever the application usually has.
    speaking: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: ``client`` has proved itself, and that it holds the key ``bound_to`` ("": none).

    ``organization`` owns it; ``targets`` are the resources that the request names. At most
    ``depth`` applications act for somebody one after another.
    """

    client: ClientView
    organization: int
    targets: tuple[str, ...]
    bound_to: str
    depth: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A token may be issued for these; ``expires_at`` in seconds since 1970."""

    scope: str
    resources: str
    actors: tuple[str, ...]
    expires_at: int


def read(credentials: Credentials, body: Parameters) -> ExchangeRequest:
    """Read a request that names a token to exchange (RFC 8693 §2.1).

    Raises:
        OAuthError: ``invalid_request``, ``invalid_target`` or ``invalid_scope``.

    """
    if not body.get("subject_token"):
        raise OAuthError("invalid_request", "subject_token must be given.")
    if body.get("subject_token_type") not in {ACCESS_TOKEN, JWT}:
        raise OAuthError("invalid_request", f"subject_token_type must be {ACCESS_TOKEN}.")
    if bool(body.get("actor_token")) != bool(body.get("actor_token_type")):
        raise OAuthError("invalid_request", "actor_token and actor_token_type belong together.")
    if body.get("actor_token_type") not in {"", ACCESS_TOKEN, JWT}:
        raise OAuthError("invalid_request", f"actor_token_type must be {ACCESS_TOKEN}.")
    if body.get("requested_token_type") not in {"", ACCESS_TOKEN, JWT}:
        raise OAuthError(
            "invalid_request", f"requested_token_type must be {ACCESS_TOKEN} or {JWT}."
        )
    if body.get("audience"):
        raise OAuthError("invalid_target", "Name what the token is for by resource.")
    return ExchangeRequest(
        credentials,
        body.get("subject_token"),
        scopes.read(body),
        body.get("actor_token"),
        speaking=body.get("requested_token_type") == JWT,
    )


def allowed(client: ClientView) -> Denied | None:
    """Return why ``client`` may exchange nothing at all, None where it may.

    Whoever finds a token must not make more of it with the name of an application alone.
    """
    if client.public or EXCHANGE not in client.options.further_grant_types:
        return Denied(
            OAuthError("unauthorized_client", "This application may not exchange tokens.")
        )
    return None


def decide(
    request: ExchangeRequest,
    asking: Asking,
    subject: TokenFacts | None,
    actor: TokenFacts | None,
    *,
    now: int,
    lifetime: int,
) -> Exchanged | Denied:
    """Say what the application gets for the token; ``lifetime`` in seconds is the longest.

    Whether there are such resources is not decided here.
    """
    refused = allowed(asking.client)
    if refused is not None:
        return refused
    if subject is None or not _usable(subject, asking, now):
        return _invalid("The subject token is not valid.")
    actors = (asking.client.client_id, *subject.actors)
    checks = {
        "The subject token was given for another resource.": not _sent_to(asking.client, subject),
        "The actor token is no token of the application itself.": bool(request.actor_token)
        and (actor is None or not _own(actor, asking, now)),
        "The token has been exchanged too often.": len(actors) > asking.depth,
    }
    wrong = next((text for text, is_wrong in checks.items() if is_wrong), "")
    if wrong:
        return _invalid(wrong)
    return _lessened(request, asking, subject, actors, now + lifetime)


def _lessened(
    request: ExchangeRequest,
    asking: Asking,
    subject: TokenFacts,
    actors: tuple[str, ...],
    ends: int,
) -> Exchanged | Denied:
    held = [name for name in subject.view.scope.split() if name != _NEVER]
    asked = request.scope.split()
    if not set(asked).issubset(held):
        return Denied(OAuthError("invalid_scope", "scope goes beyond that of the subject token."))
    try:
        wanted = resources.narrowed(asking.targets, subject.view.resources)
    except OAuthError as error:
        return Denied(error)
    if subject.view.expires_at is not None:
        ends = min(ends, subject.view.expires_at)
    scope = " ".join(name for name in held if not asked or name in asked)
    return Exchanged(scope, wanted, actors, ends)


def _invalid(text: str) -> Denied:
    """Return a refusal of one of the tokens (RFC 8693 §2.2.2)."""
    return Denied(OAuthError("invalid_request", text))


def _usable(token: TokenFacts, asking: Asking, now: int) -> bool:
    """Return whether it is an access token that the application may see, alive and held.

    A token that is bound to a key stays with it: exchanged by somebody else it would be free.
    """
    return (
        token.kind == "access"
        and token.organization == asking.organization
        and bearer.alive(token.view, now=now)
        and token.view.bound_to in {"", asking.bound_to}
    )


def _sent_to(client: ClientView, token: TokenFacts) -> bool:
    """Return whether the application got the token by right: as its own, or at its resource."""
    named = token.view.resources.split()
    own = client.options.resource_uris
    return not named or token.holder == client.client_id or any(each in own for each in named)


def _own(token: TokenFacts, asking: Asking, now: int) -> bool:
    """Return whether the token speaks for the application itself, and for no person."""
    return (
        _usable(token, asking, now)
        and token.holder == asking.client.client_id
        and not token.subject
        and not token.actors
    )
