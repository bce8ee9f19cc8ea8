"""`/search`: everything a person can reach, by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from hospes.overview.domain.matching import fold
from hospes.overview.services.search import search as search_everything

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 100


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what matches every word of ``q``."""
    query = " ".join(request.GET.get("q", "")[:LONGEST].split())
    groups = search_everything(request, query)
    return render(
        request,
        "overview/search.html",
        {
            "query": query,
            "groups": groups,
            "total": sum(len(group.found) for group in groups),
            "asked": bool(fold(query).strip()),
        },
    )
