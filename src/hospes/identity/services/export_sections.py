"""What this room puts into the copy of an account's data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hospes.foundation.models import AuditEntry
from hospes.identity.models import (
    ApplicationPassword,
    Authenticator,
    BackupCode,
    Method,
    Passkey,
    Session,
    TrustedBrowser,
)
from hospes.identity.services.export import register_section

if TYPE_CHECKING:
    from hospes.identity.models import Account


def _profile(account: Account) -> dict[str, Any]:
    return {
        "id": account.public_id,
        "email": account.email,
        "email_verified_at": account.email_verified_at,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "language": account.locale,
        "time_zone": account.timezone,
        "picture": bool(account.picture),
        "recovery_email": account.recovery_email,
        "recovery_phone": account.recovery_phone,
        "password_changed_at": account.password_changed_at,
        "lock_after_failures": account.lock_after_failures,
        "mail_on_sign_in": account.mail_on_sign_in,
        "mail_on_failed_sign_in": account.mail_on_failed_sign_in,
        "created_at": account.created_at,
        "last_sign_in_at": account.last_sign_in_at,
    }


def _sessions(account: Account) -> list[dict[str, Any]]:
    fields = ("created_at", "last_seen_at", "ended_at", "end_reason", "ip", "user_agent", "amr")
    return list(Session.objects.filter(account=account).order_by("pk").values(*fields))


def _trusted_browsers(account: Account) -> list[dict[str, Any]]:
    fields = ("created_at", "expires_at", "last_used_at", "revoked_at", "ip", "user_agent")
    return list(TrustedBrowser.objects.filter(account=account).order_by("pk").values(*fields))


def _methods(account: Account) -> list[dict[str, Any]]:
    found = Method.objects.filter(account=account, confirmed_at__isnull=False).order_by("pk")
    fields = ("kind", "name", "phone", "is_default", "created_at", "last_used_at", "removed_at")
    passkeys = ("credential_id", "aaguid", "transports", "is_backed_up")
    phones = ("brand", "model", "platform", "type", "app_version", "last_seen_at")
    more: dict[int, dict[str, Any]] = {}
    for key in Passkey.objects.filter(method__in=found):
        more[key.method_id] = {"passkey": {name: getattr(key, name) for name in passkeys}}
    for phone in Authenticator.objects.filter(method__in=found):
        more[phone.method_id] = {"device": {name: getattr(phone, name) for name in phones}}
    return [
        {name: getattr(each, name) for name in fields} | more.get(each.pk, {}) for each in found
    ]


def _backup_codes(account: Account) -> list[dict[str, Any]]:
    fields = ("created_at", "used_at")
    return list(BackupCode.objects.filter(account=account).order_by("pk").values(*fields))


def _application_passwords(account: Account) -> list[dict[str, Any]]:
    found = ApplicationPassword.objects.filter(account=account).order_by("pk")
    moments = ("created_at", "last_used_at", "revoked_at")
    return [
        {
            "name": each.name,
            "created_ip": each.created_ip,
            "last_used_by": each.last_used_by,
            **{name: _instant(getattr(each, name)) for name in moments},
        }
        for each in found
    ]


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _activity(account: Account) -> list[dict[str, Any]]:
    fields = ("at", "action", "target", "ip", "user_agent", "detail")
    found = AuditEntry.objects.filter(subject_account_id=account.pk)
    return list(found.order_by("pk").values(*fields))


def register() -> None:
    """Add the room's sections."""
    register_section("profile", _profile)
    register_section("sessions", _sessions)
    register_section("two_step_methods", _methods)
    register_section("backup_codes", _backup_codes)
    register_section("trusted_browsers", _trusted_browsers)
    register_section("application_passwords", _application_passwords)
    register_section("activity", _activity)
