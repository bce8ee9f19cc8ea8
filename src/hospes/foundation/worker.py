"""The worker: hands events on, starts what is scheduled, does the jobs."""

from __future__ import annotations

import random
import time
import traceback
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import translation

from hospes.foundation import logging, metrics
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.registry import find_task
from hospes.foundation.services import heartbeat, jobs, moved_clock, outbox, wakeup

if TYPE_CHECKING:
    import threading

    from hospes.foundation.models import Job

POLL_SECONDS = 1.0
SCHEDULE_SECONDS = 15.0
_AFTER_FAILURE_SECONDS = 3.0
# A drain that does not end is a task that enqueues itself for now.
_DRAIN_LIMIT = 10_000

_log = logging.get(__name__)


class _NothingDoesIt(Exception):
    """No code here does the task; another release's worker may."""


def _run(job: Job) -> None:
    task = find_task(job.task)
    if task is None:
        raise _NothingDoesIt(f"nothing here does the task {job.task}")
    if job.attempts > task.max_attempts:
        # Only a job whose every worker vanished gets here: it may be what makes them vanish.
        raise PermanentFailure("its workers disappeared while they were at it")
    with translation.override("en"):
        task.function(job.payload)


def perform(job: Job) -> str:
    """Do one claimed job and write down the outcome: ``done``, ``failed`` or ``dead``."""
    outcome = "done"
    try:
        _run(job)
    except Exception as error:  # noqa: BLE001 - whatever a task raises is its outcome, not the worker's end
        outcome = _failed(job, error)
    else:
        if not jobs.finish(job):
            _log.warning("job_outlived_its_lease", task=job.task, job_id=job.pk)
    metrics.job_run(job.task, outcome)
    return outcome


def _failed(job: Job, error: Exception) -> str:
    speaks_for_itself = isinstance(error, PermanentFailure | _NothingDoesIt)
    dead = jobs.fail(
        job,
        str(error) if speaks_for_itself else "".join(traceback.format_exception(error)),
        jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
        permanent=isinstance(error, PermanentFailure),
    )
    _log.warning(
        "job_failed",
        task=job.task,
        job_id=job.pk,
        attempt=job.attempts,
        dead=dead,
        error=type(error).__name__,
        reason=str(error)[:500],
    )
    return "dead" if dead else "failed"


def _step() -> int:
    """Hand events on, then do one job; return how much was done."""
    done = outbox.fan_out()
    job = jobs.claim()
    if job is None:
        return done
    perform(job)
    return done + 1


def run_once() -> int:
    """Do one round: the schedule, waiting events, at most one job. Return how much was done."""
    jobs.release_abandoned()
    return jobs.enqueue_scheduled() + _step()


def drain() -> int:
    """Do all that is due now and what follows from it, without the schedule (tests, demo data)."""
    done = 0
    jobs.release_abandoned()
    while step := _step():
        done += step
        if done > _DRAIN_LIMIT:
            raise RuntimeError("the work does not end")
    return done


class Worker:
    """One worker thread's loop; any number may run, here and on other machines."""

    def __init__(self, stop: threading.Event, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._stop = stop
        self._poll_seconds = poll_seconds
        self._schedule_looked_at = float("-inf")

    def run(self) -> None:
        """Work until ``stop`` is set and the job at hand is done.

        After setting ``stop``, call ``stop_waiting`` (or wait for the next look, a second at
        most). A database that does not answer is waited for.
        """
        heartbeat.begin()
        try:
            while not self._stop.is_set():
                mark = wakeup.generation()
                pause = self._round()
                if pause > 0 and not self._stop.is_set():
                    wakeup.wait(mark, pause)
        finally:
            heartbeat.leave()
            connections.close_all()

    def _round(self) -> float:
        """Do one piece of work; return for how many seconds to wait before the next."""
        heartbeat.beat()
        try:
            done = self._look_at_schedule() + _step()
        except (DatabaseError, InterfaceError) as error:
            _log.error("worker_without_database", error=type(error).__name__, reason=str(error))
        except Exception:  # noqa: BLE001 - see below
            # Whatever it is, a worker that ended would leave everybody's mail undelivered.
            _log.exception("worker_failed")
        else:
            return 0.0 if done else self._poll_seconds
        connections.close_all()
        return _AFTER_FAILURE_SECONDS

    def _look_at_schedule(self) -> int:
        now = time.monotonic()
        if now - self._schedule_looked_at < SCHEDULE_SECONDS:
            return 0
        self._schedule_looked_at = now
        # As Django does around requests; rarely enough that a connection is used well.
        close_old_connections()
        moved_clock.restore()
        # Each time: who was killed a moment ago may still have been there at the first look.
        return jobs.release_of_the_dead() + jobs.release_abandoned() + jobs.enqueue_scheduled()


def stop_waiting() -> None:
    """Have idle workers of this process look at their stop event now."""
    wakeup.wake()
