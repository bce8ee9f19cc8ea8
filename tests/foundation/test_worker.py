from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError, transaction

from hospes.foundation import registry, worker
from hospes.foundation.models import Job, ScheduledRun
from hospes.foundation.services import heartbeat, jobs, outbox
from support.racing import race

EVERY = timedelta(hours=1)


@pytest.fixture
def tasks(monkeypatch):
    """Two tasks, ``tests.tell`` and ``tests.beat``; the payloads they got, and an event at each."""

    class Told(list):
        bell = threading.Event()

        def tell(self, payload):
            self.append(payload)
            self.bell.set()

    told = Told()
    told.bell = threading.Event()
    monkeypatch.setattr(registry, "_tasks", {})
    monkeypatch.setattr(registry, "_subscribers", {"tests.happened": ["tests.tell"]})
    monkeypatch.setattr(registry, "_schedule", {})
    registry.task("tests.tell")(told.tell)
    return told


@pytest.fixture
def running():
    """Start workers in threads; they are stopped, and joined, at the end."""
    stop = threading.Event()
    threads = []

    def start(**options):
        thread = threading.Thread(target=worker.Worker(stop, **options).run)
        threads.append(thread)
        thread.start()
        return thread

    yield start
    stop.set()
    worker.stop_waiting()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def wait_for(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_a_worker_wakes_at_once_for_work_of_its_own_process(tasks, running):
    running(poll_seconds=30)
    assert wait_for(lambda: heartbeat.silence() is not None)
    time.sleep(0.1)
    began = time.monotonic()
    with transaction.atomic():
        outbox.emit("tests.happened", {"a": 1})
    assert tasks.bell.wait(5)
    assert time.monotonic() - began < 2
    assert tasks == [{"a": 1}]


def test_a_worker_finds_work_of_other_processes_at_its_next_look(tasks, running):
    running(poll_seconds=0.05)
    Job.objects.create(
        task="tests.tell",
        payload={"from": "elsewhere"},
        run_at=jobs.clock.now(),
        created_at=jobs.clock.now(),
    )
    assert tasks.bell.wait(5)


def test_a_worker_ends_when_it_is_told_and_leaves_no_beat(tasks):
    stop = threading.Event()
    thread = threading.Thread(target=worker.Worker(stop, poll_seconds=30).run)
    thread.start()
    assert wait_for(lambda: heartbeat.silence() is not None)
    stop.set()
    worker.stop_waiting()
    thread.join(5)
    assert not thread.is_alive()
    assert heartbeat.silence() is None


def test_a_worker_that_is_told_to_end_finishes_the_job_at_hand(tasks):
    begun, go_on = threading.Event(), threading.Event()

    @registry.task("tests.slow")
    def slow(payload):
        begun.set()
        assert go_on.wait(5)

    jobs.enqueue("tests.slow", {})
    jobs.enqueue("tests.tell", {}, run_at=jobs.clock.now() + timedelta(seconds=1))
    stop = threading.Event()
    thread = threading.Thread(target=worker.Worker(stop).run)
    thread.start()
    assert begun.wait(5)
    stop.set()
    go_on.set()
    thread.join(5)
    assert not thread.is_alive()
    assert Job.objects.get(task="tests.slow").state == "done"
    assert Job.objects.get(task="tests.tell").state == "waiting"


def test_a_worker_outlives_a_database_that_does_not_answer(tasks, running, monkeypatch):
    monkeypatch.setattr(worker, "_AFTER_FAILURE_SECONDS", 0.05)
    failures = [OperationalError("gone"), DatabaseError("gone still"), ZeroDivisionError()]
    genuine = jobs.claim

    def claim(lane):
        if failures:
            raise failures.pop()
        return genuine(lane)

    monkeypatch.setattr(jobs, "claim", claim)
    jobs.enqueue("tests.tell", {})
    running()
    assert tasks.bell.wait(5)
    assert failures == []


def test_a_job_that_breaks_does_not_stop_the_others(tasks, running):
    @registry.task("tests.break")
    def break_(payload):
        raise ZeroDivisionError

    jobs.enqueue("tests.break", {})
    jobs.enqueue("tests.tell", {})
    running()
    assert tasks.bell.wait(5)
    assert Job.objects.get(task="tests.break").state == "waiting"


def test_work_that_never_ends_is_noticed(tasks, monkeypatch):
    monkeypatch.setattr(worker, "_DRAIN_LIMIT", 20)

    @registry.task("tests.again")
    def again(payload):
        jobs.enqueue("tests.again", {})

    jobs.enqueue("tests.again", {})
    with pytest.raises(RuntimeError, match="does not end"):
        worker.drain()


# ---- the schedule ----------------------------------------------------------------------------


def test_a_scheduled_task_runs_once_per_period(tasks, clock):
    registry.schedule("tests.tell", EVERY)
    assert worker.run_once() == 2
    assert worker.run_once() == 0
    clock.move(EVERY - timedelta(seconds=5))
    assert worker.run_once() == 0
    clock.move(timedelta(seconds=6))
    assert worker.run_once() == 2
    assert len(tasks) == 2


def test_a_period_missed_is_made_up_for_once(tasks, clock):
    registry.schedule("tests.tell", EVERY)
    worker.run_once()
    clock.move(EVERY * 10)
    assert jobs.enqueue_scheduled() == 1
    assert jobs.enqueue_scheduled() == 0


def test_a_clock_that_was_moved_back_does_not_stop_the_schedule(tasks, clock):
    registry.schedule("tests.tell", EVERY)
    clock.move(timedelta(days=300))
    jobs.enqueue_scheduled()
    clock.move(timedelta(days=-300))
    assert jobs.enqueue_scheduled() == 1
    assert jobs.enqueue_scheduled() == 0


@pytest.mark.parametrize("known", [False, True])
def test_many_workers_start_a_period_once(tasks, clock, known):
    registry.schedule("tests.tell", EVERY)
    if known:
        jobs.enqueue_scheduled()
        clock.move(EVERY * 2)
        Job.objects.all().delete()
    results = race(lambda _: jobs.enqueue_scheduled())
    assert sorted(results) == [0] * 7 + [1], results
    assert Job.objects.count() == 1
    assert ScheduledRun.objects.count() == 1


def test_a_schedule_has_a_period():
    with pytest.raises(ValueError, match="longer than nothing"):
        registry.schedule("tests.tell", timedelta(0))
