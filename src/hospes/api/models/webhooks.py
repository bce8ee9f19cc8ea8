"""Webhooks: where an organization wants to be told of its events, and what it was told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """An address that gets an organization's events, signed as Standard Webhooks says."""

    public_id = models.CharField(max_length=36, unique=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=100, blank=True, default="")
    # Which events; an empty list is all of them.
    events = models.JSONField(default=list)
    secret_sealed = models.TextField()
    # The secret before, which signs too until then.
    old_secret_sealed = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    # While somebody sends to it: one at a time, so that a slow receiver holds up nobody else.
    busy_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    # "gone" or "failing" where the product switched it off, "" where somebody did.
    disabled_because = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "api_webhook"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "url"], name="webhook_once_per_address"
            ),
        )

    def __str__(self) -> str:
        return self.url


class WebhookMessage(models.Model):
    """One event as every webhook gets it; the body is fixed when it is written."""

    # As sent in ``webhook-id``: the receiver knows a repetition by it.
    message_id = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="+"
    )
    event = models.CharField(max_length=60)
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "api_webhook_message"

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"


class WebhookDelivery(models.Model):
    """One message on its way to one webhook."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # When it is tried next; null when it is not.
    next_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_webhook_delivery"
        constraints = (
            models.UniqueConstraint(fields=["webhook", "message"], name="delivery_once"),
        )
        indexes = (
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_due"
            ),
        )

    def __str__(self) -> str:
        return f"message {self.message_id} to webhook {self.webhook_id}: {self.state}"


class WebhookAttempt(models.Model):
    """One try of a delivery, and what came of it."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    # Null where no answer came; then ``error`` says why, in one word.
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)
    # The beginning of the answer, as text.
    excerpt = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "api_webhook_attempt"

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
