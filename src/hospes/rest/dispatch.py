"""From a request to its reply: token, scope, words, body, handler, envelope."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.http.request import RawPostDataException, UnreadablePostError

from hospes.foundation import logging
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from hospes.kit.principal import ENVIRON, Principal
from hospes.rest import bodies, idempotency, paging, preconditions, reading, replies
from hospes.rest.calls import Call, lacks
from hospes.rest.faults import NothingChanged, Problem, of_refusal, wrong
from hospes.rest.routes import CONVERTERS, NotSuch
from hospes.rest.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from hospes.rest.faults import Wrong
    from hospes.rest.replies import Reply
    from hospes.rest.routes import Found, Route
    from hospes.rest.words import Asked

    Find = Callable[[str, str], Found | None]

Result = TypeVar("Result")

PREFIX = "/api/"
OVERRIDE = "_method"
OVERRIDES = ("PATCH", "PUT", "DELETE")
LONGEST_USER_AGENT = 400
_SERVER_ERROR = 500
_log = logging.get("hospes.rest")


def answer(request: HttpRequest, find: Find) -> HttpResponse:
    """Answer a request to the API, whatever becomes of it."""
    method = str(request.method)
    try:
        reply = _reply(request, find)
    except Problem as problem:
        reply = replies.failure(problem)
    except UnreadablePostError:
        reply = replies.failure(Problem("invalid_body"))
    except Exception as error:  # noqa: BLE001 - the client gets the envelope, we get the trace
        _log.error("api_request_failed", path=request.path_info, exc_info=error)
        reply = replies.failure(Problem("unexpected_error"))
    return replies.response(reply, method=method)


def _reply(request: HttpRequest, find: Find) -> Reply:
    path = request.path_info.removeprefix(PREFIX)
    method = "GET" if request.method == "HEAD" else str(request.method)
    found = find(path, method)
    if found is None:
        raise Problem("method_not_found")
    if method == "OPTIONS":
        return _preflight(found)
    principal = request.META.get(ENVIRON)
    if not isinstance(principal, Principal):
        raise Problem("not_authorized", headers={"WWW-Authenticate": "Bearer"})
    sent = reading.pairs(request.META.get("QUERY_STRING", ""))
    if sent is None:
        raise Problem("validation_failed", wrong("", "max", max=reading.MOST_PAIRS))
    fields, is_form = _body(request, found) if method != "GET" else ({}, False)
    if method == "POST":
        method = _overridden(request, sent, fields)
        found = find(path, method) or found
    route = found.routes.get(method)
    if route is None:
        raise Problem("method_not_allowed", headers={"Allow": _allowed(found)})
    if route.scope is not None and route.scope not in principal.scopes:
        raise lacks(route.scope)
    segments = _segments(route, found.segments)
    asked, wrongs = reading.read(
        route.query, sent, most=paging.largest_page(), dry_run=route.dry_run
    )
    if method == "GET":
        return preconditions.not_modified(
            request, _run(_call(request, route, principal, asked, wrongs), segments)
        )
    body, more = bodies.check(route.body, fields, form=is_form)
    call = _call(request, route, principal, asked, [*wrongs, *more])
    return _write(request, replace(call, body=body), found, segments)


def _call(
    request: HttpRequest, route: Route, principal: Principal, asked: Asked, wrongs: list[Wrong]
) -> Call:
    """Return the request as the endpoint sees it.

    Raises:
        Problem: with every fault, where there are any.

    """
    if wrongs:
        raise Problem("validation_failed", *wrongs)
    return Call(route, principal, _origin(request), asked)


# ---- what came -------------------------------------------------------------------------------


def _body(request: HttpRequest, found: Found) -> tuple[dict[str, Any], bool]:
    limit = max(route.body_limit for route in found.routes.values())
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise Problem("body_too_large", context={"attribute": "body", "max": limit})
    try:
        body = request.body
    except RawPostDataException as error:
        raise Problem("invalid_body") from error
    return bodies.read(request.META.get("CONTENT_TYPE", ""), body)


def _overridden(request: HttpRequest, sent: dict[str, list[str]], fields: dict[str, Any]) -> str:
    """Return the method that a POST really means, and take the word out of what was sent."""
    told = [*sent.pop(OVERRIDE, ())]
    if OVERRIDE in fields:
        told.append(str(fields.pop(OVERRIDE)))
    header = request.META.get("HTTP_X_HTTP_METHOD_OVERRIDE")
    if header:
        told.append(header)
    meant = {word.strip().upper() for word in told}
    if not meant:
        return "POST"
    if len(meant) > 1:
        raise Problem("validation_failed", wrong(OVERRIDE, "once"))
    method: str = meant.pop()
    if method not in OVERRIDES:
        raise Problem("validation_failed", wrong(OVERRIDE, "in", OVERRIDES))
    return method


def _segments(route: Route, texts: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (name, kind), text in zip(route.kinds.items(), texts, strict=True):
        try:
            found[name] = CONVERTERS[kind](text)
        except NotSuch:
            raise Problem("object_not_found", context={"attribute": name}) from None
    return found


def _origin(request: HttpRequest) -> Origin:
    return Origin(
        ip=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:LONGEST_USER_AGENT],
    )


def _allowed(found: Found) -> str:
    methods = [*found.routes, *(["HEAD"] if "GET" in found.routes else []), "OPTIONS"]
    return ", ".join(methods)


def _preflight(found: Found) -> Reply:
    allowed = _allowed(found)
    return replies.Reply(
        204,
        b"",
        {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": replies.ALLOWED,
            "Access-Control-Max-Age": str(replies.PREFLIGHT_SECONDS),
        },
    )


# ---- what becomes of it ----------------------------------------------------------------------


def _run(call: Call, segments: Mapping[str, Any]) -> Reply:
    """Return the endpoint's reply.

    Raises:
        Problem: for every refusal that a room may word.

    """
    route = call.route
    return _worded(
        call, lambda: replies.success(route, route.handler(call, **segments), call.asked)
    )


def _worded(call: Call, function: Callable[[], Result]) -> Result:
    """Return what ``function`` returns; a room's refusal becomes one of the API's.

    Raises:
        Problem: for every refusal that a room may word.

    """
    route = call.route
    try:
        return function()
    except Refused as refusal:
        raise of_refusal(refusal.faults, route.attributes, route.codes) from refusal
    except Http404 as error:
        raise Problem("object_not_found") from error
    except PermissionDenied as error:
        raise Problem("access_denied") from error


def _write(request: HttpRequest, call: Call, found: Found, segments: Mapping[str, Any]) -> Reply:
    """Carry a write out, once for each Idempotency-Key."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    # A dry run leaves nothing behind, so there is nothing to do only once.
    if key is None or call.dry_run:
        return _commit(request, call, found, segments, None)
    claim = idempotency.claim(
        key,
        token_id=call.principal.token_id,
        method=call.route.method,
        path=request.path_info,
        query=request.META.get("QUERY_STRING", ""),
        body=request.body,
    )
    if not isinstance(claim, idempotency.Claim):
        admits = call.route.admits
        if admits is not None:
            # Rights may be lost since; the answer may hold what they opened.
            _worded(call, lambda: admits(call, **segments))
        return claim
    try:
        reply = _commit(request, call, found, segments, claim)
    except BaseException:
        claim.release()
        raise
    if not idempotency.to_keep(reply):
        claim.release()
    return reply


