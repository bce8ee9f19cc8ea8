"""What runs here and whether it is well. Names and counts; no secret and no address of one."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q

import hospes
from hospes.connect.models import SigningKey
from hospes.foundation import sealing
from hospes.foundation.models import Job, Message, OutboxEvent, ScheduledRun

if TYPE_CHECKING:
    from collections.abc import Mapping

# Work that waits longer than this means that no worker runs.
WORKER_LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Signing:
    """One published signing key."""

    kid: str
    alg: str
    signs_from: datetime
    published_until: datetime | None
    present: bool


@dataclass(frozen=True, slots=True)
class System:
    """The state of the installation. ``faults`` are codes of what needs somebody's attention."""

    versions: tuple[tuple[str, str], ...]
    database: str
    migrations_waiting: int
    counters: str
    base_url: str
    data_dir: str
    demo: bool
    development: bool
    clock_offset: timedelta
    trusted_proxies: tuple[str, ...]
    jobs: Mapping[str, int]
    oldest_due: datetime | None
    events_waiting: int
    last_scheduled: datetime | None
    mail_server: str
    mail_from: str
    messages_waiting: int
    oldest_message: datetime | None
    last_delivered: datetime | None
    sealing_key: str
    sealing_keys: int
    signing_keys: tuple[Signing, ...]
    faults: tuple[str, ...]


def system(*, now: datetime, offset: timedelta) -> System:
    """Return the state of the installation: seven queries, whatever its size."""
    jobs = Job.objects.aggregate(
        waiting=Count("id", filter=Q(state=Job.State.WAITING)),
        running=Count("id", filter=Q(state=Job.State.RUNNING)),
        dead=Count("id", filter=Q(state=Job.State.DEAD)),
        oldest_due=Min("run_at", filter=Q(state=Job.State.WAITING, run_at__lte=now)),
    )
    messages = Message.objects.aggregate(
        waiting=Count("id", filter=Q(delivered_at__isnull=True)),
        oldest=Min("created_at", filter=Q(delivered_at__isnull=True)),
        last=Max("delivered_at"),
    )
    keys = _signing_keys(now)
    migrations = _migrations_waiting()
    environment = settings.HOSPES
    return System(
        versions=_versions(),
        database=_database(),
        migrations_waiting=migrations,
        counters="redis" if environment.redis_url else "memory",
        base_url=environment.base_url,
        data_dir=str(environment.data_dir),
        demo=environment.demo,
        development=environment.development,
        clock_offset=offset,
        trusted_proxies=tuple(str(network) for network in environment.trusted_proxies),
        jobs={state: jobs[state] for state in ("waiting", "running", "dead")},
        oldest_due=jobs["oldest_due"],
        events_waiting=OutboxEvent.objects.filter(dispatched_at__isnull=True).count(),
        last_scheduled=ScheduledRun.objects.aggregate(last=Max("last_run_at"))["last"],
        mail_server=_server(environment.mail_url),
        mail_from=environment.mail_from,
        messages_waiting=messages["waiting"],
        oldest_message=messages["oldest"],
        last_delivered=messages["last"],
        sealing_key=sealing.newest_key_name(),
        sealing_keys=len(settings.KEYS.key_encryption_keys),
        signing_keys=keys,
        faults=_faults(
            {
                "dead_jobs": bool(jobs["dead"]),
                "worker_late": jobs["oldest_due"] is not None
                and now - jobs["oldest_due"] > WORKER_LATE,
                "no_mail": not environment.mail_url
                and not (environment.demo or environment.development),
                "no_signing_keys": not any(key.present for key in keys),
                "migrations_waiting": bool(migrations),
                "clock_moved": bool(offset),
            }
        ),
    )


def _faults(found: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(code for code, wrong in found.items() if wrong)


def _versions() -> tuple[tuple[str, str], ...]:
    return (
        ("Hospes", hospes.__version__),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (platform.system(), platform.release()),
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT sqlite_version()")
                return f"SQLite {cursor.fetchone()[0]}"
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
    except DatabaseError:
        return connection.vendor


def _migrations_waiting() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _server(url: str) -> str:
    # Host and port only: the address may carry a password.
    parts = urlsplit(url)
    if not parts.hostname:
        return ""
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname


def _signing_keys(now: datetime) -> tuple[Signing, ...]:
    stamp = int(now.timestamp())
    rows = SigningKey.objects.filter(
        Q(published_until__isnull=True) | Q(published_until__gt=stamp)
    ).order_by("alg", "-signs_from")
    # The private half stays where it is.
    return tuple(
        Signing(
            kid=kid,
            alg=alg,
            signs_from=datetime.fromtimestamp(signs_from, UTC),
            published_until=datetime.fromtimestamp(until, UTC) if until is not None else None,
            present=signs_from <= stamp,
        )
        for kid, alg, signs_from, until in rows.values_list(
            "kid", "alg", "signs_from", "published_until"
        )
    )
