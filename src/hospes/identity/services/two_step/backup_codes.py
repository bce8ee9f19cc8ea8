"""Backup codes: made anew, counted, used once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.models import AuthenticatorLink, BackupCode
from hospes.identity.services import security_notices
from hospes.protocols.otp import backup_codes as codes

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin


@transaction.atomic
def regenerate(account: Account, *, origin: Origin) -> tuple[str, ...]:
    """Return fresh codes, the only time they are seen in clear; the old ones end."""
    made = replace(account)
    audit.record(
        "identity.backup_codes_made",
        actor=account.pk,
        subject=account.pk,
        origin=origin,
        detail={"count": len(made)},
    )
    outbox.emit("identity.two_step_changed", {"account_id": account.pk})
    security_notices.tell(account, "backup_codes_made", origin=origin)
    return made


@transaction.atomic
def replace(account: Account) -> tuple[str, ...]:
    """Write fresh codes in the place of the old ones, without telling anybody."""
    void(account)
    made: set[str] = set()
    while len(made) < numbers.get("identity.backup_codes"):
        made.add(codes.make(secrets.token_bytes(codes.LENGTH)))
    now = clock.now()
    ordered = tuple(sorted(made))
    BackupCode.objects.bulk_create(
        BackupCode(
            account=account,
            code_hash=codes.fingerprint(code, account_id=account.public_id),
            created_at=now,
        )
        for code in ordered
    )
    return ordered


def void(account: Account) -> int:
    """Make all codes of the account worthless; return how many were still good."""
    good = BackupCode.objects.filter(account=account, used_at=None).count()
    AuthenticatorLink.objects.filter(account=account).exclude(codes_sealed="").update(
        codes_sealed=""
    )
    BackupCode.objects.filter(account=account).delete()
    return good


@transaction.atomic
def use(account: Account, typed: str, *, origin: Origin) -> bool:
    """Use a code up and tell the owner; of several who try one at once only one gets True."""
    code_hash = codes.fingerprint(typed, account_id=account.public_id)
    used = BackupCode.objects.filter(account=account, code_hash=code_hash, used_at=None).update(
        used_at=clock.now()
    )
    if used:
        left = remaining(account)
        audit.record(
            "identity.backup_code_used",
            actor=account.pk,
            subject=account.pk,
            origin=origin,
            detail={"left": left},
        )
        security_notices.tell(
            account, "backup_code_used", origin=origin, params={"left": str(left)}
        )
    return bool(used)


def remaining(account: Account) -> int:
    """Return how many codes are still good."""
    return BackupCode.objects.filter(account=account, used_at=None).count()
