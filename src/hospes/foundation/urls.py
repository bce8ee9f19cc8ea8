"""Addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hospes.foundation.web import health

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.figures, name="metrics"),
]
