"""An account turned into what ``/profile`` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation import clock
from hospes.identity.models import Method
from hospes.identity.queries import two_step
from hospes.identity.schemas import profile as shapes
from hospes.identity.services.two_step import backup_codes
from hospes.kit import published
from hospes.rest import registry

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.identity.models import Account
    from hospes.rest.calls import Call

PRIMARY, RECOVERY = 1, 2


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def profile(call: Call, account: Account) -> shapes.Profile:
    """Return the profile, with what ``with`` names."""
    shape = shapes.Profile(
        id=account.pk,
        display_name=account.name,
        first_name=account.first_name,
        last_name=account.last_name,
        firstname=account.first_name,
        lastname=account.last_name,
        email=account.email,
        login=account.email,
        avatar=settings.HOSPES.base_url + account.picture_url if account.picture else None,
        locale=published.locale_of(account.locale),
        language_id=published.language_number(account.locale),
        timezone=account.timezone,
        timezone_id=published.number_of(account.timezone),
        successful_connexion_notification=account.mail_on_sign_in,
        unsuccessful_connexion_notification=account.mail_on_failed_sign_in,
        unsuccessful_connexion_limit=account.lock_after_failures is not None,
        unsuccessful_connexion_rate_limit=account.lock_after_failures,
        created_at=int(account.created_at.timestamp()),
        preferences=_preferences(call, account),
    )
    if call.wants("security"):
        shape.security = shape.preferences.security = _security(account)
    if call.wants("emails"):
        shape.emails = emails(account)
    if call.wants("phones"):
        shape.phones = phones(account)
    return shape


def _preferences(call: Call, account: Account) -> shapes.Preferences:
    language = published.language_number(account.locale)
    return shapes.Preferences(
        account=shapes.CurrentAccount(
            current_account_id=registry.current_account(call),
            last_login_at=_seconds(account.last_sign_in_at),
        ),
        connection=shapes.Connection(
            successful_notification=account.mail_on_sign_in,
            unsuccessful_notification=account.mail_on_failed_sign_in,
            unsuccessful_limit=account.lock_after_failures is not None,
            unsuccessful_rate_limit=account.lock_after_failures,
        ),
        language=None
        if language is None
        else shapes.OwnLanguage(
            id=language,
            name=published.language_name(account.locale),
            short_name=account.locale,
            locale=published.locale_of(account.locale),
            short_locale=account.locale,
        ),
        timezone=shapes.OwnTimezone(
            id=published.number_of(account.timezone),
            name=account.timezone,
            gmt=published.gmt(account.timezone, clock.now()),
        ),
    )


def _security(account: Account) -> shapes.Security:
    methods = two_step.living_methods(account)
    kinds = {each.kind for each in methods}
    codes = backup_codes.remaining(account)
    has_two_step = account.two_step_since is not None
    has_recovery_email = account.recovery_email_verified_at is not None
    has_valid_phone = account.recovery_phone_verified_at is not None
    return shapes.Security(
        score=sum(
            (
                account.email_verified_at is not None,
                has_recovery_email,
                has_valid_phone,
                has_two_step,
                codes > 0,
            )
        ),
        double_auth=has_two_step,
        double_auth_method=methods[0].kind if methods else "",
        authenticator=Method.Kind.AUTHENTICATOR in kinds,
        otp=Method.Kind.TOTP in kinds,
        sms=Method.Kind.SMS in kinds,
        passkey=Method.Kind.PASSKEY in kinds,
        double_auth_methods=sorted(kinds),
        remaining_rescue_code=codes,
        has_recovery_email=has_recovery_email,
        has_valid_phone=has_valid_phone,
        email_validated_at=_seconds(account.email_verified_at),
        last_login_at=_seconds(account.last_sign_in_at),
        date_last_changed_password=int(account.password_changed_at.timestamp()),
    )


def emails(account: Account) -> list[shapes.Email]:
    """Return the addresses, the one to sign in with first."""
    found = [(PRIMARY, "primary", account.email, account.email_verified_at)]
    if account.recovery_email:
        proved = account.recovery_email_verified_at
        found.append((RECOVERY, "recovery", account.recovery_email, proved))
    return [
        shapes.Email(
            id=number,
            type=kind,
            email=email,
            is_primary=number == PRIMARY,
            reminder=number == RECOVERY,
            checked=proved is not None,
            checked_at=_seconds(proved),
        )
        for number, kind, email, proved in found
    ]


def phones(account: Account) -> list[shapes.Phone]:
    """Return the recovery phone, if there is one."""
    if not account.recovery_phone:
        return []
    proved = account.recovery_phone_verified_at
    return [
        shapes.Phone(
            id=1,
            phone=account.recovery_phone,
            type="phone",
            reminder=True,
            checked=proved is not None,
            checked_at=_seconds(proved),
        )
    ]
