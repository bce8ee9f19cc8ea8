"""The panel of passkeys on the verification page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hospes.identity.mails import passkeys as mails
from hospes.identity.models import Method
from hospes.identity.services.two_step import passkey_actions, passkeys
from hospes.identity.web.two_step import panels, passkey_browser, verify
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import SignInStep
    from hospes.identity.web.two_step.panels import Way

KEY = "passkey"


def ways(_step: SignInStep, methods: Sequence[Method]) -> Sequence[Way]:
    """Return one way for all passkeys: the browser finds out which is at hand."""
    own = tuple(method for method in methods if method.kind == Method.Kind.PASSKEY)
    if not own or not passkeys.available():
        return ()
    names = ", ".join(method.name for method in own)
    return (panels.Way(KEY, KEY, _("Use your passkey"), names, "key", own),)


def fill(_request: IdentityRequest, _step: SignInStep, way: Way) -> Mapping[str, Any]:
    """Return what the panel shows."""
    return {"passkey_names": way.text}


@require_POST
def options(request: IdentityRequest) -> HttpResponse:
    """Ask for one of the account's passkeys."""
    step = verify.current(request)
    if step is None:
        error = {"code": "gone", "description": str(passkey_browser.MESSAGES["gone"])}
        return JsonResponse({"result": "error", "error": error}, status=410)
    return passkey_browser.options(
        request, lambda value: passkeys.begin_step(step, browser_value=value)
    )


@require_POST
@verify.with_step
def answer(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Finish the step with the passkey's answer."""
    try:
        proof = passkeys.prove_step(
            step,
            passkey_browser.answer_of(request),
            browser_value=passkey_browser.value_of(request),
            origin=request.origin,
        )
    except Refused as refused:
        passkey_browser.count(refused, "step")
        problem = {"passkey_problem": passkey_browser.words(refused)}
        status = 429 if refused.has("", "throttled") else 422
        return verify.show(request, step, key=KEY, context=problem, status=status)
    return verify.finish(request, step, amr=proof.amr, method=proof.method)


def register() -> None:
    """Offer it on the verification page, and name what it leads to."""
    passkey_actions.register()
    mails.register()
    panels.register(KEY, ways=ways, fill=fill)
