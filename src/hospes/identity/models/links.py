"""Single-use mail links, and copies of an account's data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hospes.identity.models.accounts import Account


class MailLink(models.Model):
    """A single-use link sent by mail."""

    class Purpose(models.TextChoices):
        EMAIL_CHANGE = "email_change"
        EMAIL_CHANGE_CANCEL = "email_change_cancel"
        RECOVERY_EMAIL = "recovery_email"
        PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a password
        NOT_ME = "not_me"
        ACCOUNT_DELETION = "account_deletion"

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=30, choices=Purpose)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mail_links")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_mail_link"

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class DataExport(models.Model):
    """A copy of everything kept about an account, made on demand and removed after some days."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"
        EXPIRED = "expired"

    public_id = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sections_done = models.PositiveSmallIntegerField(default=0)
    sections_total = models.PositiveSmallIntegerField(default=0)
    # File name below the files folder; "" before it is made and after it is removed.
    file = models.CharField(max_length=100, blank=True, default="")
    size_bytes = models.PositiveBigIntegerField(default=0)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_data_export"
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state="waiting"),
                name="data_export_one_waiting_per_account",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