def _commit(
    request: HttpRequest,
    call: Call,
    found: Found,
    segments: Mapping[str, Any],
    claim: idempotency.Claim | None,
) -> Reply:
    """Run a write in one transaction, together with what is kept of its answer.

    A refusal leaves nothing behind; what counts in spite of it is the route's ``before``.
    """
    if call.route.before is not None:
        try:
            _worded(call, partial(call.route.before, call))
        except Problem as problem:
            return _kept(replies.failure(problem), claim)
    with transaction.atomic():
        reply, refused = _attempt(request, call, found, segments)
        if refused or call.dry_run or reply.status >= _SERVER_ERROR:
            transaction.set_rollback(True)
        elif claim is not None:
            claim.keep(reply)
    return _kept(reply, claim) if refused else reply


def _kept(refusal: Reply, claim: idempotency.Claim | None) -> Reply:
    if claim is not None and idempotency.to_keep(refusal):
        with transaction.atomic():
            claim.keep(refusal)
    return refusal


def _attempt(
    request: HttpRequest, call: Call, found: Found, segments: Mapping[str, Any]
) -> tuple[Reply, bool]:
    watch = Watch()
    try:
        preconditions.check_match(
            request, lambda: _as_read(call, found, segments), key=request.path_info
        )
        with connection.execute_wrapper(watch):
            reply = _run(call, segments)
        if not (watch.wrote or call.route.may_change_nothing or call.route.is_async):
            raise NothingChanged
    except Problem as problem:
        return replies.failure(problem), True
    return reply, False


def _as_read(call: Call, found: Found, segments: Mapping[str, Any]) -> Reply | None:
    """Return what reading the same address answers, where that is possible."""
    route = found.routes.get("GET")
    if route is None or (route.scope is not None and route.scope not in call.principal.scopes):
        return None
    expand = call.asked.expand & route.query.expand.keys()
    asked, _ = reading.read(route.query, {}, most=paging.largest_page())
    try:
        return _run(
            replace(call, route=route, asked=replace(asked, expand=expand), body=None), segments
        )
    except Problem:
        return None
