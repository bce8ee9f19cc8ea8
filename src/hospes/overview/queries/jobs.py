"""Reads of the work list, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hospes.foundation.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; ``older`` is the id to continue below, None at the end."""

    jobs: tuple[Job, ...]
    older: int | None


def counts() -> dict[str, int]:
    """Return how many jobs are in each state, zeros included."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in Job.State.values}


def page(*, state: str, task: str, before: int | None) -> Page:
    """Return the jobs of one state (and task, if named) below the id ``before``."""
    rows = Job.objects.filter(state=state).order_by("-id")
    if task:
        rows = rows.filter(task=task)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = tuple(rows[: PAGE_SIZE + 1])
    jobs = found[:PAGE_SIZE]
    return Page(jobs, jobs[-1].pk if len(found) > PAGE_SIZE else None)


def tasks() -> tuple[str, ...]:
    """Return the tasks there are jobs of."""
    return tuple(Job.objects.order_by("task").values_list("task", flat=True).distinct())


def dead(job_ids: Iterable[int]) -> tuple[Job, ...]:
    """Return those of ``job_ids`` that have failed for good; others are left out."""
    return tuple(Job.objects.filter(pk__in=list(job_ids), state=Job.State.DEAD).order_by("-id"))
