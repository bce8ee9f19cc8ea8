"""The room's Django application."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "hospes.organizations"
    label = "organizations"
