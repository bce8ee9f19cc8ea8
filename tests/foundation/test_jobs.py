from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from hospes.foundation import clock as product_clock
from hospes.foundation import registry, worker
from hospes.foundation.errors import NotFound, PermanentFailure
from hospes.foundation.models import AuditEntry, Job, OutboxEvent
from hospes.foundation.registry import Lane
from hospes.foundation.services import jobs
from hospes.kit.origin import Origin
from support.racing import race
from support.undoing import undone

ORIGIN = Origin(ip="192.0.2.7", user_agent="Tests")


class Work:
    """A task whose next outcomes a test sets: an exception is raised, anything else is done."""

    def __init__(self):
        self.outcomes = []
        self.payloads = []

    def __call__(self, payload):
        self.payloads.append(payload)
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if isinstance(outcome, Exception):
                raise outcome


@pytest.fixture
def work(monkeypatch):
    task = Work()
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    monkeypatch.setitem(
        registry._tasks,
        "tests.work",
        registry.Task("tests.work", task, max_attempts=3, lease=timedelta(seconds=60)),
    )
    return task


def test_a_job_is_done_once(work):
    job = jobs.enqueue("tests.work", {"a": 1})
    assert worker.drain() == 1
    assert worker.drain() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("done", 1, "")
    assert job.finished_at is not None
    assert work.payloads == [{"a": 1}]


def test_a_job_of_an_undone_transaction_is_not_done(work):
    with pytest.raises(ZeroDivisionError):
        undone(lambda: jobs.enqueue("tests.work", {}))
    assert worker.drain() == 0


def test_a_job_waits_for_its_time(work, clock):
    jobs.enqueue("tests.work", {}, run_at=clock.now() + timedelta(hours=1))
    assert worker.drain() == 0
    clock.move(timedelta(hours=1))
    assert worker.drain() == 1


def test_a_job_with_a_key_is_enqueued_once_even_when_done(work):
    first = jobs.enqueue("tests.work", {"a": 1}, key="the-one")
    with transaction.atomic():
        assert jobs.enqueue("tests.work", {"a": 2}, key="the-one").pk == first.pk
    worker.drain()
    assert jobs.enqueue("tests.work", {"a": 3}, key="the-one").pk == first.pk
    assert worker.drain() == 0
    assert work.payloads == [{"a": 1}]


def test_a_key_asked_for_by_many_at_once_is_one_job(work):
    results = race(lambda number: jobs.enqueue("tests.work", {"n": number}, key="k").pk)
    assert len(set(results)) == 1, results
    assert Job.objects.count() == 1


def test_a_failed_job_is_tried_again_later_and_later(work, clock):
    work.outcomes = [ValueError("no"), ValueError("still no")]
    job = jobs.enqueue("tests.work", {})
    waits = []
    for _ in range(2):
        assert worker.drain() == 1
        job.refresh_from_db()
        assert job.state == "waiting"
        waits.append((job.run_at - clock.now()).total_seconds())
        assert worker.drain() == 0
        clock.move(job.run_at - clock.now())
    assert 2 <= waits[0] <= 5
    assert 4 <= waits[1] <= 10
    assert "ValueError: still no" in job.last_error
    assert worker.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("done", 3, "")


def test_a_job_that_fails_every_time_ends_on_the_dead_letter_list(work, clock):
    work.outcomes = [ValueError("no")] * 3
    job = jobs.enqueue("tests.work", {})
    for _ in range(5):
        worker.drain()
        clock.move(timedelta(hours=3))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 3)
    assert len(work.payloads) == 3


def test_a_job_that_can_never_succeed_is_dead_at_once(work):
    work.outcomes = [PermanentFailure("no such mailbox")]
    job = jobs.enqueue("tests.work", {})
    worker.drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", 1, "no such mailbox")


def test_a_task_nothing_here_does_is_kept_for_a_newer_release(work):
    job = jobs.enqueue("tests.unknown", {})
    worker.drain()
    job.refresh_from_db()
    assert job.state == "waiting"
    assert job.last_error == "nothing here does the task tests.unknown"


def test_the_written_down_error_is_cut_and_holds_no_secret(work):
    work.outcomes = [ValueError("x" * 5000 + " password=hunter2-and-more")]
    job = jobs.enqueue("tests.work", {})
    worker.drain()
    job.refresh_from_db()
    assert len(job.last_error) <= jobs.ERROR_LENGTH
    assert "hunter2" not in job.last_error
    assert "password=[removed]" in job.last_error


def test_a_job_whose_worker_vanished_is_taken_up_after_its_lease(work, clock):
    jobs.enqueue("tests.work", {})
    lost = jobs.claim()
    assert lost is not None
    assert jobs.claim() is None
    clock.move(timedelta(seconds=61))
    assert worker.drain() == 1
    assert Job.objects.get().attempts == 2


def test_a_worker_that_outlived_its_lease_changes_nothing(work, clock):
    jobs.enqueue("tests.work", {})
    slow = jobs.claim()
    clock.move(timedelta(seconds=61))
    jobs.release_abandoned()
    assert not jobs.finish(slow)
    quick = jobs.claim()
    assert not jobs.finish(slow)
    jobs.fail(slow, "too late", jitter=0)
    row = Job.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("running", 2, "")
    assert jobs.finish(quick)


