"""What people do with webhooks by hand, straight at the services; the guide for receivers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from webhooks.conftest import ORIGIN
from webhooks.test_delivering import set_number, state

from hospes.api.domain.webhooks import EVENTS, Draft
from hospes.api.models import Webhook, WebhookAttempt, WebhookDelivery
from hospes.api.services import webhooks as service
from hospes.api.services.webhooks_messages import replay, replay_failed, send_test
from hospes.foundation import clock as now
from hospes.foundation import worker
from hospes.foundation.models import AuditEntry
from hospes.kit.faults import Refused

GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture
def acting(owner):
    return {"acting_account": owner, "origin": ORIGIN}


def codes(refused):
    return [(fault.field, fault.code) for fault in refused.value.faults]


def noted(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_test_event_goes_to_one_webhook_alone(add, acting, receiver):
    add("/other")
    webhook = add(events=("organizations.team_created",)).webhook
    delivery = send_test(webhook, **acting)
    worker.drain()
    (got,) = receiver.got
    assert got.path == "/hook"
    assert (delivery.message.event, noted("api.webhook_tested")) == ("webhooks.test", 1)


def test_sending_by_hand_has_a_limit_that_can_be_changed(add, acting, receiver, clock):
    set_number("api.webhook_tests_per_hour", 2)
    webhook = add().webhook
    delivery = send_test(webhook, **acting)
    delivery = WebhookDelivery.objects.select_related("webhook", "message").get(pk=delivery.pk)
    worker.drain()
    replay(delivery, **acting)
    for again in (
        lambda: send_test(webhook, **acting),
        lambda: replay(delivery, **acting),
        lambda: replay_failed(webhook, since=now.now(), **acting),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert codes(refused) == [("", "too_often")]
        assert refused.value.faults[0].params == {"limit": 2}
    assert WebhookDelivery.objects.count() == 1
    send_test(add("/other").webhook, **acting)
    clock.move(timedelta(hours=2))
    send_test(webhook, **acting)


def test_a_delivered_message_goes_again_as_it_was(add, acting, receiver):
    delivery = send_test(add().webhook, **acting)
    worker.drain()
    replay(delivery, **acting)
    assert state() == [("waiting", 0)]
    worker.drain()
    assert (state(), WebhookAttempt.objects.count()) == ([("delivered", 1)], 2)
    assert receiver.got[0].body == receiver.got[1].body
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
    assert noted("api.webhook_replayed") == 1


def test_what_failed_since_then_goes_again(add, acting, receiver, clock):
    webhook = add().webhook
    send_test(webhook, **acting)
    service.disable(webhook, **acting)
    assert service.enable(webhook, **acting)
    clock.move(timedelta(days=2))
    webhook.refresh_from_db()
    send_test(webhook, **acting)
    service.disable(webhook, **acting)
    service.enable(webhook, **acting)
    webhook.refresh_from_db()
    assert replay_failed(webhook, since=now.now() - timedelta(days=1), **acting) == 1
    worker.drain()
    assert [found for found, _ in state()] == ["failed", "delivered"]
    assert replay_failed(webhook, since=now.now(), **acting) == 0
    assert noted("api.webhook_replayed") == 1


def test_one_that_is_off_sends_nothing(add, acting, receiver):
    webhook = add().webhook
    delivery = send_test(webhook, **acting)
    assert service.disable(webhook, **acting)
    assert not service.disable(webhook, **acting)
    assert noted("api.webhook_disabled") == 1
    webhook.refresh_from_db()
    delivery = WebhookDelivery.objects.select_related("webhook", "message").get(pk=delivery.pk)
    for send in (
        lambda: send_test(webhook, **acting),
        lambda: replay(delivery, **acting),
        lambda: replay_failed(webhook, since=now.now() - timedelta(days=1), **acting),
    ):
        with pytest.raises(Refused) as refused:
            send()
        assert codes(refused) == [("", "disabled")]
    worker.drain()
    assert (receiver.got, state()) == ([], [("failed", 0)])
    assert service.enable(webhook, **acting)
    assert not service.enable(webhook, **acting)
    assert noted("api.webhook_enabled") == 1


def test_changing(add, acting):
    add("/other")
    webhook = add().webhook
    same = Draft(webhook.url, webhook.description)
    assert not service.change_webhook(webhook, same, **acting)
    assert noted("api.webhook_changed") == 0
    taken = Draft(webhook.url.replace("/hook", "/other"))
    for draft, code in ((taken, "already_there"), (Draft("http://shop.example/"), "https_only")):
        with pytest.raises(Refused) as refused:
            service.change_webhook(webhook, draft, **acting)
        assert codes(refused) == [("url", code)]
    assert Webhook.objects.get(pk=webhook.pk).url == same.url
    event = ("organizations.team_created",)
    assert service.change_webhook(webhook, Draft(webhook.url, "new", event), **acting)
    stored = Webhook.objects.get(pk=webhook.pk)
    assert (stored.description, stored.events) == ("new", list(event))
    entry = AuditEntry.objects.get(action="api.webhook_changed")
    assert entry.detail["changed"] == ["description", "events"]


def test_deleting_takes_the_log_along(add, acting, receiver):
    webhook = add().webhook
    send_test(webhook, **acting)
    service.delete_webhook(webhook, **acting)
    worker.drain()
    assert not Webhook.objects.exists()
    assert not WebhookDelivery.objects.exists()
    assert (receiver.got, noted("api.webhook_deleted")) == ([], 1)


def test_the_guide_names_every_event():
    told = re.findall(r"^\| (organizations\.\w+) \|", GUIDE.read_text(), re.MULTILINE)
    assert tuple(told) == EVENTS


def test_the_guides_check_by_hand_works(add, acting, receiver):
    added = add()
    send_test(added.webhook, **acting)
    worker.drain()
    (got,) = receiver.got
    code = re.search(r"### By hand\n```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert code is not None
    names = {}
    exec(code[1], names)  # noqa: S102 - our own guide
    assert names["is_ours"](added.secret, got.headers, got.body)
    assert not names["is_ours"](added.secret, got.headers, got.body + b" ")
    late = {**got.headers, "webhook-timestamp": "1"}
    assert not names["is_ours"](added.secret, late, got.body)
