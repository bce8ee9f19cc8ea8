"""Whether a write wrote anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_WRITING = ("INSERT", "UPDATE", "DELETE")


class Watch:
    """Wraps the execution of statements (``connection.execute_wrapper``).

    ``wrote`` tells whether one of them put, changed or removed a row. A statement that hands
    rows back does not tell how many it touched until they are read; it counts.
    """

    def __init__(self) -> None:
        self.wrote = False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's interface
        context: dict[str, Any],
    ) -> Any:
        """Run the statement and look at what it did."""
        result = execute(sql, params, many, context)
        if not self.wrote:
            text = str(sql).lstrip()
            if text[:6].upper() in _WRITING:
                cursor = context["cursor"]
                self.wrote = "RETURNING" in text or cursor.rowcount != 0
        return result
