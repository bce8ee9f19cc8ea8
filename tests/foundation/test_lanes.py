"""Lanes: what waits for somebody outside holds up nothing but its own kind."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from hospes.foundation import registry, worker
from hospes.foundation.models import Job
from hospes.foundation.registry import Lane
from hospes.foundation.services import heartbeat, jobs, outbox
from support import run


@pytest.fixture
def tasks(monkeypatch):
    """Return the names of tasks that were done: one per lane, and ``tests.hang``, which waits."""
    done = []
    gate = threading.Event()
    begun = threading.Semaphore(0)
    monkeypatch.setattr(registry, "_tasks", {})
    monkeypatch.setattr(registry, "_schedule", {})
    monkeypatch.setattr(registry, "_subscribers", {"tests.happened": ["tests.webhooks"]})
    for lane in Lane:
        registry.task(f"tests.{lane}", lane=lane)(lambda _, name=lane: done.append(name))

    @registry.task("tests.hang", lane=Lane.WEBHOOKS)
    def hang(_payload):
        begun.release()
        assert gate.wait(20)

    tasks.done, tasks.gate, tasks.begun = done, gate, begun
    yield tasks
    gate.set()


@pytest.fixture
def working(tasks):
    """All lanes of one process, as ``hospes worker`` and ``hospes serve`` run them."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield thread
    stop.set()
    tasks.gate.set()
    worker.stop_waiting()
    thread.join(10)
    assert not thread.is_alive()
    assert heartbeat.silence() is None, "every lane said goodbye"


def test_a_job_is_written_into_its_tasks_lane(tasks):
    assert jobs.enqueue("tests.webhooks", {}).lane == Lane.WEBHOOKS
    assert jobs.enqueue("tests.nobody_does_it", {}).lane == Lane.MAIN
    with transaction.atomic():
        outbox.emit("tests.happened", {})
    outbox.fan_out()
    assert Job.objects.get(key__startswith="event:").lane == Lane.WEBHOOKS


def test_a_lane_takes_its_own_jobs_only(tasks):
    job = jobs.enqueue("tests.webhooks", {})
    assert jobs.claim(Lane.MAIN) is None
    assert jobs.claim(Lane.APPLICATIONS) is None
    assert jobs.claim(Lane.WEBHOOKS) == job


def test_drain_goes_along_every_lane(tasks):
    for lane in Lane:
        jobs.enqueue(f"tests.{lane}", {})
    assert worker.drain() == len(Lane)
    assert sorted(tasks.done) == sorted(Lane)


def test_what_hangs_holds_up_no_other_lane(tasks, working):
    for _ in range(worker.THREADS[Lane.WEBHOOKS]):
        jobs.enqueue("tests.hang", {})
        assert tasks.begun.acquire(timeout=5)
    for lane in Lane:
        jobs.enqueue(f"tests.{lane}", {})
    run.wait_until(lambda: len(tasks.done) == len(Lane) - 1, "the jobs of the other lanes")
    assert Lane.WEBHOOKS not in tasks.done
    tasks.gate.set()
    run.wait_until(lambda: len(tasks.done) == len(Lane), "the job that waited")
    assert working.is_alive()


def test_the_end_waits_for_the_job_at_hand_in_every_lane(tasks):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    job = jobs.enqueue("tests.hang", {})
    assert tasks.begun.acquire(timeout=5)
    stop.set()
    worker.stop_waiting()
    thread.join(0.5)
    assert thread.is_alive()
    tasks.gate.set()
    thread.join(5)
    assert not thread.is_alive()
    job.refresh_from_db()
    assert job.state == "done"
