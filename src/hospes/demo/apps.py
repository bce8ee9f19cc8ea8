"""The room's Django application."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hospes.demo"
    label = "demo"
