"""The room's Django application."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "hospes.foundation"
    label = "foundation"
