"""The room's Django application."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hospes.identity"
    label = "identity"

    def ready(self) -> None:
        """Register the room's jobs, the names of its actions and what the page frame shows."""
        # Models must be loaded before these are imported.
        from hospes.identity.services import actions  # noqa: PLC0415
        from hospes.identity.tasks import sign_in  # noqa: PLC0415
        from hospes.identity.web import presence  # noqa: PLC0415

        actions.register()
        sign_in.register()
        presence.register()
