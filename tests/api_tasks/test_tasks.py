"""Asynchronous tasks: begun with the call, done once, told to their own account alone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from hospes.api.models import AsyncTask
from hospes.api.services import tasks
from hospes.foundation import worker
from hospes.foundation.errors import Denied
from hospes.foundation.models import Job
from hospes.foundation.services import jobs
from hospes.kit.faults import Fault, Refused
from support.api import data, error

KIND = "tests.work"
SCOPES = frozenset({"accounts:read", "accounts:write"})


class Work:
    """A kind whose function does what a test tells it."""

    def __init__(self):
        self.outcomes = []
        self.calls = 0

    def __call__(self, _task):
        self.calls += 1
        outcome = self.outcomes.pop(0) if self.outcomes else {"done": True}
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(tasks, "_kinds", dict(tasks._kinds))
    found = Work()
    tasks.register_kind(KIND, found, scopes=SCOPES, attributes={"name": "full_name"})
    return found


@pytest.fixture
def begin(house, work):
    def make(role="owner", organization=house.organization):
        return tasks.begin(KIND, house.people[role], organization, {})

    return make


def test_a_task_goes_from_spooled_to_executed(api, begin, clock):
    task = begin()
    there = f"/1/async/tasks/{task.uuid}"
    waiting = data(api().get(there))
    assert waiting["status"] == "spooled"
    assert (waiting["executed_at"], waiting["finished_at"], waiting["response"]) == (None,) * 3

    clock.move(timedelta(seconds=5))
    worker.drain()

    done = data(api().get(there))
    assert done == {
        **waiting,
        "status": "executed",
        "response": {"done": True},
        "updated_at": waiting["created_at"] + 5,
        "executed_at": waiting["created_at"] + 5,
        "finished_at": waiting["created_at"] + 5,
    }


def test_a_call_that_is_taken_back_leaves_no_task(begin):
    class Oops(Exception):
        pass

    @transaction.atomic
    def call():
        begin()
        raise Oops

    with pytest.raises(Oops):
        call()

    assert not AsyncTask.objects.exists()
    assert not Job.objects.filter(task=tasks.RUN).exists()


def test_a_kind_that_nobody_registered_is_not_begun(house):
    with pytest.raises(ValueError, match=r"tests\.nothing"):
        tasks.begin("tests.nothing", house.people["owner"], None, {})


def test_no_two_functions_are_one_kind(work):
    tasks.register_kind(KIND, work, scopes=SCOPES)
    with pytest.raises(ValueError, match="two functions"):
        tasks.register_kind(KIND, Work(), scopes=SCOPES)


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (Denied(), "access_denied"),
        (Refused(Fault("name", "too_long", {"max": 3}), Fault("x", "odd")), "validation_failed"),
    ],
)
def test_a_refusal_ends_a_task_as_failed(api, work, begin, refusal, code):
    work.outcomes = [refusal]
    task = begin()

    worker.drain()

    told = data(api().get(f"/1/async/tasks/{task.uuid}"))
    assert (told["status"], told["error"]["code"], told["response"]) == ("failed", code, None)
    if code == "validation_failed":
        assert told["error"]["errors"][0]["context"] == {
            "attribute": "full_name", "values": [], "max": 3,
        }  # fmt: skip
    assert told["finished_at"] is not None
    assert work.calls == 1


def test_an_accident_is_tried_again(work, begin, clock):
    work.outcomes = [RuntimeError("a cable")]
    task = begin()

    worker.drain()
    task.refresh_from_db()
    assert task.status == "running"
    clock.move(timedelta(minutes=1))
    worker.drain()

    task.refresh_from_db()
    assert (task.status, work.calls) == ("executed", 2)


def test_a_task_whose_worker_was_killed_is_begun_again(work, begin, clock):
    task = begin()
    # Taken, said to be running, and then the power went.
    job = jobs.claim()
    AsyncTask.objects.update(status="running", executed_at=job.created_at)

    clock.move(timedelta(minutes=6))
    worker.drain()

    task.refresh_from_db()
    assert (task.status, work.calls) == ("executed", 1)
    assert task.executed_at == job.created_at


def test_a_job_that_runs_twice_ends_its_task_once(work, begin):
    task = begin()
    worker.drain()
    tasks.run(task.uuid, 0)

    work.outcomes = [Denied()]
    tasks.run(task.uuid, 0)
    task.refresh_from_db()
    assert (task.status, task.error, work.calls) == ("executed", None, 1)


def test_what_others_work_on_is_looked_at_again(work, begin, clock):
    work.outcomes = [tasks.Later(), tasks.Later()]
    task = begin()
    worker.drain()
    task.refresh_from_db()
    assert (task.status, work.calls) == ("running", 1)

    for _ in range(2):
        clock.move(timedelta(seconds=10))
        worker.drain()

    task.refresh_from_db()
    assert (task.status, work.calls) == ("executed", 3)


def test_a_task_whose_job_is_dead_is_given_up(api, work, begin, clock):
    work.outcomes = [RuntimeError("a cable")] * 100
    task, other = begin(), begin()
    for _ in range(20):
        clock.move(timedelta(hours=3))
        Job.objects.filter(payload__task=other.uuid).update(run_at=clock.now() + timedelta(days=9))
        worker.drain()
    assert Job.objects.get(payload__task=task.uuid).state == Job.State.DEAD

    assert tasks.settle() == 1
    told = data(api().get(f"/1/async/tasks/{task.uuid}"))
    assert (told["status"], told["error"]["code"]) == ("failed", "unexpected_error")
    assert "cable" not in str(told)
    before = other.updated_at
    other.refresh_from_db()
    assert (other.status, other.updated_at) == ("spooled", before)


def test_ended_tasks_are_forgotten_when_the_number_says(begin, clock, set_number):
    begin()
    worker.drain()
    open_one = begin()
    set_number("api.task_days", 3)

    clock.move(timedelta(days=2))
    assert tasks.purge() == 0
    clock.move(timedelta(days=2))
    assert tasks.purge() == 1
    assert AsyncTask.objects.get() == open_one


# ---- whose they are --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["admin", "normal", "client", "stranger"])
def test_nobody_sees_another_account_s_tasks(api, begin, role):
    task = begin()

    assert data(api(role).get("/1/async/tasks")) == []
    assert error(api(role).get(f"/1/async/tasks/{task.uuid}")) == (404, "object_not_found")
    assert data(api(role).get("/1/async/tasks", **{"return": "total"})) == 0


def test_a_token_of_one_organization_sees_that_one_s_tasks(api, house, begin):
    here, nowhere = begin(), begin(organization=None)
    limited = api("owner", organization_id=house.organization.pk)

    assert [each["uuid"] for each in data(limited.get("/1/async/tasks"))] == [here.uuid]
    assert limited.get(f"/1/async/tasks/{nowhere.uuid}").status_code == 404
    elsewhere = api("owner", organization_id=house.elsewhere.pk)
    assert data(elsewhere.get("/1/async/tasks")) == []
    assert len(data(api().get("/1/async/tasks"))) == 2
    assert data(api("owner", product_ids=[house.shop.pk]).get("/1/async/tasks")) == []


def test_a_token_without_the_scope_reads_no_outcome(api, begin):
    task = begin()

    assert data(api("owner", "products:read").get("/1/async/tasks")) == []
    assert api("owner", "products:read").get(f"/1/async/tasks/{task.uuid}").status_code == 404
    assert len(data(api("owner", "accounts:write").get("/1/async/tasks"))) == 1


def test_whoever_left_an_organization_reads_no_outcome_there(api, house, begin):
    task = begin("normal")
    house.members["normal"].delete()

    assert data(api("normal").get("/1/async/tasks")) == []
    assert api("normal").get(f"/1/async/tasks/{task.uuid}").status_code == 404


def test_tasks_are_paged_ordered_and_narrowed(api, begin, clock):
    made = []
    for _ in range(3):
        made.append(begin().uuid)
        clock.move(timedelta(seconds=1))
    worker.drain()
    last = begin().uuid

    newest = data(api().get("/1/async/tasks"))
    assert [each["uuid"] for each in newest] == [last, *reversed(made)]
    assert [each["uuid"] for each in data(api().get("/1/async/tasks", limit=1, skip=1))] == made[2:]
    spooled = data(api().get("/1/async/tasks", **{"filter[status]": "spooled"}))
    assert [each["uuid"] for each in spooled] == [last]
    oldest = data(api().get("/1/async/tasks", order_by="created_at", order="asc"))
    assert [each["uuid"] for each in oldest] == [*made, last]


def test_what_is_no_task_is_not_found(api, begin):
    begin()
    assert api().get(f"/1/async/tasks/{uuid.uuid4()}").status_code == 404
    assert api().get("/1/async/tasks/nothing").status_code == 404
