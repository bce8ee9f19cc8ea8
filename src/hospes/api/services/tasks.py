"""Asynchronous tasks: work that an API call begins and a worker finishes.

A task and its job are written in the caller's transaction: a call that fails leaves neither. The
job may run more than once, so what a kind does has to be idempotent; how it ended is written once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Coalesce
from django.http import Http404

from hospes.api.models import AsyncTask
from hospes.foundation import clock, logging, numbers
from hospes.foundation.models import Job
from hospes.foundation.services import jobs
from hospes.kit.faults import Refused
from hospes.rest.faults import Problem, of_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hospes.identity.models import Account
    from hospes.organizations.models import Organization

RUN = "api.run_task"
SETTLE = "api.settle_tasks"
PURGE = "api.purge_tasks"
OPEN = (AsyncTask.Status.SPOOLED, AsyncTask.Status.RUNNING)
LONGEST_PAUSE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(seconds=2)
_GRACE = timedelta(minutes=1)
_BATCH = 500
_log = logging.get("hospes.api")


@dataclass(frozen=True, slots=True)
class Later:
    """What a kind's function answers while others still work on it: look again in a while."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task.

    ``scopes``: a token with any one of them may read how it went, and what came of it.
    ``attributes`` names the fields of a refusal as the body did.
    """

    name: str
    function: Callable[[AsyncTask], Any]
    scopes: frozenset[str]
    attributes: Mapping[str, str]


_kinds: dict[str, Kind] = {}


def register_kind(
    name: str,
    function: Callable[[AsyncTask], Any],
    *,
    scopes: frozenset[str],
    attributes: Mapping[str, str] | None = None,
) -> None:
    """Have ``function`` do the tasks called ``name``.

    It gets the task and returns what came of it, as JSON, or ``Later``. ``Refused``, ``Problem``,
    ``NotFound`` and ``Denied`` end the task as failed; whatever else it raises is tried again.

    Raises:
        ValueError: where another function has the name.

    """
    known = _kinds.setdefault(name, Kind(name, function, scopes, attributes or {}))
    if known.function is not function:
        raise ValueError(f"two functions want to be the kind {name}")


def readable_kinds(scopes: frozenset[str]) -> list[str]:
    """Return the kinds that a token with ``scopes`` may read the tasks of."""
    return [kind.name for kind in _kinds.values() if kind.scopes & scopes]


def begin(
    kind: str,
    account: Account,
    organization: Organization | None,
    arguments: dict[str, Any],
) -> AsyncTask:
    """Write a task down and have it done, within the transaction that is open.

    ``arguments`` is JSON without secrets.

    Raises:
        ValueError: for a kind that nobody registered.

    """
    if kind not in _kinds:
        raise ValueError(f"nothing does tasks of the kind {kind}")
    now = clock.now()
    made = AsyncTask.objects.create(
        uuid=str(uuid.uuid4()),
        account=account,
        organization=organization,
        kind=kind,
        arguments=arguments,
        created_at=now,
        updated_at=now,
    )
    _enqueue(made.uuid, 0)
    return made


def run(task_uuid: str, step: int) -> None:
    """Do a task, or go on with it; one that ended already stays as it is."""
    now = clock.now()
    taken = AsyncTask.objects.filter(uuid=task_uuid, status__in=OPEN).update(
        status=AsyncTask.Status.RUNNING,
        executed_at=Coalesce("executed_at", now),
        updated_at=now,
    )
    if not taken:
        return
    task = AsyncTask.objects.select_related("account", "organization").get(uuid=task_uuid)
    kind = _kinds.get(task.kind)
    if kind is None:
        # A newer release's worker may know it: the job is tried again.
        raise LookupError(f"nothing here does tasks of the kind {task.kind}")
    try:
        outcome = kind.function(task)
    except Refused as refused:
        _fail(task_uuid, of_refusal(refused.faults, kind.attributes, {}))
    except Problem as problem:
        _fail(task_uuid, problem)
    except Http404:
        _fail(task_uuid, Problem("object_not_found"))
    except PermissionDenied:
        _fail(task_uuid, Problem("access_denied"))
    else:
        if isinstance(outcome, Later):
            _enqueue(task_uuid, step + 1)
        else:
            _end(task_uuid, AsyncTask.Status.EXECUTED, response=outcome)


def settle() -> int:
    """Give up tasks whose job is dead, so that nobody waits for them; return how many."""
    lost = AsyncTask.objects.filter(status__in=OPEN, updated_at__lte=clock.now() - _GRACE)
    ended = 0
    for task_uuid in list(lost.order_by("pk").values_list("uuid", flat=True)):
        if _is_worked_on(task_uuid):
            continue
        _log.error("api_task_lost", task=task_uuid)
        ended += _fail(task_uuid, Problem("unexpected_error"))
    return ended


def purge() -> int:
    """Delete tasks that ended days ago; return how many rows went."""
    before = clock.now() - timedelta(days=numbers.get("api.task_days"))
    rows = AsyncTask.objects.filter(finished_at__lte=before)
    gone = 0
    while batch := list(rows.values_list("pk", flat=True)[:_BATCH]):
        deleted, _ = AsyncTask.objects.filter(pk__in=batch).delete()
        gone += deleted
    return gone


def _is_worked_on(task_uuid: str) -> bool:
    return Job.objects.filter(
        task=RUN,
        key__startswith=_key(task_uuid),
        state__in=(Job.State.WAITING, Job.State.RUNNING),
    ).exists()


def _key(task_uuid: str) -> str:
    return f"api_task:{task_uuid}:"


def _enqueue(task_uuid: str, step: int) -> None:
    pause = min(LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(step - 1, 20)) if step else timedelta(0)
    jobs.enqueue(
        RUN,
        {"task": task_uuid, "step": step},
        key=f"{_key(task_uuid)}{step}",
        run_at=clock.now() + pause,
    )


def _fail(task_uuid: str, problem: Problem) -> int:
    return _end(task_uuid, AsyncTask.Status.FAILED, error=problem.as_json())


def _end(task_uuid: str, status: str, **values: Any) -> int:
    now = clock.now()
    return AsyncTask.objects.filter(uuid=task_uuid, status__in=OPEN).update(
        status=status, updated_at=now, finished_at=now, **values
    )
