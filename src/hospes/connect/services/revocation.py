"""Ending what was allowed: grants, and with them every code and token that came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hospes.connect.domain.events import TOKENS_REVOKED
from hospes.connect.models import Application, BackchannelRequest, Consent, Grant
from hospes.connect.services import backchannel, events
from hospes.foundation import clock
from hospes.foundation.services import audit
from hospes.kit.origin import SYSTEM, Origin

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hospes.identity.models import Account


def withdraw_consent(application: Application, *, acting_account: Account, origin: Origin) -> bool:
    """Take back what ``acting_account`` allowed; return False where there was nothing.

    The application's tokens stop at once, and its next sign-in asks again.
    """
    with transaction.atomic():
        # First, as an answer on the phone locks: the question, then the consent.
        backchannel.withdraw(
            BackchannelRequest.objects.filter(account=acting_account, application=application)
        )
        consents, _ = Consent.objects.filter(
            account=acting_account, application=application
        ).delete()
        grants = Grant.objects.filter(
            account=acting_account, application=application, revoked_at=None
        ).update(revoked_at=clock.timestamp())
        if not consents and not grants:
            return False
        audit.record(
            "connect.consent_withdrawn",
            actor=acting_account.pk,
            subject=acting_account.pk,
            target=application.client_id,
            origin=origin,
            detail={"name": application.name},
        )
        if grants:
            events.record(
                TOKENS_REVOKED,
                application_id=application.pk,
                account_id=acting_account.pk,
                origin=origin,
                detail={"by": "person"},
            )
    return True


def withdraw_all(account_id: int) -> int:
    """Take back everything an account allowed; return how many living grants that ended."""
    with transaction.atomic():
        # First, as in ``withdraw_consent``.
        backchannel.withdraw(BackchannelRequest.objects.filter(account_id=account_id))
        allowed = Consent.objects.select_related("application").filter(account_id=account_id)
        for consent in allowed.order_by("pk"):
            audit.record(
                "connect.consent_withdrawn",
                actor=account_id,
                subject=account_id,
                target=consent.application.client_id,
                origin=SYSTEM,
                detail={"name": consent.application.name},
            )
        return revoke_all_of(account_id)


def note_reuse(grant_id: int, address: str) -> None:
    """Tell the person of a grant that a code or refresh token of it came a second time."""
    grant = Grant.objects.select_related("application").filter(pk=grant_id).first()
    if grant is None or grant.account_id is None:
        return
    audit.record(
        "connect.reuse_detected",
        actor=None,
        subject=grant.account_id,
        target=grant.application.client_id,
        origin=Origin(ip=address),
        detail={"name": grant.application.name},
    )


def revoke_all_of(account_id: int) -> int:
    """End every grant and consent of an account; return how many grants that were."""
    with transaction.atomic():
        Consent.objects.filter(account_id=account_id).delete()
        return revoke_grants_of(account_id)


def revoke_grants_of(account_id: int) -> int:
    """End every grant of an account and keep its consents; return how many grants that were."""
    return _end(Grant.objects.filter(account_id=account_id), by="safety")


def revoke_outside_living_sessions(account_id: int) -> int:
    """End the grants of an account that were given in sessions which are over; consents stay."""
    return _end(
        Grant.objects.filter(account_id=account_id).exclude(
            session__isnull=False, session__ended_at__isnull=True
        ),
        by="safety",
    )


def revoke_of_sessions(session_ids: Collection[int]) -> int:
    """End the grants that were given in these sign-in sessions; consents stay."""
    return _end(Grant.objects.filter(session_id__in=session_ids), by="safety")


def revoke_online_of_sessions(session_ids: Collection[int]) -> int:
    """End the grants of these sessions but those that are to outlast them; consents stay."""
    # No scope's name holds another's, so a part of the column is a scope of it.
    online = Grant.objects.filter(session_id__in=session_ids).exclude(
        scope__contains="offline_access"
    )
    return _end(online, by="sign_out")


@transaction.atomic
def _end(grants: QuerySet[Grant], *, by: str) -> int:
    """End ``grants`` and tell the owner of each application, once for each person.

    As many lines as there were sign-ins at the most, so nothing else need bound them. They hold no
    network address: it was nobody's request to the application. ``by`` says why it ended.
    """
    living = grants.filter(revoked_at=None).select_for_update(of=("self",))
    ended = list(living.order_by("pk").values_list("pk", "application_id", "account_id"))
    for application_id, account_id in sorted({(row[1], row[2]) for row in ended}):
        events.record(
            TOKENS_REVOKED,
            application_id=application_id,
            account_id=account_id,
            origin=SYSTEM,
            detail={"by": by},
        )
    return Grant.objects.filter(pk__in=[row[0] for row in ended]).update(
        revoked_at=clock.timestamp()
    )
