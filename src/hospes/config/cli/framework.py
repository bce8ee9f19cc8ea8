"""Django, loaded by the commands that need it."""

from __future__ import annotations

import os

SETTINGS = "hospes.config.settings"


def load() -> None:
    """Set Django up with the installation's settings.

    Raises:
        EnvironmentFault: where a variable or the key file cannot be used.

    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    django.setup()
