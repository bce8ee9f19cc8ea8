"""What an application's owner reads of its sign-ins."""

from __future__ import annotations

from django.db import models

from hospes.connect.models.applications import Application


class ApplicationEvent(models.Model):
    """What happened at an application's sign-in, for its owner's log."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    at = models.BigIntegerField()
    # One of ``connect/domain/events.py``.
    kind = models.CharField(max_length=30)
    account = models.ForeignKey(
        "identity.Account", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.CharField(max_length=45, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "connect_application_event"
        indexes = (models.Index(fields=["application", "-id"], name="application_event_newest"),)

    def __str__(self) -> str:
        return self.kind
