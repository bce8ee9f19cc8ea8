"""Deleting an organization, after naming what must be handed over and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.foundation.services.messages import send_mail
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused
from hospes.organizations.mails import organization as mails
from hospes.organizations.models import Membership, Organization
from hospes.organizations.queries import closing as queries
from hospes.organizations.services import founding, logos

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class Handover:
    """What one room says to an organization's end, in the present language.

    ``obstacles`` must be settled first: each is a sentence and the address of the page where
    that is done, "" where there is none. ``losses`` go with the organization.
    """

    obstacles: tuple[tuple[StrOrPromise, str], ...] = ()
    losses: tuple[StrOrPromise, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseOrganization:
    """``typed_name`` is the organization's own name, typed as a confirmation."""

    organization: Organization
    typed_name: str


_speakers: list[Callable[[Organization], Handover]] = []


def register_organization_handover(speaker: Callable[[Organization], Handover]) -> None:
    """Have ``speaker(organization)`` say what must be handed over and what goes with it."""
    if speaker not in _speakers:
        _speakers.append(speaker)


def handover(organization: Organization) -> Handover:
    """Return what every room above says, in the order in which they registered."""
    told = [speaker(organization) for speaker in _speakers]
    return Handover(
        tuple(obstacle for each in told for obstacle in each.obstacles),
        tuple(loss for each in told for loss in each.losses),
    )


def close_organization(
    command: CloseOrganization, *, acting_account: Account, origin: Origin
) -> None:
    """Delete the organization with its members' access, work teams, invitations and tags.

    Whoever belonged to no other organization gets one of their own, as a new account does. All
    members are mailed. The log keeps what was done.

    Raises:
        Refused: ``typed_name`` ``mismatch``; ``obstacles``; ``last_organization``.
        NotFound: it is gone, or the account does not represent it any longer.

    """
    with transaction.atomic():
        # Locked: nobody closes both of two organizations at once, and no product comes in.
        Account.objects.select_for_update().get(pk=acting_account.pk)
        organization = (
            Organization.objects.select_for_update().filter(pk=command.organization.pk).first()
        )
        members = list(
            Membership.objects.filter(organization=command.organization)
            .select_related("account")
            .order_by("pk")
        )
        owns = any(
            m.account_id == acting_account.pk and m.role == Membership.Role.OWNER for m in members
        )
        if organization is None or not owns:
            raise NotFound
        faults = []
        if " ".join(command.typed_name.split()) != organization.name:
            faults.append(Fault("typed_name", "mismatch"))
        if queries.is_last_of(acting_account, organization):
            faults.append(Fault("", "last_organization"))
        if handover(organization).obstacles:
            faults.append(Fault("", "obstacles"))
        if faults:
            raise Refused(faults)
        _delete(organization, members, acting_account, origin)


def _delete(
    organization: Organization, members: list[Membership], account: Account, origin: Origin
) -> None:
    audit.record(
        "organizations.organization_deleted",
        actor=account.pk,
        subject=account.pk,
        organization=organization.pk,
        target=f"organization:{organization.public_id}",
        origin=origin,
        detail={"name": organization.name, "members": len(members)},
    )
    outbox.emit(
        "organizations.organization_deleted",
        {
            "organization_id": organization.pk,
            "actor_id": account.pk,
            "name": organization.name,
        },
    )
    stranded = queries.without_another(organization)
    name, logo = organization.name, organization.logo
    organization.delete()
    for member in members:
        person = member.account
        if person.pk in stranded:
            founding.found(name=person.name or person.email, owner=person)
        with translation.override(person.locale):
            mail = mails.organization_deleted(
                name=person.name,
                organization=name,
                actor=account.name or account.email,
                new_one=person.pk in stranded,
            )
        send_mail(
            mail, to=person.email, locale=person.locale, kind="organizations.organization_deleted"
        )
    transaction.on_commit(lambda: logos.discard(logo))
