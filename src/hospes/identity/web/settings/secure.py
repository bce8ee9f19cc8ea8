"""The "was this you?" page: everything that takes the account back, in one path."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hospes.identity.domain import phones
from hospes.identity.forms.passwords import SecureAccountForm
from hospes.identity.queries import activity, sign_ins, two_step
from hospes.identity.queries import application_passwords as password_queries
from hospes.identity.services import application_passwords, sessions
from hospes.identity.services.activity import line
from hospes.identity.services.device_names import device_name
from hospes.identity.services.two_step import trusted
from hospes.identity.web.settings.password import try_change

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest

RECENT = 5


@sensitive_post_parameters("current_password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Lead through it; whoever is not signed in is told the two ways in."""
    if cast("IdentityRequest", request).account is None:
        return render(request, "identity/settings/secure_signed_out.html")
    asked = cast("SignedInRequest", request)
    here = f"{reverse('settings_secure')}?done=1"
    if request.method == "POST" and "end_others" in request.POST:
        ended = sessions.end_other_sessions(
            asked.account,
            keep={asked.sign_in.pk},
            reason="not_me",
            origin=asked.origin,
            actor=asked.account,
        )
        application_passwords.revoke_taken_back(asked.account, origin=asked.origin)
        if ended:
            messages.success(request, _("All other devices were signed out."))
        else:
            messages.info(request, _("No other device was signed in."))
        return HttpResponseRedirect(reverse("settings_secure"))
    form = SecureAccountForm(request.POST or None)
    if request.method == "POST":
        response = try_change(asked, form, here)
        if response is not None:
            return response
    rows, _more = activity.page(asked.account, activity.ActivityFilter())
    others = [
        session for session in sign_ins.of_account(asked.account) if session.pk != asked.sign_in.pk
    ]
    context = {
        "form": form,
        "done": request.GET.get("done") == "1" and not form.is_bound,
        "person": asked.account,
        "phone": phones.shown(asked.account.recovery_phone),
        "methods": two_step.living_methods(asked.account),
        "browsers": [device_name(row.user_agent) for row in trusted.living(asked.account)],
        "passwords": [each.name for each in password_queries.living(asked.account)],
        "others": others,
        "lines": [line(entry) for entry in rows[:RECENT]],
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/secure.html", context, status=status)
