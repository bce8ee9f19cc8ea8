"""Writing down what a person allowed an application to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.connect.domain.scopes import GROUPS, joined, split
from hospes.connect.models import Application, Consent
from hospes.foundation import clock
from hospes.foundation.services import audit

if TYPE_CHECKING:
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class Disclosure:
    """``organization_id`` is whose team names the scope ``groups`` opens, None without it."""

    application: Application
    disclosed: frozenset[str]
    organization_id: int | None = None


def note(disclosure: Disclosure, *, account_id: int, origin: Origin) -> None:
    """Add to what ``account_id`` allowed, in the transaction that is open."""
    application, disclosed = disclosure.application, disclosure.disclosed
    now = clock.timestamp()
    consent, new = Consent.objects.select_for_update().get_or_create(
        account_id=account_id,
        application=application,
        defaults={
            "scope": joined(disclosed),
            "organization_id": disclosure.organization_id,
            "granted_at": now,
        },
    )
    scope = joined(split(consent.scope) | disclosed)
    if not new:
        consent.scope = scope
        consent.granted_at = now
        if GROUPS in disclosed:
            consent.organization_id = disclosure.organization_id
        consent.save(update_fields=["scope", "organization", "granted_at"])
    audit.record(
        "connect.consent_given",
        actor=account_id,
        subject=account_id,
        target=application.client_id,
        origin=origin,
        detail={"name": application.name, "scope": scope},
    )
