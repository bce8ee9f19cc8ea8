"""Reads of invitations, for the pages of those who manage members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from hospes.foundation import clock
from hospes.organizations import policies
from hospes.organizations.domain import invitations as rules
from hospes.organizations.models import (
    Invitation,
    InvitationList,
    InvitationRow,
    Membership,
    Team,
)
from hospes.organizations.queries import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from hospes.organizations.models import Organization, Product

MOST_WORDS = 10
CHUNK = 500


@dataclass(frozen=True, slots=True)
class InvitationFilter:
    """``state`` is one of ``domain.invitations.STATES`` or "" for all."""

    words: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.words or self.state)


def listed(organization: Organization, chosen: InvitationFilter) -> QuerySet[Invitation]:
    """Return the invitations, newest first, with who sent them and their teams: two queries."""
    found = Invitation.objects.filter(organization=organization)
    for word in chosen.words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    if chosen.state:
        found = found.filter(_in_state(chosen.state, clock.now()))
    return found.select_related("created_by").prefetch_related("teams").order_by("-pk")


def _in_state(state: str, now: datetime) -> Q:
    put_away = Q(status=rules.CANCELLED, answered_at__gte=F("expires_at"))
    if state == rules.EXPIRED:
        return Q(status=rules.PENDING, expires_at__lte=now) | put_away
    if state == rules.PENDING:
        return Q(status=rules.PENDING, expires_at__gt=now)
    return Q(status=rules.CANCELLED) & ~put_away if state == rules.CANCELLED else Q(status=state)


def in_pieces(organization: Organization, chosen: InvitationFilter) -> Iterator[Invitation]:
    """Yield the invitations without holding all of them."""
    yield from listed(organization, chosen).iterator(chunk_size=CHUNK)


def state_of(invitation: Invitation) -> str:
    """Return the state that people see."""
    return rules.state_of(
        invitation.status,
        expires_at=invitation.expires_at,
        answered_at=invitation.answered_at,
        now=clock.now(),
    )


def unvouched(organization: Organization, invitations: Iterable[Invitation]) -> set[int]:
    """Return the keys of those whose sender may not give their role any longer: one query."""
    rows = list(invitations)
    senders = {
        member.account_id: member
        for member in Membership.objects.filter(
            organization=organization, account_id__in={row.created_by_id for row in rows}
        )
    }
    return {
        row.pk
        for row in rows
        if not policies.may_give_role(senders.get(row.created_by_id or 0), row.role)
    }


def find(organization: Organization, key: int) -> Invitation | None:
    """Return the organization's invitation with teams and rights."""
    return (
        Invitation.objects.filter(organization=organization, pk=key)
        .select_related("organization", "created_by", "accepted_by")
        .prefetch_related("teams", "grants")
        .first()
    )


def find_list(organization: Organization, public_id: str) -> InvitationList | None:
    """Return the organization's list of that name."""
    return InvitationList.objects.filter(organization=organization, public_id=public_id).first()


def rows_of(asked: InvitationList) -> QuerySet[InvitationRow]:
    """Return the rows in the order in which they were written."""
    return asked.rows.order_by("number")


def counts_of(asked: InvitationList) -> dict[str, int]:
    """Return how many rows are in each state."""
    found = dict.fromkeys(InvitationRow.State.values, 0)
    for state in asked.rows.values_list("state", flat=True):
        found[state] += 1
    return found


def teams(organization: Organization) -> list[tuple[int, str]]:
    """Return the organization's teams to choose from: row id and name."""
    found = Team.objects.filter(organization=organization).order_by("name")
    return list(found.values_list("pk", "name"))


def products_ticked(organization: Organization, keys: Iterable[int]) -> list[Product]:
    """Return those products with their services, by name: one statement."""
    return list(access.filtered(access.products_of(organization).filter(pk__in=keys)))


def products_found(
    organization: Organization, words: str, *, besides: Iterable[int], most: int
) -> list[Product]:
    """Return at most ``most`` products that match and are not among ``besides``: one statement."""
    found = access.products_of(organization).exclude(pk__in=besides)
    return list(access.filtered(found, words=words)[:most])
