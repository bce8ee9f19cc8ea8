"""The room's Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "hospes.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Put this room's deeds into words."""
        from hospes.foundation.services import audit  # noqa: PLC0415 - models must be loaded

        audit.register_action("catalog.services_loaded", _("Services of the catalogue loaded"))
