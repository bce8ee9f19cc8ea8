"""The room's Django application."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "hospes.catalog"
    label = "catalog"
