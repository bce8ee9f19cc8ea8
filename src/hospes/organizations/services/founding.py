"""How organizations come to be, and what happens to them when accounts come and go.

The functions that take a payload run inside the transaction of the event that calls them: there
is never an account without an organization, nor an organization nobody belongs to.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused
from hospes.organizations.domain import addresses, legal_types
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import Address, Membership, Organization
from hospes.organizations.services import checking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.kit.origin import Origin

NAME_LENGTH = checking.LONGEST_NAME


@dataclass(frozen=True, slots=True)
class CreateOrganization:
    """``language`` and ``timezone`` may be "": then it goes by those of whoever acts.

    ``form_key`` (a UUID) names the form, so that sending it twice makes one; "" names none.
    """

    name: str
    legal_type: str
    address: PostalAddress = field(default_factory=PostalAddress)
    language: str = ""
    timezone: str = ""
    form_key: str = ""


class AlreadyCreated(Exception):
    """The form has made its organization before."""

    def __init__(self, organization: Organization) -> None:
        super().__init__()
        self.organization = organization


def found_for_new_account(payload: Mapping[str, Any]) -> None:
    """Give a new account an organization of its own, named after the person.

    Does nothing where the account already belongs to one, so a repeated event is harmless.
    """
    account = Account.objects.get(pk=payload["account_id"])
    if Membership.objects.filter(account=account).exists():
        return
    found(name=account.name or account.email, owner=account)


def found(*, name: str, owner: Account) -> Organization:
    """Make an organization with ``owner`` as its legal representative."""
    return _make(owner, name=name[:NAME_LENGTH].strip())


def create_organization(
    command: CreateOrganization, *, acting_account: Account, origin: Origin
) -> Organization:
    """Make an organization that the acting account represents.

    Raises:
        Refused: naming every fault: ``name`` ``required``, ``too_long``, ``characters``,
            ``represented`` (the account represents one of that name already);
            ``legal_type`` ``choose``; ``language`` and ``timezone`` ``unknown``; those of
            ``addresses.faults_of`` at ``main_…``; ``""`` ``too_many_organizations`` (``limit``).
        AlreadyCreated: this form has made its organization before; nothing was changed.

    """
    name, address = checking.tidy(command.name), addresses.tidy(command.address)
    faults = checking.name_faults(name)
    if not legal_types.may_become(command.legal_type):
        faults.append(Fault("legal_type", "choose"))
    faults += addresses.faults_of(address, prefix="main", wants_country=True, wants_all=False)
    faults += checking.language_faults(command.language)
    faults += checking.timezone_faults(command.timezone)
    with transaction.atomic():
        # Whoever sends two forms at once is counted once after the other.
        Account.objects.select_for_update().get(pk=acting_account.pk)
        public_id = _name_by_form(command.form_key, acting_account)
        made = Organization.objects.filter(public_id=public_id).first()
        if made is not None:
            raise AlreadyCreated(made)
        # Two of one name could not be told apart. It also keeps whoever goes back to the form,
        # and gets it anew with another key, from making one twice.
        if name and name.casefold() in _names_represented(acting_account):
            faults.append(Fault("name", "represented"))
        limit = numbers.get("organizations.per_account")
        if represented_by(acting_account) >= limit:
            faults.append(Fault("", "too_many_organizations", {"limit": limit}))
        if faults:
            raise Refused(faults)
        organization = _make(
            acting_account,
            public_id=public_id,
            name=name,
            legal_type=command.legal_type,
            language=command.language,
            timezone=command.timezone,
            created_by=acting_account,
        )
        Address.objects.create(
            organization=organization,
            kind=Address.Kind.MAIN,
            for_invoice=True,
            **{part: getattr(address, part) for part in addresses.PARTS},
        )
        audit.record(
            "organizations.organization_created",
            actor=acting_account.pk,
            subject=acting_account.pk,
            organization=organization.pk,
            target=f"organization:{organization.public_id}",
            origin=origin,
            detail={
                "name": name,
                "legal_type": command.legal_type,
                "country": address.country,
            },
        )
        outbox.emit(
            "organizations.organization_created",
            {
                "organization_id": organization.pk,
                "actor_id": acting_account.pk,
                "name": organization.name,
            },
        )
    return organization


def represented_by(account: Account) -> int:
    """Return how many organizations ``account`` represents legally: what the limit counts."""
    return Membership.objects.filter(account=account, role=Membership.Role.OWNER).count()


def _names_represented(account: Account) -> set[str]:
    found = Membership.objects.filter(account=account, role=Membership.Role.OWNER)
    return {name.casefold() for name in found.values_list("organization__name", flat=True)}


def _name_by_form(form_key: str, account: Account) -> str:
    """Return the name that the organization of this account's form has, each time the same."""
    # With the account in it, nobody makes another's form come to nothing.
    name = uuid.uuid5(uuid.UUID(form_key), account.public_id) if form_key else uuid.uuid4()
    return str(name)


def _make(owner: Account, *, public_id: str = "", **values: Any) -> Organization:
    now = clock.now()
    organization = Organization.objects.create(
        public_id=public_id or str(uuid.uuid4()), created_at=now, **values
    )
    Membership.objects.create(
        organization=organization, account=owner, role=Membership.Role.OWNER, created_at=now
    )
    return organization


def leave_with_deleted_account(payload: Mapping[str, Any]) -> None:
    """End the memberships of a deleted account; what then belongs to nobody goes with it."""
    account_id = payload["account_id"]
    joined = list(
        Membership.objects.filter(account_id=account_id).values_list("organization_id", flat=True)
    )
    Membership.objects.filter(account_id=account_id).delete()
    Organization.objects.filter(pk__in=joined, memberships__isnull=True).delete()
