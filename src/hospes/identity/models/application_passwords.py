"""Passwords for programs that cannot ask for a second step, such as mail and calendars."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.identity.models.accounts import Account


class ApplicationPassword(models.Model):
    """One program's password. A revoked one keeps its row for a while.

    Instants are whole seconds since 1970: the hot plane reads and writes them with plain SQL.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="application_passwords"
    )
    name = models.CharField(max_length=100)
    # SHA-256: what is hashed is random (99 bits), so there is nothing that a slow hash would save.
    password_hash = models.CharField(max_length=64, unique=True)
    created_at = models.BigIntegerField()
    created_ip = models.CharField(max_length=45, blank=True, default="")
    last_used_at = models.BigIntegerField(null=True)
    # What the application that asked was called then.
    last_used_by = models.CharField(max_length=100, blank=True, default="", db_default="")
    revoked_at = models.BigIntegerField(null=True)
    # Names the form that made it: sending the same form again makes no second password.
    form_key = models.CharField(max_length=43, null=True)  # noqa: DJ001 - many have none

    class Meta:
        db_table = "identity_application_password"
        indexes = (
            models.Index(
                fields=["account"],
                condition=Q(revoked_at__isnull=True),
                name="application_password_living",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["account", "form_key"], name="application_password_per_form"
            ),
        )

    def __str__(self) -> str:
        return self.name
