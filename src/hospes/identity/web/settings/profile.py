"""The profile: names, language, time zone, picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.identity.forms.profile import MESSAGES, PictureForm, ProfileForm, offered_zones
from hospes.identity.services.pictures import most_megabytes
from hospes.identity.services.profile import FIELDS, change_profile
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Account
    from hospes.identity.web.guards import SignedInRequest


def shown(
    request: HttpRequest,
    account: Account,
    *,
    form: ProfileForm | None = None,
    picture_form: PictureForm | None = None,
) -> HttpResponse:
    """Return the profile page, with the forms as they came back if they did."""
    refused = form or picture_form
    context = {
        "form": form or ProfileForm(initial={name: getattr(account, name) for name in FIELDS}),
        "picture_form": picture_form or PictureForm(),
        "zones": offered_zones(),
        "megabytes": most_megabytes(),
        "person": account,
    }
    status = 422 if refused else 200
    return render(request, "identity/settings/profile.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest) -> HttpResponse:
    """Show and change the profile."""
    asked = cast("SignedInRequest", request)
    if request.method != "POST":
        return shown(request, asked.account)
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            changed = change_profile(
                form.command(), acting_account=asked.account, origin=asked.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            # The answer speaks the language that was just chosen.
            with translation.override(asked.account.locale):
                told = _("Your profile was saved.") if changed else _("Nothing was changed.")
            messages.success(request, told)
            return HttpResponseRedirect(reverse("settings_profile"))
    return shown(request, asked.account, form=form)
