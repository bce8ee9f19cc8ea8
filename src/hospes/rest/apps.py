"""The room's Django application."""

from datetime import timedelta

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "hospes.rest"
    label = "rest"

    def ready(self) -> None:
        """Register what is forgotten on schedule, and the column that is sealed."""
        from hospes.foundation import (  # noqa: PLC0415 - models must be loaded
            registry,
            sealing,
        )
        from hospes.rest import idempotency  # noqa: PLC0415 - as above
        from hospes.rest.models import IdempotentAnswer  # noqa: PLC0415 - as above

        registry.schedule(idempotency.PURGE, timedelta(hours=1))
        sealing.register_column(IdempotentAnswer, "body", idempotency.context_of)
