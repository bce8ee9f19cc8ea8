"""Signing up: the account comes into being when the address has proved to be the person's."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation

from hospes.foundation import clock, counters, numbers
from hospes.foundation.services import audit, messages, outbox
from hospes.identity.domain import addresses, names, throttling, tokens
from hospes.identity.domain.passwords import normalize
from hospes.identity.gateways import hashing
from hospes.identity.mails import sign_up as mails
from hospes.identity.models import Account, SignUp
from hospes.identity.queries import accounts
from hospes.identity.services import limits, mail_links, passwords, sessions
from hospes.identity.services.sign_in import PASSWORD_METHODS, SignedIn
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.identity.models import Browser
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class BeginSignUp:
    """What the person typed. ``browser_value`` is the sign-up cookie, ``""`` the first time."""

    email: str
    first_name: str
    last_name: str
    password: str
    locale: str
    timezone: str
    continue_to: str
    browser_value: str


def faults(command: BeginSignUp) -> tuple[Fault, ...]:
    """Return everything that is wrong with what was typed."""
    email = addresses.normalise(command.email)
    first_name, last_name = names.tidy(command.first_name), names.tidy(command.last_name)
    found = [
        Fault(field, code, {"maximum": names.LONGEST})
        for field, code in (
            ("first_name", names.fault(first_name)),
            ("last_name", names.fault(last_name)),
        )
        if code
    ]
    if not addresses.is_plausible(email):
        found.append(Fault("email", "not_an_address" if email else "missing"))
    found.extend(
        passwords.check_new_password(
            command.password, account_inputs=(email, first_name, last_name)
        )
    )
    return tuple(found)


def begin(command: BeginSignUp, *, origin: Origin) -> str:
    """Write the sign-up down and send its mail; return the sign-up cookie's value.

    A known address gets the same answer after the same work: a row that nothing can confirm,
    and a mail that says there is an account already.

    Raises:
        Refused: every fault of every field at once, or ``throttled``.

    """
    found = faults(command)
    if found:
        raise Refused(found)
    email = addresses.normalise(command.email)
    _admit(email, origin)
    password_hash = hashing.hash_password(normalize(command.password))
    browser_value = command.browser_value or secrets.token_urlsafe(tokens.BYTES)
    now = clock.now()
    with transaction.atomic():
        row = SignUp.objects.create(
            token_hash=mail_links.new_token()[1],
            browser_hash=tokens.fingerprint(browser_value),
            email=email,
            first_name=names.tidy(command.first_name),
            last_name=names.tidy(command.last_name),
            password_hash=password_hash,
            locale=command.locale,
            timezone=command.timezone,
            continue_to=command.continue_to,
            created_at=now,
            expires_at=now + _lifetime(),
        )
        _send(row)
        audit.record("identity.sign_up_begun", actor=None, origin=origin)
    return browser_value


def send_again(browser_value: str, *, origin: Origin) -> None:
    """Send the mail of this browser's last open sign-up again, with a new link.

    Raises:
        Refused: ``throttled``, or ``nothing`` where no sign-up is open in this browser.

    """
    row = latest(browser_value)
    if row is None:
        raise Refused(Fault("", "nothing"))
    _admit(row.email, origin)
    with transaction.atomic():
        _send(row)


def latest(browser_value: str) -> SignUp | None:
    """Return this browser's last sign-up that waits for its mail."""
    if not browser_value:
        return None
    return (
        SignUp.objects.filter(
            browser_hash=tokens.fingerprint(browser_value),
            used_at=None,
            expires_at__gt=clock.now(),
        )
        .order_by("-pk")
        .first()
    )


def find(token: str) -> SignUp | None:
    """Return the sign-up the link belongs to, used and expired ones too."""
    return SignUp.objects.filter(token_hash=tokens.fingerprint(token)).first()


def is_open(row: SignUp) -> bool:
    """Return whether the sign-up can still be confirmed."""
    return row.used_at is None and row.expires_at > clock.now()


def is_same_browser(row: SignUp, browser_value: str) -> bool:
    """Return whether the link is opened where the sign-up was begun."""
    return bool(browser_value) and secrets.compare_digest(
        row.browser_hash, tokens.fingerprint(browser_value)
    )


def confirm(
    row: SignUp,
    *,
    browser_value: str,
    password: str | None,
    browser: Browser | None,
    origin: Origin,
) -> SignedIn:
    """Make the account and sign it in.

    In another browser than the one that signed up, the password chosen then is asked: whoever
    only reads the mail must not finish what a stranger began in their name.

    Raises:
        Refused: ``gone``, ``taken``, or for the password ``wrong`` or ``throttled``.

    """
    if not is_same_browser(row, browser_value):
        _check_chosen_password(row, password or "", origin)
    return _create(row, row.password_hash, browser=browser, origin=origin)


