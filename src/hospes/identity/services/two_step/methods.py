"""An account's methods for the second step: which count, the default one, removed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account, AuthenticatorLink, BackupCode, Method
from hospes.identity.queries import two_step
from hospes.identity.services import credentials, security_notices
from hospes.identity.services.two_step import backup_codes, trusted
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.kit.origin import Origin

LONGEST_NAME = 60
Enforcement = Callable[[Account], Iterable[str]]
_enforcements: list[Enforcement] = []

living = two_step.living_methods


def register_enforcement(function: Enforcement) -> None:
    """Have ``function(account)`` name those above who demand two-step verification of it."""
    if function not in _enforcements:
        _enforcements.append(function)


def enforced_by(account: Account) -> tuple[str, ...]:
    """Return who does not let the account do without two-step verification."""
    return tuple(name for function in _enforcements for name in function(account))


def by_public_id(account: Account, public_id: str) -> Method | None:
    """Return one living method of this account; None where it is no such."""
    return next((each for each in living(account) if each.public_id == public_id), None)


def checked_name(name: str) -> str:
    """Return a name without superfluous blanks.

    Raises:
        Refused: ``name`` ``missing`` or ``too_long`` (with ``maximum``).

    """
    tidy = " ".join(name.split())
    if not tidy:
        raise Refused(Fault("name", "missing"))
    if len(tidy) > LONGEST_NAME:
        raise Refused(Fault("name", "too_long", {"maximum": LONGEST_NAME}))
    return tidy


def _locked(account: Account) -> Account:
    """Return the account's row, held until the transaction ends: methods change one by one."""
    # On SQLite the transaction holds the write lock already.
    return Account.objects.select_for_update().get(pk=account.pk)


@transaction.atomic
def activate(method: Method, *, origin: Origin) -> tuple[str, ...]:
    """Let a method count; return fresh backup codes in clear where it is the first one.

    Raises:
        Refused: ``gone``: it was removed, or counts already.

    """
    account = _locked(method.account)
    now = clock.now()
    first = account.two_step_since is None
    changed = Method.objects.filter(pk=method.pk, confirmed_at=None, removed_at=None).update(
        confirmed_at=now, is_default=first
    )
    if not changed:
        raise Refused(Fault("", "gone"))
    method.confirmed_at, method.is_default = now, first
    codes: tuple[str, ...] = ()
    if first:
        # An invitation from before was given for the password alone.
        AuthenticatorLink.objects.filter(account=account, used_at=None, expires_at__gt=now).update(
            expires_at=now
        )
        Account.objects.filter(pk=account.pk).update(two_step_since=now, failed_codes=0)
        method.account.two_step_since = now
        codes = backup_codes.replace(account)
    _note(method, "two_step_on" if first else "method_added", account, origin)
    return codes


@transaction.atomic
def rename(method: Method, name: str, *, origin: Origin) -> bool:
    """Give the method another name; return whether it changed.

    Raises:
        Refused: ``name`` ``missing`` or ``too_long``.

    """
    tidy = checked_name(name)
    changed = (
        Method.objects.filter(pk=method.pk, removed_at=None).exclude(name=tidy).update(name=tidy)
    )
    if changed:
        method.name = tidy
        audit.record(
            "identity.method_renamed",
            actor=method.account_id,
            subject=method.account_id,
            target=f"method:{method.public_id}",
            origin=origin,
            detail={"name": tidy},
        )
    return bool(changed)


@transaction.atomic
def make_default(method: Method, *, origin: Origin) -> bool:
    """Have this method asked first; return whether anything changed.

    Raises:
        Refused: ``gone``.

    """
    _locked(method.account)
    present = Method.objects.filter(
        pk=method.pk, removed_at=None, confirmed_at__isnull=False
    ).first()
    if present is None:
        raise Refused(Fault("", "gone"))
    if present.is_default:
        return False
    Method.objects.filter(account=method.account_id, is_default=True).update(is_default=False)
    Method.objects.filter(pk=method.pk).update(is_default=True)
    method.is_default = True
    audit.record(
        "identity.method_made_default",
        actor=method.account_id,
        subject=method.account_id,
        target=f"method:{method.public_id}",
        origin=origin,
        detail={"name": method.name},
    )
    return True


def is_last(method: Method) -> bool:
    """Return whether two-step verification ends with this method."""
    return [each.pk for each in living(method.account)] == [method.pk]


