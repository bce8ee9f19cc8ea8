"""API tokens on schedule, and when something happened to their account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.api.services import token_silence, tokens
from hospes.foundation import registry

UNUSED = "api.look_after_unused_tokens"
# Ends of sessions that say: somebody else may have been in the account.
TAKEN_BACK = frozenset({"not_me", "email_change_undone"})


@registry.task(UNUSED, lease=timedelta(minutes=15))
def look_after_unused(_payload: dict[str, Any]) -> None:
    """Switch off tokens that nobody uses, and tell before."""
    token_silence.look_after_unused()


def account_deleted(payload: dict[str, Any]) -> None:
    """Remove the tokens of a deleted account, in the transaction that deletes it."""
    tokens.forget_account(payload["account_id"])


def sessions_ended(payload: dict[str, Any]) -> None:
    """Revoke all tokens where the owner takes the account back."""
    if payload["reason"] in TAKEN_BACK:
        tokens.revoke_taken_back(payload["account_id"])


def password_changed(payload: dict[str, Any]) -> None:
    """Revoke all tokens where the owner set a new password to take the account back."""
    if payload.get("takes_back"):
        tokens.revoke_taken_back(payload["account_id"])


def register() -> None:
    """Put the regular work on the schedule and listen to what happens to accounts."""
    registry.schedule(UNUSED, timedelta(hours=6))
    registry.subscribe_inline("identity.account_deleted", account_deleted)
    registry.subscribe_inline("identity.sessions_ended", sessions_ended)
    registry.subscribe_inline("identity.password_changed", password_changed)
