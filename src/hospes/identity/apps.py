"""The room's Django application."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hospes.identity"
    label = "identity"
