"""What the provider tells of its services: events, and what was said about them meanwhile."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hospes.status.domain import moves


class StatusEvent(models.Model):
    """An incident or a planned maintenance. Texts are by language: ``{"en": "…"}``."""

    class Kind(models.TextChoices):
        INCIDENT = moves.INCIDENT
        MAINTENANCE = moves.MAINTENANCE

    class Status(models.TextChoices):
        PLANNED = moves.PLANNED
        ONGOING = moves.ONGOING
        MONITORED = moves.MONITORED
        RESOLVED = moves.RESOLVED
        CANCELLED = moves.CANCELLED

    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=10, choices=Status)
    is_cyberattack = models.BooleanField(default=False)
    # A monitor wrote it, nobody by hand.
    is_automatic = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    # Expected as long as it goes on, then when it was.
    ends_at = models.DateTimeField(null=True)
    # Free words; the catalogue knows products, and outages touch more than these.
    services = models.JSONField(default=list)
    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    # All words in small letters: JSON is escaped differently by each database.
    search_text = models.TextField(blank=True, default="")
    # A plain number: the event outlives the account.
    opened_by_account_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    # Counted up by every change: of two people who edit at once, the later one is told.
    version = models.BigIntegerField(default=1)
    # Names the form or the alarm that made it: sent again it makes no second event.
    form_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - some have none

    class Meta:
        db_table = "status_event"
        indexes = (
            models.Index(fields=["status", "starts_at"], name="status_event_status"),
            models.Index(fields=["-starts_at", "-id"], name="status_event_time"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=moves.KINDS) & Q(status__in=moves.STATUSES),
                name="status_event_words",
            ),
            models.CheckConstraint(
                condition=Q(kind=moves.MAINTENANCE) | ~Q(status=moves.PLANNED),
                name="status_event_incidents_are_not_planned",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="status_event_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StatusUpdate(models.Model):
    """What was said about an event at one time, and the status it has had since."""

    event = models.ForeignKey(StatusEvent, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=StatusEvent.Status)
    texts = models.JSONField(default=dict)

    class Meta:
        db_table = "status_update"
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["event", "-at", "-id"], name="status_update_event"),)

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"
