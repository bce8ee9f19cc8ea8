"""`/`: a landing page for visitors, a home for people who are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.views.decorators.http import require_safe

from hospes.foundation import clock
from hospes.identity.services import activity
from hospes.organizations import policies
from hospes.organizations import queries as organization_queries
from hospes.overview.queries.home import home as load_home
from hospes.overview.services.notices import is_development
from hospes.overview.web.presenting import greeting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Welcome whoever comes."""
    if getattr(request, "account", None) is None:
        return render(request, "overview/landing.html", {"development": is_development()})
    return _own_home(cast("SignedInRequest", request))


def _own_home(request: SignedInRequest) -> HttpResponse:
    membership = organization_queries.current_membership(request)
    now = clock.now()
    loaded = load_home(
        request.account,
        membership.organization if membership is not None else None,
        may_see_applications=policies.may_see_applications(membership),
        now=now,
    )
    return render(
        request,
        "overview/home.html",
        {
            "greeting": greeting(request.account.first_name, now),
            "home": loaded,
            "security": loaded.security,
            "activity": [activity.line(entry) for entry in loaded.activity],
            "may_see_applications": policies.may_see_applications(membership),
            "may_manage_applications": policies.may_manage_applications(membership),
        },
    )
