"""The list of methods of two-step verification, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.domain import phones
from hospes.identity.forms.two_step import MESSAGES, NameForm, RemoveForm, RemoveLastForm
from hospes.identity.models import Method
from hospes.identity.services.device_names import device_name
from hospes.identity.services.two_step import backup_codes, methods, sms, trusted
from hospes.identity.web.guards import recently_confirmed, signed_in
from hospes.identity.web.two_step import going_on
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Fault, Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest

KINDS = {
    Method.Kind.AUTHENTICATOR: (gettext_lazy("Authenticator"), "phone"),
    Method.Kind.TOTP: (gettext_lazy("Codes from an app"), "clock"),
    Method.Kind.SMS: (gettext_lazy("Codes by SMS"), "mail"),
    Method.Kind.PASSKEY: (gettext_lazy("Passkey or security key"), "key"),
}
# What can be added, the safest first: title, what it is, where.
OPTIONS = (
    (
        Method.Kind.AUTHENTICATOR,
        gettext_lazy(
            "Your phone asks whether it is you, and one tap answers. It also shows codes where "
            "there is no connection."
        ),
        "link_phone",
    ),
    (
        Method.Kind.PASSKEY,
        gettext_lazy(
            "Fingerprint, face or a key on your key ring. No page that only looks like ours can "
            "use it."
        ),
        "passkey_add",
    ),
    (
        Method.Kind.TOTP,
        gettext_lazy(
            "Any app that shows one-time codes (TOTP), even where there is no connection."
        ),
        "two_step_app",
    ),
    (
        Method.Kind.SMS,
        gettext_lazy("Works on every phone, but can be intercepted: better than nothing."),
        "two_step_sms",
    ),
)
FEW_CODES = 3


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show every method, the backup codes that are left and the trusted browsers."""
    account = cast("SignedInRequest", request).account
    found = methods.living(account)
    context = {
        "person": account,
        "methods": [
            {
                "method": each,
                "kind": KINDS[Method.Kind(each.kind)][0],
                "icon": _icon(each),
                "phone": phones.shown(each.phone),
            }
            for each in found
        ],
        "options": _options(),
        "codes_left": backup_codes.remaining(account) if found else 0,
        "few_codes": FEW_CODES,
        "enforced": ", ".join(methods.enforced_by(account)),
        "browsers": [
            {"row": row, "name": device_name(row.user_agent)} for row in trusted.living(account)
        ],
        "goes_on": going_on.address(request) if found else "",
    }
    response = render(request, "identity/two_step/overview.html", context)
    going_on.remember(request, response)
    return response


def _icon(method: Method) -> str:
    return KINDS[Method.Kind(method.kind)][1]


def _options() -> list[dict[str, Any]]:
    found = []
    for kind, text, url_name in OPTIONS:
        if kind == Method.Kind.SMS and not sms.is_offered():
            continue
        try:
            url = reverse(url_name)
        except NoReverseMatch:
            continue
        title, icon = KINDS[kind]
        found.append({"title": title, "text": text, "icon": icon, "url": url})
    return found


def _own(request: HttpRequest, public_id: UUID) -> Method:
    method = methods.by_public_id(cast("SignedInRequest", request).account, str(public_id))
    if method is None:
        raise NotFound
    return method


@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a method another name."""
    method = _own(request, public_id)
    form = NameForm(request.POST or None, initial={"name": method.name})
    if request.method == "POST" and form.is_valid():
        try:
            methods.rename(
                method,
                form.cleaned_data["name"],
                origin=cast("SignedInRequest", request).origin,
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            messages.success(request, _("The name was saved."))
            return HttpResponseRedirect(reverse("two_step"))
    status = 422 if form.is_bound else 200
    context = {"form": form, "method": method}
    return render(request, "identity/two_step/rename.html", context, status=status)


@require_POST
@recently_confirmed
def make_default(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Have this method asked first."""
    method = _own(request, public_id)
    if methods.make_default(method, origin=cast("SignedInRequest", request).origin):
        messages.success(request, _("%(name)s is asked first from now on.") % {"name": method.name})
    return HttpResponseRedirect(reverse("two_step"))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the password, and warn before the last method; then remove it."""
    asked = cast("SignedInRequest", request)
    method = _own(request, public_id)
    last = methods.is_last(method)
    enforced = ", ".join(methods.enforced_by(asked.account)) if last else ""
    form_class = RemoveLastForm if last else RemoveForm
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            off = methods.remove(
                method,
                password=form.cleaned_data["password"],
                acting_account=asked.account,
                origin=asked.origin,
                last_meant=bool(form.cleaned_data.get("meant")),
            )
        except Refused as refused:
            if refused.has("", "last"):
                # It became the last one since the page was drawn: now the warning is due.
                messages.warning(request, MESSAGES["", "last"])
                return HttpResponseRedirect(request.path)
            add_faults(form, _beside_password(refused), MESSAGES)
        else:
            _say_removed(request, method, off=off)
            return HttpResponseRedirect(reverse("two_step"))
    context = {
        "form": form,
        "person": asked.account,
        "method": method,
        "last": last,
        "enforced": enforced,
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/two_step/remove.html", context, status=status)


def _beside_password(refused: Refused) -> Refused:
    own = {"wrong", "throttled"}
    return Refused(
        [
            Fault("password", fault.code, fault.params) if fault.code in own else fault
            for fault in refused.faults
        ]
    )


def _say_removed(request: HttpRequest, method: Method, *, off: bool) -> None:
    text = _("%(name)s was removed.") % {"name": method.name}
    if not off:
        messages.success(request, text)
        return
    messages.warning(
        request,
        text + " " + _("Two-step verification is off: your password alone opens the account."),
    )


@require_POST
@recently_confirmed
def forget_browser(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask one trusted browser for the second step again."""
    asked = cast("SignedInRequest", request)
    if not trusted.revoke(
        asked.account, str(public_id), acting_account=asked.account, origin=asked.origin
    ):
        raise NotFound
    messages.success(request, _("That browser will be asked for the second step again."))
    return HttpResponseRedirect(reverse("two_step"))


@require_POST
@recently_confirmed
def forget_browsers(request: HttpRequest) -> HttpResponse:
    """Ask all trusted browsers for the second step again."""
    asked = cast("SignedInRequest", request)
    if trusted.revoke_all(asked.account, acting_account=asked.account, origin=asked.origin):
        messages.success(request, _("Every browser will be asked for the second step again."))
    return HttpResponseRedirect(reverse("two_step"))
