"""Several numbers changed on one page: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import numbers
from hospes.foundation.services import numbers as number_services
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.foundation.numbers import Number
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class ChangeNumbers:
    """``typed`` maps keys to what was typed; keys of numbers that do not exist are passed over."""

    typed: Mapping[str, str]


def change_numbers(
    command: ChangeNumbers, *, acting_account: Account, origin: Origin
) -> tuple[Number, ...]:
    """Change what differs from the present values; return the numbers that did.

    Raises:
        Refused: naming every value that is no whole number (``not_a_number``) or outside its
            range (``out_of_range``); nothing is changed then.

    """
    wanted: list[tuple[Number, int]] = []
    faults: list[Fault] = []
    for key, typed in command.typed.items():
        number = numbers.find(key)
        if number is None:
            continue
        value = _whole(typed)
        bounds = {"minimum": number.minimum, "maximum": number.maximum}
        if value is None:
            faults.append(Fault(key, "not_a_number", bounds))
        elif not number.accepts(value):
            faults.append(Fault(key, "out_of_range", bounds))
        else:
            wanted.append((number, value))
    if faults:
        raise Refused(faults)
    changed: list[Number] = []
    with transaction.atomic():
        for number, value in wanted:
            if value == numbers.get(number.key):
                continue
            if value == number.default:
                number_services.reset(
                    number.key, acting_account_id=acting_account.pk, origin=origin
                )
            else:
                number_services.change(
                    number.key, value, acting_account_id=acting_account.pk, origin=origin
                )
            changed.append(number)
    return tuple(changed)


def _whole(typed: str) -> int | None:
    text = typed.strip()
    digits = text.removeprefix("-")
    # int() would take "1_000" and digits of other scripts, and anything of any length.
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:  # noqa: PLR2004 - a bound
        return None
    return int(text)
