"""What an application's log tells: the kinds of events, and how many of them are kept."""

from __future__ import annotations

import re
from typing import Any, Final

from hospes.protocols.oauth import outcomes

SIGNED_IN: Final = "signed_in"
CONSENT_REFUSED: Final = "consent_refused"
PHONE_APPROVED: Final = "phone_approved"
PHONE_REFUSED: Final = "phone_refused"
DEVICE_APPROVED: Final = "device_approved"
DEVICE_REFUSED: Final = "device_refused"
SIGN_OUT_TOLD: Final = "sign_out_told"
SIGN_OUT_NOT_TOLD: Final = "sign_out_not_told"
REDIRECT_MISMATCH: Final = "redirect_mismatch"
LOGOUT_MISMATCH: Final = "logout_mismatch"
REQUEST_REFUSED: Final = outcomes.REQUEST_REFUSED
CLIENT_REFUSED: Final = outcomes.CLIENT_REFUSED
TOKEN_REFUSED: Final = outcomes.TOKEN_REFUSED
TOKENS_REVOKED: Final = outcomes.TOKENS_REVOKED
REUSE_DETECTED: Final = outcomes.REUSE_DETECTED
NOT_KEPT: Final = "not_kept"

# Each kind in a developer's English; the pages say it in the reader's language.
DESCRIPTIONS: Final[dict[str, str]] = {
    SIGNED_IN: "A person signed in: a code was issued.",
    CONSENT_REFUSED: "A person was asked and said no.",
    PHONE_APPROVED: "A person was asked on the phone and said yes.",
    PHONE_REFUSED: "A person was asked on the phone and said no.",
    DEVICE_APPROVED: "A person typed the code of a device and said yes.",
    DEVICE_REFUSED: "A person typed the code of a device and said no.",
    SIGN_OUT_TOLD: "The application was told that a session ended, and took it.",
    SIGN_OUT_NOT_TOLD: "The application could not be told that a session ended.",
    REDIRECT_MISMATCH: "A request named a redirect URL that is not registered.",
    LOGOUT_MISMATCH: "A sign-out named an address to return to that is not registered.",
    REQUEST_REFUSED: "An authorization request was refused.",
    CLIENT_REFUSED: "A request named the application and did not prove to be its own.",
    TOKEN_REFUSED: "A request to the token endpoint was refused.",
    TOKENS_REVOKED: "Tokens were ended, by the person or by the application.",
    REUSE_DETECTED: "A code or refresh token was used twice; all that came of it ended.",
    NOT_KEPT: "More was refused within this minute than the log keeps.",
}
KINDS: Final = tuple(DESCRIPTIONS)

# What anybody can cause who knows the client ID, as often as they like.
REFUSALS: Final = frozenset(
    {
        CONSENT_REFUSED, REDIRECT_MISMATCH, LOGOUT_MISMATCH, REQUEST_REFUSED, CLIENT_REFUSED,
        TOKEN_REFUSED,
    }
)  # fmt: skip
REFUSALS_KEPT_PER_MINUTE: Final = 20
# Beyond that many the surplus is not counted further: the count itself must stay small.
MOST_COUNTED: Final = 10_000

# Answers to prompt=none: software that asks so expects them, and asks often.
EXPECTED_REFUSALS: Final = frozenset(
    {"login_required", "consent_required", "interaction_required", "account_selection_required"}
)
LONGEST_TEXT: Final = 2000
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def minute_of(instant: int) -> int:
    """Return the beginning of the minute; both are whole seconds since 1970."""
    return instant - instant % 60


def is_written(surplus: int) -> bool:
    """Return whether the row of a minute's surplus is written again at this count.

    Only where all digits after the first are 0: a flood of 10,000 costs 37 writes, and what the
    row says is true as "at least", exact up to ten.
    """
    return surplus > 0 and not str(surplus)[1:].strip("0")


def storable(detail: dict[str, Any]) -> dict[str, Any]:
    """Return ``detail`` as every database keeps it: texts cut, without control characters."""
    return {
        name: _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value[:LONGEST_TEXT])
        if isinstance(value, str)
        else value
        for name, value in detail.items()
    }
