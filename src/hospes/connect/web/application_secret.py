"""Replacing an application's secret, and ending an old one before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hospes.connect import queries
from hospes.connect.forms import ReplaceSecretForm, new_form_key
from hospes.connect.services.applications import AlreadyDone
from hospes.connect.services.client_secrets import (
    MOST_WORKING,
    ReplaceSecret,
    end_secret,
    ends_for_the_next,
    has_secret,
    replace_secret,
)
from hospes.connect.web.access import application_of, instant, managing
from hospes.connect.web.application_create import already_done, secret_page
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import recently_confirmed

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "POST"])
@never_cache
@recently_confirmed
@sensitive_variables("secret")
def rotate(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Ask how long the old secret shall work; replace it; show the new one this once."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    if not has_secret(application):
        raise NotFound
    if request.method == "GET":
        form = ReplaceSecretForm(initial={"form_key": new_form_key()})
    else:
        form = ReplaceSecretForm(request.POST)
        if form.is_valid():
            command = ReplaceSecret(
                application,
                keep_old=form.cleaned_data["old"] == ReplaceSecretForm.KEEP,
                form_key=form.cleaned_data["form_key"],
            )
            try:
                secret = replace_secret(
                    command, acting_account=person.account, origin=person.origin
                )
            except AlreadyDone as done:
                return already_done(request, done)
            return secret_page(request, application, secret, new=False)
    status = 422 if form.is_bound else 200
    working = list(queries.working_secrets(application))
    context = {
        "application": application,
        "form": form,
        "several": len(working) > 1,
        "most": MOST_WORKING,
        "ends_early": [
            {"hint": each.hint, "ends": instant(each.expires_at)}
            for each in ends_for_the_next(application)
        ],
    }
    return render(request, "connect/application_secret.html", context, status=status)


@require_http_methods(["GET", "POST"])
@recently_confirmed
def end(request: HttpRequest, client_id: UUID, secret_id: int) -> HttpResponse:
    """Ask, then end an old secret that would have worked for a while yet."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    secret = queries.overlapping_secrets(application).filter(pk=secret_id).first()
    if secret is None:
        raise NotFound
    if request.method == "GET":
        context = {
            "application": application,
            "secret": secret,
            "ends": instant(secret.expires_at),
        }
        return render(request, "connect/application_secret_end.html", context)
    end_secret(secret, application, acting_account=person.account, origin=person.origin)
    messages.success(request, _("The secret …%(hint)s has ended.") % {"hint": secret.hint})
    return HttpResponseRedirect(reverse("application_detail", args=[client_id]))
