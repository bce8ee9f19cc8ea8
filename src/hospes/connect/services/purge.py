"""Removing codes, requests, tokens and grants whose time is long over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from hospes.connect.models import (
    ApplicationEvent,
    AuthorizationCode,
    BackchannelRequest,
    ClientSecret,
    DeviceRequest,
    Grant,
    PushedRequest,
    Token,
)
from hospes.foundation import clock, numbers

if TYPE_CHECKING:
    from django.db.models import QuerySet

# A code is kept that long after its end, so that using it again is still recognised.
KEPT_SECONDS = 86_400
BATCH = 500
DAY = 86_400


def purge() -> int:
    """Delete what ended a day ago and logs past their time; return how many rows."""
    before = clock.timestamp() - KEPT_SECONDS
    removed = _delete(AuthorizationCode.objects.filter(expires_at__lt=before))
    removed += _delete(BackchannelRequest.objects.filter(expires_at__lt=before))
    removed += _delete(DeviceRequest.objects.filter(expires_at__lt=before))
    removed += _delete(PushedRequest.objects.filter(expires_at__lt=before))
    removed += _delete(Token.objects.filter(expires_at__lt=before))
    removed += _delete(
        Grant.objects.filter(
            ~Exists(AuthorizationCode.objects.filter(grant=OuterRef("pk"))),
            ~Exists(Token.objects.filter(grant=OuterRef("pk"))),
            ~Exists(BackchannelRequest.objects.filter(grant=OuterRef("pk"))),
            ~Exists(DeviceRequest.objects.filter(grant=OuterRef("pk"))),
            created_at__lt=before,
        )
    )
    kept_from = clock.timestamp() - numbers.get("connect.application_log_days") * DAY
    removed += _delete(ApplicationEvent.objects.filter(at__lt=kept_from))
    # As long as the log: until then it tells an ended secret from a wrong one.
    removed += _delete(ClientSecret.objects.filter(expires_at__lt=kept_from))
    return removed


def _delete(rows: QuerySet[Any]) -> int:
    removed = 0
    while True:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return removed
        rows.model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - Django's name
        removed += len(ids)
