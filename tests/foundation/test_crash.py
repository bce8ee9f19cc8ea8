"""A worker that is killed outright."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction

from hospes.foundation import registry, worker
from hospes.foundation.models import Job, MailboxEntry
from hospes.foundation.services import jobs, messages, outbox

pytestmark = pytest.mark.crash

WORKER = """
import sys, time
import django
django.setup()
from hospes.foundation import registry, worker

registry._tasks.pop({task!r}, None)
registry.subscribe("tests.crash", {task!r})

@registry.task({task!r})
def hang(payload):
    print("begun", flush=True)
    time.sleep(60)

worker.drain()
"""


def killed_during(task):
    """Run a worker in a process of its own and kill it while it is at ``task``."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER.format(task=task)], stdout=subprocess.PIPE, env=os.environ
    ) as process:
        assert process.stdout.readline() == b"begun\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)


def test_a_job_whose_worker_was_killed_is_done_by_the_next(clock, monkeypatch):
    done = []
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    registry.task("tests.crash")(done.append)
    with transaction.atomic():
        jobs.enqueue("tests.crash", {"n": 1})
    killed_during("tests.crash")
    assert Job.objects.get().state == "running"
    assert worker.drain() == 0
    clock.move(registry.DEFAULT_LEASE + timedelta(seconds=1))
    assert worker.drain() == 1
    assert done == [{"n": 1}]
    assert Job.objects.get().state == "done"


def test_a_mail_whose_worker_was_killed_is_delivered_once(clock):
    with transaction.atomic():
        messages.send_mail(
            messages.Mail("Subject", "Heading", ("Paragraph",)),
            to="ada@customer.example",
            locale="en",
            kind="tests.mail",
        )
    killed_during(messages.DELIVER)
    clock.move(timedelta(minutes=3))
    worker.drain()
    worker.drain()
    assert MailboxEntry.objects.count() == 1


def test_an_event_handed_on_before_the_kill_is_not_handed_on_twice(clock, monkeypatch):
    done = []
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    monkeypatch.setattr(registry, "_subscribers", {"tests.crash": ["tests.crash"]})
    registry.task("tests.crash")(done.append)
    with transaction.atomic():
        outbox.emit("tests.crash", {"n": 1})
    killed_during("tests.crash")
    clock.move(timedelta(minutes=3))
    worker.drain()
    assert done == [{"n": 1}]
    assert Job.objects.count() == 1
