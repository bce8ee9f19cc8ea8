"""What was done in an organization, for those who lead it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.identity.services.device_names import device_name
from hospes.kit import csv_text
from hospes.organizations import policies
from hospes.organizations.forms.organization import ActivityForm
from hospes.organizations.queries import activity as queries
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.activity_words import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from hospes.organizations.models import Organization
    from hospes.organizations.queries.activity import ActivityFilter
    from hospes.organizations.web.access import MemberRequest

LONGEST_NUMBER = 18


def _filter(request: MemberRequest) -> tuple[ActivityForm, ActivityFilter | None]:
    """Return the form and the filter; None where a fault in it should show nothing."""
    organization = request.member.organization
    form = ActivityForm(request.GET, actions=queries.actions_in(organization))
    return form, form.chosen(request.account.timezone) if form.is_valid() else None


@require_safe
@in_organization(policies.leads)
def show(request: MemberRequest) -> HttpResponse:
    """Show a page of the log, newest first."""
    organization = request.member.organization
    form, chosen = _filter(request)
    mark = request.GET.get("before", "")
    usable = mark.isascii() and mark.isdigit() and len(mark) <= LONGEST_NUMBER
    before = int(mark) if usable else None
    rows, older = queries.page(organization, chosen, before=before) if chosen else ([], None)
    people, reached = queries.people_in(rows), queries.reached_in(organization, rows)
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "organization": organization,
        "form": form,
        "lines": [line(row, people, reached) for row in rows],
        "filtered": bool(kept),
        "later": usable,
        "query": urlencode(kept),
        "older_query": urlencode({**kept, "before": older}) if older else "",
        "tab": "activity",
    }
    status = 200 if chosen else 422
    return render(request, "organizations/activity.html", context, status=status)


@require_safe
@in_organization(policies.leads)
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the log, filtered like the page, as CSV; a filter with a fault sends no lines."""
    _form, chosen = _filter(request)
    rows = _csv(request.member.organization, chosen)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"organization-activity-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(organization: Organization, chosen: ActivityFilter | None) -> Iterator[str]:
    # Spreadsheets recognise UTF-8 by its mark.
    yield "\ufeff" + csv_text.line(
        (
            _("Time"),
            _("Who"),
            _("E-mail address"),
            _("What happened"),
            _("On what"),
            _("Details"),
            _("IP address"),
            _("Device"),
            _("Event"),
        )
    )
    for rows in queries.whole(organization, chosen) if chosen else ():
        people, reached = queries.people_in(rows), queries.reached_in(organization, rows)
        for told in (line(row, people, reached) for row in rows):
            entry = told.entry
            yield csv_text.line(
                (
                    timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
                    told.who,
                    told.email,
                    told.what,
                    told.target,
                    told.details,
                    entry.ip,
                    device_name(entry.user_agent) if entry.user_agent else "",
                    entry.action,
                )
            )
