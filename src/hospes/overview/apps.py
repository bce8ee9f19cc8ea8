"""The room's Django application."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "hospes.overview"
    label = "overview"
