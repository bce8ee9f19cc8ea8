"""The guide on cookies and JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def browser_help(request: HttpRequest, browser: str = "") -> HttpResponse:
    """Show the guide for the browser at hand first, or the one asked for."""
    return render(request, "site/help/browser.html", {"browser": browser})
