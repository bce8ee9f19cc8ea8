"""A transaction that is undone after its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable


def undone(work: Callable[[], Any]) -> NoReturn:
    """Call ``work`` in a transaction and undo it by raising ZeroDivisionError."""
    from django.db import transaction

    with transaction.atomic():
        work()
        raise ZeroDivisionError
