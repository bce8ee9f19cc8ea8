"""New passwords: checked against every rule at once, and changed."""

from __future__ import annotations

from django.conf import settings

from hospes.foundation import numbers
from hospes.identity.domain.passwords import (
    PasswordRules,
    guessing_words,
    length_fault,
    normalize,
)
from hospes.identity.gateways import breached, strength
from hospes.kit.faults import Fault


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
        faults.append(
            Fault(field, "too_weak", {"score": score, "minimum": rules.minimum_strength})
        )
    return tuple(faults)
