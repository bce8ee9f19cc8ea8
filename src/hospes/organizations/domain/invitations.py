"""Pure rules of invitations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hospes.identity.domain import addresses, names

if TYPE_CHECKING:
    from datetime import datetime

SHORTEST_ADDRESS = 5  # as the published API has it
PENDING, ACCEPTED, REJECTED, CANCELLED = "pending", "accepted", "rejected", "cancelled"
EXPIRED = "expired"
# In the order in which people are shown them.
STATES: Final = (PENDING, ACCEPTED, REJECTED, CANCELLED, EXPIRED)
# What mail programs turn into a link without being asked: ``word.tld``.
_HOST = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*|[<>]", re.IGNORECASE)
LONGEST_SHOWN = 80


def state_of(
    status: str, *, expires_at: datetime, answered_at: datetime | None, now: datetime
) -> str:
    """Return the state that people see.

    An invitation whose time is over has expired, also one put away after that for a newer one.
    """
    if status == PENDING and expires_at <= now:
        return EXPIRED
    if status == CANCELLED and answered_at is not None and answered_at >= expires_at:
        return EXPIRED
    return status


def email_fault(email: str) -> str:
    """Return what is wrong with a normalised address: ``missing``, ``not_an_address`` or ``""``."""
    if not email:
        return "missing"
    if len(email) < SHORTEST_ADDRESS or not addresses.is_plausible(email):
        return "not_an_address"
    return ""


def name_fault(name: str) -> str:
    """Return what is wrong with a tidy name, as ``identity.domain.names.fault`` does.

    Stricter: a stranger's mail greets by it, so it must not read as a host name either.
    """
    return names.fault(name) or ("unusable" if _HOST.search(name) or "/" in name else "")


def harmless(text: str) -> str:
    """Return a name chosen by whoever invites so that it is no link in a stranger's mail.

    Addresses go, host names get a blank behind their dots, and what is left is cut to 80 signs.
    """
    plain = " ".join(_HOST.sub(". ", _ADDRESS.sub(" ", text)).split())
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[: LONGEST_SHOWN - 1].rstrip()}…"
