"""Mail by SMTP (RFC 5321): multipart messages, sorted failures."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings

from hospes.foundation.errors import PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.foundation.gateways.letters import Letter

TIMEOUT_SECONDS = 15.0
_DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PERMANENT = 500
# These 5xx speak of the server's own doors, not of this mail: 530 and 535 authentication,
# 534 and 538 mechanism, 554 as greeting is seen at connection only.
_OUR_OWN_FAULT = frozenset({530, 534, 535, 538})


class WrongSender(Exception):
    """The installation's own address cannot be used; mail waits until that is mended."""


@dataclass(frozen=True, slots=True)
class Server:
    """The SMTP server of a mail URL."""

    scheme: str
    host: str
    port: int
    username: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read ``smtp://``, ``smtps://`` or ``smtp+starttls://`` ``user:pass@host:port``."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or _DEFAULT_PORTS[parts.scheme],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self) -> smtplib.SMTP:
        """Open the connection, encrypted and authenticated as the URL says."""
        name = urlsplit(settings.HOSPES.base_url).hostname
        connection: smtplib.SMTP
        if self.scheme == "smtps":
            connection = smtplib.SMTP_SSL(
                self.host,
                self.port,
                local_hostname=name,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            connection = smtplib.SMTP(
                self.host, self.port, local_hostname=name, timeout=TIMEOUT_SECONDS
            )
        try:
            if self.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.username:
                connection.login(self.username, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _address(text: str) -> Address:
    """Parse exactly one address; its domain in the form the DNS knows.

    Raises:
        ValueError: where it is none.

    """
    name, spec = parseaddr(text)
    local, at, domain = spec.rpartition("@")
    if not (local and at and domain) or any(c in text for c in "\r\n\0"):
        raise ValueError("not an address")
    try:
        return Address(name, local, domain.encode("idna").decode("ascii"))
    except (HeaderParseError, IndexError) as error:
        raise ValueError("not an address") from error


def _recipient(text: str) -> Address:
    try:
        address = _address(text)
    except ValueError as error:
        raise PermanentFailure("the recipient is no address") from error
    if address.display_name or "," in text or ";" in text:
        raise PermanentFailure("the recipient is not exactly one address")
    return address


def _sender(text: str) -> Address:
    try:
        return _address(text)
    except ValueError as error:
        raise WrongSender(
            f"HOSPES_MAIL_FROM is {text!r}; it must be an address such as "
            "Example <no-reply@provider.example>"
        ) from error


def compose(letter: Letter, *, sender: str) -> EmailMessage:
    """Return ``letter`` as a multipart mail (text and HTML).

    The mail library refuses line breaks in header values; the subject's white space is joined
    beforehand, so that no text of a person ends a header.

    Raises:
        PermanentFailure: where the recipient is not exactly one address.
        WrongSender: where ours is none.

    """
    to = _recipient(letter.recipient.strip())
    host = urlsplit(settings.HOSPES.base_url).hostname or "localhost"
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = _sender(sender)
    mail["To"] = to
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = f"<{letter.reference}@{host}>"
    # RFC 3834: no out-of-office note comes back.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


def _permanent(codes: Iterable[int]) -> bool:
    found = list(codes)
    return bool(found) and all(c >= _PERMANENT and c not in _OUR_OWN_FAULT for c in found)


class SmtpChannel:
    """Delivers mail to the server of ``HOSPES_MAIL_URL``."""

    def __init__(self, url: str, *, sender: str) -> None:
        self._server = Server.from_url(url)
        self._sender = sender

    def deliver(self, letter: Letter) -> None:
        """Hand ``letter`` to the server.

        Raises:
            PermanentFailure: the server refused the recipient or the mail for good (5xx).
            smtplib.SMTPException: the server refused for now (4xx), or its login or our sender.
            OSError: the server was not reached.

        """
        mail = compose(letter, sender=self._sender)
        connection = self._server.connect()
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            answers = [(int(code), text) for code, text in error.recipients.values()]
            if _permanent(code for code, _ in answers):
                raise PermanentFailure(_said(*answers[0])) from error
            raise
        except smtplib.SMTPDataError as error:
            if _permanent([error.smtp_code]):
                raise PermanentFailure(_said(error.smtp_code, error.smtp_error)) from error
            raise
        except smtplib.SMTPNotSupportedError as error:
            # The address needs SMTPUTF8 (RFC 6531), and this server does not speak it.
            raise PermanentFailure("the mail server does not take this address") from error
        finally:
            _leave(connection)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"the mail server said {code} {words}"


def _leave(connection: smtplib.SMTP) -> None:
    # The mail is delivered or refused by now; a server that drops the line changes neither.
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
