"""Deleting an application, after saying what stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.connect import queries
from hospes.connect.services.applications import delete_application
from hospes.connect.web.access import application_of, managing
from hospes.identity.web.guards import recently_confirmed

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "POST"])
@recently_confirmed
def delete(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Ask, then delete the application with every grant."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    if request.method == "GET":
        context = {
            "application": application,
            "people": queries.people_using(application),
            "has_log": queries.has_log(application),
        }
        return render(request, "connect/application_delete.html", context)
    name = application.name
    delete_application(application, acting_account=person.account, origin=person.origin)
    messages.success(request, _("%(name)s is deleted.") % {"name": name})
    return HttpResponseRedirect(reverse("applications"))
