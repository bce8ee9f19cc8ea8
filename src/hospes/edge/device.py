"""``/oauth2/device``: a device that has no browser asks for a code to show (RFC 8628 §3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.edge import device_statements, refused_requests
from hospes.edge.addresses import network
from hospes.edge.http import Response, json_response
from hospes.edge.known_clients import KnownClient, Stale, acting_as
from hospes.edge.requests import refusal
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import clients, device
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services

DIGITS = 43  # 256 bits
TOO_MANY = 429
_MINUTE = 60


class _TooMany(Exception):
    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(retry_after)


def answer(request: HotRequest, services: Services) -> Response:
    """Answer a device with the code that it polls with and the one that people type."""
    try:
        sent = device.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()

        def work(client: KnownClient) -> device.Begun:
            _let_through(request, services, client)
            try:
                scope = device.check(sent, client.view)
            except OAuthError as error:
                refused_requests.note(services, client, error, address=request.address, now=now)
                raise
            return _begin(scope, services, client, address=request.address, now=now)

        begun = acting_as(services, sent.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    except _TooMany as refused:
        told = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
        return json_response(TOO_MANY, told, (*NO_STORE, ("Retry-After", str(refused.retry_after))))
    return json_response(200, begun.body(services.issuer), NO_STORE)


def _let_through(request: HotRequest, services: Services, client: KnownClient) -> None:
    """Bound what anybody may have written down who knows the ID of one without a secret.

    Each open code is also one more that a guess could hit.
    """
    if not client.view.public:
        return
    hit = services.hit(
        "connect.device_requests",
        f"{client.key}:{network(request.address)}",
        services.number("connect.device_requests_per_minute"),
        _MINUTE,
    )
    if hit.retry_after:
        raise _TooMany(hit.retry_after)


def _begin(
    scope: frozenset[str], services: Services, client: KnownClient, *, address: str, now: int
) -> device.Begun:
    """Draw both codes and write their hashes down."""
    begun = device.Begun(
        device_code=base62(services.random_bytes(bytes_for(DIGITS)), DIGITS),
        user_code=device.user_code(services.random_bytes(device.USER_CODE_BYTES)),
        expires_in=services.number("connect.device_code_minutes") * _MINUTE,
    )
    new = device_statements.NewRequest(
        device_code_hash=clients.secret_hash(begun.device_code),
        user_code_hash=clients.secret_hash(begun.user_code),
        scope=" ".join(sorted(scope)),
        interval=begun.interval,
        address=address,
        created_at=now,
        expires_at=now + begun.expires_in,
    )
    step = device_statements.add(new, application=client.key, revision=client.revision)
    if not services.database.guarded(step):
        raise Stale
    return begun
