"""Registering an application, and the one page on which its secret is shown."""

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
from hospes.connect.domain.snippets import curl_machine
from hospes.connect.forms import FORM_KEY, TYPE_CARDS, ApplicationForm, new_form_key
from hospes.connect.models import Application
from hospes.connect.services.applications import (
    AlreadyDone,
    RegisterApplication,
    draft_of,
    register_application,
)
from hospes.connect.web import software
from hospes.connect.web.access import instant, managing
from hospes.connect.web.addresses import endpoints, env_download
from hospes.connect.web.applications import address_rows
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
@sensitive_variables("registered")
def create(request: HttpRequest) -> HttpResponse:
    """Ask for an application's particulars; register it; show its secret this once."""
    person = cast("SignedInRequest", request)
    membership = managing(person)
    if request.method == "GET":
        return _first_page(request)
    form = ApplicationForm(software.put_right(request.POST))
    more = request.POST.get("more", "")
    key = request.POST.get("form_key", "")
    if not form.is_valid() or more or not FORM_KEY.fullmatch(key):
        return _form_page(request, form, more=more)
    try:
        registered = register_application(
            RegisterApplication(form.draft(), key),
            organization=membership.organization,
            acting_account=person.account,
            origin=person.origin,
        )
    except Refused as refused:
        form.show_faults(refused)
        return _form_page(request, form)
    except AlreadyDone as done:
        return already_done(request, done)
    return secret_page(
        request,
        registered.application,
        registered.secret,
        new=True,
        typed=form.cleaned_data["redirect_uris"],
    )


def _first_page(request: HttpRequest) -> HttpResponse:
    """Return the empty form, or the one that software asked for in the address fills in."""
    preset = software.asked(request)
    if preset is None:
        form = ApplicationForm(
            initial={"pkce_required": True, "id_token_alg": Application.Algorithm.RS256}
        )
        return _form_page(request, form, {"tiles": software.tiles()})
    site, fault = software.site_asked(request, preset)
    about = {
        "preset": preset,
        "software": software.title_of(preset),
        "site": site,
        "site_fault": fault,
    }
    if fault or not (site or preset.fixed):
        status = 422 if fault else 200
        return render(request, "connect/application_site.html", about, status=status)
    return _form_page(request, ApplicationForm(draft=software.draft_for(preset, site)), about)


def secret_page(
    request: HttpRequest,
    application: Application,
    secret: str,
    *,
    new: bool,
    typed: tuple[str, ...] | None = None,
) -> HttpResponse:
    """Return the page that shows a secret; it is built from this very answer and kept nowhere.

    ``typed``: the redirect URLs that were typed, where it is to be told which were added.
    """
    registered = draft_of(application)
    added = software.added_words(
        registered.preset, typed or registered.redirect_uris, registered.redirect_uris
    )
    machine = application.type == Application.Type.OTHER
    context = {
        "application": application,
        "secret": secret,
        "new": new,
        "old": [
            {"hint": each.hint, "ends": instant(each.expires_at)}
            for each in queries.overlapping_secrets(application)
        ],
        "endpoints": endpoints(application.type)[: 3 if machine else 2],
        "curl": curl_machine() if machine else "",
        "env": env_download(application, registered.redirect_uris, secret),
        "added": added,
    }
    return render(request, "connect/application_secret_shown.html", context)


def already_done(request: HttpRequest, done: AlreadyDone) -> HttpResponse:
    """Answer a form that came a second time: the secret is not shown again."""
    messages.info(
        request, _("This was done already. A secret is shown only once, so it is not shown again.")
    )
    return HttpResponseRedirect(reverse("application_detail", args=[done.application.client_id]))


def _form_page(
    request: HttpRequest,
    form: ApplicationForm,
    about: dict[str, object] | None = None,
    *,
    more: str = "",
) -> HttpResponse:
    key = request.POST.get("form_key", "")
    context = {
        "form": form,
        "form_key": key if FORM_KEY.fullmatch(key) else new_form_key(),
        "cards": [
            {"value": value, "label": label, "text": text, "icon": icon}
            for value, label, text, icon in TYPE_CARDS
        ],
        "chosen": form["type"].value() or "",
        "curl": curl_machine(),
        **address_rows(form, more),
        **(about or {}),
    }
    status = 422 if form.is_bound and form.errors and not more else 200
    return render(request, "connect/application_new.html", context, status=status)
