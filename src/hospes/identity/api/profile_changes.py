"""What ``PATCH /profile`` changes, by the services that the pages call."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from hospes.identity.services import profile, recovery_contacts, sign_in_rules
from hospes.kit import published
from hospes.rest.faults import Problem, wrong

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.identity.schemas import profile as shapes
    from hospes.rest.calls import Call

LOCK_BY_DEFAULT = 10


def _zone_of(number: int) -> str:
    names = zoneinfo.available_timezones()
    return next((name for name in names if published.number_of(name) == number), "")


def refuse_what_contradicts(body: shapes.ProfileChange) -> None:
    """Refuse what names nothing, or says a thing twice.

    Raises:
        Problem: with every fault.

    """
    faults = []
    if body.locale is not None and not published.language_of_locale(body.locale):
        faults.append(wrong("locale", "in", [locale for _, locale in published.LANGUAGES.values()]))
    if body.language_id is not None and not published.language_of(body.language_id):
        known = [number for number, _ in published.LANGUAGES.values()]
        faults.append(wrong("language_id", "in", known))
    if body.timezone_id is not None and not _zone_of(body.timezone_id):
        faults.append(wrong("timezone_id", "exists", (body.timezone_id,)))
    pairs = (("locale", "language_id"), ("timezone", "timezone_id"))
    faults += [
        wrong(pair[1], "conflict", pair)
        for pair in pairs
        if all(getattr(body, name) is not None for name in pair)
    ]
    if faults:
        raise Problem("validation_failed", *faults)


def names(call: Call, account: Account) -> None:
    """Change names, language and time zone."""
    body = call.body
    sent = ("firstname", "lastname", "locale", "language_id", "timezone", "timezone_id")
    if all(getattr(body, name) is None for name in sent):
        return
    language = account.locale
    if body.language_id is not None:
        language = published.language_of(body.language_id)
    elif body.locale is not None:
        language = published.language_of_locale(body.locale)
    zone = account.timezone
    if body.timezone_id is not None:
        zone = _zone_of(body.timezone_id)
    elif body.timezone is not None:
        zone = body.timezone
    profile.change_profile(
        profile.ChangeProfile(
            first_name=account.first_name if body.firstname is None else body.firstname,
            last_name=account.last_name if body.lastname is None else body.lastname,
            locale=language,
            timezone=zone,
        ),
        acting_account=account,
        origin=call.origin,
    )


def rules(call: Call, account: Account) -> None:
    """Change which sign-ins are mailed, and after how many failures the account locks."""
    body = call.body
    lock = account.lock_after_failures
    if body.unsuccessful_connexion_rate_limit is not None:
        lock = body.unsuccessful_connexion_rate_limit
    if body.unsuccessful_connexion_limit is not None:
        lock = (lock or LOCK_BY_DEFAULT) if body.unsuccessful_connexion_limit else None
    told, failed = (
        body.successful_connexion_notification,
        body.unsuccessful_connexion_notification,
    )
    sign_in_rules.change_sign_in_rules(
        sign_in_rules.ChangeSignInRules(
            mail_on_sign_in=account.mail_on_sign_in if told is None else told,
            mail_on_failed_sign_in=account.mail_on_failed_sign_in if failed is None else failed,
            lock_after_failures=lock,
        ),
        acting_account=account,
        origin=call.origin,
    )


def contacts(call: Call, account: Account) -> None:
    """Change the recovery address and phone."""
    body = call.body
    if body.reminder_email == "":
        recovery_contacts.remove_recovery_email(acting_account=account, origin=call.origin)
    elif body.reminder_email is not None:
        recovery_contacts.ask_recovery_email(
            recovery_contacts.SetRecoveryEmail(body.reminder_email),
            acting_account=account,
            origin=call.origin,
        )
    if body.reminder_phone == "":
        recovery_contacts.remove_recovery_phone(acting_account=account, origin=call.origin)
    elif body.reminder_phone is not None:
        recovery_contacts.set_recovery_phone(
            recovery_contacts.SetRecoveryPhone(body.reminder_phone, ""),
            acting_account=account,
            origin=call.origin,
        )
