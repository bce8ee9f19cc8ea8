"""Signing out at an application's request (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hospes.connect import queries
from hospes.connect.domain.links import source_of
from hospes.connect.services import sign_outs
from hospes.connect.services.logout import sign_out_for_application
from hospes.connect.services.signing_keys import key_source
from hospes.connect.web.addresses import issuer
from hospes.connect.web.answers import redirect
from hospes.connect.web.noting import note_logout_address
from hospes.protocols.oauth import id_token, logout, parameters
from hospes.site import csp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrOrPromise

    from hospes.connect.models import Application
    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Session

LONGEST_BODY: Final = 6000
MISMATCH: Final = "redirect_uri_mismatch"
FAULTS: Final[dict[str, _StrOrPromise]] = {
    "unreadable": gettext_lazy("The address that brought you here is damaged."),
    "too_long": gettext_lazy("The site sent more than fits into one request."),
    "parameter_repeated": gettext_lazy("The site asked for the same thing in two ways."),
    "hint_invalid": gettext_lazy("The site could not show that it knows you."),
    "client_unknown": gettext_lazy("The site is not registered here."),
    "client_mismatch": gettext_lazy("The site gave two different names for itself."),
    "redirect_without_client": gettext_lazy("The site did not say who it is."),
    MISMATCH: gettext_lazy("The site asked to send you to an address that it has not registered."),
}


@dataclass(frozen=True, slots=True)
class _Fault:
    """``received`` is the address that is not registered, "" where that is not the fault."""

    code: str
    received: str = ""


# Applications post here from their own sites; such a post is turned into the same GET.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign the person out, after asking where nothing proves that the application may."""
    if request.method == "POST":
        return _as_get(request)
    person = cast("IdentityRequest", request)
    asked = _evaluate(request)
    if isinstance(asked, _Fault):
        return _fault_page(request, asked)
    wanted, application = asked
    current = person.sign_in
    if not wanted.ask and current and current.account.public_id == wanted.subject:
        frames = sign_outs.frames(current)
        sign_out_for_application(current, origin=person.origin)
        return _finished(request, wanted, application, frames)
    session = _meant(person, wanted)
    if session is None:
        return _finished(request, wanted, application)
    query = request.META.get("QUERY_STRING", "")
    context = {
        "application": application,
        "account": session.account,
        "action": f"{reverse('end_session_confirm')}?{query}",
    }
    response = render(request, "connect/end_session.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the person's answer."""
    person = cast("IdentityRequest", request)
    asked = _evaluate(request)
    if isinstance(asked, _Fault):
        return _fault_page(request, asked)
    wanted, application = asked
    session = _meant(person, wanted)
    frames: list[str] = []
    if session is not None:
        if request.POST.get("account") != session.account.public_id:
            return HttpResponseRedirect(
                f"{reverse('end_session')}?{request.META.get('QUERY_STRING', '')}"
            )
        frames = sign_outs.frames(session)
        sign_out_for_application(session, origin=person.origin)
    return _finished(request, wanted, application, frames)


def _evaluate(request: HttpRequest) -> tuple[logout.Logout, Application | None] | _Fault:
    """Return what is asked for and by which application, or a fault; its owner is told of some."""
    try:
        sent = logout.parse(parameters.from_urlencoded(request.META.get("QUERY_STRING", "")))
    except parameters.UnreadableError:
        return _Fault("unreadable")
    if isinstance(sent, logout.LogoutError):
        return _Fault(sent.code)
    hint = None
    if sent.id_token_hint:
        hint = id_token.read_hint(sent.id_token_hint, jwks=key_source.jwks(), issuer=issuer())
    client_id = logout.client_id_of(sent, hint)
    application = queries.by_client_id(client_id) if client_id else None
    client = queries.client_view(application) if application else None
    result = logout.evaluate(sent, hint=hint, client=client)
    if isinstance(result, logout.Logout):
        return result, application
    if result.code != MISMATCH or application is None:
        return _Fault(result.code)
    received = sent.post_logout_redirect_uri
    note_logout_address(request, application, received)
    return _Fault(result.code, received)


def _meant(person: IdentityRequest, wanted: logout.Logout) -> Session | None:
    """Return the session to end: the one of the account that is named, else the current one."""
    if not wanted.subject:
        return person.sign_in
    return next(
        (each for each in person.sign_ins if each.account.public_id == wanted.subject), None
    )


def _finished(
    request: HttpRequest,
    wanted: logout.Logout,
    application: Application | None,
    frames: Sequence[str] = (),
) -> HttpResponse:
    """Send the person on, or say that it is done; ``frames`` are told first (Front-Channel §4)."""
    if wanted.location and not frames:
        return redirect(wanted.location, after_form=request.method == "POST")
    context = {"application": application, "frames": frames, "location": wanted.location}
    response = render(request, "connect/end_session_done.html", context)
    if frames:
        origins = tuple(dict.fromkeys(source_of(address) for address in frames))
        response["Content-Security-Policy"] = csp.policy(
            https=settings.HOSPES.https, frames=origins
        )
        response["X-Frame-Options"] = "DENY"
    add_never_cache_headers(response)
    return response


def _fault_page(request: HttpRequest, fault: _Fault) -> HttpResponse:
    context = {"text": FAULTS[fault.code], "code": fault.code, "received": fault.received}
    return render(request, "connect/end_session_fault.html", context, status=400)


def _as_get(request: HttpRequest) -> HttpResponse:
    try:
        sent = parameters.from_body(request.headers.get("Content-Type", ""), request.body)
    except parameters.UnreadableError:
        return _fault_page(request, _Fault("unreadable"))
    if len(request.body) > LONGEST_BODY:
        return _fault_page(request, _Fault("too_long"))
    pairs = [*sent.values.items(), *((name, "twice") for name in sorted(sent.repeated))]
    return redirect(f"{reverse('end_session')}?{urlencode(pairs)}", after_form=True)


def logout_address(query: str) -> str:
    """Return where a logout request may lead afterwards, if it is registered, else ""."""
    try:
        sent = logout.parse(parameters.from_urlencoded(query))
    except parameters.UnreadableError:
        return ""
    if isinstance(sent, logout.LogoutError) or not sent.post_logout_redirect_uri:
        return ""
    hint = id_token.read_hint(sent.id_token_hint, jwks=key_source.jwks(), issuer=issuer())
    client_id = logout.client_id_of(sent, hint)
    application = queries.by_client_id(client_id) if client_id else None
    client = queries.client_view(application) if application else None
    found = logout.evaluate(sent, hint=hint, client=client)
    return sent.post_logout_redirect_uri if isinstance(found, logout.Logout) else ""
