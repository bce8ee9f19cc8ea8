"""Reads of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.catalog.models import Service

if TYPE_CHECKING:
    from django.db.models import QuerySet


def services() -> QuerySet[Service]:
    """Return the services that are offered, in the catalogue's order."""
    return Service.objects.filter(is_active=True).order_by("position", "pk")


def by_code(code: str) -> Service | None:
    """Return the service of that code, offered or not any longer."""
    return Service.objects.filter(code=code).first()
