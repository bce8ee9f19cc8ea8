from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction

from hospes.foundation import metrics, worker
from hospes.foundation.gateways.channels import NoChannel, channel_for
from hospes.foundation.models import Job, MailboxEntry, Message
from hospes.foundation.services import messages, rendering
from support.undoing import undone

LINK = "https://hospes.test/confirm?token=Zk3vYq9sT2mXw7Lp5RbN8dGh"
MAIL = messages.Mail(
    subject="Confirm your address",
    heading="Confirm your address",
    paragraphs=("Somebody gave this address.", "Was it you?"),
    action=("Confirm", LINK),
    facts=(("Device", "Firefox on Windows"), ("Address", "192.0.2.7")),
    code="493 021",
    after=("If it was not you, do nothing.",),
)


def send(**changes):
    values = {"to": "ada@customer.example", "locale": "en", "kind": "tests.mail"} | changes
    return messages.send_mail(MAIL, **values)


def test_a_mail_goes_to_the_mailbox_in_development(mailbox):
    send()
    assert MailboxEntry.objects.count() == 0
    (letter,) = mailbox.to("ada@customer.example")
    assert letter.subject == "Confirm your address"
    assert letter.links[0] == LINK
    for part in (letter.text, letter.html):
        for words in ("Was it you?", "Firefox on Windows", "493 021", "do nothing", "Alpenhost"):
            assert words in part


def test_a_mail_of_an_undone_transaction_never_leaves(mailbox):
    with pytest.raises(ZeroDivisionError):
        undone(send)
    assert mailbox.all() == []
    assert not Message.objects.exists()


def test_the_content_is_sealed_and_wiped_once_delivered(mailbox):
    message = send()
    message.refresh_from_db()
    stored = json.dumps(list(Message.objects.values()) + list(Job.objects.values()), default=str)
    for secret in ("Zk3vYq9sT2mXw7Lp5RbN8dGh", "493 021", "Was it you"):
        assert secret not in stored
    mailbox.deliver()
    message.refresh_from_db()
    assert message.content_sealed == ""
    assert message.delivered_at is not None


def test_a_message_delivered_already_is_not_delivered_again(mailbox):
    message = send()
    mailbox.deliver()
    messages.deliver({"message_id": message.pk})
    messages.deliver({"message_id": message.pk + 1})
    assert len(mailbox) == 1


def test_without_a_way_out_the_mail_waits_and_says_what_to_do(settings_with, mailbox, clock):
    settings_with(development=False, demo=False, mail_url="")
    message = send()
    worker.drain()
    job = Job.objects.get()
    assert job.state == "waiting"
    assert "HOSPES_MAIL_URL" in job.last_error
    message.refresh_from_db()
    assert message.content_sealed
    settings_with(development=True)
    clock.move(timedelta(minutes=1))
    assert len(mailbox) == 1


def test_a_message_that_does_not_open_is_dead(mailbox):
    first, second = send(), send(to="bob@customer.example")
    first.refresh_from_db()
    Message.objects.filter(pk=second.pk).update(content_sealed=first.content_sealed)
    mailbox.deliver()
    assert len(mailbox.to("ada@customer.example")) == 1
    assert mailbox.to("bob@customer.example") == []
    assert "does not open" in Job.objects.get(state="dead").last_error


def test_sms_and_push_go_the_same_way(mailbox):
    with transaction.atomic():
        messages.send_sms("Your code: 493021", to="+41791234567", locale="en", kind="tests.sms")
        messages.send_push("Sign in?", "Firefox", to="device-1", locale="en", kind="tests.push")
    mailbox.deliver()
    assert list(
        MailboxEntry.objects.order_by("channel").values_list(
            "channel", "recipient", "subject", "text", "html"
        )
    ) == [
        ("push", "device-1", "Sign in?", "Firefox", ""),
        ("sms", "+41791234567", "", "Your code: 493021", ""),
    ]


def test_sms_without_a_gateway_says_so(settings_with):
    settings_with(development=False, demo=False)
    with pytest.raises(NoChannel, match="HOSPES_SMS_URLS"):
        channel_for("sms")


def test_deliveries_are_counted(mailbox):
    def delivered():
        sample = 'hospes_messages_total{channel="mail",outcome="delivered"} '
        lines = metrics.render().decode().splitlines()
        return sum(float(line.removeprefix(sample)) for line in lines if line.startswith(sample))

    before = delivered()
    send()
    mailbox.deliver()
    assert delivered() == before + 1


def test_old_messages_go(clock, mailbox):
    send()
    mailbox.deliver()
    clock.move(timedelta(days=89))
    assert messages.purge() == 0
    clock.move(timedelta(days=2))
    assert messages.purge() == 2
    assert not Message.objects.exists()
    assert not MailboxEntry.objects.exists()


# ---- the look --------------------------------------------------------------------------------


def parts(**changes):
    import dataclasses

    content = dataclasses.asdict(dataclasses.replace(MAIL, **changes))
    return rendering.render(content, locale="fr")


def test_what_people_typed_is_text_in_the_html_and_untouched_in_the_text():
    text, html = parts(paragraphs=("Dear <b>Ada</b> & co,",))
    assert "Dear <b>Ada</b> & co," in text
    assert "Dear &lt;b&gt;Ada&lt;/b&gt; &amp; co," in html


def test_the_mail_is_in_its_language_and_loads_nothing():
    _, html = parts()
    assert '<html lang="fr"' in html
    for loader in ("<img", "<script", "<link", "url(", "@import", "src="):
        assert loader not in html


def test_a_short_mail_has_no_empty_parts():
    text, html = parts(action=None, facts=(), code="", after=())
    assert "\n\n\n" not in text
    assert '<a class="link"' not in html
    assert 'scope="row"' not in html
