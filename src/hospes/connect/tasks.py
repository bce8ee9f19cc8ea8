"""What this room does on schedule and when something happened below it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.connect.services import backchannel, purge, revocation, sign_outs, signing_keys
from hospes.foundation.registry import Lane, task

# Sessions that ended by themselves, or to make room, say nothing against what was allowed.
# What an application's own sign-out ends, ``services/logout`` has ended already.
HARMLESS_ENDS = frozenset({"expired", "too_many", "signed_out", "application"})
# Somebody else may have been in the account: what applications got before ends as well.
ALARMING_ENDS = frozenset({"password_reset", "not_me", "email_change_undone", "account_deleted"})


@task("connect.rotate_signing_keys")
def rotate_signing_keys(_payload: dict[str, Any]) -> None:
    """Make signing keys that are missing or due, and drop those whose time is over."""
    if signing_keys.rotate_keys():
        signing_keys.forget()


@task("connect.purge")
def purge_ended(_payload: dict[str, Any]) -> None:
    """Remove codes, tokens and grants that ended long ago."""
    purge.purge()


# A request's few minutes hold no more tries; each begins by asking whether it still makes sense.
@task(backchannel.PING, max_attempts=8, lease=timedelta(seconds=30), lane=Lane.APPLICATIONS)
def ping_backchannel(payload: dict[str, Any]) -> None:
    """Tell an application that a person has answered."""
    backchannel.ping(payload["request_id"])


# It plans its own further tries, so that the owner reads of the last one.
@task(sign_outs.TELL, lease=timedelta(seconds=60), lane=Lane.SIGN_OUTS)
def tell_sign_out(payload: dict[str, Any]) -> None:
    """Tell an application that a session has ended."""
    sign_outs.tell(payload)


def approval_given(payload: dict[str, Any]) -> None:
    """Make what a YES on the phone gives to an application, in the transaction that takes it."""
    backchannel.approved(payload["backchannel_id"], account_id=payload["account_id"])


def approval_refused(payload: dict[str, Any]) -> None:
    """Note a NO on the phone."""
    backchannel.refused(payload["backchannel_id"], account_id=payload["account_id"])


def account_deleted(payload: dict[str, Any]) -> None:
    """End everything a deleted account had allowed, in the transaction that deletes it."""
    revocation.revoke_all_of(payload["account_id"])


def account_taken_back(payload: dict[str, Any]) -> None:
    """End what applications got in sessions that were over before the owner acted.

    Those that this ends itself are told of by ``identity.sessions_ended``; the kept ones stay.
    Where the owner takes the account back, everything ends that was ever allowed: somebody else
    may have allowed it.
    """
    if payload.get("takes_back"):
        revocation.withdraw_all(payload["account_id"])
    else:
        revocation.revoke_outside_living_sessions(payload["account_id"])


def sessions_ended(payload: dict[str, Any]) -> None:
    """End what applications got in sessions that were ended for safety's sake.

    Those that want to hear of it are told of every end but one: whoever comes back after a session
    expired would be signed out of them at that moment.
    """
    if payload["reason"] != "expired":
        sign_outs.announce(payload["session_ids"])
    if payload["reason"] in ALARMING_ENDS:
        revocation.revoke_grants_of(payload["account_id"])
    elif payload["reason"] not in HARMLESS_ENDS:
        revocation.revoke_of_sessions(payload["session_ids"])
