"""The worker: hands events on, starts what is scheduled, does the jobs, each lane's by itself."""

from __future__ import annotations

import random
import threading
import time
import traceback
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import translation

from hospes.foundation import logging, metrics
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.registry import Lane, find_task
from hospes.foundation.services import heartbeat, jobs, moved_clock, outbox, wakeup

if TYPE_CHECKING:
    from hospes.foundation.models import Job

POLL_SECONDS = 1.0
SCHEDULE_SECONDS = 15.0
_AFTER_FAILURE_SECONDS = 3.0
# Threads of one process per lane. Two where one job may wait for somebody while others go on.
THREADS = {Lane.MAIN: 1, Lane.BULK: 1, Lane.APPLICATIONS: 1, Lane.WEBHOOKS: 2, Lane.SIGN_OUTS: 1}
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
    """Hand events on, then do one job of any lane; return how much was done."""
    done = outbox.fan_out()
    return done + (1 if any(map(_work_in, Lane)) else 0)


def _work_in(lane: Lane) -> bool:
    """Do the lane's next job, if one is due."""
    job = jobs.claim(lane)
    if job is None:
        return False
    perform(job)
    return True


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
    """One worker thread's loop along one lane; any number may run, here and on other machines.

    Along the main lane it also hands events on and keeps the schedule.
    """

    def __init__(
        self,
        stop: threading.Event,
        *,
        lane: Lane = Lane.MAIN,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._stop = stop
        self._lane = lane
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
            done = self._upkeep() + _work_in(self._lane)
        except (DatabaseError, InterfaceError) as error:
            _log.error("worker_without_database", error=type(error).__name__, reason=str(error))
        except Exception:  # noqa: BLE001 - see below
            # Whatever it is, a worker that ended would leave everybody's mail undelivered.
            _log.exception("worker_failed")
        else:
            return 0.0 if done else self._poll_seconds
        connections.close_all()
        return _AFTER_FAILURE_SECONDS

    def _upkeep(self) -> int:
        is_main = self._lane is Lane.MAIN
        now = time.monotonic()
        if now - self._schedule_looked_at < SCHEDULE_SECONDS:
            return outbox.fan_out() if is_main else 0
        self._schedule_looked_at = now
        # As Django does around requests; rarely enough that a connection is used well.
        close_old_connections()
        if not is_main:
            return 0
        return self._look_at_schedule() + outbox.fan_out()

    def _look_at_schedule(self) -> int:
        moved_clock.restore()
        # Each time: who was killed a moment ago may still have been there at the first look.
        return jobs.release_of_the_dead() + jobs.release_abandoned() + jobs.enqueue_scheduled()


def run(stop: threading.Event) -> None:
    """Work along every lane, the main one in this thread, until ``stop`` is set.

    It returns when every job at hand is done. Who cannot wait that long may end the process:
    whatever a job was at is done again once its lease, or its worker, is found to be over.
    """
    threads = [
        threading.Thread(
            target=Worker(stop, lane=lane).run, name=f"worker-{lane}-{number}", daemon=True
        )
        for lane, count in THREADS.items()
        if lane is not Lane.MAIN
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    Worker(stop).run()
    stop_waiting()
    for thread in threads:
        thread.join()


def stop_waiting() -> None:
    """Have idle workers of this process look at their stop event now."""
    wakeup.wake()
