"""Several threads at the same thing, each with a database connection of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def race(function: Callable[[int], Any], threads: int = 8) -> list[Any]:
    """Call ``function(number)`` in so many threads at once; return results, or what was raised."""
    from django.db import connections

    gate = threading.Barrier(threads)
    results: list[Any] = [None] * threads

    def run(number: int) -> None:
        try:
            gate.wait(10)
            results[number] = function(number)
        except Exception as error:  # noqa: BLE001 - it is the result
            results[number] = error
        finally:
            connections.close_all()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(60)
    return results
