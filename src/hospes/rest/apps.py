"""The room's Django application."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "hospes.rest"
    label = "rest"
