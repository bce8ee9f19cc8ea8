"""Initial access tokens: what lets a program register applications (RFC 7591 §1.2)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F

from hospes.connect.domain.registration import LONGEST_NAME
from hospes.connect.models import Application, InitialAccessToken
from hospes.foundation import clock, counters, numbers
from hospes.foundation.services import audit
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused
from hospes.kit.ids import base62, bytes_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Organization

PREFIX: Final = "hsp_ri_"
DIGITS: Final = 43  # 256 bits
DAYS: Final = (1, 7, 30, 90, 365)
MOST_USES: Final = 1000
DAY: Final = 86_400


class AlreadyDone(Exception):
    """The same form was sent before."""


@dataclass(frozen=True, slots=True)
class CreateInitialToken:
    """``days``: how long it works. ``form_key`` names the form, so that it works once."""

    name: str
    uses: int
    days: int
    form_key: str


@dataclass(frozen=True, slots=True)
class Created:
    """``value`` is the token in clear, here and nowhere else."""

    token: InitialAccessToken
    value: str


def hash_of(value: str) -> str:
    """Return what is stored of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(value.encode()).hexdigest()


def new_value(prefix: str = PREFIX) -> str:
    """Return a fresh token."""
    return prefix + base62(secrets.token_bytes(bytes_for(DIGITS)), DIGITS)


def create_initial_token(
    command: CreateInitialToken,
    *,
    organization: Organization,
    acting_account: Account,
    origin: Origin,
) -> Created:
    """Make a token with which programs may register applications for ``organization``.

    Raises:
        Refused: naming every fault; nothing was stored.
        AlreadyDone: this form has made its token before.

    """
    name = " ".join(command.name.split())
    faults = _faults(name, command)
    limit = numbers.get("connect.registration_tokens_per_organization")
    now = clock.timestamp()
    if living(organization, now).count() >= limit:
        faults.append(Fault("", "too_many_tokens", {"limit": limit}))
    if faults:
        raise Refused(faults)
    value = new_value()
    key = f"{organization.pk}:{command.form_key}"
    if not counters.hit("connect.initial_token", key, limit=1, window=timedelta(days=1)).allowed:
        raise AlreadyDone
    with transaction.atomic():
        token = InitialAccessToken.objects.create(
            organization=organization,
            name=name,
            token_hash=hash_of(value),
            hint=value[-4:],
            uses_left=command.uses,
            created_by=acting_account,
            created_at=now,
            expires_at=now + command.days * DAY,
        )
        _record("connect.initial_token_created", token, acting_account, origin)
    return Created(token, value)


def revoke_initial_token(
    token: InitialAccessToken, *, acting_account: Account, origin: Origin
) -> bool:
    """End a token at once; return False where it had been ended already.

    What was registered with it stays.
    """
    with transaction.atomic():
        ended = InitialAccessToken.objects.filter(pk=token.pk, revoked_at=None).update(
            revoked_at=clock.timestamp()
        )
        if ended:
            _record("connect.initial_token_revoked", token, acting_account, origin)
    return bool(ended)


def end_program(application: Application, *, acting_account: Account, origin: Origin) -> bool:
    """Let the program that registered an application change it no longer; its token ends."""
    with transaction.atomic():
        ended = (
            Application.objects.filter(pk=application.pk)
            .exclude(registration_token_hash="")
            .update(registration_token_hash="")
        )
        if ended:
            audit.record(
                "connect.program_ended",
                actor=acting_account.pk,
                subject=acting_account.pk,
                organization=application.organization_id,
                target=application.client_id,
                origin=origin,
                detail={"name": application.name},
            )
    return bool(ended)


def all_of(organization: Organization) -> QuerySet[InitialAccessToken]:
    """Return every token of an organization, the newest first."""
    return (
        InitialAccessToken.objects.filter(organization=organization)
        .select_related("created_by")
        .order_by("-created_at", "-pk")
    )


def living(organization: Organization, now: int) -> QuerySet[InitialAccessToken]:
    """Return the tokens with which something can still be registered."""
    return InitialAccessToken.objects.filter(
        organization=organization, revoked_at=None, expires_at__gt=now, uses_left__gt=0
    )


def find(value: str) -> InitialAccessToken | None:
    """Return the token if it works now."""
    if not value.startswith(PREFIX) or len(value) != len(PREFIX) + DIGITS:
        return None
    return (
        InitialAccessToken.objects.select_related("organization")
        .filter(
            token_hash=hash_of(value),
            revoked_at=None,
            expires_at__gt=clock.timestamp(),
            uses_left__gt=0,
        )
        .first()
    )


def use(token: InitialAccessToken) -> bool:
    """Take one use off, in the transaction that registers; False where there is none left."""
    now = clock.timestamp()
    return bool(
        InitialAccessToken.objects.filter(
            pk=token.pk, revoked_at=None, expires_at__gt=now, uses_left__gt=0
        ).update(uses_left=F("uses_left") - 1, last_used_at=now)
    )


def _faults(name: str, command: CreateInitialToken) -> list[Fault]:
    faults: list[Fault] = []
    if not name:
        faults.append(Fault("name", "required_token"))
    elif len(name) > LONGEST_NAME:
        faults.append(Fault("name", "too_long", {"limit": LONGEST_NAME}))
    elif visible.has_hidden(name) or visible.is_blank(name):
        faults.append(Fault("name", "characters"))
    if not 1 <= command.uses <= MOST_USES:
        faults.append(Fault("uses", "number", {"limit": MOST_USES}))
    if command.days not in DAYS:
        faults.append(Fault("days", "choose_validity"))
    return faults


def _record(
    action: str, token: InitialAccessToken, acting_account: Account, origin: Origin
) -> None:
    audit.record(
        action,
        actor=acting_account.pk,
        subject=acting_account.pk,
        organization=token.organization_id,
        target=f"initial_token:{token.pk}",
        origin=origin,
        detail={"name": token.name, "hint": token.hint, "uses": token.uses_left},
    )
