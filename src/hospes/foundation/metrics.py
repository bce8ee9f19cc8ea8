"""What the installation counts about itself, in Prometheus' terms."""

from __future__ import annotations

from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

__all__ = ["CONTENT_TYPE", "REGISTRY", "mail", "observe_request", "render", "sign_in"]

# One more series for each counter, telling when it began, serves nobody.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library's, without annotations
REGISTRY = CollectorRegistry()

_requests = Counter(
    "hospes_http_requests",
    "HTTP requests answered, by plane, method and status.",
    ("plane", "method", "status"),
    registry=REGISTRY,
)
_seconds = Histogram(
    "hospes_http_request_seconds",
    "Time from the first byte read to the answer, in seconds, by plane.",
    ("plane",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
_sign_ins = Counter(
    "hospes_sign_ins", "Sign-in attempts, by outcome.", ("outcome",), registry=REGISTRY
)
_messages = Counter(
    "hospes_messages",
    "Messages handed over by this process's worker, by channel and outcome.",
    ("channel", "outcome"),
    registry=REGISTRY,
)
_job_runs = Counter(
    "hospes_job_runs",
    "Attempts at jobs by this process's worker, by task and outcome.",
    ("task", "outcome"),
    registry=REGISTRY,
)
jobs = Gauge("hospes_jobs", "Jobs in the database, by state.", ("state",), registry=REGISTRY)
oldest_waiting_job_seconds = Gauge(
    "hospes_oldest_waiting_job_seconds",
    "How long the job that has been due longest waits, in seconds; 0 if none is due.",
    registry=REGISTRY,
)
events_waiting = Gauge(
    "hospes_events_waiting", "Events not yet handed on to their subscribers.", registry=REGISTRY
)
worker_beat_seconds = Gauge(
    "hospes_worker_beat_seconds",
    "How long ago this process's worker was last heard of, in seconds; -1 if it has none.",
    registry=REGISTRY,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe_request(plane: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request: the guard's hook. ``plane`` is ``page``, ``hot`` or ``guard``."""
    # Methods come from outside; what nobody defined must not make new time series.
    counter, histogram = _series(plane, method if method in _METHODS else "other", status)
    counter.inc()
    histogram.observe(seconds)


@cache
def _series(plane: str, method: str, status: int) -> tuple[Counter, Histogram]:
    # Few, and asked for with every answer; finding them costs more than counting.
    return _requests.labels(plane, method, str(status)), _seconds.labels(plane)


def sign_in(outcome: str) -> None:
    """Count one sign-in attempt; ``outcome`` is one of a few fixed words, such as ``ok``."""
    _sign_ins.labels(outcome).inc()


def message(channel: str, outcome: str) -> None:
    """Count one message handed over: ``delivered``, ``failed`` (for now) or ``refused``."""
    _messages.labels(channel, outcome).inc()


def mail(outcome: str) -> None:
    """Count one mail handed over: ``delivered``, ``failed`` (for now) or ``refused``."""
    message("mail", outcome)


def job_run(task: str, outcome: str) -> None:
    """Count one attempt at a job: ``done``, ``failed`` or ``dead``."""
    _job_runs.labels(task, outcome).inc()


def render() -> bytes:
    """Return every figure as Prometheus text (format 0.0.4)."""
    return generate_latest(REGISTRY)
