from __future__ import annotations

import pytest
from django.db import transaction

from hospes.foundation import registry, worker
from hospes.foundation.models import Job, OutboxEvent
from hospes.foundation.services import outbox
from support.racing import race
from support.undoing import undone


@pytest.fixture
def heard(monkeypatch):
    """What two subscribers to ``tests.happened`` were told."""
    calls = []
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    monkeypatch.setattr(registry, "_subscribers", {})
    monkeypatch.setattr(registry, "_inline", {})
    for name in ("tests.first", "tests.second"):

        def listen(payload, name=name):
            calls.append((name, payload))

        listen.__qualname__ = name
        registry.task(name)(listen)
        registry.subscribe("tests.happened", name)
    return calls


def test_each_subscriber_hears_of_an_event_once(heard):
    with transaction.atomic():
        outbox.emit("tests.happened", {"number": 7})
    assert heard == []
    worker.drain()
    assert sorted(heard) == [("tests.first", {"number": 7}), ("tests.second", {"number": 7})]
    worker.drain()
    assert len(heard) == 2


def test_an_event_outside_a_transaction_is_refused(heard):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.emit("tests.happened", {})
    assert not OutboxEvent.objects.exists()


def test_an_event_of_an_undone_transaction_never_happened(heard):
    with pytest.raises(ZeroDivisionError):
        undone(lambda: outbox.emit("tests.happened", {}))
    worker.drain()
    assert heard == []


def test_an_event_nobody_listens_to_is_handed_on_to_nobody(heard):
    with transaction.atomic():
        outbox.emit("tests.unheard", {})
    worker.drain()
    assert not Job.objects.exists()
    assert OutboxEvent.objects.get().dispatched_at is not None


def test_an_inline_subscriber_runs_within_and_its_failure_undoes_all(heard):
    def refuse(payload):
        raise ZeroDivisionError

    registry.subscribe_inline("tests.happened", refuse)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.emit("tests.happened", {})
    assert not OutboxEvent.objects.exists()


def test_an_inline_subscriber_writes_into_the_same_transaction(heard):
    registry.subscribe_inline("tests.happened", lambda payload: heard.append(payload["number"]))
    with transaction.atomic():
        outbox.emit("tests.happened", {"number": 1})
        assert heard == [1]


def test_subscribing_twice_is_subscribing_once(heard):
    registry.subscribe("tests.happened", "tests.first")
    assert registry.subscribers("tests.happened") == ("tests.first", "tests.second")


def test_two_functions_cannot_be_the_same_task(heard):
    def usurper(payload):
        pass

    with pytest.raises(ValueError, match="two functions"):
        registry.task("tests.first")(usurper)


def test_workers_that_fan_out_at_once_make_one_job_each(heard):
    with transaction.atomic():
        for number in range(20):
            outbox.emit("tests.happened", {"number": number})
    results = race(lambda _: outbox.fan_out(limit=5), threads=6)
    while outbox.fan_out():
        pass
    assert all(isinstance(result, int) for result in results), results
    assert Job.objects.count() == 40
    assert not OutboxEvent.objects.filter(dispatched_at=None).exists()
