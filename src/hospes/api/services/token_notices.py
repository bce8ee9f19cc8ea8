"""Mailing people about their API tokens, in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from hospes.api.mails import tokens as mails
from hospes.foundation import clock, numbers
from hospes.foundation.services.messages import send_mail
from hospes.identity.services import mail_links
from hospes.identity.services.device_names import device_name
from hospes.identity.services.security_notices import words_for
from hospes.rest import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hospes.api.models import ApiToken
    from hospes.foundation.services.messages import Mail
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

PAGE = "settings_tokens"


def tell_created(token: ApiToken, *, origin: Origin) -> None:
    """Tell the owner that a token was made, and where from."""
    granted = set(token.scope.split())

    def written() -> Mail:
        words = [str(scope.label) for scope in registry.scopes() if scope.name in granted]
        facts = [*_when(token.account)]
        if origin.user_agent:
            facts.append((_("Device"), device_name(origin.user_agent)))
        if origin.ip:
            facts.append((_("IP address"), origin.ip))
        return mails.created(name=token.name, scopes=words, facts=tuple(facts), url=_page())

    _send(token.account, "token_created", written)


def tell_silence_nears(account: Account, names: Sequence[str], *, off_at: datetime) -> None:
    """Tell the owner which tokens end because nobody uses them; ``off_at`` is the first end."""
    _send(
        account,
        "token_silence",
        lambda: mails.silence_nears(
            names, date=words_for(account, off_at, style="date"), url=_page()
        ),
    )


def tell_deactivated(account: Account, names: Sequence[str]) -> None:
    """Tell the owner which tokens ended because nobody used them."""
    days = numbers.get("api.token_unused_days")
    _send(account, "token_off", lambda: mails.deactivated(names, days=days, url=_page()))


def tell_leaked(account: Account, names: Sequence[str]) -> None:
    """Tell the owner which tokens somebody found, and when."""
    _send(
        account,
        "token_leaked",
        lambda: mails.leaked(names, facts=_when(account), url=_page()),
    )


def tell_all_revoked(account: Account, count: int) -> None:
    """Tell the owner that all tokens ended when the account was taken back."""
    _send(
        account,
        "tokens_revoked",
        lambda: mails.all_revoked(count, facts=_when(account), url=_page()),
    )


def _send(account: Account, kind: str, written: Callable[[], Mail]) -> None:
    if not account.mail_address:
        return
    with translation.override(account.locale):
        mail = written()
    send_mail(mail, to=account.mail_address, locale=account.locale, kind=f"api.{kind}")


def _when(account: Account) -> tuple[tuple[str, str], ...]:
    return ((_("When"), words_for(account, clock.now())),)


def _page() -> str:
    return mail_links.address(PAGE)
