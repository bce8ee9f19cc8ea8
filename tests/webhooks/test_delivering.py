"""Webhooks: what is sent, how it is signed, and what happens when it is not taken."""

from __future__ import annotations

import datetime as dt
import json
from datetime import timedelta

import pytest
import standardwebhooks
from django.db import transaction
from webhooks.conftest import ORIGIN

from hospes.api.domain.backoff import DELAYS
from hospes.api.domain.webhooks import EVENTS
from hospes.api.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookMessage
from hospes.api.services import webhooks as service
from hospes.api.services import webhooks_delivery, webhooks_messages
from hospes.foundation import numbers, worker
from hospes.foundation.models import AuditEntry, Job, NumberSetting
from hospes.foundation.services import outbox
from support.organizations import join, make_organization, make_product
from support.undoing import undone

JOINED = "organizations.member_joined"


@transaction.atomic
def happen(organization, event=JOINED, actor=None, **values):
    outbox.emit(
        event,
        {
            "organization_id": organization.pk,
            "actor_id": actor.pk if actor else None,
            **values,
        },
    )


def set_number(key, value):
    from hospes.foundation import clock as now

    NumberSetting.objects.create(key=key, value=value, updated_at=now.now())
    numbers.forget()


def state():
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", "attempts"))


def test_an_independent_library_reads_what_is_sent(
    add, organization, owner, receiver, make_account
):
    secret = add().secret
    new = make_account(email="ben@customer.example", first_name="Ben")
    happen(organization, actor=owner, account_id=new.pk, role="normal")
    assert receiver.got == []
    worker.drain()
    (got,) = receiver.got
    said = standardwebhooks.Webhook(secret).verify(got.body, got.headers)
    assert said["type"] == JOINED
    assert said["data"] == {
        "organization": {"id": organization.pk, "name": organization.name},
        "actor": {"id": owner.pk, "name": owner.name, "email": owner.email},
        "user": {"id": new.pk, "name": "Ben Keller", "email": "ben@customer.example"},
        "role": "normal",
    }
    moment = dt.datetime.fromisoformat(said["timestamp"])
    assert abs(dt.datetime.now(dt.UTC) - moment) < timedelta(minutes=1)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == WebhookMessage.objects.get().message_id
    assert state() == [("delivered", 1)]
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error) == (204, "")
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(got.body + b" ", got.headers)


def test_every_event_has_its_words(add, organization, owner, receiver):
    add()
    product = make_product(organization, name="bergblume.example")
    extra = {
        "organizations.product_created": {"product_id": product.pk},
        "organizations.product_changed": {"product_id": 10**9},
        "organizations.team_created": {"team_id": 7, "name": "Shop"},
        "organizations.team_members_changed": {
            "team_id": 7,
            "added": [owner.pk],
            "removed": [10**9],
        },
        "organizations.grants_changed": {"holder": f"member:{owner.pk}"},
        "organizations.invitation_created": {"invitation_id": 9, "email": "c@customer.example"},
        "organizations.two_step_required_changed": {"required": True},
        "organizations.invitation_accepted": {
            "invitation_id": 9,
            "email": "c@customer.example",
            "account_id": owner.pk,
        },
        "organizations.member_joined": {"account_id": owner.pk, "role": "normal"},
        "organizations.member_left": {"account_id": 10**9},
        "organizations.member_removed": {"account_id": 10**9},
        "organizations.member_role_changed": {
            "account_id": owner.pk,
            "role": "owner",
            "old_role": "admin",
        },
    }
    for event in EVENTS:
        happen(organization, event, **extra.get(event, {}))
    worker.drain()
    said = {body["type"]: body["data"] for body in (json.loads(got.body) for got in receiver.got)}
    assert set(said) == set(EVENTS)
    assert said["organizations.product_created"]["product"]["name"] == "bergblume.example"
    assert said["organizations.product_changed"]["product"] == {"id": 10**9}
    assert said["organizations.team_created"]["team"] == {"id": 7, "name": "Shop"}
    changed = said["organizations.team_members_changed"]
    assert changed["added"][0]["name"] == owner.name
    assert changed["removed"] == [{"id": 10**9}]
    assert said["organizations.grants_changed"]["user"]["email"] == owner.email
    invited = said["organizations.invitation_created"]["invitation"]
    assert invited == {"id": 9, "email": "c@customer.example"}
    assert said["organizations.two_step_required_changed"]["required"] is True


def test_only_chosen_events_and_only_of_its_own_organization(
    add, organization, receiver, make_account
):
    add(events=("organizations.team_deleted",))
    happen(organization)
    happen(make_organization(make_account()), "organizations.team_deleted", team_id=1, name="x")
    worker.drain()
    assert (receiver.got, WebhookMessage.objects.count()) == ([], 0)
    happen(organization, "organizations.team_deleted", team_id=1, name="x")
    worker.drain()
    assert len(receiver.got) == 1


def test_what_did_not_come_to_pass_is_not_told(add, organization, receiver):
    add()
    with pytest.raises(ZeroDivisionError):
        undone(lambda: happen(organization))
    worker.drain()
    assert (receiver.got, WebhookMessage.objects.count()) == ([], 0)


