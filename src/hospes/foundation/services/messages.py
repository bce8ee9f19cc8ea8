"""Messages to people: written in the transaction that wants them, delivered after it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, metrics, numbers, sealing
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.gateways.channels import channel_for
from hospes.foundation.gateways.letters import Letter
from hospes.foundation.models import MailboxEntry, Message
from hospes.foundation.registry import Lane, task
from hospes.foundation.services import rendering
from hospes.foundation.services.jobs import enqueue

if TYPE_CHECKING:
    from hospes.foundation.gateways.letters import Channel

DELIVER = "foundation.deliver_message"


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; its look is the same for all of them. Plain text throughout.

    ``action`` is a button's label and address, ``facts`` a list of names and values, ``code`` a
    code to type, ``after`` what comes below these. The sentences are in the reader's language.
    """

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    action: tuple[str, str] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    after: tuple[str, ...] = ()


def send_mail(mail: Mail, *, to: str, locale: str, kind: str, lane: Lane = Lane.MAIN) -> Message:
    """Write ``mail`` into the transaction that is open; it leaves after the commit.

    ``locale`` is the language it is written in; ``kind`` says what it is for (``identity.reset``).
    What is written to thousands at once takes the ``lane`` for that, so that whoever waits for a
    link to sign in does not wait for them.
    """
    return _send(Message.Channel.MAIL, asdict(mail), to=to, locale=locale, kind=kind, lane=lane)


def send_sms(text: str, *, to: str, locale: str, kind: str) -> Message:
    """Write an SMS of ``text`` to the number ``to`` (E.164) into the transaction that is open."""
    return _send(Message.Channel.SMS, {"text": text}, to=to, locale=locale, kind=kind)


def send_push(title: str, text: str, *, to: str, locale: str, kind: str) -> Message:
    """Write a push message to the device ``to`` into the transaction that is open."""
    return _send(
        Message.Channel.PUSH, {"title": title, "text": text}, to=to, locale=locale, kind=kind
    )


def _context(message_id: int) -> str:
    return f"foundation.message:{message_id}"


sealing.register_column("foundation.Message", "content_sealed", "foundation.message:{pk}")


def _send(
    channel: str,
    content: dict[str, Any],
    *,
    to: str,
    locale: str,
    kind: str,
    lane: Lane = Lane.MAIN,
) -> Message:
    with transaction.atomic():
        message = Message.objects.create(
            channel=channel, recipient=to, kind=kind, locale=locale, created_at=clock.now()
        )
        # The row's own number is part of what the content is sealed for.
        message.content_sealed = sealing.seal(
            json.dumps(content).encode(), context=_context(message.pk)
        )
        message.save(update_fields=["content_sealed"])
        enqueue(DELIVER, {"message_id": message.pk}, key=f"message:{message.pk}", lane=lane)
    return message


def _letter(message: Message) -> Letter:
    try:
        opened = sealing.open_sealed(message.content_sealed, context=_context(message.pk))
    except sealing.CannotOpen as error:
        raise PermanentFailure(f"the message does not open: {error}") from error
    content = json.loads(opened)
    if message.channel == Message.Channel.MAIL:
        subject = content["subject"]
        text, html = rendering.render(content, locale=message.locale)
    else:
        subject, text, html = content.get("title", ""), content["text"], ""
    return Letter(
        recipient=message.recipient,
        subject=subject,
        text=text,
        html=html,
        # The same at every attempt: a mail that was accepted twice is recognized as one.
        reference=f"message-{message.pk}-{int(message.created_at.timestamp())}",
        written_at=message.created_at,
    )


@task(DELIVER, max_attempts=12)
def deliver(payload: dict[str, Any]) -> None:
    """Deliver one message and wipe its content."""
    message = Message.objects.filter(pk=payload["message_id"]).first()
    if message is None or message.delivered_at is not None:
        return
    try:
        channel: Channel = channel_for(message.channel)
        channel.deliver(_letter(message))
    except PermanentFailure:
        metrics.message(message.channel, "refused")
        raise
    except Exception:
        metrics.message(message.channel, "failed")
        raise
    Message.objects.filter(pk=message.pk, delivered_at=None).update(
        delivered_at=clock.now(), content_sealed=""
    )
    metrics.message(message.channel, "delivered")


def purge() -> int:
    """Delete messages past their days, the mailbox's too; return how many rows went."""
    before = clock.now() - timedelta(days=numbers.get("foundation.messages_days"))
    gone = 0
    for rows in (
        Message.objects.filter(created_at__lt=before),
        MailboxEntry.objects.filter(received_at__lt=before),
    ):
        deleted, _ = rows.delete()
        gone += deleted
    return gone
