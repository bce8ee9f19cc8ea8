"""New passwords: checked against every rule at once, and changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.domain.passwords import (
    PasswordRules,
    guessing_words,
    length_fault,
    normalize,
)
from hospes.identity.gateways import breached, hashing, strength
from hospes.identity.models import Account, MailLink
from hospes.identity.queries import sign_ins
from hospes.identity.services import (
    application_passwords,
    credentials,
    mail_links,
    security_notices,
    sessions,
)
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """``keep_sessions`` are the public ids of the other sessions that stay signed in.

    ``takes_back``: the owner fears that somebody else was in the account, so that whatever acts
    in its name ends too.
    """

    current_password: str = field(repr=False)
    new_password: str = field(repr=False)
    keep_sessions: frozenset[str] = frozenset()
    takes_back: bool = False


def password_rules() -> PasswordRules:
    """Return the provider's numbers for new passwords."""
    return PasswordRules(
        minimum_length=numbers.get("identity.password_minimum_length"),
        maximum_length=numbers.get("identity.password_maximum_length"),
        minimum_strength=numbers.get("identity.password_minimum_strength"),
    )


def check_new_password(
    password: str, *, account_inputs: tuple[str, ...] = (), field: str = "password"
) -> tuple[Fault, ...]:
    """Return every rule that a new password breaks; empty means it may be used.

    ``account_inputs`` are the person's names and addresses, which count as easy guesses. The codes
    are ``too_short`` and ``too_long`` (with ``minimum``, ``maximum`` and ``length`` in
    characters after NFKC), ``breached`` and ``too_weak`` (with ``score`` and ``minimum``, 0-4).
    """
    rules = password_rules()
    text = normalize(password)
    faults: list[Fault] = []
    length = length_fault(text, rules)
    if length:
        sizes = {
            "minimum": rules.minimum_length,
            "maximum": rules.maximum_length,
            "length": len(text),
        }
        faults.append(Fault(field, length, sizes))
    lists = breached.known_lists(settings.HOSPES.breached_passwords_file)
    if text and any(known.contains(text) for known in lists):
        faults.append(Fault(field, "breached", {}))
    score = strength.estimate(
        text, words=guessing_words(account_inputs), enough=rules.minimum_strength
    )
    if text and score < rules.minimum_strength:
        faults.append(Fault(field, "too_weak", {"score": score, "minimum": rules.minimum_strength}))
    return tuple(faults)


def account_inputs(account: Account) -> tuple[str, ...]:
    """Return what a guesser knows about the account's owner."""
    return (account.first_name, account.last_name, account.email, account.recovery_email)


def change_password(command: ChangePassword, *, acting_account: Account, origin: Origin) -> int:
    """Change the acting account's password; return how many other sessions that ended.

    The session that acts stays, and those the owner keeps. Links for setting a new password that
    were mailed before are void.

    Raises:
        Refused: ``current_password`` ``wrong`` (counted like a failed sign-in) or ``throttled``
            (with ``minutes``); ``new_password`` as ``check_new_password``, or ``unchanged``.

    """
    faults = [
        Fault("current_password", fault.code, fault.params)
        for fault in _current_faults(command.current_password, acting_account, origin)
    ]
    new = normalize(command.new_password)
    if not faults and new == normalize(command.current_password):
        faults.append(Fault("new_password", "unchanged"))
    faults += check_new_password(
        new, account_inputs=account_inputs(acting_account), field="new_password"
    )
    if faults:
        raise Refused(faults)
    fresh = hashing.hash_password(new)
    with transaction.atomic():
        return _write(acting_account, fresh, command, origin)


def _current_faults(password: str, account: Account, origin: Origin) -> tuple[Fault, ...]:
    if not password:
        return (Fault("", "required"),)
    try:
        credentials.check_own_password(account, password, origin=origin)
    except Refused as refused:
        return refused.faults
    return ()


def _write(account: Account, fresh: str, command: ChangePassword, origin: Origin) -> int:
    # Somebody who set another password since this one was checked goes first.
    changed = Account.objects.filter(
        pk=account.pk,
        state=Account.State.ACTIVE,
        password_changed_at=account.password_changed_at,
    ).update(
        password_hash=fresh,
        password_changed_at=clock.now(),
        failed_passwords=0,
        failed_codes=0,
        updated_at=clock.now(),
    )
    if not changed:
        raise Refused(Fault("", "unusable"))
    kept = {
        item.pk for item in sign_ins.of_account(account) if item.public_id in command.keep_sessions
    }
    if origin.session_id is not None:
        kept.add(origin.session_id)
    mail_links.void(MailLink.Purpose.PASSWORD_RESET, account)
    ended = sessions.end_other_sessions(
        account, keep=kept, reason="password_changed", origin=origin, actor=account
    )
    audit.record(
        "identity.password_changed",
        actor=account.pk,
        subject=account.pk,
        origin=origin,
        detail={"sessions_ended": ended},
    )
    outbox.emit(
        "identity.password_changed", {"account_id": account.pk, "takes_back": command.takes_back}
    )
    security_notices.tell(account, "password_changed", origin=origin)
    if command.takes_back:
        application_passwords.revoke_taken_back(account, origin=origin)
    return ended
