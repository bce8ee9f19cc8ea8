"""The account's activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hospes.foundation import clock
from hospes.identity.forms.security import ActivityForm
from hospes.identity.queries import activity
from hospes.identity.services.activity import as_csv, line
from hospes.identity.web.guards import signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest

LONGEST_NUMBER = 18


def _filter(request: HttpRequest) -> tuple[ActivityForm, activity.ActivityFilter]:
    form = ActivityForm(request.GET)
    form.is_valid()
    return form, form.chosen()


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show a page of the log, newest first."""
    account = cast("SignedInRequest", request).account
    form, chosen = _filter(request)
    mark = request.GET.get("before", "")
    usable = mark.isascii() and mark.isdigit() and len(mark) <= LONGEST_NUMBER
    rows, older = activity.page(account, chosen, before=int(mark) if usable else None)
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "lines": [line(entry) for entry in rows],
        "filtered": bool(kept),
        "later": usable,
        "query": urlencode(kept),
        "older_query": urlencode({**kept, "before": older}) if older else "",
    }
    return render(request, "identity/settings/activity.html", context)


@require_safe
@signed_in
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the log, filtered like the page, as CSV."""
    account = cast("SignedInRequest", request).account
    _form, chosen = _filter(request)
    found = activity.entries(account, chosen).iterator(chunk_size=500)
    response = StreamingHttpResponse(as_csv(account, found), content_type="text/csv; charset=utf-8")
    name = f"activity-{clock.now():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
