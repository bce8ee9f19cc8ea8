"""Jobs of the Authenticator: reaching phones, and tidying up after challenges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hospes.foundation import clock, registry
from hospes.identity.models import Account, AuthenticatorLink, Challenge
from hospes.identity.services.export import register_section
from hospes.identity.services.two_step import challenges, links, push_delivery, trusted
from hospes.kit.origin import SYSTEM

TELL_REMOVAL = "identity.tell_phone_of_removal"
TIDY = "identity.tidy_challenges"
KEPT = timedelta(days=30)
_BATCH = 1000


# A few minutes hold no more tries than these; each begins by asking whether it still makes sense.
@registry.task(challenges.TELL_PHONE, max_attempts=8, lease=timedelta(seconds=30))
def tell_phone(payload: dict[str, Any]) -> None:
    """Tell one phone of one challenge."""
    push_delivery.tell_of_challenge(payload["phone_id"], payload["challenge_id"])


@registry.task(TELL_REMOVAL, max_attempts=8)
def tell_removal(payload: dict[str, Any]) -> None:
    """Tell a phone that it was unlinked."""
    push_delivery.tell_of_removal(payload["method_id"])


@registry.task(TIDY)
def tidy(_payload: dict[str, Any]) -> None:
    """Write expiries down, and delete what nobody needs any more."""
    while challenges.expire_old(_BATCH) == _BATCH:
        pass
    now = clock.now()
    AuthenticatorLink.objects.filter(expires_at__lte=now).exclude(codes_sealed="").update(
        codes_sealed=""
    )
    before = now - KEPT
    Challenge.objects.filter(created_at__lt=before).delete()
    AuthenticatorLink.objects.filter(created_at__lt=before).delete()


def _withdraw(payload: dict[str, Any]) -> None:
    challenges.withdraw_all(payload["account_id"])


def _end_invitations(payload: dict[str, Any]) -> None:
    # The session that asked for one may be among those that ended.
    links.end_all(payload["account_id"])


def _end_trust(payload: dict[str, Any]) -> None:
    account = Account.objects.get(pk=payload["account_id"])
    trusted.revoke_all(account, acting_account=account, origin=SYSTEM)


def register() -> None:
    """Put the regular work on the schedule and listen to what ends a question or a phone."""
    registry.schedule(TIDY, timedelta(hours=1))
    registry.subscribe("identity.method_removed", TELL_REMOVAL)
    register_section("sign_in_requests", challenges.export)
    for event in ("identity.password_changed", "identity.account_locked"):
        registry.subscribe_inline(event, _withdraw)
    registry.subscribe_inline("identity.sessions_ended", _end_invitations)
    registry.subscribe_inline("identity.password_changed", _end_trust)