def remove(
    method: Method, *, password: str, acting_account: Account, origin: Origin, last_meant: bool
) -> bool:
    """Remove a method after its owner gave the password; return whether two-step is off now.

    ``last_meant`` says that the person was warned that it is the last one and wants it.

    Raises:
        Refused: ``gone``, ``enforced`` (with ``names`` of those who demand it), ``last`` (it is,
            and that was not said), ``wrong`` or ``throttled`` of the password.

    """
    if method.account_id != acting_account.pk or method.removed_at is not None:
        raise Refused(Fault("", "gone"))
    credentials.check_own_password(acting_account, password, origin=origin)
    with transaction.atomic():
        account = _locked(acting_account)
        others = [each for each in living(account) if each.pk != method.pk]
        demanding = () if others else enforced_by(account)
        if demanding:
            raise Refused(Fault("", "enforced", {"names": ", ".join(demanding)}))
        if not others and not last_meant:
            raise Refused(Fault("", "last"))
        if not _take_away(method, others):
            raise Refused(Fault("", "gone"))
        if others:
            _note(method, "method_removed", account, origin)
        else:
            _end(account, acting_account, origin)
            _note(method, "two_step_off", account, origin)
    acting_account.two_step_since = account.two_step_since if others else None
    return not others


@transaction.atomic
def switch_off(account: Account, *, acting_account: Account, origin: Origin) -> bool:
    """Remove all methods for somebody who lost them, after a closed case; False if there is none.

    ``acting_account`` is the staff member; services for cases alone call this, and tell the owner.
    """
    _locked(account)
    methods = living(account)
    if not methods:
        return False
    for method in methods:
        _take_away(method, [])
    _end(account, acting_account, origin)
    audit.record(
        "identity.two_step_switched_off",
        actor=acting_account.pk,
        subject=account.pk,
        origin=origin,
        detail={"count": len(methods)},
    )
    outbox.emit("identity.two_step_changed", {"account_id": account.pk})
    return True


@transaction.atomic
def take_back(account: Account, *, since: datetime, origin: Origin) -> int:
    """Remove what was added from ``since`` on by somebody who was in there; return how many.

    Nobody knows which of it was the owner's: all methods added since then go, invitations that
    nobody took, and backup codes made since then. Without a method two-step verification is off.
    """
    locked = _locked(account)
    now = clock.now()
    AuthenticatorLink.objects.filter(account=locked, used_at=None, expires_at__gt=now).update(
        expires_at=now
    )
    Method.objects.filter(
        account=locked, confirmed_at=None, removed_at=None, created_at__gte=since
    ).update(removed_at=now, seed_sealed="", phone="")
    present = living(locked)
    added = [each for each in present if each.confirmed_at and each.confirmed_at >= since]
    others = [each for each in present if each not in added]
    for method in added:
        _take_away(method, others)
    codes = BackupCode.objects.filter(account=locked, created_at__gte=since).exists()
    if added and not others:
        _end(locked, locked, origin)
        account.two_step_since = None
    elif codes:
        backup_codes.void(locked)
    if added or codes:
        audit.record(
            "identity.methods_taken_back",
            actor=locked.pk,
            subject=locked.pk,
            origin=origin,
            detail={"names": [method.name for method in added], "backup_codes": codes},
        )
        outbox.emit("identity.two_step_changed", {"account_id": locked.pk})
    if added:
        names = ", ".join(method.name for method in added)
        security_notices.tell(locked, "methods_taken_back", origin=origin, params={"names": names})
    elif codes:
        security_notices.tell(locked, "backup_codes_taken_back", origin=origin)
    return len(added)


def _take_away(method: Method, others: list[Method]) -> bool:
    removed = Method.objects.filter(pk=method.pk, removed_at=None).update(
        removed_at=clock.now(), is_default=False, seed_sealed="", phone=""
    )
    if not removed:
        return False
    if others and not any(each.is_default for each in others):
        Method.objects.filter(pk=others[0].pk).update(is_default=True)
    # The phone is told, where it is one.
    outbox.emit(
        "identity.method_removed",
        {"account_id": method.account_id, "method_id": method.pk, "kind": method.kind},
    )
    return True


def _end(account: Account, acting_account: Account, origin: Origin) -> None:
    Account.objects.filter(pk=account.pk).update(two_step_since=None, failed_codes=0)
    backup_codes.void(account)
    trusted.revoke_all(account, acting_account=acting_account, origin=origin)


def _note(method: Method, what: str, account: Account, origin: Origin) -> None:
    audit.record(
        f"identity.{what}",
        actor=account.pk,
        subject=account.pk,
        target=f"method:{method.public_id}",
        origin=origin,
        detail={"kind": method.kind, "name": method.name},
    )
    outbox.emit("identity.two_step_changed", {"account_id": account.pk})
    security_notices.tell(account, what, origin=origin, params={"name": method.name})
