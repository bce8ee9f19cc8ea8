"""The room's Django application."""

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "hospes.connect"
    label = "connect"