def test_without_a_webhook_an_event_costs_one_query(organization):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        transaction.atomic(),
    ):
        webhooks_messages.announce(JOINED, {"organization_id": organization.pk})
    asked = [q for q in queries if "SELECT" in q["sql"]]
    assert len(asked) == 1
    assert Job.objects.filter(task=webhooks_messages.DELIVER).count() == 0


def test_what_is_not_taken_is_tried_again_with_the_same_id_by_the_schedule(
    add, organization, receiver, clock
):
    add()
    receiver.answers["/hook"] = [500, "hang up", "redirect", 404, 429]
    happen(organization)
    worker.drain()
    for number, delay in enumerate(DELAYS[1:6], start=1):
        assert state() == [("waiting", number)]
        clock.move(delay - timedelta(seconds=1))
        worker.drain()
        assert len(receiver.got) == number, "not before its time"
        clock.move(delay / 10 + timedelta(seconds=2))
        worker.drain()
    assert state() == [("delivered", 6)]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert {got.path for got in receiver.got} == {"/hook"}, "no redirect is followed"
    tried = WebhookAttempt.objects.order_by("pk").values_list("status", "error")
    assert list(tried) == [
        (500, ""), (None, "unreachable"), (302, ""), (404, ""), (429, ""), (204, ""),
    ]  # fmt: skip
    assert WebhookAttempt.objects.order_by("pk")[0].excerpt == "thank you"
    assert Webhook.objects.get().failing_since is None


def test_the_last_try_fails(add, organization, receiver, clock):
    add()
    set_number("api.webhook_failing_days", 90)
    receiver.answers["/hook"] = [500] * 20
    happen(organization)
    for _ in range(15):
        worker.drain()
        clock.move(timedelta(hours=27))
    assert state() == [("failed", 10)]
    assert len(receiver.got) == 10
    assert Webhook.objects.get().disabled_at is None


def test_a_receiver_that_asks_for_time_gets_it(add, organization, receiver, clock):
    add()
    receiver.answers["/hook"] = [503]
    receiver.retry_after = "3600"
    happen(organization)
    worker.drain()
    clock.move(timedelta(minutes=59))
    worker.drain()
    assert len(receiver.got) == 1
    clock.move(timedelta(minutes=2))
    worker.drain()
    assert len(receiver.got) == 2


def test_a_receiver_that_is_gone_is_switched_off_and_those_who_lead_are_told(
    add, organization, receiver, mailbox, make_account
):
    webhook = add().webhook
    join(organization, make_account(email="admin@customer.example", locale="de"), "admin")
    join(organization, make_account(email="plain@customer.example"), "normal")
    receiver.answers["/hook"] = [410]
    happen(organization)
    worker.drain()
    webhook.refresh_from_db()
    assert (webhook.disabled_because, state()) == ("gone", [("failed", 1)])
    mailbox.deliver()
    for address in ("anna@customer.example", "admin@customer.example"):
        assert f"/webhooks/{webhook.public_id}" in mailbox.to(address)[-1].text
    assert AuditEntry.objects.filter(action="api.webhook_gave_up").count() == 1
    happen(organization)
    worker.drain()
    assert len(receiver.got) == 1


def test_one_that_fails_for_days_is_switched_off(add, organization, receiver, clock):
    webhook = add().webhook
    set_number("api.webhook_failing_days", 2)
    receiver.answers["/hook"] = [500] * 50
    for _ in range(6):
        happen(organization)
        worker.drain()
        clock.move(timedelta(hours=10))
    webhook.refresh_from_db()
    assert webhook.disabled_because == "failing"
    assert {found for found, _ in state()} == {"failed"}


def test_two_secrets_sign_while_one_is_replaced(add, organization, owner, receiver, clock):
    added = add()
    new = service.rotate_secret(added.webhook, keep_old=True, acting_account=owner, origin=ORIGIN)
    happen(organization)
    worker.drain()
    for secret in (new, added.secret):
        standardwebhooks.Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)
    clock.move(timedelta(hours=25))
    happen(organization)
    worker.drain()
    signatures = receiver.got[1].headers["webhook-signature"].split()
    assert len(signatures) == 1
    webhooks_delivery.purge()
    assert Webhook.objects.get().old_secret_sealed == ""


def test_the_overlap_is_a_number(add, organization, owner, receiver, clock):
    set_number("api.webhook_secret_overlap_hours", 2)
    added = add()
    service.rotate_secret(added.webhook, keep_old=True, acting_account=owner, origin=ORIGIN)
    clock.move(timedelta(hours=3))
    assert len(service.secrets_of(Webhook.objects.get())) == 1


def test_what_was_told_is_forgotten_after_its_days_and_what_waits_is_not(
    add, organization, receiver, clock
):
    add()
    set_number("api.webhook_log_days", 7)
    happen(organization)
    worker.drain()
    clock.move(timedelta(days=6))
    webhooks_delivery.purge()
    assert WebhookMessage.objects.count() == 1
    clock.move(timedelta(days=2))
    add("/other")
    Webhook.objects.filter(url__endswith="/hook").update(disabled_at=None)
    webhooks_delivery.purge()
    assert WebhookMessage.objects.count() == 0
    happen(organization)
    clock.move(timedelta(days=9))
    webhooks_delivery.purge()
    assert WebhookMessage.objects.count() == 1