def test_a_job_that_makes_its_workers_vanish_ends_as_dead(work, clock):
    jobs.enqueue("tests.work", {})
    for _ in range(3):
        assert jobs.claim() is not None
        clock.move(timedelta(seconds=61))
        assert jobs.release_abandoned() == 1
    worker.drain()
    job = Job.objects.get()
    assert (job.state, job.last_error) == ("dead", "its workers disappeared while they were at it")
    assert work.payloads == []


def test_jobs_are_begun_in_the_order_they_are_due(work, clock):
    for number in (3, 1, 2):
        jobs.enqueue("tests.work", {"n": number}, run_at=clock.now() + timedelta(minutes=number))
    clock.move(timedelta(minutes=5))
    worker.drain()
    assert [payload["n"] for payload in work.payloads] == [1, 2, 3]


@pytest.mark.parametrize("threads", [2, 8])
def test_workers_at_once_do_each_job_once(work, threads):
    for number in range(40):
        jobs.enqueue("tests.work", {"n": number})
    results = race(lambda _: worker.drain(), threads=threads)
    assert sum(results) == 40, results
    assert sorted(payload["n"] for payload in work.payloads) == list(range(40))
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


def test_one_job_is_claimed_by_one_of_many(work):
    jobs.enqueue("tests.work", {})
    results = race(lambda _: jobs.claim())
    assert sum(1 for result in results if result is not None) == 1, results


def test_staff_have_a_dead_job_tried_again(work):
    work.outcomes = [PermanentFailure("no")]
    job = jobs.enqueue("tests.work", {})
    worker.drain()
    jobs.retry_dead(job.pk, acting_account_id=5, origin=ORIGIN)
    assert worker.drain() == 1
    job.refresh_from_db()
    assert job.state == "done"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_account_id, entry.target, entry.ip) == (
        "foundation.job_retried",
        5,
        f"job:{job.pk}",
        "192.0.2.7",
    )
    assert entry.detail == {"task": "tests.work"}


def test_staff_discard_a_dead_job(work):
    work.outcomes = [PermanentFailure("no")]
    job = jobs.enqueue("tests.work", {})
    worker.drain()
    jobs.discard_dead(job.pk, acting_account_id=5, origin=ORIGIN)
    assert not Job.objects.exists()
    assert AuditEntry.objects.get().action == "foundation.job_discarded"


@pytest.mark.parametrize("act", [jobs.retry_dead, jobs.discard_dead])
def test_only_a_dead_job_is_retried_or_discarded(work, act):
    job = jobs.enqueue("tests.work", {})
    for job_id in (job.pk, job.pk + 1):
        with pytest.raises(NotFound):
            act(job_id, acting_account_id=5, origin=ORIGIN)
    assert Job.objects.get().state == "waiting"
    assert not AuditEntry.objects.exists()


def test_done_jobs_and_handed_on_events_go_after_their_days(work, clock):
    jobs.enqueue("tests.work", {})
    OutboxEvent.objects.create(
        name="tests.unheard", created_at=clock.now(), dispatched_at=clock.now()
    )
    worker.drain()
    dead = jobs.enqueue("tests.work", {})
    waiting = OutboxEvent.objects.create(name="tests.waiting", created_at=clock.now())
    work.outcomes = [PermanentFailure("no")]
    worker.perform(jobs.claim())
    clock.move(timedelta(days=7) - timedelta(minutes=1))
    assert jobs.purge() == 0
    clock.move(timedelta(minutes=2))
    assert jobs.purge() == 2
    assert Job.objects.get().pk == dead.pk
    assert OutboxEvent.objects.get().pk == waiting.pk


@given(st.integers(min_value=1, max_value=500), st.floats(min_value=0, max_value=1))
def test_the_pause_grows_within_its_bounds(attempts, jitter):
    pause = jobs.retry_delay(attempts, jitter)
    assert timedelta(seconds=2.5) <= pause <= jobs.LONGEST_DELAY
    assert jobs.retry_delay(attempts, 1.0) >= pause
    assert jobs.retry_delay(attempts + 1, jitter) >= pause


def test_claiming_asks_the_database_twice(work, count_queries):
    jobs.enqueue("tests.work", {})
    with count_queries() as asked:
        assert jobs.claim() is not None
    assert [query["sql"].split()[0] for query in asked if " " in query["sql"]] == [
        "SELECT",
        "UPDATE",
    ]


def test_an_idle_worker_writes_nothing(work, count_queries):
    with count_queries() as asked:
        assert worker.drain() == 0
    assert {query["sql"].split()[0] for query in asked} <= {"SELECT", "BEGIN", "COMMIT"}
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) == 2 + len(Lane)


def test_a_long_queue_is_read_by_its_index(work, django_plan):
    plan = django_plan(
        Job.objects.filter(state="waiting", lane="main", run_at__lte=product_clock.now()).order_by(
            "run_at", "id"
        )[:1]
    )
    assert "job_due" in plan
    assert "TEMP B-TREE" not in plan


def test_time_is_the_products(work, clock):
    clock.move(timedelta(days=400))
    job = jobs.enqueue("tests.work", {})
    assert abs(job.created_at - product_clock.now()) < timedelta(seconds=5)
