"""The room's Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Brings in the modules that register tasks, schedules and names when they are read."""

    name = "hospes.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Register this room's tasks."""
        import_module("hospes.foundation.services.housekeeping")
        import_module("hospes.foundation.services.sealing")
