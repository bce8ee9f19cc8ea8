"""Services: the kinds of things a customer can hold."""

from __future__ import annotations

from django.db import models


class Service(models.Model):
    """One entry of the catalogue, such as web hosting or a domain."""

    code = models.SlugField(max_length=40, unique=True)
    # Its name by language: {"en": …, "fr": …}; English is always there.
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "catalog_service"
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """Return the name in that language, else in English, else the code."""
        names: dict[str, str] = self.names
        return names.get(language) or names.get("en") or self.code
