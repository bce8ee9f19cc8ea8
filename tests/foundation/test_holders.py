from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from hospes.foundation import clock
from hospes.foundation.models import Job
from hospes.foundation.services import holders, jobs


def holder_of(pid):
    host, space, _, _ = holders.mine().rsplit("/", 3)
    return f"{host}/{space}/{pid}/0badcafe"


@pytest.fixture
def ended_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_process_that_ended_is_gone(ended_process):
    assert holders.is_gone(holder_of(ended_process))


def test_a_process_whose_parent_has_not_noticed_its_end_is_gone():
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    try:
        # Its output ends with it; nobody has waited for it yet.
        assert process.stdout.read() == b""
        end = time.monotonic() + 10
        while not holders.is_gone(holder_of(process.pid)) and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(process.pid, 0)
        assert holders.is_gone(holder_of(process.pid))
    finally:
        process.stdout.close()
        process.wait()


def test_a_restart_under_the_same_number_is_another_process():
    assert holders.is_gone(holder_of(os.getpid()))
    assert not holders.is_gone(holders.mine())


def test_a_living_process_is_not_gone():
    assert not holders.is_gone(holder_of(os.getppid()))


@pytest.mark.parametrize("holder", ["", "elsewhere/1/2/3", "a/b", "x/y/z/w/v"])
def test_of_another_machine_nothing_is_known(holder):
    assert not holders.is_gone(holder)


def test_a_new_worker_frees_what_the_dead_one_held(ended_process):
    lease = clock.now() + timedelta(minutes=2)
    for key, holder in (("dead", holder_of(ended_process)), ("alive", holder_of(os.getppid()))):
        Job.objects.create(
            task="some.task",
            key=key,
            state=Job.State.RUNNING,
            attempts=1,
            run_at=clock.now(),
            created_at=clock.now(),
            leased_until=lease,
            held_by=holder,
        )
    assert jobs.release_of_the_dead() == 1
    states = dict(Job.objects.values_list("key", "state"))
    assert states == {"dead": "waiting", "alive": "running"}
