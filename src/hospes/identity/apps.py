"""The room's Django application."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hospes.identity"
    label = "identity"

    def ready(self) -> None:
        """Register the room's jobs, the names of its actions and what the page frame shows."""
        # Models must be loaded before these are imported.
        from hospes.identity.api import registering  # noqa: PLC0415 - models must be loaded
        from hospes.identity.services import (  # noqa: PLC0415 - models must be loaded
            actions,
            export_sections,
            settings_actions,
        )
        from hospes.identity.services.two_step import (  # noqa: PLC0415 - see above
            method_actions,
            push_actions,
            step_actions,
        )
        from hospes.identity.tasks import push, settings, sign_in  # noqa: PLC0415 - models must be loaded
        from hospes.identity.web import presence  # noqa: PLC0415 - models must be loaded
        from hospes.identity.web.settings import menu  # noqa: PLC0415 - models must be loaded
        from hospes.identity.web.two_step import (  # noqa: PLC0415 - see above
            verify_codes,
            verify_passkey,
            verify_push,
            verify_sms,
        )

        registering.register()
        step_actions.register()
        push_actions.register()
        method_actions.register()
        verify_codes.register()
        verify_sms.register()
        verify_push.register()
        verify_passkey.register()
        push.register()
        actions.register()
        settings_actions.register()
        export_sections.register()
        sign_in.register()
        settings.register()
        presence.register()
        menu.register()
