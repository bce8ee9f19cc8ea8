"""The overview of signing in: password, addresses, rules, and where one is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.identity.domain import phones
from hospes.identity.forms.security import RULES_MESSAGES, SignInRulesForm
from hospes.identity.queries import application_passwords, sign_ins, two_step
from hospes.identity.services.email_change import waiting_change
from hospes.identity.services.sign_in_rules import FIELDS, change_sign_in_rules
from hospes.identity.web.guards import recently_confirmed, signed_in
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show how one signs in and gets back in."""
    account = cast("SignedInRequest", request).account
    found = two_step.living_methods(account)
    context = {
        "person": account,
        "waiting": waiting_change(account),
        "phone": phones.shown(account.recovery_phone),
        "methods": ", ".join(each.name for each in found),
        "only_method": len(found) == 1,
        "passwords": application_passwords.living(account).count(),
        "devices": len(sign_ins.of_account(account)),
    }
    return render(request, "identity/settings/login.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def notices(request: HttpRequest) -> HttpResponse:
    """Show and change which mails are sent and when the account locks."""
    asked = cast("SignedInRequest", request)
    if request.method == "POST":
        form = SignInRulesForm(request.POST)
        if form.is_valid():
            try:
                change_sign_in_rules(
                    form.command(), acting_account=asked.account, origin=asked.origin
                )
            except Refused as refused:
                add_faults(form, refused, RULES_MESSAGES)
            else:
                messages.success(request, _("Your rules were saved."))
                return HttpResponseRedirect(reverse("settings_login"))
    else:
        form = SignInRulesForm(initial={name: getattr(asked.account, name) for name in FIELDS})
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/notices.html", {"form": form}, status=status)
