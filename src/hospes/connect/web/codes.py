"""Answering an authorization request with a code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from hospes.connect.services import pushed_requests
from hospes.connect.services.authorization import Authorize, issue_code
from hospes.connect.services.pushed_requests import AlreadyAnswered
from hospes.connect.web.addresses import issuer
from hospes.connect.web.answers import fault_page, send
from hospes.foundation import clock, counters
from hospes.protocols.oauth import authorize as protocol
from hospes.protocols.oauth.step_up import Demand

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.connect.web.requests import Ready
    from hospes.identity.middleware import IdentityRequest


def answer(request: HttpRequest, ready: Ready, *, consented_now: bool) -> HttpResponse:
    """Issue the code and send it to the application."""
    if ready.sign_in is None:
        raise RuntimeError("a code is for somebody who is signed in")
    if ready.once is not None and not _first(*ready.once):
        return fault_page(request, "request_uri_invalid")
    try:
        code = issue_code(
            Authorize(
                application=ready.application,
                scopes=frozenset(ready.validated.scope),
                redirect_uri=ready.validated.redirect_uri,
                code_challenge=ready.validated.code_challenge,
                nonce=ready.validated.nonce,
                consented_now=consented_now,
                disclosed=frozenset(ready.validated.disclosed),
                claims=ready.validated.claims.text,
                resources=ready.validated.resources,
                organization_id=ready.organization.pk if ready.organization else None,
                second_factor_at=ready.second_factor_at,
                needs_second_factor=ready.validated.level is Demand.ESSENTIAL,
                longest_seconds=ready.longest_code,
                bound_to=ready.bound_to,
                pushed_id=ready.pushed_id,
            ),
            session=ready.sign_in,
            origin=cast("IdentityRequest", request).origin,
        )
    except AlreadyAnswered:
        return fault_page(request, "request_uri_invalid")
    return send(request, protocol.success(ready.validated, code=code, issuer=issuer()))


def _first(name: str, seconds: int) -> bool:
    """Return whether nothing was given for that request object before (RFC 9101 §10.2, ``jti``)."""
    window = timedelta(seconds=seconds)
    return not counters.hit("connect.request_objects", name, limit=1, window=window).retry_after


def refuse(request: HttpRequest, ready: Ready, error: protocol.RedirectError) -> HttpResponse:
    """Send the application an error; that too is the one answer a pushed request gets."""
    if ready.pushed_id is not None:
        try:
            pushed_requests.use(ready.pushed_id, now=clock.timestamp())
        except AlreadyAnswered:
            return fault_page(request, "request_uri_invalid")
    return send(request, protocol.failure(error, issuer=issuer()))
