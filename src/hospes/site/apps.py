"""The room's Django application."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hospes.site"
    label = "site"

    def ready(self) -> None:
        """Give the frame its own values."""
        from hospes.site import frame_values  # noqa: PLC0415 - needs loaded applications

        frame_values.register()
