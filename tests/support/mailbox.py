"""The mails that people would have got."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass
class Letter:
    """One delivered mail."""

    recipient: str
    subject: str
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        """Return the addresses in the text, in order."""
        return re.findall(r"https?://[^\s<>\"]+", self.text)


class Mailbox:
    """Every mail of the test; reading it first does the jobs that are due."""

    def deliver(self) -> None:
        """Do every job that is due."""
        from hospes.foundation import worker

        worker.drain()

    def all(self) -> list[Letter]:
        """Return every mail, oldest first."""
        from hospes.foundation.models import MailboxEntry

        self.deliver()
        return [
            Letter(entry.recipient, entry.subject, entry.text, entry.html)
            for entry in MailboxEntry.objects.filter(channel="mail").order_by("id")
        ]

    def to(self, address: str) -> list[Letter]:
        """Return the mails to ``address``, oldest first."""
        return [letter for letter in self.all() if letter.recipient == address]

    def __len__(self) -> int:
        return len(self.all())
