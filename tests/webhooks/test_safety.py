"""Webhooks: addresses inside the house, two workers at once, a worker that dies."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.db import connections
from webhooks.conftest import ORIGIN
from webhooks.receiver import URL
from webhooks.test_delivering import happen, state

from hospes.api.domain.webhooks import Draft, address_fault
from hospes.api.gateways import webhooks as gateway
from hospes.api.models import Webhook, WebhookAttempt, WebhookDelivery
from hospes.api.services import webhooks_delivery
from hospes.api.services.webhooks import add_webhook
from hospes.foundation import numbers, worker
from hospes.foundation.gateways.outgoing import Outgoing
from hospes.foundation.models import NumberSetting
from hospes.kit.faults import Refused
from support.push_service import ADDRESS
from support.racing import race

INSIDE = ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fd00::1",
          "::ffff:10.0.0.8", "64:ff9b::a00:8", "100.64.0.1", "0.0.0.0"]  # fmt: skip  # noqa: S104 - asked for, not listened on


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_never_asked(add, organization, monkeypatch, address):
    def never(*_args):
        raise AssertionError("it was asked")

    monkeypatch.setattr(gateway, "CLIENT", Outgoing(resolve=lambda *_: [address], connect=never))
    add()
    happen(organization)
    worker.drain()
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error) == (None, "forbidden")


def test_a_name_that_leads_inside_the_second_time_is_asked_once(
    add, organization, receiver, monkeypatch, clock
):
    answers = [[ADDRESS], ["127.0.0.1"]]
    whole = receiver.client()
    asked = []

    def resolve(host, _port):
        asked.append(host)
        return answers.pop(0)

    monkeypatch.setattr(
        gateway, "CLIENT", Outgoing(resolve=resolve, connect=whole.connect, tls=whole.tls)
    )
    add()
    happen(organization)
    worker.drain()
    # What was looked at is what was connected to: one look per try.
    assert (len(asked), len(receiver.got)) == (1, 1)
    happen(organization)
    worker.drain()
    assert (len(asked), len(receiver.got)) == (2, 1)
    assert WebhookAttempt.objects.order_by("-pk")[0].error == "forbidden"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "required"),
        ("https://shop.example/" + "x" * 2000, "too_long"),
        ("http://shop.example/hook", "https_only"),
        ("ftp://shop.example/hook", "https_only"),
        ("https://shop.example:8443/hook", "https_only"),
        ("https://user:secret@shop.example/hook", "no_user"),
        ("https://shop.example/hook#part", "fragment"),
        ("https://127.0.0.1/hook", "not_public"),
        ("https://[::1]/hook", "not_public"),
        ("https://192.168.0.9/", "not_public"),
        ("https://localhost/hook", "not_public"),
        ("https://printer.local/hook", "not_public"),
        ("https://shop.example/a b", "not_an_address"),
        ("https://[nonsense/", "not_an_address"),
        ("https:///hook", "not_an_address"),
        ("http://127.0.0.1:9000/hook", "https_only"),
        ("https://shop.example/hook?token=1", ""),
    ],
)
def test_addresses(url, code):
    assert address_fault(url, loopback=False) == code


def test_only_a_development_installation_sends_to_this_machine(owner, organization, monkeypatch):
    assert address_fault("http://127.0.0.1:9000/hook", loopback=True) == ""
    assert address_fault("http://127.0.0.2:9000/hook", loopback=True) == "https_only"
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        monkeypatch.setattr(gateway, "loopback_allowed", lambda: False)
        result = gateway.send(f"http://127.0.0.1:{port}/", b"{}", {})
        assert result.error == "forbidden"
        listening.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_two_workers_send_a_message_once(add, organization, receiver):
    for number in range(5):
        add(f"/{number}")
    happen(organization)
    receiver.slow = {f"/{number}" for number in range(5)}
    timer = threading.Timer(1.0, receiver.gate.set)
    timer.start()
    race(lambda _number: webhooks_delivery.deliver_due(), threads=4)
    timer.join()
    assert sorted(got.path for got in receiver.got) == [f"/{number}" for number in range(5)]
    assert state() == [("delivered", 1)] * 5


def test_one_webhook_is_sent_to_by_one_at_a_time(add, organization, receiver):
    add()
    for _ in range(6):
        happen(organization)
    lock, at_once, most = threading.Lock(), [0], [0]
    genuine = gateway.send

    def counted(*args):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.05)
        try:
            return genuine(*args)
        finally:
            with lock:
                at_once[0] -= 1

    gateway.send = counted
    try:
        race(lambda _number: webhooks_delivery.deliver_due(), threads=3)
    finally:
        gateway.send = genuine
    assert (len(receiver.got), most[0]) == (6, 1)


def test_a_slow_receiver_holds_up_nobody_else(add, organization, receiver):
    add("/slow")
    for number in range(3):
        add(f"/{number}")
    receiver.slow = {"/slow"}
    for _ in range(4):
        happen(organization)

    def deliver():
        webhooks_delivery.deliver_due()
        connections.close_all()

    running = threading.Thread(target=deliver)
    running.start()
    try:
        ends = time.monotonic() + 8
        while len(receiver.got) < 13 and time.monotonic() < ends:
            time.sleep(0.02)
        got = [got.path for got in receiver.got]
        assert (got.count("/slow"), len(got)) == (1, 13)
    finally:
        receiver.gate.set()
        running.join(30)
        worker.drain()
    assert {found for found, _ in state()} == {"delivered"}


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_id(
    add, organization, receiver, clock, monkeypatch
):
    add()
    happen(organization)

    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(webhooks_delivery, "finish", die)
        with pytest.raises(Killed):
            webhooks_delivery.deliver_due()
    assert len(receiver.got) == 1
    # Nobody knows yet whether it is alive.
    worker.drain()
    assert (len(receiver.got), state()) == (1, [("waiting", 1)])
    clock.move(webhooks_delivery.LEASE + timedelta(seconds=1))
    worker.drain()
    assert (len(receiver.got), state()) == (2, [("delivered", 2)])
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]


def test_what_comes_late_does_not_undo_what_came_meanwhile(add, organization, receiver, clock):
    add()
    happen(organization)
    (slow,) = webhooks_delivery.take_due(8)
    clock.move(webhooks_delivery.LEASE + timedelta(seconds=1))
    worker.drain()
    assert state() == [("delivered", 2)]
    webhooks_delivery.finish(slow, gateway.Result(500, "", 1))
    assert state() == [("delivered", 2)]
    assert WebhookDelivery.objects.get().next_at is None


def test_a_webhook_deleted_while_it_is_sent_to_leaves_nothing(add, organization, receiver):
    added = add()
    happen(organization)
    (sending,) = webhooks_delivery.take_due(8)
    added.webhook.delete()
    webhooks_delivery.finish(sending, gateway.Result(204, "", 1))
    assert WebhookAttempt.objects.count() == 0


def test_an_organization_has_a_number_of_webhooks(add, owner, organization, clock):
    NumberSetting.objects.create(
        key="api.webhooks_per_organization", value=3, updated_at="2026-01-01T00:00:00Z"
    )
    numbers.forget()

    def another(number):
        return add_webhook(
            Draft(f"{URL}/{number}"),
            organization=organization,
            acting_account=owner,
            origin=ORIGIN,
        )

    results = race(another, threads=6)
    refused = [each for each in results if isinstance(each, Refused)]
    assert (Webhook.objects.count(), len(refused)) == (3, 3), results
    assert all(each.has("", "too_many_webhooks") for each in refused)


def test_one_webhook_per_address(add, owner, organization):
    add()
    with pytest.raises(Refused) as refused:
        add()
    assert refused.value.has("url", "already_there")
    assert Webhook.objects.count() == 1
