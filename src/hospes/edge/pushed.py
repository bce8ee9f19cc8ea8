"""``/oauth2/par``: an application sends its authorization request ahead (RFC 9126)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import access_tokens, pushed_statements, refused_requests
from hospes.edge.addresses import network
from hospes.edge.http import Response, json_response
from hospes.edge.known_clients import KnownClient, Stale, acting_as
from hospes.edge.possession import Possession
from hospes.edge.requests import refusal
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import authorize, clients, pushed, request_object
from hospes.protocols.oauth.errors import NO_STORE, OAuthError
from hospes.protocols.oauth.parameters import Parameters

if TYPE_CHECKING:
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.authorize import AuthorizeRequest
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.request_object import Opened

DIGITS = 43  # 256 bits
CREATED = 201
TOO_MANY = 429
_MINUTE = 60


class _TooMany(Exception):
    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(retry_after)


def answer(request: HotRequest, services: Services) -> Response:
    """Answer an application that pushes a request: with the name the browser is to carry."""
    try:
        sent = pushed.parse(request.authorization, request.form(), query=request.query())
        now = services.clock()
        possession = Possession(services, request, now)

        def work(client: KnownClient) -> dict[str, object]:
            _let_through(request, services, client)
            try:
                return _keep(sent, services, client, possession)
            except OAuthError as error:
                refused_requests.note(services, client, error, address=request.address, now=now)
                raise

        body = acting_as(services, sent.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    except _TooMany as refused:
        told = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
        return json_response(TOO_MANY, told, (*NO_STORE, ("Retry-After", str(refused.retry_after))))
    return json_response(CREATED, body, (*NO_STORE, *possession.headers))


def _let_through(request: HotRequest, services: Services, client: KnownClient) -> None:
    """Bound what anybody may have written down who knows the ID of one without a secret."""
    if not client.view.public:
        return
    hit = services.hit(
        "connect.pushed_requests",
        f"{client.key}:{network(request.address)}",
        services.number("connect.pushed_requests_per_minute"),
        _MINUTE,
    )
    if hit.retry_after:
        raise _TooMany(hit.retry_after)


def _keep(
    sent: pushed.Sent, services: Services, client: KnownClient, possession: Possession
) -> dict[str, object]:
    """Judge the request and write it down; return the answer's body."""
    with services.database.reading() as connection:
        uris = pushed_statements.redirect_uris(connection, client.key)
    view = replace(client.view, redirect_uris=uris)
    request, told = _read(sent, services, view, now=possession.now)
    judged = pushed.judge(request, view)
    if judged.resources:
        access_tokens.refuse_unknown(services, client.organization, judged.resources)
    name = base62(services.random_bytes(bytes_for(DIGITS)), DIGITS)
    seconds = services.number("connect.pushed_request_seconds")
    new = pushed_statements.NewRequest(
        uri_hash=clients.secret_hash(name),
        parameters=pushed.written(request),
        bound_to=possession.of_request(client.view, judged.dpop_jkt),
        created_at=possession.now,
        expires_at=possession.now + seconds,
    )
    step = pushed_statements.add(new, application=client.key, revision=client.revision)
    if not services.database.guarded(step):
        raise Stale
    # Last, for whoever has to do all this again with the application as it is now. A row without
    # a name that anybody knows is of no use to anybody.
    if told is not None and told.jti:
        _refuse_replay(services, client, told)
    return {"request_uri": pushed.reference(name), "expires_in": seconds}


def _read(
    sent: pushed.Sent, services: Services, view: ClientView, *, now: int
) -> tuple[AuthorizeRequest, Opened | None]:
    """Return the request, and the object it stood in where it came signed (RFC 9126 §3)."""
    if not sent.values.get("request"):
        return pushed.read(sent.values), None
    if sent.values.get("request_uri"):
        raise OAuthError("invalid_request", "request and request_uri exclude each other.")
    try:
        told = request_object.opened(
            sent.values.get("request"),
            view,
            lambda kid: services.client_keys(view, kid),
            names=authorize.NAMES,
            issuer=services.issuer,
            skew=services.number("connect.clock_skew_seconds"),
            now=now,
        )
    except request_object.InvalidObject as error:
        raise OAuthError(request_object.INVALID, str(error)) from None
    return replace(pushed.read(Parameters(told.values)), signed=True), told


def _refuse_replay(services: Services, client: KnownClient, told: Opened) -> None:
    key = f"{client.view.client_id}:{told.jti}"
    if services.hit("connect.request_objects", key, 1, told.remembered).retry_after:
        raise OAuthError(request_object.INVALID, "The request object has been used before.")
