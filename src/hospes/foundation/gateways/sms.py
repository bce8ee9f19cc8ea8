"""SMS by whichever gateway the provider has a contract with, through Apprise's library."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from hospes.foundation.gateways.letters import Letter

TO = "{to}"
"""Stands in each address for the recipient's number."""


class NotDelivered(Exception):
    """No gateway took the message; the text names neither number nor content."""


def _library() -> ModuleType:
    """Return Apprise: large, and most processes never send an SMS."""
    import apprise  # noqa: PLC0415 - see above

    # It logs addresses with their keys, and the recipients' numbers.
    logging.getLogger("apprise").disabled = True
    return apprise


class SmsChannel:
    """Gateways in Apprise's notation, asked one after the other until one takes the message."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)

    def deliver(self, letter: Letter) -> None:
        """Hand ``letter`` over.

        Raises:
            NotDelivered: every gateway refused it, or none answered; it is tried again later.

        """
        apprise = _library()
        # The library's own asset would name it and add a logo of its own.
        asset = apprise.AppriseAsset(
            app_id="", app_desc="", app_url="", image_url_mask="", async_mode=False
        )
        for url in self._urls:
            gateway = apprise.Apprise(asset=asset)
            if gateway.add(url.replace(TO, quote(letter.recipient, safe=""))) and gateway.notify(
                body=letter.text, body_format=apprise.NotifyFormat.TEXT
            ):
                return
        raise NotDelivered("no SMS gateway took the message")


def can_read(url: str) -> bool:
    """Return whether Apprise knows what to do with an address of the configuration."""
    return _library().Apprise.instantiate(url.replace(TO, "+41791234567")) is not None
