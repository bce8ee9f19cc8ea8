"""`/staff/status`: every event, for those who write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import staff_only
from hospes.kit import csv_text
from hospes.status.domain import moves
from hospes.status.forms import FilterForm, languages, status_label
from hospes.status.queries import board
from hospes.status.queries import staff as queries
from hospes.status.web import presenting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from hospes.status.models import StatusEvent

PAGE_SIZE = 50
LARGEST_ID = 2**63 - 1
COLUMNS = (
    *("id", "kind", "status", "is_cyberattack", "is_automatic", "starts_at", "ends_at"),
    *("services", "created_at", "updated_at", "deleted_at"),
)


@staff_only
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List the events, newest first: a fixed number of queries."""
    form = FilterForm(request.GET)
    filters = _filters(form)
    page = Paginator(queries.listed(filters), PAGE_SIZE).get_page(presenting.page_number(request))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "status/staff/events.html",
        {
            "form": form,
            "lines": [presenting.line(each, with_updates=False) for each in page],
            "page": page,
            "filtered": filters != queries.Filters(),
            "export_query": query.urlencode(),
        },
    )


@staff_only
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered events as CSV, row by row."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('staff_status')}?{request.GET.urlencode()}")
    day = timezone.localdate().isoformat()
    return StreamingHttpResponse(
        _csv(_filters(form)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="status-events-{day}.csv"'},
    )


@staff_only
@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one event with all that can be done to it, whether deleted or not."""
    found = found_or_404(event_id, with_deleted=True)
    return render(
        request,
        "status/staff/event.html",
        {
            "line": presenting.line(found),
            "event": found,
            "moves": [
                (to, status_label(found.kind, to)) for to in moves.moves(found.kind, found.status)
            ],
            "missing": [name for code, name in languages() if code not in found.titles],
        },
    )


def found_or_404(event_id: int, *, with_deleted: bool = False) -> StatusEvent:
    """Return the event.

    Raises:
        NotFound: there is none, or it was deleted.

    """
    found = board.by_id(event_id, with_deleted=with_deleted) if event_id <= LARGEST_ID else None
    if found is None:
        raise NotFound
    return found


def _filters(form: FilterForm) -> queries.Filters:
    # A fault in one filter looks for nothing rather than for what was not asked for.
    if not form.is_valid():
        return queries.Filters(kind="none")
    given = form.cleaned_data
    deleted = given["status"] == "deleted"
    return queries.Filters(
        words=given["q"].strip(),
        kind=given["kind"],
        status="" if deleted else given["status"],
        deleted=deleted,
    )


def _csv(filters: queries.Filters) -> Iterator[str]:
    codes = [code for code, _name in languages()]
    yield from csv_text.lines([(*COLUMNS, *(f"title_{code}" for code in codes))])
    for each in queries.every(filters):
        yield csv_text.line(
            (
                *(each.pk, each.kind, each.status, each.is_cyberattack, each.is_automatic),
                each.starts_at.isoformat(),
                each.ends_at.isoformat() if each.ends_at else "",
                ", ".join(each.services),
                each.created_at.isoformat(),
                each.updated_at.isoformat(),
                each.deleted_at.isoformat() if each.deleted_at else "",
                *(each.titles.get(code, "") for code in codes),
            )
        )
