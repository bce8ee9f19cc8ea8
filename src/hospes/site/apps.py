"""The room's Django application."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hospes.site"
    label = "site"
