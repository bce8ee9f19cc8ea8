"""Inviting a thousand people with one call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.api.models import AsyncTask
from hospes.foundation import worker
from hospes.foundation.models import Job
from hospes.organizations.models import Invitation, InvitationList
from hospes.organizations.services import inviting_many
from support.api import data, error, faults


def person(number, **values):
    return {
        "email": f"p{number}@books.example",
        "first_name": "Nora",
        "last_name": "Whitfield",
        "locale": "fr_FR",
        "role_type": "normal",
        **values,
    }


@pytest.fixture
def path(house):
    return f"/1/accounts/{house.organization.pk}/invitations/bulk"


def begun(answer):
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert told["result"] == "asynchronous"
    return told["data"]


def test_people_are_invited_and_the_task_names_who_was_not(api, house, path, mailbox, clock):
    grants = {"products": [{"product_id": house.shop.pk, "rights": ["technical"]}]}
    people = [
        person(1, permissions=grants, strict=False),
        person(2, email="normal@house.example"),
        person(1),
        person(3, teams=[4711]),
        person(4),
    ]
    uuid = begun(api().post(path, {"invitations": people}))
    assert not Invitation.objects.exists()

    worker.drain()
    # The list has a lane of its own: the task looks at it again in a while.
    clock.move(timedelta(minutes=1))
    worker.drain()

    told = data(api().get(f"/1/async/tasks/{uuid}"))
    assert (told["status"], told["error"]) == ("executed", None)
    outcome = told["response"]
    assert (outcome["invited"], outcome["refused"]) == (2, 3)
    rows = outcome["invitations"]
    assert [each["index"] for each in rows] == [0, 1, 2, 3, 4]
    assert [each["status"] for each in rows] == [
        "invited", "refused", "refused", "refused", "invited",
    ]  # fmt: skip
    assert rows[1]["errors"][0]["context"]["attribute"] == "email"
    assert rows[3]["errors"][0]["context"]["attribute"] == "teams"
    first = Invitation.objects.get(pk=rows[0]["invitation_id"])
    assert (first.email, first.is_strict, first.language) == ("p1@books.example", False, "fr")
    assert first.grants.get().product_id == house.shop.pk
    assert Invitation.objects.count() == 2
    assert len(mailbox.to("p1@books.example")) == 1
    assert not mailbox.to("normal@house.example")


def test_a_thousand_are_taken_in_one_call(api, path):
    people = [person(number) for number in range(1000)]

    begun(api().post(path, {"invitations": people}))

    assert InvitationList.objects.get().rows.count() == 1000
    answer = api().post(path, {"invitations": [*people, person(1000)]})
    assert faults(answer) == {("invitations", "validation_rule_max")}
    assert InvitationList.objects.count() == 1


def test_every_fault_is_told_at_once_and_nothing_begins(api, path):
    both = {"products": [{"product_id": 1, "service_id": 1, "rights": ["technical"]}]}
    people = [person(1, permissions=both), person(2, silent=True), person(3)]

    assert faults(api().post(path, {"invitations": people})) == {
        ("invitations.0.permissions.products.0", "validation_rule_conflict"),
        ("invitations.1.silent", "validation_rule_prohibited"),
    }
    assert ("invitations.0.role_type", "validation_rule_in") in faults(
        api().post(path, {"invitations": [person(1, role_type="king")]})
    )
    assert faults(api().post(path, {"invitations": []})) == {("invitations", "validation_rule_min")}
    assert api().post(path, {"invitations": [person(1, email="nobody")]}).status_code == 422
    assert not AsyncTask.objects.exists()
    assert not InvitationList.objects.exists()


def test_the_same_key_begins_one_task(api, path):
    headers = {"Idempotency-Key": "k-1"}
    body = {"invitations": [person(1)]}

    first = begun(api().post(path, body, headers=headers))

    assert begun(api().post(path, body, headers=headers)) == first
    assert AsyncTask.objects.count() == 1


def test_what_the_limits_put_off_keeps_the_task_running(api, path, clock, set_number):
    set_number("organizations.invitations_per_person_per_hour", 1)
    uuid = begun(api().post(path, {"invitations": [person(1), person(2)]}))
    worker.drain()
    assert data(api().get(f"/1/async/tasks/{uuid}"))["status"] == "running"

    for _ in range(20):
        clock.move(timedelta(minutes=10))
        worker.drain()

    told = data(api().get(f"/1/async/tasks/{uuid}"))
    assert (told["status"], told["response"]["invited"]) == ("executed", 2)


def test_a_list_that_nobody_sends_any_longer_fails_its_task(api, path):
    uuid = begun(api().post(path, {"invitations": [person(1)]}))
    Job.objects.filter(task=inviting_many.SEND).update(state=Job.State.DEAD)

    worker.drain()

    told = data(api().get(f"/1/async/tasks/{uuid}"))
    assert (told["status"], told["error"]["code"]) == ("failed", "unexpected_error")


@pytest.mark.parametrize(
    ("role", "limits", "refusal"),
    [
        ("normal", {}, (403, "access_denied")),
        ("client", {}, (403, "access_denied")),
        ("stranger", {}, (404, "object_not_found")),
        ("owner", {"product_ids": [1]}, (403, "access_denied")),
    ],
)
def test_only_those_who_lead_invite(api, path, role, limits, refusal):
    answer = api(role, **limits).post(path, {"invitations": [person(1)]})

    assert error(answer) == refusal
    assert not AsyncTask.objects.exists()
    assert not InvitationList.objects.exists()


def test_reading_is_not_enough(api, path):
    answer = api("owner", "accounts:read").post(path, {"invitations": [person(1)]})

    assert error(answer) == (403, "forbidden")
    assert not AsyncTask.objects.exists()
