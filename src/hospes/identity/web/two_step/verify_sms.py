"""The panel of codes by SMS: sent at the press of a button, then typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hospes.foundation import metrics
from hospes.identity.domain import masking
from hospes.identity.models import Method
from hospes.identity.queries import two_step
from hospes.identity.services.two_step import counting, sms
from hospes.identity.web import presence
from hospes.identity.web.two_step import panels, verify
from hospes.identity.web.two_step.verify_codes import MESSAGES as CODE_MESSAGES
from hospes.identity.web.two_step.verify_codes import CodeForm, show_refused
from hospes.kit.faults import Fault, Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import SignInStep
    from hospes.identity.web.two_step.panels import Way

MESSAGES = {
    **CODE_MESSAGES,
    ("code", "wrong"): gettext_lazy(
        "This is not the code. Look at the newest SMS, or have another one sent."
    ),
}


def ways(_step: SignInStep, methods: Sequence[Method]) -> Sequence[Way]:
    """Return one way for each number; each gets its own code."""
    if not sms.is_offered():
        return ()
    return tuple(
        panels.Way(
            method.public_id,
            "sms",
            gettext_lazy("Code by SMS"),
            masking.phone(method.phone),
            "phone",
            (method,),
        )
        for method in methods
        if method.kind == Method.Kind.SMS
    )


def _fill(_request: IdentityRequest, step: SignInStep, way: Way) -> Mapping[str, Any]:
    [method] = way.methods
    return {
        "form": CodeForm(),
        "method": method,
        "phone": masking.phone(method.phone),
        "is_sent": sms.open_code(method, step=step) is not None,
        "development": presence.shows_mailbox(),
    }


@require_POST
@verify.with_step
def sms_code(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Send a code to one of the person's numbers, or take the one that was sent."""
    method = next(
        (
            each
            for each in two_step.living_methods(step.account)
            if each.kind == Method.Kind.SMS and each.public_id == request.POST.get("method")
        ),
        None,
    )
    if method is None or not sms.is_offered():
        return HttpResponseRedirect(reverse("verify"))
    if "send" in request.POST:
        return _send(request, step, method)
    form = CodeForm(request.POST)
    context = {**_fill(request, step, ways(step, [method])[0]), "form": form}
    if not form.is_valid():
        return verify.show(request, step, key=method.public_id, context=context, status=422)
    try:
        _try(request, step, method, form.cleaned_data["code"])
    except Refused as refused:
        metrics.sign_in(f"sms_{refused.faults[0].code}")
        add_faults(form, refused, MESSAGES)
        context["is_sent"] = sms.open_code(method, step=step) is not None
        return show_refused(request, step, refused, key=method.public_id, context=context)
    return verify.finish(request, step, amr=("sms",), method=method)


def _try(request: IdentityRequest, step: SignInStep, method: Method, typed: str) -> None:
    counting.admit(step.account, step=step, origin=request.origin)
    if not sms.accepts(method, typed, step=step):
        counting.failed(step.account, step=step, kind="sms", origin=request.origin)
        raise Refused(Fault("code", "wrong"))


def _send(request: IdentityRequest, step: SignInStep, method: Method) -> HttpResponse:
    try:
        counting.refuse_exhausted(step.account, step=step, origin=request.origin)
        sms.send(method, step=step, origin=request.origin)
    except Refused as refused:
        if refused.has("", "exhausted"):
            text = str(MESSAGES["", "exhausted"])
        else:
            text = _("Several codes were sent to this number. Please try again in %(minutes)s min.")
        messages.error(request, text % refused.faults[0].params)
    return HttpResponseRedirect(f"{reverse('verify')}?way={method.public_id}")


def register() -> None:
    """Offer the kind on the verification page."""
    panels.register("sms", ways=ways, fill=_fill)
