"""The list of a person's API tokens, and the same as a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.api.queries import tokens as queries
from hospes.api.queries.tokens import TokenFilter
from hospes.api.web.token_words import STATES, lines
from hospes.foundation import numbers
from hospes.identity.web.guards import signed_in
from hospes.kit import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest

    from hospes.identity.models import Account
    from hospes.identity.web.guards import SignedInRequest

PAGE = 50
CHUNK = 500
LONGEST_SEARCH = 200


@require_safe
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """List the tokens, the newest first."""
    account = cast("SignedInRequest", request).account
    chosen = _filter(request)
    page = Paginator(queries.tokens_of(account, chosen), PAGE).get_page(request.GET.get("page"))
    kept = {name: text for name, text in (("state", chosen.state), ("q", chosen.words)) if text}
    rows = lines(list(page.object_list))
    context = {
        "page": page,
        "rows": rows,
        "states": [{"value": state.value, "label": label} for state, (label, _b) in STATES.items()],
        "chosen": chosen,
        "filtered": bool(kept),
        "query": urlencode(kept),
        "any_to_revoke": any(row.can_be_revoked for row in rows),
        "unused_days": numbers.get("api.token_unused_days"),
    }
    return render(request, "api/tokens.html", context)


@require_safe
@signed_in
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the list, filtered like the page, as CSV."""
    account = cast("SignedInRequest", request).account
    response = StreamingHttpResponse(
        _csv(account, _filter(request)), content_type="text/csv; charset=utf-8"
    )
    name = f"api-tokens-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _filter(request: HttpRequest) -> TokenFilter:
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    return TokenFilter(state if state in STATES else "", words)


def _csv(account: Account, chosen: TokenFilter) -> Iterator[str]:
    # Spreadsheets recognise UTF-8 by its mark.
    yield "\ufeff" + csv_text.line(
        (
            _("Name"),
            _("Ends with"),
            _("State"),
            _("Permissions"),
            _("Organization"),
            _("Products"),
            _("Networks"),
            _("Created"),
            _("Last used"),
            _("IP address"),
            _("Expires"),
        )
    )
    found = queries.tokens_of(account, chosen)
    for start in range(0, found.count(), CHUNK):
        for row in lines(list(found[start : start + CHUNK])):
            token = row.token
            yield csv_text.line(
                (
                    token.name,
                    token.hint,
                    row.label,
                    token.scope,
                    token.organization.name if token.organization else "",
                    ", ".join(row.products),
                    ", ".join(row.networks),
                    _told(row.created),
                    _told(row.used),
                    token.last_used_ip,
                    _told(row.expires),
                )
            )


def _told(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(sep=" ", timespec="seconds") if moment else ""
