"""The two panels that take a typed code: an app's one-time code, and a backup code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hospes.foundation import metrics
from hospes.identity.models import Method
from hospes.identity.services.two_step import backup_codes, counting, typed_codes
from hospes.identity.web.two_step import panels, verify
from hospes.kit.faults import Fault, Refused
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import SignInStep
    from hospes.identity.web.two_step.panels import Way

    Accepted = Callable[[str], Method | bool | None]

LONGEST = 40

MESSAGES = {
    ("code", "wrong"): _(
        "This code is not right, or it was used already. Please type the one shown now."
    ),
    ("backup", "wrong"): _("This is none of your unused backup codes."),
    ("", "throttled"): _("Too many wrong codes. Please try again in %(minutes)s min."),
    ("", "exhausted"): _(
        "Too many wrong codes were typed for this account, so codes are no longer taken on new "
        "devices. Please use another way, sign in on a device that you have used before, or set a "
        "new password."
    ),
}


class CodeInput(forms.TextInput):
    """A field that comes back empty: a code that was refused is of no more use."""

    def __init__(self, **attributes: str) -> None:
        super().__init__({"spellcheck": "false", "autofocus": "autofocus", **attributes})

    def format_value(self, value: Any) -> None:
        """Return nothing."""


class CodeForm(Form):
    """A one-time code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST,
        error_messages={"required": _("Please enter the code.")},
        widget=CodeInput(autocomplete="one-time-code", inputmode="numeric"),
    )


class BackupForm(Form):
    """A backup code."""

    backup = forms.CharField(
        label=_("Backup code"),
        max_length=LONGEST,
        error_messages={"required": _("Please enter one of your backup codes.")},
        widget=CodeInput(autocomplete="off", autocapitalize="none"),
    )


def code_ways(_step: SignInStep, methods: Sequence[Method]) -> Sequence[Way]:
    """Return one way for all apps that show codes: the code itself tells which one it was."""
    seeded = tuple(method for method in methods if method.kind in typed_codes.SEEDED)
    if not seeded:
        return ()
    names = ", ".join(method.name for method in seeded)
    return (panels.Way("code", "code", _("Code from your app"), names, "clock", seeded),)


def backup_ways(step: SignInStep, _methods: Sequence[Method]) -> Sequence[Way]:
    """Return the way of the backup codes, while any are left."""
    if not backup_codes.remaining(step.account):
        return ()
    return (
        panels.Way("backup", "backup", _("Backup code"), _("One of the codes you kept"), "key"),
    )


def _fill_code(_request: IdentityRequest, _step: SignInStep, _way: Way) -> Mapping[str, Any]:
    return {"form": CodeForm()}


def _fill_backup(_request: IdentityRequest, _step: SignInStep, _way: Way) -> Mapping[str, Any]:
    return {"form": BackupForm()}


@require_POST
@verify.with_step
def code(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Take a one-time code of any of the person's apps."""

    def accepted(typed: str) -> Method | None:
        return typed_codes.method_of(step.account, typed)

    form = CodeForm(request.POST)
    return _take(request, step, form, "code", accepted)


@require_POST
@verify.with_step
def backup(request: IdentityRequest, step: SignInStep) -> HttpResponse:
    """Take a backup code."""
    form = BackupForm(request.POST)

    def accepted(typed: str) -> bool:
        return backup_codes.use(step.account, typed, origin=request.origin)

    return _take(request, step, form, "backup", accepted)


def _take(
    request: IdentityRequest, step: SignInStep, form: Form, kind: str, accepted: Accepted
) -> HttpResponse:
    if not form.is_valid():
        return verify.show(request, step, key=kind, context={"form": form}, status=422)
    try:
        method = _try(request, step, form.cleaned_data[kind], kind, accepted)
    except Refused as refused:
        metrics.sign_in(f"{kind}_{refused.faults[0].code}")
        add_faults(form, refused, MESSAGES)
        return show_refused(request, step, refused, key=kind, context={"form": form})
    return verify.finish(request, step, amr=("otp",), method=method)


def show_refused(
    request: IdentityRequest,
    step: SignInStep,
    refused: Refused,
    *,
    key: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Draw the panel again, with the status that tells a wrong code from one too many."""
    fault = refused.faults[0]
    limited = fault.code in {"throttled", "exhausted"}
    response = verify.show(request, step, key=key, context=context, status=429 if limited else 422)
    if "minutes" in fault.params:
        response["Retry-After"] = str(int(fault.params["minutes"]) * 60)
    return response


def _try(
    request: IdentityRequest, step: SignInStep, typed: str, kind: str, accepted: Accepted
) -> Method | None:
    counting.admit(step.account, step=step, origin=request.origin)
    found = accepted(typed)
    if not found:
        counting.failed(step.account, step=step, kind=kind, origin=request.origin)
        raise Refused(Fault(kind, "wrong"))
    return found if isinstance(found, Method) else None


def register() -> None:
    """Offer both kinds on the verification page."""
    panels.register("code", ways=code_ways, fill=_fill_code)
    panels.register("backup", ways=backup_ways, fill=_fill_backup)
