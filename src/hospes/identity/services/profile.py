"""The profile: names, language, time zone."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import names
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

FIELDS = ("first_name", "last_name", "locale", "timezone")


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """``locale`` is one of the product's languages, ``timezone`` a name of the tz database."""

    first_name: str
    last_name: str
    locale: str
    timezone: str


def change_profile(
    command: ChangeProfile, *, acting_account: Account, origin: Origin
) -> tuple[str, ...]:
    """Write the acting account's profile; return the names of the fields that changed.

    Raises:
        Refused: names ``required``, ``too_long`` or ``unusable``; ``locale`` or ``timezone``
            ``unknown``.

    """
    values = {
        "first_name": names.tidy(command.first_name),
        "last_name": names.tidy(command.last_name),
        "locale": command.locale,
        "timezone": command.timezone,
    }
    faults = [
        Fault(field, code, {"maximum": names.LONGEST})
        for field in ("first_name", "last_name")
        if (code := names.fault(values[field]))
    ]
    if command.locale not in dict(settings.LANGUAGES):
        faults.append(Fault("locale", "unknown"))
    if command.timezone not in zoneinfo.available_timezones():
        faults.append(Fault("timezone", "unknown"))
    if faults:
        raise Refused(faults)
    changed = tuple(field for field in FIELDS if getattr(acting_account, field) != values[field])
    if not changed:
        return ()
    with transaction.atomic():
        Account.objects.filter(pk=acting_account.pk).update(**values, updated_at=clock.now())
        audit.record(
            "identity.profile_changed",
            actor=acting_account.pk,
            subject=acting_account.pk,
            origin=origin,
            detail={"fields": list(changed)},
        )
        outbox.emit("identity.profile_changed", {"account_id": acting_account.pk})
    for field, value in values.items():
        setattr(acting_account, field, value)
    return changed
