"""The second step's page, and what the panels' own addresses share with it."""

from __future__ import annotations

import secrets
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospes.foundation import clock, metrics, numbers
from hospes.identity.domain import tokens
from hospes.identity.queries import sign_ins, two_step
from hospes.identity.services.two_step import applications, steps
from hospes.identity.web import presence
from hospes.identity.web.two_step import panels
from hospes.kit.faults import Refused
from hospes.site import csp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Method, SignInStep

    View = Callable[[IdentityRequest, SignInStep], HttpResponse]


def current(request: IdentityRequest) -> SignInStep | None:
    """Return the open step that this browser began."""
    step = steps.find(presence.step_value(request))
    return step if step is not None and _is_of(request, step) else None


def _is_of(request: IdentityRequest, step: SignInStep) -> bool:
    """Return whether the cookie came with the browser, and the sign-in, that it was given to."""
    if step.session is not None and all(item.pk != step.session_id for item in request.sign_ins):
        return False
    if step.browser is None:
        return True
    return secrets.compare_digest(
        tokens.fingerprint(request.browser_token), step.browser.token_hash
    )


def with_step(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Call ``view(request, step)``; without an open step, lead back to the sign-in page."""

    @wraps(view)
    def guarded(request: IdentityRequest) -> HttpResponse:
        step = current(request)
        if step is None:
            return gone(request)
        # The answer leads there after a form: its policy must allow the application.
        csp.leads_to(request, step.continue_to)
        return view(request, step)

    return guarded  # type: ignore[return-value]  # the middleware made it one


def gone(request: IdentityRequest) -> HttpResponse:
    """Lead back to where the sign-in can be begun anew, or on if it was finished already."""
    step = steps.read(presence.step_value(request))
    following = step.continue_to if step else ""
    if step is not None and step.finished_at is not None:
        # A form sent twice: the other answer has signed the person in.
        return HttpResponseRedirect(following or "/")
    metrics.sign_in("step_gone")
    if step is not None:
        messages.warning(request, _why(step))
    response = HttpResponseRedirect(_sign_in_again(step))
    presence.delete_cookie(response, presence.STEP_COOKIE)
    return response


def _why(step: SignInStep) -> str:
    if step.expires_at <= clock.now():
        return _("This sign-in was not finished in time. Please sign in again.")
    return _("Something about this account has changed meanwhile. Please sign in again.")


def _sign_in_again(step: SignInStep | None) -> str:
    if step is not None and step.session is not None:
        return step.continue_to or "/"
    address = reverse("sign_in")
    if step is None or step.continue_to in {"", "/"}:
        return address
    return f"{address}?{urlencode({'next': step.continue_to})}"


def finish(
    request: IdentityRequest, step: SignInStep, *, amr: Collection[str], method: Method | None
) -> HttpResponse:
    """Finish the step whose proof was just accepted, and go on to where the sign-in was for.

    The form's checkbox ``trust`` (see ``identity/two_step/_trust.html``) is read from the request.
    """
    browser = request.browser
    if browser is None and step.browser is None:
        browser = sign_ins.browser_by_token(request.browser_token)
    try:
        done = steps.finish(
            step,
            amr=amr,
            method=method,
            trust=request.POST.get("trust") == "1",
            origin=request.origin,
            browser=browser,
        )
    except Refused:
        return gone(request)
    metrics.sign_in("step_ok")
    response = presence.welcome(request, done, step.continue_to or "/")
    presence.delete_cookie(response, presence.STEP_COOKIE)
    return response


def show(
    request: IdentityRequest,
    step: SignInStep,
    *,
    key: str = "",
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page with the panel of the way ``key``, or else of the default method.

    ``context`` goes over what the panel is filled with, such as a form that was refused.
    """
    methods = two_step.living_methods(step.account)
    ways = panels.ways_of(step, methods)
    way = next((item for item in ways if item.key == key), None)
    way = way or panels.preferred(ways, methods)
    filled = dict(panels.fill(request, step, way)) if way else {}
    return render(
        request,
        "identity/two_step/verify.html",
        {
            **filled,
            **(context or {}),
            "step": step,
            "way": way,
            "others": [
                (item, f"{reverse('verify')}?{urlencode({'way': item.key})}")
                for item in ways
                if item != way
            ],
            "trust_days": numbers.get("identity.trusted_browser_days"),
            "trust": request.POST.get("trust") == "1",
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD"])
@with_step
def verify(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Ask for the second step; ``way`` picks another than the default method's."""
    return show(request, step, key=request.GET.get("way", ""))


@require_POST
def cancel(request: IdentityRequest) -> HttpResponse:
    """Give the sign-in up."""
    step = current(request)
    if step is not None:
        steps.cancel(step, origin=request.origin)
    if step is not None and step.session is not None:
        # The application that wanted a second factor learns that it does not come.
        to = applications.way_out(step.continue_to)
    else:
        to = _sign_in_again(step)
    response = HttpResponseRedirect(to)
    presence.delete_cookie(response, presence.STEP_COOKIE)
    return response
