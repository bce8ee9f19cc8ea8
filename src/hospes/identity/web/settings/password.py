"""Changing the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hospes.identity.forms.passwords import MESSAGES, ChangePasswordForm
from hospes.identity.queries import sign_ins
from hospes.identity.services import sessions
from hospes.identity.services.device_names import device_name
from hospes.identity.services.passwords import change_password, password_rules
from hospes.identity.web.guards import signed_in
from hospes.identity.web.presence import set_browser
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.forms.passwords import SecureAccountForm
    from hospes.identity.web.guards import SignedInRequest


def try_change(asked: SignedInRequest, form: SecureAccountForm, to: str) -> HttpResponse | None:
    """Change the password as the form says; None where the form then says what is wrong."""
    if not form.is_valid():
        return None
    try:
        ended = change_password(form.command(), acting_account=asked.account, origin=asked.origin)
    except Refused as refused:
        add_faults(form, refused, MESSAGES)
        return None
    told = _("Your password was changed.")
    if ended:
        told = ngettext(
            "Your password was changed, and %(count)d other device was signed out.",
            "Your password was changed, and %(count)d other devices were signed out.",
            ended,
        ) % {"count": ended}
    messages.success(asked, told)
    response = HttpResponseRedirect(to)
    # Whoever knew this browser's cookie before knows it no more.
    set_browser(response, sessions.confirm_session(asked.sign_in))
    return response


@sensitive_post_parameters("current_password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the present and the new password, and which devices stay."""
    asked = cast("SignedInRequest", request)
    others = [
        (session.public_id, _device(session.user_agent, session.ip))
        for session in sign_ins.of_account(asked.account)
        if session.pk != asked.sign_in.pk
    ]
    form = ChangePasswordForm(request.POST or None, others=others)
    if request.method == "POST":
        response = try_change(asked, form, reverse("settings_login"))
        if response is not None:
            return response
    context = {"form": form, "person": asked.account, "rules": password_rules()}
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/password.html", context, status=status)


def _device(user_agent: str, ip: str) -> str:
    name = device_name(user_agent)
    return f"{name} ({ip})" if ip else name
