"""Which function does which task, who listens to which event, and what runs on a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[dict[str, Any]], None]

DEFAULT_ATTEMPTS = 8
DEFAULT_LEASE = timedelta(minutes=2)


class Lane(StrEnum):
    """Jobs of one lane never wait for those of another: workers go along each at the same time.

    Whatever asks servers that outsiders named has a lane apart from mails and the schedule, as
    such a server may be slow on purpose; so has what comes by the thousand (docs/adr/0016).
    """

    MAIN = "main"
    BULK = "bulk"
    APPLICATIONS = "applications"
    WEBHOOKS = "webhooks"
    SIGN_OUTS = "sign_outs"


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work: what runs it, how often it is tried, how long one try may take."""

    name: str
    function: Handler
    max_attempts: int
    lease: timedelta
    lane: Lane = Lane.MAIN


_tasks: dict[str, Task] = {}
_subscribers: dict[str, list[str]] = {}
_inline: dict[str, list[Handler]] = {}
_schedule: dict[str, timedelta] = {}


def task(
    name: str,
    *,
    max_attempts: int = DEFAULT_ATTEMPTS,
    lease: timedelta = DEFAULT_LEASE,
    lane: Lane = Lane.MAIN,
) -> Callable[[Handler], Handler]:
    """Register the decorated ``fn(payload: dict) -> None`` as the task ``name``.

    It may run more than once for the same payload, so it has to be idempotent. A try that
    takes longer than ``lease`` is taken for lost, and another worker begins again.
    """

    def register(function: Handler) -> Handler:
        known = _tasks.get(name)
        if known is not None and (known.function.__module__, known.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"two functions want to be the task {name}")
        _tasks[name] = Task(name, function, max_attempts, lease, lane)
        return function

    return register


def find_task(name: str) -> Task | None:
    """Return the task called ``name``, if any code here does it."""
    return _tasks.get(name)


def lane_of(name: str) -> Lane:
    """Return the lane of a task's jobs; the main one where no code here does it."""
    found = find_task(name)
    return found.lane if found else Lane.MAIN


def tasks() -> tuple[Task, ...]:
    """Return every registered task."""
    return tuple(_tasks.values())


def subscribe(event: str, task_name: str) -> None:
    """Have ``task_name`` run, as a job of its own, for each ``event``, with the event's payload."""
    listeners = _subscribers.setdefault(event, [])
    if task_name not in listeners:
        listeners.append(task_name)


def subscribe_inline(event: str, function: Handler) -> None:
    """Have ``function`` run inside the transaction that emits ``event``; its failure undoes it."""
    listeners = _inline.setdefault(event, [])
    if function not in listeners:
        listeners.append(function)


def subscribers(event: str) -> tuple[str, ...]:
    """Return the tasks to run for ``event``."""
    return tuple(_subscribers.get(event, ()))


def inline_subscribers(event: str) -> tuple[Handler, ...]:
    """Return the functions to run within ``emit`` for ``event``."""
    return tuple(_inline.get(event, ()))


def schedule(task_name: str, every: timedelta) -> None:
    """Have ``task_name`` run once per ``every``, however many workers there are."""
    if every <= timedelta(0):
        raise ValueError("a schedule's period is longer than nothing")
    _schedule[task_name] = every


def scheduled() -> dict[str, timedelta]:
    """Return every scheduled task with its period."""
    return dict(_schedule)
