"""Telling the owner by mail that something about the account's security changed."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from hospes.foundation import clock
from hospes.foundation.services.messages import send_mail
from hospes.identity.mails.security import security_mail
from hospes.identity.services import mail_links
from hospes.identity.services.device_names import device_name
from hospes.kit.origin import Origin
from hospes.site import moments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from hospes.identity.models import Account, Session


def words_for(account: Account, when: datetime, *, style: str = "long") -> str:
    """Return a moment as the account's owner reads it: in their language and time zone."""
    text, _title = moments.words(
        when,
        style=style,
        language=account.locale,
        zone=zoneinfo.ZoneInfo(account.timezone),
        now=clock.now(),
    )
    return text


def origin_of(session: Session) -> Origin:
    """Return where a session was opened from."""
    return Origin(ip=session.ip, user_agent=session.user_agent, session_id=session.pk)


def tell(
    account: Account,
    notice: str,
    *,
    origin: Origin,
    params: Mapping[str, str] | None = None,
    action: tuple[StrOrPromise, str] | None = None,
    to: str = "",
) -> None:
    """Mail one of ``mails.security.NOTICES`` to the sign-in address, or to ``to``.

    Belongs into the transaction of the change it tells of. ``action`` is a lazy
    label and an address.
    """
    address = to or account.mail_address
    if not address:
        return
    with translation.override(account.locale):
        facts = [(_("When"), words_for(account, clock.now()))]
        if origin.user_agent:
            facts.append((_("Device"), device_name(origin.user_agent)))
        if origin.ip:
            facts.append((_("IP address"), origin.ip))
        mail = security_mail(
            notice,
            params=params or {},
            facts=tuple(facts),
            action=(str(action[0]), action[1]) if action else None,
            secure_url=mail_links.address("settings_secure"),
        )
        send_mail(mail, to=address, locale=account.locale, kind=f"identity.{notice}")
