"""Asking a person whether an application may see what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from hospes.connect.models import Application
from hospes.connect.web import progress
from hospes.connect.web.codes import answer, refuse
from hospes.connect.web.requests import Ready, load
from hospes.connect.web.words import app_of, described, host_of
from hospes.protocols.oauth.interaction import Step
from hospes.site import language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest


def consent_page(request: HttpRequest, ready: Ready) -> HttpResponse:
    """Show who asks, for what, and as whom the person is signed in."""
    application = ready.application
    mobile = application.type == Application.Type.MOBILE
    another = urlencode({"next": ready.mark.with_account_chosen().address})
    context = {
        "application": application,
        "organization": application.organization,
        "website_host": host_of(application.website),
        # A site under development may be at the same address; it is no app for that.
        "return_app": app_of(ready.validated.redirect_uri) if mobile else "",
        "return_host": host_of(ready.validated.redirect_uri),
        "scopes": described(frozenset(ready.validated.disclosed), _name(ready)),
        "teams_of": ready.organization,
        "account": ready.account,
        # The request itself stands in the address: the policy for forms reads it there too.
        "action": ready.mark.address.replace(reverse("authorize"), reverse("authorize_consent"), 1),
        "another_account": f"{reverse('choose_account')}?{another}",
    }
    with translation.override(_language(request, ready)):
        response = render(request, "connect/consent.html", context)
        response["Content-Language"] = translation.get_language() or ""
    add_never_cache_headers(response)
    return response


def _name(ready: Ready) -> str:
    return ready.organization.name if ready.organization else ""


def _language(request: HttpRequest, ready: Ready) -> str:
    """Return the first language of ``ui_locales`` that is there, else the person's own.

    Whoever has picked a language on this browser keeps it: the page offers the choice.
    """
    if language.supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        return language.of(request)
    asked = ready.validated.ui_locales[: language.MOST_ASKED]
    return next(filter(None, map(language.supported, asked)), "") or language.of(request)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take the person's answer. Everything is checked again: time may have passed."""
    person = cast("IdentityRequest", request)
    ready = load(person, progress.read(request.META.get("QUERY_STRING", "")))
    if not isinstance(ready, Ready):
        return ready
    if request.POST.get("decision") == "cancel":
        refusal = ready.validated.refuse("access_denied", "The person did not agree.")
        return refuse(request, ready, refusal)
    same_person = (
        ready.account is not None and request.POST.get("account") == ready.account.public_id
    )
    # They allowed the team names of the organization that the page named, and of no other.
    named = request.POST.get("organization", "")
    same_teams = named == (ready.organization.public_id if ready.organization else "")
    step = ready.decide(consent_given=True) if same_person and same_teams else None
    if step is Step.ANSWER and request.POST.get("decision") == "allow":
        return answer(request, ready, consented_now=True)
    # Signed out, switched to another account or organization, or too late: begin again from
    # where that stands.
    return HttpResponseRedirect(ready.mark.address)
