"""Loading the demo: people, organizations with what they hold, applications and a little past.

Everything is made once and found again: loading twice changes nothing.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from hospes.connect.models import Application, Consent
from hospes.connect.services import client_secrets
from hospes.connect.services.applications import (
    AlreadyDone,
    RegisterApplication,
    register_application,
)
from hospes.demo import credentials, organizations, status
from hospes.demo.past import CONSENTS, PAST, PLACES, applications
from hospes.demo.people import LANGUAGES, MEMBERS, OWNER, PASSWORD, PEOPLE, STAFF, Person
from hospes.foundation import clock
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import outbox
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Membership, Organization

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

# The demo's own ids come from here, so that its people are recognized whatever becomes of them.
_NAMESPACE = uuid.UUID("6f1c6f3e-2b0a-4c57-9d3b-0a6d6f0e5a11")
_DEFAULT_PORT = 8000


class NotADemo(Exception):
    """The installation is not one for a demo; nothing was changed."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the demo's people; as text, a line to print."""

    email: str
    password: str
    part: str

    def __str__(self) -> str:
        """Return one line, in columns."""
        return f"{self.email:<30} {self.password:<24} {self.part}"


def load() -> tuple[SignIn, ...]:
    """Load what is missing and return the sign-ins.

    Raises:
        NotADemo: the installation does not run as a demo, or has accounts that are not the
            demo's: a password that everybody knows has no place there.

    """
    if not settings.HOSPES.demo:
        raise NotADemo("This installation does not run as a demo.")
    with transaction.atomic():
        if not Account.objects.filter(public_id=_public_id(OWNER)).exists():
            if Account.objects.exists():
                raise NotADemo("This installation has accounts of its own.")
            _make_people()
        accounts = _accounts()
        organizations.fill(_organizations(accounts), accounts)
        client = _register_applications(accounts)
        if STAFF in accounts:
            status.fill(accounts[STAFF])
    _hand_over(client, accounts[OWNER])
    # A folder of an older demo may lack who came later.
    return tuple(
        SignIn(person.email, PASSWORD, f"{person.part}, in {LANGUAGES[person.locale]}")
        for person in PEOPLE
        if person.key in accounts
    )


def client_url() -> str:
    """Return where the demo client is reached: this machine, the port after ours."""
    port = urlsplit(settings.HOSPES.base_url).port or _DEFAULT_PORT
    return f"http://127.0.0.1:{port + 1}"


def _public_id(key: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, key))


def _accounts() -> dict[str, Account]:
    found = Account.objects.in_bulk(
        [_public_id(person.key) for person in PEOPLE], field_name="public_id"
    )
    return {
        person.key: found[_public_id(person.key)]
        for person in PEOPLE
        if _public_id(person.key) in found
    }


def _make_people() -> None:
    now = clock.now()
    accounts = {person.key: _make_account(person, now) for person in PEOPLE}
    for person in PEOPLE:
        _organization(accounts[person.key]).update(
            name=person.organization, created_at=now - timedelta(days=person.days)
        )
    for member, owner, role in MEMBERS:
        organization = _organization(accounts[owner]).get()
        Membership.objects.create(
            organization=organization,
            account=accounts[member],
            role=role,
            created_at=now - timedelta(days=20),
        )
    _tell_the_past(accounts, now)


def _make_account(person: Person, now: datetime) -> Account:
    opened = now - timedelta(days=person.days)
    account = Account.objects.create(
        public_id=_public_id(person.key),
        email=person.email,
        email_verified_at=opened,
        first_name=person.first_name,
        last_name=person.last_name,
        locale=person.locale,
        timezone=person.timezone,
        recovery_email=person.recovery_email,
        recovery_email_verified_at=opened if person.recovery_email else None,
        recovery_phone=person.recovery_phone,
        recovery_phone_verified_at=opened if person.recovery_phone else None,
        password_hash=hashing.hash_password(PASSWORD),
        password_changed_at=opened,
        is_staff=person.is_staff,
        created_at=opened,
        updated_at=opened,
    )
    outbox.emit("identity.account_created", {"account_id": account.pk})
    return account


def _organization(owner: Account) -> QuerySet[Organization]:
    return Organization.objects.filter(
        memberships__account=owner, memberships__role=Membership.Role.OWNER
    )


def _organizations(accounts: dict[str, Account]) -> dict[str, Organization]:
    """Return each person's own organization; somebody may have deleted theirs."""
    found = {
        key: _organization(account).order_by("pk").first() for key, account in accounts.items()
    }
    return {key: organization for key, organization in found.items() if organization is not None}


def _tell_the_past(accounts: dict[str, Account], now: datetime) -> None:
    opened: list[tuple[float, str, str, int, dict[str, Any]]] = [
        (person.days * 24.0, person.key, "identity.account_created", 0, {}) for person in PEOPLE
    ]
    for hours, key, action, place, detail in sorted([*opened, *PAST], key=lambda it: -it[0]):
        origin = PLACES[place]
        account_id = accounts[key].pk
        AuditEntry.objects.create(
            at=now - timedelta(hours=hours),
            action=action,
            actor_account_id=account_id,
            subject_account_id=account_id,
            ip=origin.ip,
            user_agent=origin.user_agent,
            detail=detail,
        )


def _register_applications(accounts: dict[str, Account]) -> Application | None:
    """Register what is missing; return the demo client's, None where somebody deleted it."""
    registered: dict[str, Application] = {}
    for key, owner, draft in applications(client_url()):
        if owner not in accounts:
            continue
        command = RegisterApplication(draft=draft, form_key=f"demo-{key}")
        organization = _organization(accounts[owner]).first()
        if organization is None:
            continue
        try:
            made = register_application(
                command, organization=organization, acting_account=accounts[owner], origin=SYSTEM
            )
        except AlreadyDone as done:
            registered[key] = done.application
        else:
            registered[key] = made.application
            _consent(made.application, key, accounts)
    return registered.get("client")


def _consent(application: Application, key: str, accounts: dict[str, Account]) -> None:
    now = clock.timestamp()
    for person, wanted, scope, days in CONSENTS:
        if wanted == key and person in accounts:
            Consent.objects.create(
                account=accounts[person],
                application=application,
                scope=scope,
                granted_at=now - days * 86400,
            )


def _hand_over(client: Application | None, owner: Account) -> None:
    """Give the demo client a secret where it has none that fits."""
    if client is None:
        return
    data_dir = settings.HOSPES.data_dir
    known = credentials.read(data_dir)
    if known is not None and known.client_id == client.client_id:
        return
    secret = client_secrets.replace_secret(
        client_secrets.ReplaceSecret(
            application=client, keep_old=False, form_key=secrets.token_urlsafe(24)
        ),
        acting_account=owner,
        origin=SYSTEM,
    )
    credentials.write(data_dir, credentials.Credentials(client.client_id, secret))
