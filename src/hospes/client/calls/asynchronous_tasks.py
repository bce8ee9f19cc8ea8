"""The published calls under "Asynchronous tasks".

Written by ``python -m tools.make_client``: change the endpoints, not this file.
"""

# Answers are typed as documented; what a server answers is not checked again.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller, segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.client.answers import Task


class AsynchronousTasksCalls(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

    def get_async_tasks(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        limit: int | None = None,
        skip: int | None = None,
        order_by: Sequence[str] | None = None,
        order: Literal["asc", "desc"] | None = None,
        order_for: Mapping[str, str] | None = None,
        filter_: Mapping[str, Any] | None = None,
    ) -> list[Task]:
        """List tasks."""
        return cast(
            "list[Task]",
            self.call(
                "GET",
                "/1/async/tasks",
                query={
                    "page": page,
                    "per_page": per_page,
                    "limit": limit,
                    "skip": skip,
                    "order_by": order_by,
                    "order": order,
                    "order_for": order_for,
                    "filter": filter_,
                },
            ).data,
        )

    def get_async_tasks_task_uuid(self, task_uuid: str) -> Task:
        """Show a task."""
        return cast("Task", self.call("GET", f"/1/async/tasks/{segment(task_uuid)}").data)
