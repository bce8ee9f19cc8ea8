"""What happened at the sign-in of an application, for its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.connect import queries
from hospes.connect.models import Application
from hospes.connect.queries import LogFilter
from hospes.connect.web.access import application_of, seeing
from hospes.connect.web.event_words import LABELS, line
from hospes.foundation import numbers
from hospes.identity.web.guards import signed_in
from hospes.kit import csv_text
from hospes.organizations.policies import may_manage_applications

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpRequest

    from hospes.identity.web.guards import SignedInRequest

LONGEST_SEARCH = 200
# A machine may hold any number of tokens; beyond this the page says "more than".
MOST_COUNTED = 1000
# A 64-bit row id has 19 digits; 18 are always within it.
_ID_DIGITS = 18


@require_safe
@signed_in
def log(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Show a page of the log, newest first."""
    membership = seeing(cast("SignedInRequest", request))
    application = application_of(membership, client_id)
    chosen = _filter(request)
    before = row_id(request.GET.get("before", ""))
    rows, older = queries.log_page(application, chosen, before=before)
    sharing = queries.sharing(application, rows)
    kept = {name: text for name, text in (("kind", chosen.kind), ("q", chosen.words)) if text}
    machine = application.type == Application.Type.OTHER
    tokens = queries.living_tokens(application, most=MOST_COUNTED + 1) if machine else 0
    context = {
        "application": application,
        "machine": machine,
        "tokens": min(tokens, MOST_COUNTED),
        "more_tokens": tokens > MOST_COUNTED,
        "lines": [line(event, sharing, application=application) for event in rows],
        "kinds": [{"value": kind, "label": label} for kind, label in LABELS.items()],
        "chosen": chosen,
        "filtered": bool(kept),
        "later": before is not None,
        "query": urlencode(kept),
        "older_query": urlencode({**kept, "before": older}) if older else "",
        "days": numbers.get("connect.application_log_days"),
        "may_manage": may_manage_applications(membership),
    }
    return render(request, "connect/application_log.html", context)


@require_safe
@signed_in
def export(request: HttpRequest, client_id: UUID) -> StreamingHttpResponse:
    """Stream the log, filtered like the page, as CSV."""
    membership = seeing(cast("SignedInRequest", request))
    application = application_of(membership, client_id)
    response = StreamingHttpResponse(
        _csv(application, _filter(request)), content_type="text/csv; charset=utf-8"
    )
    name = f"sign-in-log-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def row_id(text: str) -> int | None:
    """Return a row id out of an address; None for anything that is none."""
    usable = text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS
    return int(text) if usable else None


def _filter(request: HttpRequest) -> LogFilter:
    kind = request.GET.get("kind", "")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    return LogFilter(kind if kind in LABELS else "", words)


def _csv(application: Application, chosen: LogFilter) -> Iterator[str]:
    # Spreadsheets recognise UTF-8 by its mark.
    yield "\ufeff" + csv_text.line(
        (
            _("Time"),
            _("Event"),
            _("What happened"),
            _("Details"),
            _("Subject ID"),
            _("Name"),
            _("E-mail address"),
            _("IP address"),
            _("Address received"),
            _("Nearest registered address"),
        )
    )
    for rows, sharing in queries.whole_log(application, chosen):
        for told in (line(event, sharing, application=application) for event in rows):
            when = timezone.localtime(told.at) if told.at else None
            yield csv_text.line(
                (
                    when.isoformat(sep=" ", timespec="seconds") if when else "",
                    told.event.kind,
                    told.text,
                    " ".join(part for part in (told.difference_text, told.reason) if part),
                    told.subject,
                    told.name,
                    told.email,
                    told.event.address,
                    told.received,
                    told.event.detail.get("registered", ""),
                )
            )