def confirm_with_new_password(
    row: SignUp, password: str, *, browser: Browser | None, origin: Origin
) -> SignedIn:
    """Make the account with a password that the reader of the mail chooses now.

    Raises:
        Refused: ``gone``, ``taken``, or the rules that the password breaks.

    """
    broken = passwords.check_new_password(
        password, account_inputs=(row.email, row.first_name, row.last_name)
    )
    if broken:
        raise Refused(broken)
    return _create(row, hashing.hash_password(normalize(password)), browser=browser, origin=origin)


@transaction.atomic
def decline(row: SignUp, *, origin: Origin) -> bool:
    """Throw the sign-up away, because the mail's reader did not ask for it."""
    now = clock.now()
    if not SignUp.objects.filter(pk=row.pk, used_at=None, expires_at__gt=now).update(
        used_at=now, password_hash=""
    ):
        return False
    audit.record("identity.sign_up_declined", actor=None, origin=origin)
    return True


def _lifetime() -> timedelta:
    return timedelta(hours=numbers.get("identity.sign_up_link_hours"))


def _admit(email: str, origin: Origin) -> None:
    limits.admit(
        "sign_up.network",
        throttling.network_key(origin.ip) if origin.ip else "",
        limit=numbers.get("identity.sign_ups_per_network_per_hour"),
    )
    limits.admit(
        "mail.sign_up",
        throttling.account_key(email),
        limit=numbers.get("identity.mails_per_address_per_hour"),
        code="too_many_mails",
    )


def _send(row: SignUp) -> None:
    """Send the mail that fits the address, and renew the link either way."""
    value, stored = mail_links.new_token()
    account = accounts.by_email(row.email)
    row.token_hash = stored
    row.expires_at = clock.now() + _lifetime()
    row.save(update_fields=["token_hash", "expires_at"])
    if account is None:
        with translation.override(row.locale):
            mail = mails.confirm(
                first_name=row.first_name,
                link=mail_links.address("sign_up_confirm", value),
                hours=numbers.get("identity.sign_up_link_hours"),
            )
        messages.send_mail(mail, to=row.email, locale=row.locale, kind="identity.sign_up")
    else:
        with translation.override(account.locale):
            mail = mails.already_have_account(
                first_name=account.first_name,
                sign_in=mail_links.address("sign_in"),
                recover=mail_links.address("recover"),
            )
        messages.send_mail(
            mail, to=account.email, locale=account.locale, kind="identity.sign_up_known"
        )


def _check_chosen_password(row: SignUp, password: str, origin: Origin) -> None:
    hit = counters.hit(
        "password.sign_up",
        str(row.pk),
        limit=numbers.get("identity.password_failures_per_account"),
        window=timedelta(minutes=numbers.get("identity.password_failures_window_minutes")),
    )
    if not hit.allowed:
        minutes = throttling.minutes_to_wait(hit.retry_after)
        raise Refused(Fault("password", "throttled", {"minutes": minutes}))
    if not hashing.verify(row.password_hash, normalize(password)):
        audit.record("identity.sign_up_password_failed", actor=None, origin=origin)
        raise Refused(Fault("password", "wrong"))


def _create(
    row: SignUp, password_hash: str, *, browser: Browser | None, origin: Origin
) -> SignedIn:
    try:
        with transaction.atomic():
            return _create_once(row, password_hash, browser=browser, origin=origin)
    except IntegrityError:
        # Two links for one address were confirmed at the same moment; the other one won.
        raise Refused(Fault("", "taken")) from None


def _create_once(
    row: SignUp, password_hash: str, *, browser: Browser | None, origin: Origin
) -> SignedIn:
    now = clock.now()
    used = SignUp.objects.filter(pk=row.pk, used_at=None, expires_at__gt=now).update(
        used_at=now, password_hash=""
    )
    if not used:
        raise Refused(Fault("", "gone"))
    if accounts.by_email(row.email) is not None:
        raise Refused(Fault("", "taken"))
    account = Account.objects.create(
        public_id=str(uuid.uuid4()),
        email=row.email,
        email_verified_at=now,
        first_name=row.first_name,
        last_name=row.last_name,
        locale=row.locale,
        timezone=row.timezone,
        password_hash=password_hash,
        password_changed_at=now,
        created_at=now,
        updated_at=now,
        last_sign_in_at=now,
    )
    audit.record("identity.account_created", actor=account.pk, subject=account.pk, origin=origin)
    outbox.emit("identity.account_created", {"account_id": account.pk})
    session, token = sessions.open_session(account, browser, origin=origin, amr=PASSWORD_METHODS)
    return SignedIn(account, session, token, new_device=False)
