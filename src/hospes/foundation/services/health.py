"""Whether this process can serve, and how much waits."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q

from hospes.foundation import clock, metrics
from hospes.foundation.models import Job, OutboxEvent
from hospes.foundation.services import heartbeat

# Migrations do not become unapplied while the process runs, so one good answer is enough.
_migrated = False


def faults() -> list[str]:
    """Return why this process is not ready, as short words; empty means ready."""
    found: list[str] = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            found.append("migrations are missing")
    except (DatabaseError, InterfaceError):
        found.append("the database does not answer")
    silence = heartbeat.silence()
    if silence is not None and silence > heartbeat.SILENT_SECONDS:
        found.append("the worker is silent")
    return found


def _is_migrated() -> bool:
    global _migrated  # noqa: PLW0603 - remembered for the process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def update_gauges() -> None:
    """Bring the figures that live in the database up to date, with two statements."""
    now = clock.now()
    counts = dict.fromkeys(Job.State.values, 0)
    oldest = None
    due = Q(state=Job.State.WAITING, run_at__lte=now)
    for row in Job.objects.values("state").annotate(
        number=Count("pk"), oldest=Min("run_at", filter=due)
    ):
        counts[row["state"]] = row["number"]
        oldest = row["oldest"] or oldest
    for state, number in counts.items():
        metrics.jobs.labels(state).set(number)
    metrics.oldest_waiting_job_seconds.set((now - oldest).total_seconds() if oldest else 0)
    metrics.events_waiting.set(OutboxEvent.objects.filter(dispatched_at=None).count())
    silence = heartbeat.silence()
    metrics.worker_beat_seconds.set(-1 if silence is None else silence)
