"""What the owner of an application is told of requests that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hospes.connect import queries
from hospes.connect.domain import differences, events
from hospes.connect.services.events import record

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest

    from hospes.connect.models import Application
    from hospes.identity.middleware import IdentityRequest
    from hospes.protocols.oauth.authorize import Answer, PageError


def note_answer(request: HttpRequest, answer: Answer) -> None:
    """Note in the log of the application that ``answer`` tells it of an error, if it does."""
    told = dict(answer.fields)
    error = told.get("error", "")
    if not error or error in events.EXPECTED_REFUSALS:
        return
    # Whoever says no shares nothing, so the log does not name them.
    if error == "access_denied":
        _note(request, events.CONSENT_REFUSED, {})
    else:
        reason = told.get("error_description", "")
        _note(request, events.REQUEST_REFUSED, {"error": error, "reason": reason})


def note_fault(request: HttpRequest, fault: PageError) -> None:
    """Note a fault that is shown to the person, if it is a known application's."""
    if fault.code == "redirect_uri_mismatch":
        near = differences.nearest(fault.received, fault.registered)
        _note(request, events.REDIRECT_MISMATCH, {"received": fault.received, "registered": near})
    elif fault.code in {"redirect_uri_missing", "redirect_uri_repeated"}:
        _note(request, events.REQUEST_REFUSED, {"error": fault.code})


def note_logout_address(request: HttpRequest, application: Application, received: str) -> None:
    """Note that a sign-out named an address to return to that ``application`` has not got."""
    registered = queries.client_view(application).logout_redirect_uris
    record(
        events.LOGOUT_MISMATCH,
        application_id=application.pk,
        origin=cast("IdentityRequest", request).origin,
        detail={"received": received, "registered": differences.nearest(received, registered)},
    )


def _note(request: HttpRequest, kind: str, detail: dict[str, Any]) -> None:
    # The request stands in the address, also where a form is sent.
    named = request.GET.getlist("client_id")
    application = queries.by_client_id(named[0]) if len(named) == 1 else None
    if application is not None:
        origin = cast("IdentityRequest", request).origin
        record(kind, application_id=application.pk, origin=origin, detail=detail)
