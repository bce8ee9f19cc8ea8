"""Changing a number of the product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.models import NumberSetting
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.foundation.numbers import Number
    from hospes.kit.origin import Origin


def change(key: str, value: Any, *, acting_account_id: int | None, origin: Origin) -> int:
    """Set the number ``key`` and write down who did; return its value.

    ``value`` is a whole number, or its digits as a form sends them.

    Raises:
        NotFound: for a number that does not exist.
        Refused: ``value`` with ``not_a_number`` or ``out_of_range`` (minimum, maximum).

    """
    number = _find(key)
    new = _parse(number, value)
    with transaction.atomic():
        before = _stored(number)
        if new != before:
            NumberSetting.objects.update_or_create(
                key=key,
                defaults={
                    "value": new,
                    "updated_at": clock.now(),
                    "updated_by_account_id": acting_account_id,
                },
            )
            _write_down(
                "foundation.number_changed", number, (before, new), acting_account_id, origin
            )
    return new


def reset(key: str, *, acting_account_id: int | None, origin: Origin) -> int:
    """Give the number ``key`` its default back and write down who did; return the default.

    Raises:
        NotFound: for a number that does not exist.

    """
    number = _find(key)
    with transaction.atomic():
        before = _stored(number)
        deleted, _ = NumberSetting.objects.filter(key=key).delete()
        if deleted:
            _write_down(
                "foundation.number_reset",
                number,
                (before, number.default),
                acting_account_id,
                origin,
            )
    return number.default


def _find(key: str) -> Number:
    number = numbers.find(key)
    if number is None:
        raise NotFound
    return number


def _parse(number: Number, value: Any) -> int:
    if isinstance(value, str):
        text = value.strip()
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 18):  # noqa: PLR2004 - more digits than any range needs
            raise Refused(Fault("value", "not_a_number"))
        value = int(text)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(Fault("value", "not_a_number"))
    if not number.accepts(value):
        raise Refused(
            Fault(
                "value",
                "out_of_range",
                {"minimum": number.minimum, "maximum": number.maximum},
            )
        )
    return value


def _stored(number: Number) -> int:
    value: Any = (
        NumberSetting.objects.select_for_update()
        .filter(key=number.key)
        .values_list("value", flat=True)
        .first()
    )
    return int(value) if number.accepts(value) else number.default


def _write_down(
    action: str, number: Number, values: tuple[int, int], actor: int | None, origin: Origin
) -> None:
    audit.record(
        action,
        actor=actor,
        target=f"number:{number.key}",
        origin=origin,
        detail={"before": values[0], "after": values[1]},
    )
    numbers.forget()
    transaction.on_commit(numbers.forget)
