"""The room's Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hospes.api"
    label = "api"

    def ready(self) -> None:
        """Register the room's endpoints."""
        # Models must be loaded before these are imported.
        from hospes.api.api import registering  # noqa: PLC0415 - models must be loaded
        from hospes.api.queries.tokens import export  # noqa: PLC0415 - see above
        from hospes.api.services import token_actions  # noqa: PLC0415 - see above
        from hospes.api.tasks import async_tasks, tokens  # noqa: PLC0415 - see above
        from hospes.api.web import token_menu  # noqa: PLC0415 - see above
        from hospes.identity.services.export import register_section  # noqa: PLC0415 - see above

        registering.register()
        async_tasks.register()
        token_actions.register()
        tokens.register()
        token_menu.register()
        register_section("api_tokens", export)
