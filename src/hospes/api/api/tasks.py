"""``/async/tasks``: what became of work that goes on after its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from hospes.api.models import AsyncTask
from hospes.api.schemas import tasks as shapes
from hospes.api.services import tasks
from hospes.foundation.errors import NotFound
from hospes.organizations.api import access
from hospes.rest.answers import Item, Rows
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hospes.rest.calls import Call

TAG = "Asynchronous tasks"


def list_tasks(call: Call) -> Rows:
    """Answer the tasks that the account began."""
    return Rows(_visible(call), _shaped)


def show_task(call: Call, task_uuid: str) -> Item:
    """Answer one task."""
    found = _visible(call).filter(uuid=task_uuid).first()
    if found is None:
        raise NotFound
    (shape,) = _shaped([found])
    return Item(shape)


def _visible(call: Call) -> QuerySet[AsyncTask]:
    """Return one's own tasks of which the token, and the account still, may know the outcome."""
    principal = call.principal
    rows = AsyncTask.objects.filter(
        account=principal.account_id, kind__in=tasks.readable_kinds(principal.scopes)
    )
    admitted = [each.organization_id for each in access.admitted_organizations(call)]
    reached = Q(organization__in=admitted)
    if principal.product_ids is not None:
        # Such a token begins none: those are about more than its products.
        return rows.none()
    return rows.filter(reached | Q(organization=None) if _is_unlimited(call) else reached)


def _is_unlimited(call: Call) -> bool:
    return call.principal.organization_id is None


def _shaped(rows: Sequence[AsyncTask]) -> list[shapes.Task]:
    return [
        shapes.Task.model_validate(
            {
                "uuid": row.uuid,
                "status": row.status,
                "created_at": _seconds(row.created_at),
                "updated_at": _seconds(row.updated_at),
                "executed_at": _seconds(row.executed_at),
                "finished_at": _seconds(row.finished_at),
                "response": row.response,
                "error": row.error,
            }
        )
        for row in rows
    ]


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


ROUTES = (
    Route(
        "GET",
        "/async/tasks",
        version=1,
        tag=TAG,
        scope=None,
        handler=list_tasks,
        summary="List tasks",
        description=(
            "The tasks that this account's calls began, where the token has a scope that their "
            "call takes. They are kept for some weeks."
        ),
        answer=list[shapes.Task],
        query=Query(
            paged=True,
            order={
                "created_at": "created_at",
                "updated_at": "updated_at",
                "finished_at": "finished_at",
                "status": "status",
            },
            by_default=("-created_at",),
            filters={
                "status": Word(
                    "In this state.", values=tuple(AsyncTask.Status.values), field="status"
                )
            },
        ),
    ),
    Route(
        "GET",
        "/async/tasks/{task_uuid:uuid}",
        version=1,
        tag=TAG,
        scope=None,
        handler=show_task,
        summary="Show a task",
        description="One of the tasks: ask again until its status is `executed` or `failed`.",
        answer=shapes.Task,
        parameters={"task_uuid": "The identifier that the asynchronous call answered."},
    ),
)
