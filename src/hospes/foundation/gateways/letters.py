"""A message as it leaves the house, and the interface of every way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is handed over: the same ``reference`` means the same message again."""

    recipient: str
    subject: str
    text: str
    html: str
    reference: str
    written_at: datetime


class Channel(Protocol):
    """One way out: SMTP, an SMS provider, a push service, or the development mailbox."""

    def deliver(self, letter: Letter) -> None:
        """Hand ``letter`` over.

        Raises:
            PermanentFailure: it can never be delivered.
            Exception: anything else; it is tried again later.

        """
