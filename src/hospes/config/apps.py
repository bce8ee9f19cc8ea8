"""The last Django application: by the time it is ready, every room is."""

from django.apps import AppConfig
from django.conf import settings

from hospes.foundation.logging import configure


class WiringConfig(AppConfig):
    name = "hospes.config"
    label = "config"

    def ready(self) -> None:
        """Set the logs up and bind the rooms together, in every process that uses Django."""
        configure(settings.HOSPES.log_format)
        from hospes.config.wiring import connect_rooms  # noqa: PLC0415 - models must be loaded

        connect_rooms()
