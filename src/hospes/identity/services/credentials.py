"""Passwords checked: counted, throttled, and equally slow for known and unknown addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from hospes.foundation import clock, counters, numbers
from hospes.foundation.services import audit, jobs, outbox
from hospes.identity.domain import temporary_logins, throttling
from hospes.identity.domain.passwords import normalize
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

NOBODY = 0


def verify_password(account: Account | None, password: str) -> bool:
    """Return whether the password is right, after the same work for an account as for none.

    A right one whose hash was made with other parameters than today's is hashed anew. Counts
    nothing: whoever lets a person try goes through ``check_password``.
    """
    text = normalize(password)
    if account is None or not account.password_hash:
        hashing.dummy_verify(text)
        return False
    if not hashing.verify(account.password_hash, text):
        return False
    if hashing.needs_rehash(account.password_hash):
        Account.objects.filter(pk=account.pk, password_hash=account.password_hash).update(
            password_hash=hashing.hash_password(text)
        )
    return True


def check_password(
    account: Account | None, password: str, *, email: str, device: str, origin: Origin
) -> None:
    """Let a person try a password for ``email``.

    ``device`` is non-empty where this browser has signed in to the account before.

    Raises:
        Refused: ``throttled`` (with ``minutes``), or ``wrong``; a locked account is always wrong.

    """
    window = timedelta(minutes=numbers.get("identity.password_failures_window_minutes"))
    key = throttling.account_key(email, device)
    _admit(key, window, origin, known_device=bool(device))
    right = verify_password(account, password)
    if right and account is not None and account.state == Account.State.ACTIVE:
        counters.clear(throttling.PASSWORD, key)
        return
    if origin.ip:
        counters.hit(
            throttling.PASSWORD_NETWORK,
            throttling.network_key(origin.ip),
            limit=numbers.get("identity.password_failures_per_network"),
            window=window,
        )
    _note_failure(account, origin)
    raise Refused(Fault("", "wrong"))


def check_own_password(account: Account, password: str, *, origin: Origin) -> None:
    """Let a signed-in person confirm with their password; counts like a sign-in.

    Raises:
        Refused: as ``check_password``.

    """
    check_password(
        account,
        password,
        email=account.email,
        device=f"session:{origin.session_id}",
        origin=origin,
    )


def forget_failures(account: Account) -> None:
    """Begin counting anew, after the owner proved who they are."""
    login = account.email
    if temporary_logins.is_placeholder(login):
        # Guesses were counted under the temporary login ID, which is what stands before the @.
        login = login.partition("@")[0]
    counters.clear(throttling.PASSWORD, throttling.account_key(login))


def _admit(key: str, window: timedelta, origin: Origin, *, known_device: bool) -> None:
    # Counted before the password is looked at, so that parallel guesses cannot outrun the limit.
    # A known device has its own count; what strangers in its network do is not its doing.
    if origin.ip and not known_device:
        limit = numbers.get("identity.password_failures_per_network")
        network = throttling.network_key(origin.ip)
        if counters.count(throttling.PASSWORD_NETWORK, network, window) >= limit:
            raise Refused(Fault("", "throttled", {"minutes": int(window.total_seconds()) // 60}))
    hit = counters.hit(
        throttling.PASSWORD,
        key,
        limit=numbers.get("identity.password_failures_per_account"),
        window=window,
    )
    if not hit.allowed:
        raise Refused(
            Fault("", "throttled", {"minutes": throttling.minutes_to_wait(hit.retry_after)})
        )


@transaction.atomic
def _note_failure(account: Account | None, origin: Origin) -> None:
    # An unknown address causes the same statements, on nobody.
    account_id = account.pk if account else NOBODY
    Account.objects.filter(pk=account_id).update(failed_passwords=F("failed_passwords") + 1)
    now = clock.now()
    locked = (
        Account.objects.filter(
            pk=account_id,
            state=Account.State.ACTIVE,
            lock_after_failures__isnull=False,
            failed_passwords__gte=F("lock_after_failures"),
        ).update(state=Account.State.LOCKED, locked_at=now)
        > 0
    )
    audit.record(
        "identity.sign_in_failed",
        actor=None,
        subject=account_id or None,
        origin=origin,
    )
    if locked:
        audit.record("identity.account_locked", actor=None, subject=account_id, origin=origin)
        outbox.emit("identity.account_locked", {"account_id": account_id})
    jobs.enqueue(
        "identity.tell_failed_sign_in",
        {
            "account_id": account_id,
            "locked": locked,
            "ip": origin.ip,
            "user_agent": origin.user_agent,
            "at": now.isoformat(),
        },
    )
