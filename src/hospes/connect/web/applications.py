"""The applications of an organization: the list, one application, and changing it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hospes.connect import queries
from hospes.connect.domain.registration import OTHER
from hospes.connect.domain.snippets import (
    curl_machine,
    python_client,
    python_machine,
    python_public,
)
from hospes.connect.forms import TYPE_CARDS, ApplicationForm, ChangeForm
from hospes.connect.models import Application
from hospes.connect.services.applications import (
    ChangeApplication,
    change_application,
    draft_of,
)
from hospes.connect.services.logos import remove_logo
from hospes.connect.web import security_words, software
from hospes.connect.web.access import application_of, instant, managing, seeing
from hospes.connect.web.addresses import endpoints, env_download
from hospes.connect.web.application_log import row_id
from hospes.connect.web.application_module import module_of
from hospes.connect.web.event_words import added_to
from hospes.identity.services.pictures import most_megabytes
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.organizations.policies import may_manage_applications

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.connect.domain.registration import Draft
    from hospes.identity.web.guards import SignedInRequest

TYPE_LABELS = {value: label for value, label, _text, _icon in TYPE_CARDS}
TYPE_ICONS = {value: icon for value, _label, _text, icon in TYPE_CARDS}
LONGEST_SEARCH = 200


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """List the current organization's applications."""
    membership = seeing(cast("SignedInRequest", request))
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = [
        {
            "application": application,
            "type": TYPE_LABELS[Application.Type(application.type)],
            "icon": TYPE_ICONS[Application.Type(application.type)],
            "people": people,
            "created": instant(application.created_at),
        }
        for application, people in queries.of_organization(membership.organization, words)
    ]
    context = {
        "applications": found,
        "words": words,
        "organization": membership.organization,
        "may_manage": may_manage_applications(membership),
    }
    return render(request, "connect/applications.html", context)


@require_GET
@signed_in
def detail(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Show one application: its facts, the addresses to enter, what can be done with it."""
    membership = seeing(cast("SignedInRequest", request))
    application = application_of(membership, client_id)
    draft = draft_of(application)
    known = endpoints(draft.type, device_grant=draft.device_grant)
    most = 3 if draft.type == OTHER else 2
    context = {
        "application": application,
        "draft": draft,
        "machine": application.type == Application.Type.OTHER,
        "type": TYPE_LABELS[Application.Type(application.type)],
        "created": instant(application.created_at),
        "secrets": [
            {
                "pk": secret.pk,
                "hint": secret.hint,
                "created": instant(secret.created_at),
                "ends": instant(secret.expires_at),
            }
            for secret in queries.working_secrets(application)
        ],
        "people": queries.people_using(application),
        "endpoints": known[:most],
        "more_endpoints": known[most:],
        "software": software.of(application),
        "module": module_of(application),
        "env": env_download(application, draft.redirect_uris),
        **_examples(draft),
        "may_manage": may_manage_applications(membership),
        "security": security_words.card(application, draft),
    }
    return render(request, "connect/application.html", context)


def _examples(draft: Draft) -> dict[str, str]:
    if draft.type == OTHER:
        return {"curl": curl_machine(), "python": python_machine()}
    return {"python": python_client() if draft.confidential else python_public()}


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Change an application's name, addresses, settings and logo."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    if request.method == "GET":
        return _edit_page(request, application)
    form = ChangeForm(software.put_right(request.POST), request.FILES)
    more = request.POST.get("more", "")
    if "remove_logo" in request.POST:
        # What else was typed is neither saved nor lost.
        if remove_logo(application, acting_account=person.account, origin=person.origin):
            messages.success(request, _("The logo was removed."))
        return _form_page(request, application, form, unsaved=True)
    if not form.is_valid() or more:
        return _form_page(request, application, form, more=more, unsaved=bool(more))
    picture = form.cleaned_data["picture"]
    command = ChangeApplication(
        application,
        form.draft(application_type=application.type),
        picture.read() if picture else b"",
    )
    try:
        changed = change_application(command, acting_account=person.account, origin=person.origin)
    except Refused as refused:
        form.show_faults(refused)
        return _form_page(request, application, form)
    messages.success(request, _("The application is saved."))
    after = draft_of(changed)
    typed = form.cleaned_data["redirect_uris"]
    added = software.added_words(after.preset, typed, after.redirect_uris)
    if added:
        messages.info(request, added)
    return HttpResponseRedirect(reverse("application_detail", args=[client_id]))


def _edit_page(request: HttpRequest, application: Application) -> HttpResponse:
    """Return the page with what is saved, and an address of the log that is to be added."""
    draft = draft_of(application)
    mark = row_id(request.GET.get("event", ""))
    event = queries.logged(application, mark) if mark is not None else None
    target = added_to(event, application) if event else ""
    added = str(event.detail.get("received", "")) if event and target else ""
    if target == "redirect_uris" and added and added not in draft.redirect_uris:
        draft = replace(draft, redirect_uris=(*draft.redirect_uris, added))
    if target == "logout_uris" and added and added not in draft.logout_uris:
        draft = replace(draft, logout_uris=(*draft.logout_uris, added))
    return _form_page(
        request, application, ChangeForm(draft=draft), added=added, target=target if added else ""
    )


def _form_page(
    request: HttpRequest,
    application: Application,
    form: ChangeForm,
    *,
    more: str = "",
    added: str = "",
    target: str = "",
    unsaved: bool = False,
) -> HttpResponse:
    """Draw the form. ``unsaved``: it came for something else, so nothing in it is judged."""
    machine = application.type == Application.Type.OTHER
    if machine:
        # Nobody is asked for consent.
        form.fields["name"].help_text = ""
    context = {
        "application": application,
        "form": form,
        "added": added,
        "added_to": target,
        "megabytes": most_megabytes(),
        "mobile": application.type == Application.Type.MOBILE,
        "machine": machine,
        "web": application.type in {Application.Type.WEB, Application.Type.SERVER},
        **address_rows(form, more),
    }
    status = 422 if form.errors and not unsaved else 200
    return render(request, "connect/application_edit.html", context, status=status)


def address_rows(form: ApplicationForm, more: str) -> dict[str, object]:
    """Return both address lists for the template, one with a further row if it was asked for."""
    return {
        "redirect_rows": form.rows("redirect_uris", more=more == "redirect_uris"),
        "redirect_faults": form.general_faults("redirect_uris"),
        "logout_rows": form.rows("logout_uris", more=more == "logout_uris"),
        "logout_faults": form.general_faults("logout_uris"),
    }
