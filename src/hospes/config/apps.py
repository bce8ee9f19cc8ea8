"""The last Django application: by the time it is ready, every room is."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "hospes.config"
    label = "config"

    def ready(self) -> None:
        """Bind the rooms together, in every process that uses Django."""
        from hospes.config.wiring import connect_rooms  # noqa: PLC0415 - models must be loaded

        connect_rooms()
