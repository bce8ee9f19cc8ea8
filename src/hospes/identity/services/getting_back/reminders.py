"""A forgotten login, sent to the phone or the recovery address that the account named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction
from django.utils import translation

from hospes.foundation import numbers
from hospes.foundation.services import audit, jobs, messages
from hospes.identity.domain import addresses, phones, temporary_logins, throttling
from hospes.identity.mails import getting_back as mails
from hospes.identity.models import Account
from hospes.identity.services import limits, mail_links
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

SEND = "identity.send_login_reminder"
Way = Literal["sms", "mail"]


@dataclass(frozen=True, slots=True)
class AskReminder:
    """The phone as typed, read for ``region`` (ISO 3166) where it has no ``+``.

    ``recovery_email`` says which account is meant where several have the number; "" if not given.
    """

    phone: str
    region: str
    recovery_email: str
    way: Way


def ask(command: AskReminder, *, origin: Origin) -> None:
    """Have the login sent if the number is somebody's; the work here is the same if it is not.

    Raises:
        Refused: ``phone`` ``required`` or ``invalid``, ``recovery_email`` ``invalid`` or (for a
            mail) ``required``, or ``throttled`` with ``minutes``.

    """
    phone = phones.parse(command.phone, command.region)
    email = addresses.normalise(command.recovery_email)
    faults = []
    if not phone:
        faults.append(Fault("phone", "invalid" if command.phone.strip() else "required"))
    if email and not addresses.is_plausible(email):
        faults.append(Fault("recovery_email", "invalid"))
    if not email and command.way == "mail":
        faults.append(Fault("recovery_email", "required"))
    if faults:
        raise Refused(faults)
    limits.admit(
        "recover.network",
        throttling.network_key(origin.ip),
        limit=numbers.get("identity.recoveries_per_network_per_hour"),
    )
    limits.admit("recover.phone", phone, limit=numbers.get("identity.logins_by_phone_per_hour"))
    with transaction.atomic():
        audit.record("identity.login_reminder_asked", actor=None, origin=origin)
        jobs.enqueue(SEND, {"phone": phone, "recovery_email": email, "way": command.way})


def send(payload: dict[str, Any]) -> None:
    """Send what ``ask`` promised: to the account's own phone or address, never to a typed one."""
    phone, email = str(payload["phone"]), str(payload["recovery_email"])
    found = list(
        Account.objects.filter(recovery_phone=phone, recovery_phone_verified_at__isnull=False)
        .exclude(state=Account.State.DELETED)
        .order_by("pk")
    )
    meant = [
        account
        for account in found
        if not email
        or (account.recovery_email == email and account.recovery_email_verified_at is not None)
    ]
    if len(meant) == 1:
        _send_login(meant[0], str(payload["way"]))
    elif found and payload["way"] == "sms" and not email:
        # The owner of the phone learns why nothing else came; whoever asked does not.
        account = found[0]
        with translation.override(account.locale):
            text = mails.several_text(link=mail_links.address("recover_login"))
        messages.send_sms(text, to=phone, locale=account.locale, kind="identity.login_reminder")


def _send_login(account: Account, way: str) -> None:
    login = account.email
    if temporary_logins.is_placeholder(login):
        living = account.temporary_logins.filter(used_at=None).first()
        if living is None:
            return
        login = living.login
    with translation.override(account.locale):
        if way == "sms":
            messages.send_sms(
                mails.reminder_text(login=login),
                to=account.recovery_phone,
                locale=account.locale,
                kind="identity.login_reminder",
            )
            return
        mail = mails.reminder(
            first_name=account.first_name, login=login, link=mail_links.address("sign_in")
        )
    messages.send_mail(
        mail, to=account.recovery_email, locale=account.locale, kind="identity.login_reminder"
    )
