"""Which way a message leaves the house, by the installation's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation.gateways.mailbox import MailboxChannel
from hospes.foundation.gateways.sms import SmsChannel
from hospes.foundation.gateways.smtp import SmtpChannel

if TYPE_CHECKING:
    from hospes.foundation.gateways.letters import Channel


class NoChannel(Exception):
    """Nothing is configured to deliver this kind of message."""


def mailbox_allowed() -> bool:
    """Return whether messages without a way out go to the development mailbox."""
    return bool(settings.HOSPES.development or settings.HOSPES.demo)


def sends_sms() -> bool:
    """Return whether an SMS has a way out."""
    return bool(settings.HOSPES.sms_urls) or mailbox_allowed()


def channel_for(kind: str) -> Channel:
    """Return the way out for ``mail``, ``sms`` or ``push``.

    Raises:
        NoChannel: naming what to configure.

    """
    if kind == "mail" and settings.HOSPES.mail_url:
        return SmtpChannel(settings.HOSPES.mail_url, sender=settings.HOSPES.mail_from)
    if kind == "sms" and settings.HOSPES.sms_urls:
        return SmsChannel(settings.HOSPES.sms_urls)
    if mailbox_allowed():
        return MailboxChannel(kind)
    if kind == "sms":
        raise NoChannel("SMS cannot leave: set HOSPES_SMS_URLS to a gateway's address")
    if kind == "mail":
        raise NoChannel("mail cannot leave: set HOSPES_MAIL_URL, such as smtps://user:pass@host")
    raise NoChannel(f"there is no gateway for {kind}")
