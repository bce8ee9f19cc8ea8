"""Jobs: enqueued in the transaction that wants them, done at least once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from hospes.foundation import clock, numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.logging import redact_text
from hospes.foundation.models import Job, OutboxEvent, ScheduledRun
from hospes.foundation.registry import (
    DEFAULT_ATTEMPTS,
    DEFAULT_LEASE,
    Lane,
    find_task,
    lane_of,
    scheduled,
)
from hospes.foundation.services import audit, holders, wakeup

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

ERROR_LENGTH = 2000
BASE_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=2)
_BATCH = 5000


def enqueue(
    task: str,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    lane: Lane | None = None,
) -> Job:
    """Add a job, within the transaction that is open if any; it begins at ``run_at`` or at once.

    A job with a ``key`` is added once: asked for again, the one that is there is returned,
    whatever its state. It goes along its task's lane, or the one given. ``payload`` is JSON
    without secrets: staff see it in the dead-letter list.
    """
    now = clock.now()
    job = Job(
        task=task,
        payload=payload,
        lane=lane or lane_of(task),
        key=key,
        run_at=run_at or now,
        created_at=now,
    )
    if key is None:
        job.save(force_insert=True)
    else:
        # One statement that cannot fail on the key, so the surrounding transaction stays usable.
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.get(key=key)
    transaction.on_commit(wakeup.wake)
    return job


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """Return how long to wait after the given number of failed attempts (1, 2, …).

    It doubles from 5 s up to 2 h; ``jitter`` from 0 to 1 spreads it over the upper half.
    """
    doublings = min(max(attempts, 1) - 1, 20)
    full = min(LONGEST_DELAY, BASE_DELAY * (1 << doublings))
    return full / 2 + full / 2 * jitter


def claim(lane: str = Lane.MAIN) -> Job | None:
    """Take the lane's job that has been due longest, with a lease, or return None.

    The claimed job's ``attempts`` is the fence: whoever ends it must still hold that attempt.
    """
    now = clock.now()
    # Ordered as the index is, so that a long queue costs no more than a short one.
    waiting = Job.objects.filter(state=Job.State.WAITING, lane=lane, run_at__lte=now)
    due = waiting.order_by("run_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            job = due.select_for_update(skip_locked=True).first()
            return job if job is not None and _take(job, now) else None
    while True:
        job = due.first()
        if job is None or _take(job, now):
            return job


def _take(job: Job, now: datetime) -> bool:
    task = find_task(job.task)
    leased_until = now + (task.lease if task else DEFAULT_LEASE)
    taken = Job.objects.filter(
        pk=job.pk, state=Job.State.WAITING, attempts=job.attempts, run_at=job.run_at
    ).update(
        state=Job.State.RUNNING,
        attempts=job.attempts + 1,
        leased_until=leased_until,
        held_by=holders.mine(),
    )
    job.state, job.leased_until = Job.State.RUNNING, leased_until
    job.attempts += 1
    return taken == 1


def release_abandoned() -> int:
    """Put jobs back whose worker died, or took so long that it has to be taken for dead."""
    now = clock.now()
    abandoned = Job.objects.filter(state=Job.State.RUNNING, leased_until__lte=now)
    # Looked for before it is written: an idle worker takes no write lock.
    if not abandoned.exists():
        return 0
    return abandoned.update(state=Job.State.WAITING, leased_until=None)


def release_of_the_dead() -> int:
    """Put jobs back whose worker's process on this machine is gone; workers call it now and then.

    So nobody waits for the lease's end after a crash and a restart.
    """
    held = Job.objects.filter(state=Job.State.RUNNING).values_list("held_by", flat=True)
    gone = [holder for holder in set(held) if holders.is_gone(holder)]
    if not gone:
        return 0
    dead = Job.objects.filter(state=Job.State.RUNNING, held_by__in=gone)
    return dead.update(state=Job.State.WAITING, leased_until=None)


def finish(job: Job) -> bool:
    """Mark a claimed job done; False where the lease had passed and another worker has it."""
    return _end(
        job, state=Job.State.DONE, finished_at=clock.now(), leased_until=None, last_error=""
    )


def fail(job: Job, error: str, *, jitter: float, permanent: bool = False) -> bool:
    """Write down why the attempt failed, and plan the next one or give up.

    Returns whether the job is dead now. ``jitter`` is a random number from 0 to 1.
    """
    task = find_task(job.task)
    now = clock.now()
    text = redact_text(error)[-ERROR_LENGTH:]
    # A task that nothing here does may be a newer release's: its job is kept for a while.
    dead = permanent or job.attempts >= (task.max_attempts if task else DEFAULT_ATTEMPTS)
    if dead:
        _end(job, state=Job.State.DEAD, finished_at=now, leased_until=None, last_error=text)
    else:
        _end(
            job,
            state=Job.State.WAITING,
            run_at=now + retry_delay(job.attempts, jitter),
            leased_until=None,
            last_error=text,
        )
    return dead


def _end(job: Job, **changes: Any) -> bool:
    return (
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
            **changes
        )
        == 1
    )


def retry_dead(job_id: int, *, acting_account_id: int | None, origin: Origin) -> None:
    """Have a dead job tried again from the start, at once.

    Raises:
        NotFound: where there is no such dead job.

    """
    with transaction.atomic():
        task = _dead(job_id)
        changed = Job.objects.filter(pk=job_id, state=Job.State.DEAD).update(
            state=Job.State.WAITING, attempts=0, run_at=clock.now(), finished_at=None
        )
        if not changed:
            raise NotFound
        audit.record(
            "foundation.job_retried",
            actor=acting_account_id,
            target=f"job:{job_id}",
            origin=origin,
            detail={"task": task},
        )
        transaction.on_commit(wakeup.wake)


def discard_dead(job_id: int, *, acting_account_id: int | None, origin: Origin) -> None:
    """Take a dead job off the list for good.

    Raises:
        NotFound: where there is no such dead job.

    """
    with transaction.atomic():
        task = _dead(job_id)
        deleted, _ = Job.objects.filter(pk=job_id, state=Job.State.DEAD).delete()
        if not deleted:
            raise NotFound
        audit.record(
            "foundation.job_discarded",
            actor=acting_account_id,
            target=f"job:{job_id}",
            origin=origin,
            detail={"task": task},
        )


def _dead(job_id: int) -> str:
    task = (
        Job.objects.filter(pk=job_id, state=Job.State.DEAD).values_list("task", flat=True).first()
    )
    if task is None:
        raise NotFound
    return task


def enqueue_scheduled() -> int:
    """Enqueue every scheduled task whose period has passed; return how many that were.

    The guarded update lets one worker through per period, however many ask at once.
    """
    now = clock.now()
    found = 0
    last_runs = dict(ScheduledRun.objects.values_list("task", "last_run_at"))
    for task, every in scheduled().items():
        # A last run far in the future means that the clock was moved back since.
        due = Q(last_run_at__lte=now - every) | Q(last_run_at__gt=now + every)
        last = last_runs.get(task)
        if last is not None and now - every < last <= now + every:
            continue
        with transaction.atomic():
            if last is None:
                ScheduledRun.objects.bulk_create(
                    [ScheduledRun(task=task, last_run_at=now - every)], ignore_conflicts=True
                )
            if ScheduledRun.objects.filter(due, task=task).update(last_run_at=now):
                enqueue(task, {})
                found += 1
    return found


def purge() -> int:
    """Delete done jobs and dispatched events past their days; return how many rows went."""
    before = clock.now() - timedelta(days=numbers.get("foundation.done_jobs_days"))
    gone = 0
    for rows in (
        Job.objects.filter(state=Job.State.DONE, finished_at__lt=before),
        OutboxEvent.objects.filter(dispatched_at__lt=before),
    ):
        while batch := list(rows.values_list("pk", flat=True)[:_BATCH]):
            deleted, _ = rows.filter(pk__in=batch).delete()
            gone += deleted
    return gone
