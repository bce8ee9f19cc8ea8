"""The room's Django application."""

from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "hospes.scim"
    label = "scim"
