"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from hospes.site.web import help as guides
from hospes.site.web import look, preferences

urlpatterns = [
    path("language", preferences.language, name="language"),
    path("theme", preferences.theme, name="theme"),
    path("favicon.ico", preferences.favicon, name="favicon"),
    path("help/browser", guides.browser_help, name="browser_help"),
    path("help/browser/check.css", guides.probe_sheet, name="browser_probe"),
    path("help/browser/<slug:browser>", guides.browser_help, name="browser_guide"),
    # Development and demo only; elsewhere these answer 404.
    path("dev/look", look.look, name="look"),
    path("dev/look/narrow", look.narrow, name="look_narrow"),
    path("dev/look/confirm", look.confirm, name="look_confirm"),
]
