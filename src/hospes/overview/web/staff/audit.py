"""`/staff/audit`: who did what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hospes.foundation.services import audit as audit_log
from hospes.identity.web.guards import staff_only
from hospes.kit import csv_text
from hospes.overview.forms import AuditFilterForm
from hospes.overview.queries import accounts as account_queries
from hospes.overview.queries import audit as audit_queries
from hospes.overview.web.presenting import first_query, older_url, row_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from hospes.foundation.models import AuditEntry
    from hospes.identity.models import Account

# No account has this row id: a filter for an unknown address finds nothing.
NOBODY = 0
COLUMNS = (
    "id",
    "at",
    "action",
    "actor_account_id",
    "subject_account_id",
    "organization_id",
    "target",
    "ip",
    "user_agent",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the people it speaks of."""

    entry: AuditEntry
    label: str
    actor: Account | None
    subject: Account | None
    detail: str


@staff_only
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List the entries, newest first."""
    form = _form(request)
    # A fault in one filter shows nothing rather than what was not asked for.
    valid = form.is_valid()
    page = (
        audit_queries.page(_filters(form), before=row_id(request.GET.get("before")))
        if valid
        else audit_queries.Page((), None)
    )
    people = audit_queries.people_in(page.entries)
    return render(
        request,
        "overview/staff/audit.html",
        {
            "form": form,
            "lines": [_line(entry, people) for entry in page.entries],
            "older_url": older_url(request, page.older),
            "paged": "before" in request.GET,
            "export_query": first_query(request),
            "filtered": valid and any(form.cleaned_data.values()),
        },
    )


@staff_only
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered entries as CSV, row by row, however many there are."""
    form = _form(request)
    if not form.is_valid():
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{request.path.removesuffix('.csv')}?{query}")
    day = timezone.localdate().isoformat()
    return StreamingHttpResponse(
        _csv(_filters(form)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-log-{day}.csv"'},
    )


def _form(request: HttpRequest) -> AuditFilterForm:
    return AuditFilterForm(
        request.GET,
        actions=[
            (action, audit_log.describe(action)) for action in audit_queries.recorded_actions()
        ],
    )


def _filters(form: AuditFilterForm) -> audit_queries.Filters:
    given = form.cleaned_data
    account: int | None = None
    if given["account"]:
        account = account_queries.row_id_of(given["account"]) or NOBODY
    return audit_queries.Filters(
        action=given["action"],
        account=account,
        ip=given["ip"],
        since=_midnight(given["since"]),
        until=_midnight(given["until"], days=1),
    )


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except OverflowError:
        return None


def _line(entry: AuditEntry, people: dict[int, Account]) -> Line:
    return Line(
        entry=entry,
        label=str(audit_log.describe(entry.action)),
        actor=people.get(entry.actor_account_id or NOBODY),
        subject=people.get(entry.subject_account_id or NOBODY),
        detail=_detail(entry),
    )


def _detail(entry: AuditEntry) -> str:
    if not entry.detail:
        return ""
    return json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)


def _csv(filters: audit_queries.Filters) -> Iterator[str]:
    yield from csv_text.lines([COLUMNS])
    for entry in audit_queries.every(filters):
        yield from csv_text.lines(
            [
                (
                    entry.pk,
                    entry.at.isoformat(),
                    entry.action,
                    entry.actor_account_id,
                    entry.subject_account_id,
                    entry.organization_id,
                    entry.target,
                    entry.ip,
                    entry.user_agent,
                    _detail(entry),
                )
            ]
        )
