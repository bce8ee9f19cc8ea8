"""Key rotation: every sealed value under the newest key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import sealing
from hospes.foundation.registry import task
from hospes.foundation.services import audit, heartbeat
from hospes.foundation.services.jobs import enqueue
from hospes.kit import sealing as envelope

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

REWRAP = "foundation.rewrap_sealed_values"
_BATCH = 200


def request_rewrap(*, acting_account_id: int | None, origin: Origin) -> None:
    """Have every sealed value wrapped by the newest key (after a key was added)."""
    with transaction.atomic():
        enqueue(REWRAP, {})
        audit.record(
            "foundation.rewrap_requested",
            actor=acting_account_id,
            origin=origin,
            target=f"key:{sealing.newest_key_name()}",
        )


@task(REWRAP, max_attempts=5)
def rewrap_all(_payload: dict[str, Any]) -> None:
    """Rewrap what is not under the newest key yet; run again it goes on where it was."""
    for column in sealing.columns():
        _rewrap_column(column)


def _rewrap_column(column: sealing.SealedColumn) -> None:
    field = column.field
    # A sealed value begins with its key's name, so the database itself finds the old ones.
    current = f"{envelope.VERSION}.{sealing.newest_key_name()}."
    rows = (
        column.model._default_manager.exclude(**{field: ""})  # noqa: SLF001 - Django's public name for it
        .exclude(**{f"{field}__startswith": current})
        .order_by("pk")
    )
    last: Any = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:_BATCH]):
        for row in batch:
            old: str = getattr(row, field)
            # Guarded by the old text: a value written meanwhile is not overwritten.
            column.model._default_manager.filter(pk=row.pk, **{field: old}).update(  # noqa: SLF001 - as above
                **{field: sealing.rewrap(old)}
            )
        last = batch[-1].pk
        heartbeat.beat()


def keys_in_use() -> dict[str, int]:
    """Return how many sealed values each key wraps; a key that is not named may be removed."""
    found: dict[str, int] = {}
    for column in sealing.columns():
        values = (
            column.model._default_manager.exclude(**{column.field: ""})  # noqa: SLF001 - as above
            .values_list(column.field, flat=True)
            .iterator()
        )
        for value in values:
            name = envelope.key_name_of(value)
            found[name] = found.get(name, 0) + 1
    return found


def values_that_do_not_open() -> list[str]:
    """Return the columns and rows whose sealed value does not open, as ``label.field:pk``."""
    found: list[str] = []
    for column in sealing.columns():
        for row in column.model._default_manager.exclude(**{column.field: ""}).iterator():  # noqa: SLF001 - as above
            try:
                sealing.open_sealed(getattr(row, column.field), context=column.context_of(row))
            except sealing.CannotOpen:
                found.append(f"{column.model_label}.{column.field}:{row.pk}")
    return found
