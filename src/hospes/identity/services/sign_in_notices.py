"""Mails about signing in, sent by jobs so that signing in itself stays quick."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hospes.foundation import counters, numbers
from hospes.foundation.services import messages
from hospes.identity.mails import sign_in as mails
from hospes.identity.models import MailLink
from hospes.identity.services import mail_links
from hospes.identity.services.device_names import device_name
from hospes.identity.services.security_notices import words_for

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.identity.models import Account, Session
    from hospes.kit.origin import Origin

HOUR = timedelta(hours=1)


def facts(account: Account, *, at: datetime, origin: Origin) -> tuple[tuple[str, str], ...]:
    """Return when, with what and where from, in the active language."""
    found = [(_("When"), words_for(account, at))]
    if origin.user_agent:
        found.append((_("Device"), device_name(origin.user_agent)))
    if origin.ip:
        found.append((_("IP address"), origin.ip))
    return tuple(found)


@transaction.atomic
def tell_sign_in(session: Session, *, origin: Origin, new_device: bool) -> None:
    """Tell the owner of a sign-in, with a link for the case that it was not theirs."""
    account = session.account
    if not account.mail_address:
        return
    token = mail_links.make(
        MailLink.Purpose.NOT_ME,
        account,
        lifetime=timedelta(days=numbers.get("identity.not_me_link_days")),
        payload={"session_id": session.pk},
    )
    with translation.override(account.locale):
        make = mails.new_device if new_device else mails.signed_in
        mail = make(
            facts=facts(account, at=session.authenticated_at, origin=origin),
            not_me=mail_links.address("sign_in_not_me", token),
        )
    messages.send_mail(
        mail,
        to=account.mail_address,
        locale=account.locale,
        kind="identity.new_device" if new_device else "identity.signed_in",
    )


@transaction.atomic
def tell_failed_sign_in(account: Account, *, at: datetime, origin: Origin) -> None:
    """Tell the owner of a wrong password, at most once an hour."""
    if not account.mail_address:
        return
    if not counters.hit("mail.failed_sign_in", str(account.pk), limit=1, window=HOUR).allowed:
        return
    with translation.override(account.locale):
        mail = mails.failed(
            facts=facts(account, at=at, origin=origin), recover=mail_links.address("recover")
        )
    messages.send_mail(
        mail, to=account.mail_address, locale=account.locale, kind="identity.failed_sign_in"
    )


@transaction.atomic
def tell_locked(account: Account, *, at: datetime, origin: Origin) -> None:
    """Tell the owner that their own rule locked the account."""
    if not account.mail_address:
        return
    with translation.override(account.locale):
        mail = mails.locked(
            facts=facts(account, at=at, origin=origin), recover=mail_links.address("recover")
        )
    messages.send_mail(mail, to=account.mail_address, locale=account.locale, kind="identity.locked")
