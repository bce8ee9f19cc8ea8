"""The development mailbox: messages are shown in a page instead of being sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation import clock
from hospes.foundation.models import MailboxEntry

if TYPE_CHECKING:
    from hospes.foundation.gateways.letters import Letter


class MailboxChannel:
    """Delivers mail, SMS or push into the table behind the mailbox page."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def deliver(self, letter: Letter) -> None:
        """Keep ``letter`` for the mailbox page."""
        MailboxEntry.objects.create(
            channel=self._channel,
            sender=settings.HOSPES.mail_from if self._channel == "mail" else "",
            recipient=letter.recipient,
            subject=letter.subject[:300],
            text=letter.text,
            html=letter.html,
            received_at=clock.now(),
        )
