"""Accounts of the people who run the installation, made at its command line."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import addresses, names
from hospes.identity.domain.passwords import normalize
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
from hospes.identity.queries import accounts
from hospes.identity.services import passwords
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class CreateStaffAccount:
    """Who it is for. The operator vouches for the address, so no mail confirms it."""

    email: str
    first_name: str
    last_name: str
    password: str
    locale: str


def _faults(command: CreateStaffAccount) -> list[Fault]:
    found = [
        Fault(field, code, {"maximum": names.LONGEST})
        for field, value in (("first_name", command.first_name), ("last_name", command.last_name))
        if (code := names.fault(value))
    ]
    if not addresses.is_plausible(command.email):
        found.append(Fault("email", "not_an_address"))
    elif accounts.by_email(command.email) is not None:
        found.append(Fault("email", "taken"))
    if command.locale not in settings.HOSPES.languages:
        known = ", ".join(settings.HOSPES.languages)
        found.append(Fault("locale", "unknown", {"known": known}))
    inputs = (command.email, command.first_name, command.last_name)
    found.extend(passwords.check_new_password(command.password, account_inputs=inputs))
    return found


def create_staff_account(command: CreateStaffAccount, *, origin: Origin) -> Account:
    """Make an account that may use the staff pages.

    Raises:
        Refused: every fault of every field at once.

    """
    command = CreateStaffAccount(
        email=addresses.normalise(command.email),
        first_name=names.tidy(command.first_name),
        last_name=names.tidy(command.last_name),
        password=command.password,
        locale=command.locale,
    )
    faults = _faults(command)
    if faults:
        raise Refused(faults)
    password_hash = hashing.hash_password(normalize(command.password))
    now = clock.now()
    with transaction.atomic():
        account = Account.objects.create(
            public_id=str(uuid.uuid4()),
            email=command.email,
            email_verified_at=now,
            first_name=command.first_name,
            last_name=command.last_name,
            locale=command.locale,
            password_hash=password_hash,
            password_changed_at=now,
            is_staff=True,
            created_at=now,
            updated_at=now,
        )
        audit.record(
            "identity.account_created",
            actor=None,
            subject=account.pk,
            origin=origin,
            detail={"staff": True},
        )
        outbox.emit("identity.account_created", {"account_id": account.pk})
    return account
