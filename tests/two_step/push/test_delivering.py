"""Reaching phones: over TLS to a push service that opens the payloads and has faults."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from hospes.foundation.gateways import web_push
from hospes.foundation.models import AuditEntry, Job
from hospes.identity.models import Authenticator, Challenge
from hospes.identity.services.two_step import challenges, methods, push_delivery
from hospes.kit.origin import SYSTEM
from support import two_step
from support.people import PASSWORD
from support.phones import Phone, give_phone, remove, row_of
from support.push_service import HOST, Browser, PushService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hospes.identity.models import Account
    from support.mailbox import Mailbox
    from support.moving import Clock
    from support.site import Site


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    monkeypatch.setattr(
        settings, "HOSPES", dataclasses.replace(settings.HOSPES, push_hosts=(HOST,))
    )
    with PushService(tmp_path) as running:
        monkeypatch.setattr(web_push, "CLIENT", running.client())
        yield running


@pytest.fixture
def account(make_account: Any) -> Account:
    made: Account = make_account()
    return made


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def phone(account: Account, browser: Browser) -> Phone:
    return give_phone(account, subscription=browser.subscription)


def ask(site: Site, account: Account) -> Challenge:
    two_step.enter(site, account.email)
    site.follow()
    return Challenge.objects.latest("pk")


def jobs() -> list[str]:
    found = Job.objects.filter(task=challenges.TELL_PHONE).order_by("pk")
    return list(found.values_list("state", flat=True))


def test_the_phone_is_told_encrypted_and_signed(
    site: Site, account: Account, phone: Phone, browser: Browser, service: PushService,
    mailbox: Mailbox,
) -> None:  # fmt: skip
    asked = ask(site, account)
    mailbox.deliver()
    (message,) = service.received
    assert browser.open(message) == {
        "type": "2fa:push_challenge:approval",
        "topic": "2fa:push_challenge",
        "purpose": "sign_in",
        "user_id": account.public_id,
        "uuid": asked.public_id,
        "account": account.email,
        "application": "",
        "place": "",
        "expires_at": int(asked.expires_at.timestamp()),
        "number_required": True,
    }
    assert message.headers["urgency"] == "high"
    assert 280 < int(message.headers["ttl"]) <= 300
    assert message.headers["content-encoding"] == "aes128gcm"
    assert len(message.headers["topic"]) == 32
    assert message.claims["aud"] == f"https://{HOST}"
    assert message.claims["sub"] == "https://hospes.test"
    assert 0 < message.claims["exp"] - time.time() <= 24 * 3600
    # Phones subscribe to the very key that signs.
    told = phone.ask("GET", "2fa/push/key").json()["data"]["vapid_public_key"]
    assert message.key == told
    for secret in (account.email, asked.public_id, asked.number.join('""')):
        assert secret.encode() not in message.body


def test_another_key_cannot_open_it(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox
) -> None:
    ask(site, account)
    mailbox.deliver()
    with pytest.raises(Exception, match=r".*"):
        Browser().open(service.received[0])


def test_each_phone_is_told_and_the_one_that_only_asks_is_not(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox
) -> None:
    tablet = Browser("/send/two")
    give_phone(account, subscription=tablet.subscription)
    give_phone(account)
    ask(site, account)
    mailbox.deliver()
    assert sorted(message.path for message in service.received) == ["/send/one", "/send/two"]
    assert len({message.headers["topic"] for message in service.received}) == 2


def test_an_expired_question_is_not_sent(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    clock: Clock,
) -> None:  # fmt: skip
    ask(site, account)
    clock.move(timedelta(minutes=6))
    mailbox.deliver()
    assert service.received == []
    assert jobs() == ["done"]


@pytest.mark.parametrize("how", ["answered", "overtaken", "removed"])
def test_what_needs_no_answer_any_more_is_not_sent(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox, how: str
) -> None:
    two_step.add_method(account)
    asked = ask(site, account)
    if how == "answered":
        found = phone.challenge()
        assert found is not None
        phone.refuse(found)
    elif how == "overtaken":
        challenges.withdraw_all(account.pk)
    else:
        remove(phone)
    mailbox.deliver()
    assert service.received == []
    assert Challenge.objects.get() == asked


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_has_ended_is_forgotten(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox, status: int
) -> None:
    service.answers = [status]
    ask(site, account)
    mailbox.deliver()
    assert jobs() == ["done"]
    assert row_of(phone).push_sealed == ""
    assert phone.ask("GET", "1/devices/current").json()["data"]["push"] is False
    assert AuditEntry.objects.filter(action="identity.push_ended").count() == 1
    # It still answers by asking itself.
    assert phone.challenge() is not None


def test_a_subscription_renewed_meanwhile_stays(
    account: Account, phone: Phone, service: PushService
) -> None:
    old = row_of(phone)
    fresh = Browser("/send/new").subscription
    push = {"endpoint": fresh.endpoint, "keys": {"p256dh": fresh.p256dh, "auth": fresh.auth}}
    assert phone.ask("PATCH", "1/devices/current", {"push": push}).status_code == 200
    service.answers = [410]
    push_delivery._send(old, {"type": "x"}, seconds=60, urgency="high")
    assert row_of(phone).push_sealed != ""
    assert not AuditEntry.objects.filter(action="identity.push_ended").exists()


@pytest.mark.parametrize("fault", [429, 500, 503, "hang up"])
def test_what_may_pass_is_tried_again(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    clock: Clock, fault: int | str,
) -> None:  # fmt: skip
    service.answers = [fault, fault]
    ask(site, account)
    mailbox.deliver()
    assert jobs() == ["waiting"]
    clock.move(timedelta(seconds=10))
    mailbox.deliver()
    clock.move(timedelta(seconds=20))
    mailbox.deliver()
    assert jobs() == ["done"]
    assert len(service.received) == 3
    assert [int(message.headers["ttl"]) for message in service.received] == sorted(
        (int(message.headers["ttl"]) for message in service.received), reverse=True
    )
    assert row_of(phone).push_sealed


def test_it_is_tried_again_only_while_it_makes_sense(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    clock: Clock,
) -> None:  # fmt: skip
    service.answers = [500] * 50
    ask(site, account)
    for _ in range(12):
        mailbox.deliver()
        clock.move(timedelta(minutes=1))
    assert jobs() == ["done"]
    assert 3 <= len(service.received) <= 8


@pytest.mark.parametrize("fault", [400, 403, 413, "redirect"])
def test_what_will_never_pass_is_given_up_and_nothing_is_followed(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    fault: int | str,
) -> None:  # fmt: skip
    service.answers = [fault]
    ask(site, account)
    mailbox.deliver()
    assert jobs() == ["dead"]
    assert [message.path for message in service.received] == ["/send/one"]
    assert row_of(phone).push_sealed


def test_a_service_that_drips_is_left_after_the_time_is_up(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(web_push, "CLIENT", service.client(seconds=0.5))
    service.answers = ["slow"]
    ask(site, account)
    begun = time.monotonic()
    mailbox.deliver()
    assert time.monotonic() - begun < 5
    assert jobs() == ["waiting"]


def test_a_host_taken_off_the_list_is_not_asked(
    site: Site, account: Account, phone: Phone, service: PushService, mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ask(site, account)
    monkeypatch.setattr(
        settings, "HOSPES", dataclasses.replace(settings.HOSPES, push_hosts=("other.example",))
    )
    mailbox.deliver()
    assert service.received == []
    assert jobs() == ["dead"]


def test_a_phone_is_told_that_it_was_removed_then_forgotten(
    account: Account, phone: Phone, browser: Browser, service: PushService, mailbox: Mailbox
) -> None:
    row = row_of(phone)
    methods.remove(
        row.method, password=PASSWORD, acting_account=account, origin=SYSTEM, last_meant=True
    )
    mailbox.deliver()
    (message,) = service.received
    assert browser.open(message) == {
        "type": "2fa:method_removed",
        "user_id": account.public_id,
        "method_id": row.method.public_id,
        "account": account.email,
    }
    assert message.headers["urgency"] == "normal"
    assert Authenticator.objects.get(pk=row.pk).push_sealed == ""
    push_delivery.tell_of_removal(row.method_id)
    assert len(service.received) == 1


def test_the_subscription_is_sealed_and_moves_nowhere(account: Account, phone: Phone) -> None:
    from hospes.foundation import sealing
    from hospes.identity.services.two_step import phones

    row = row_of(phone)
    assert HOST not in row.push_sealed
    other = row_of(give_phone(account))
    other.push_sealed = row.push_sealed
    with pytest.raises(sealing.CannotOpen):
        phones.subscription_of(other)


def test_the_key_of_the_installation_is_private_and_stays(
    service: PushService, account: Account, phone: Phone
) -> None:
    path = settings.HOSPES.data_dir / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert web_push.public_key() == web_push.public_key()


def test_a_removal_that_cannot_be_told_is_tried_again_and_then_forgotten(
    account: Account, phone: Phone, service: PushService, mailbox: Mailbox, clock: Clock
) -> None:
    row = row_of(phone)
    service.answers = [503, 403]
    methods.remove(
        row.method, password=PASSWORD, acting_account=account, origin=SYSTEM, last_meant=True
    )
    mailbox.deliver()
    assert Authenticator.objects.get(pk=row.pk).push_sealed
    clock.move(timedelta(minutes=1))
    mailbox.deliver()
    assert len(service.received) == 2
    assert Authenticator.objects.get(pk=row.pk).push_sealed == ""


def test_requests_stand_in_the_copy_of_ones_data_and_are_tidied_up(
    site: Site, account: Account, phone: Phone, service: PushService, clock: Clock
) -> None:
    from hospes.identity.models import AuthenticatorLink
    from hospes.identity.services.two_step import links
    from hospes.identity.tasks import push as tasks

    asked = ask(site, account)
    links.begin(account, browser=None, origin=SYSTEM)
    (line,) = challenges.export(account)
    assert (line["state"], line["ip"]) == ("open", "192.0.2.10")
    clock.move(timedelta(minutes=6))
    tasks.tidy({})
    asked.refresh_from_db()
    assert asked.state == "expired"
    clock.move(timedelta(days=31))
    tasks.tidy({})
    assert not Challenge.objects.exists()
    assert not AuthenticatorLink.objects.exists()


@pytest.mark.parametrize(
    "host", ["evil.example\\.push.example", "a b.push.example", "a%2e.push.example"]
)
def test_a_host_that_two_readers_read_differently_is_none(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dataclasses.replace(settings.HOSPES, push_hosts=("*.push.example",))
    monkeypatch.setattr(settings, "HOSPES", known)
    assert web_push.is_known("https://a.push.example/x")
    assert not web_push.is_known(f"https://{host}/x")
