"""The panel of the Authenticator: the phone was asked, the browser shows the number and waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hospes.edge.phones import STATE
from hospes.foundation import metrics
from hospes.identity.mails import push as mails
from hospes.identity.models import Method
from hospes.identity.services.two_step import challenges, push_actions
from hospes.identity.web.two_step import panels, verify
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import SignInStep
    from hospes.identity.web.two_step.panels import Way

KEY = "authenticator"
# RFC 8176: proof of possession of a key kept in software.
AMR = ("swk",)


def ways(_step: SignInStep, methods: Sequence[Method]) -> Sequence[Way]:
    """Return one way for all phones: each of them may answer."""
    linked = tuple(method for method in methods if method.kind == Method.Kind.AUTHENTICATOR)
    if not linked:
        return ()
    names = ", ".join(method.name for method in linked)
    return (panels.Way(KEY, KEY, _("Approve on your phone"), names, "phone", linked),)


def fill(request: IdentityRequest, step: SignInStep, way: Way) -> Mapping[str, Any]:
    """Return what the panel shows. Its first showing asks the phone; after that it takes a form.

    Of a person who is signed in a form is always asked for: any site can send them to the page, and
    must not make their phone ring.
    """
    challenge = challenges.latest(step)
    problem: str = ""
    minutes = 0
    if challenge is None and request.method == "GET" and step.session_id is None:
        try:
            challenge = challenges.begin(step, origin=request.origin)
        except Refused as refused:
            fault = refused.faults[0]
            problem, minutes = fault.code, fault.params.get("minutes", 0)
    if not problem:
        minutes = challenges.minutes_without(step.account)
    return {
        "challenge": challenge,
        "challenge_state": str(challenges.present_state(challenge)) if challenge else "",
        "only_others": minutes,
        "phones": way.text,
        "again_url": _address(),
        "state_url": STATE,
    }


def _address() -> str:
    return f"{reverse('verify')}?{urlencode({'way': KEY})}"


@require_POST
@verify.with_step
def push(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Go on after the phone's YES; with ``again``, ask the phone once more."""
    if request.POST.get("again") == "1":
        try:
            challenges.begin(step, origin=request.origin)
        except Refused as refused:
            code = refused.faults[0].code
            metrics.sign_in(f"push_{code}")
            if code == "gone":
                return verify.gone(request)
        return HttpResponseRedirect(_address())
    method = challenges.spend(step)
    if method is None:
        asked = challenges.latest(step)
        if asked is not None and str(challenges.present_state(asked)) == "open":
            messages.info(request, _("Not yet: approve the sign-in on your phone first."))
        return HttpResponseRedirect(_address())
    return verify.finish(request, step, amr=AMR, method=method)


def register() -> None:
    """Offer it on the verification page, and name what it leads to."""
    push_actions.register()
    mails.register()
    panels.register(KEY, ways=ways, fill=fill)
