"""The authorization endpoint: what the person still has to do, or the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hospes.connect.web import progress
from hospes.connect.web.answers import fault_page, redirect
from hospes.connect.web.codes import answer, refuse
from hospes.connect.web.consent import consent_page
from hospes.connect.web.members import to_setting_up
from hospes.connect.web.requests import Ready, load
from hospes.identity.services.two_step import steps
from hospes.identity.web import presence
from hospes.protocols.oauth import authorize as protocol
from hospes.protocols.oauth import parameters
from hospes.protocols.oauth.interaction import Step

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Session

# What still fits into an address once it is encoded.
LONGEST_BODY = 6000


# Applications post here from their own sites (OpenID Connect Core §3.1.2.1). Nothing changes by
# it: the request is turned into the same GET, which browsers send with our cookies.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Answer an authorization request (RFC 6749 §3.1)."""
    if request.method == "POST":
        return _as_get(request)
    mark = progress.read(request.META.get("QUERY_STRING", ""))
    ready = load(cast("IdentityRequest", request), mark)
    if not isinstance(ready, Ready):
        return ready
    step = ready.decide(consent_given=False)
    if isinstance(step, protocol.RedirectError):
        return refuse(request, ready, step)
    if step is Step.CONSENT:
        return consent_page(request, ready)
    if step is Step.ANSWER:
        return answer(request, ready, consented_now=False)
    return _to_page(cast("IdentityRequest", request), ready, step)


def _to_second_factor(request: IdentityRequest, ready: Ready, session: Session) -> HttpResponse:
    """Ask the signed-in person for a second factor; the step comes back here (RFC 9470 §5)."""
    _step, token = steps.begin_again(
        session,
        continue_to=ready.mark.address,
        application_name=ready.application.name,
        origin=request.origin,
    )
    return presence.to_step(token)


def _to_page(request: IdentityRequest, ready: Ready, step: Step) -> HttpResponse:
    """Send the person to one of the sign-in pages, which come back here afterwards."""
    if step is Step.SECOND_FACTOR and ready.sign_in is not None:
        return _to_second_factor(request, ready, ready.sign_in)
    if step is Step.SET_UP_TWO_STEP:
        return to_setting_up(ready.application, ready.mark.address)
    asked = ready.validated.prompt
    chooses = step is Step.CHOOSE_ACCOUNT or "select_account" in asked
    if chooses and not ready.mark.account_chosen and ready.has_accounts:
        page, mark = "choose_account", ready.mark.with_account_chosen()
    elif step is Step.CONFIRM_IDENTITY:
        page, mark = "confirm_password", ready.mark
    else:
        page, mark = "sign_in", ready.mark.with_account_chosen()
    parameters = {"next": mark.address}
    if ready.validated.login_hint and page == "sign_in":
        parameters["login_hint"] = ready.validated.login_hint
    if ready.validated.ui_locales and ready.account is None:
        parameters["ui_locales"] = " ".join(ready.validated.ui_locales)
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode(parameters)}")


def _as_get(request: HttpRequest) -> HttpResponse:
    try:
        sent = parameters.from_body(request.headers.get("Content-Type", ""), request.body)
    except parameters.UnreadableError:
        return fault_page(request, "unreadable")
    if len(request.body) > LONGEST_BODY:
        return fault_page(request, "too_long")
    pairs = [*sent.values.items(), *sent.further]
    pairs += [(name, "twice") for name in sorted(sent.repeated)]
    return redirect(f"{reverse('authorize')}?{urlencode(pairs)}", after_form=True)
