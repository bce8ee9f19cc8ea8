"""Rules of the cases of people who have no way back in."""

from __future__ import annotations

from hospes.identity.domain import addresses, temporary_logins
from hospes.kit.faults import Fault

KINDS = ("no_access", "forgotten_login", "second_step_lost", "unlock")
LONGEST_WORDS = 2000
REFERENCE_BYTES = 8
# A granted case's link for a new password; its reader may not look into that mailbox every day.
RESET_LINK_DAYS = 3
# Crockford's base 32: nothing that is mistaken for something else on the phone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(data: bytes) -> str:
    """Return a reference such as ``K7QF-2MXP`` out of ``REFERENCE_BYTES`` random bytes."""
    text = "".join(_LETTERS[byte % len(_LETTERS)] for byte in data[:REFERENCE_BYTES])
    return f"{text[:4]}-{text[4:]}"


def faults(*, kind: str, login: str, contact_email: str, words: str) -> list[Fault]:
    """Return everything that is wrong with a case that somebody wants to open.

    A login may be left out where it is what was forgotten. ``login`` and ``contact_email`` are
    normalised.
    """
    found: list[Fault] = []
    if kind not in KINDS:
        found.append(Fault("kind", "unknown"))
    if not login and kind != "forgotten_login":
        found.append(Fault("login", "required"))
    if login and not (addresses.is_plausible(login) or temporary_logins.read(login)):
        found.append(Fault("login", "invalid"))
    if not contact_email:
        found.append(Fault("contact_email", "required"))
    elif not addresses.is_plausible(contact_email):
        found.append(Fault("contact_email", "invalid"))
    elif contact_email == login and kind in {"no_access", "forgotten_login"}:
        # What cannot be read any more is no way to be reached.
        found.append(Fault("contact_email", "same_as_login"))
    if len(words.strip()) > LONGEST_WORDS:
        found.append(Fault("words", "too_long", {"maximum": LONGEST_WORDS}))
    return found
