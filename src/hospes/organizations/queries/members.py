"""Reads of who belongs to an organization, for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.organizations.models import Membership, Team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable, OrderBy

    from hospes.organizations.models import Organization

MOST_WORDS = 10
CHUNK = 500
ACTIVITY = 10
ON, OFF, LOCKED, SILENT = "on", "off", "locked", "never"
SECURITY: Final = (ON, OFF, LOCKED, SILENT)

_NAME = (Lower("account__last_name"), Lower("account__first_name"), F("pk").asc())
ORDERS: Final[dict[str, tuple[Combinable | OrderBy, ...]]] = {
    "name": _NAME,
    "newest": (F("created_at").desc(), F("pk").desc()),
    "oldest": (F("created_at").asc(), F("pk").asc()),
    "seen": (F("account__last_sign_in_at").desc(nulls_last=True), *_NAME),
    "unseen": (F("account__last_sign_in_at").asc(nulls_first=True), *_NAME),
}
# What those may sort by who do not see when others signed in.
PLAIN_ORDERS: Final = ("name",)


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """``words`` must each occur in a name (or address); "" and None leave nobody out.

    ``security`` is one of ``SECURITY``, ``team`` a row id, ``order`` one of ``ORDERS``.
    """

    words: str = ""
    role: str = ""
    security: str = ""
    team: int | None = None
    order: str = "name"

    @property
    def narrows(self) -> bool:
        """Return whether anybody is left out."""
        return bool(self.words or self.role or self.security or self.team)


def members(
    organization: Organization, chosen: MemberFilter, *, whole: bool
) -> QuerySet[Membership]:
    """Return the members with their accounts and teams: two queries.

    ``whole`` is False for those who see names and roles alone: then addresses are not searched,
    and nothing is told by filter or order about how others sign in.
    """
    found = Membership.objects.filter(organization=organization).select_related("account")
    for word in chosen.words.split()[:MOST_WORDS]:
        found = found.filter(_named(word, whole=whole))
    if chosen.role:
        found = found.filter(role=chosen.role)
    if chosen.team:
        found = found.filter(places__team=chosen.team)
    if whole and chosen.security:
        found = found.filter(_security(chosen.security))
    order = chosen.order if whole or chosen.order in PLAIN_ORDERS else "name"
    teams = Team.objects.filter(organization=organization).only("name", "color_id").order_by("name")
    return found.order_by(*ORDERS[order]).prefetch_related(Prefetch("teams", queryset=teams))


def _named(word: str, *, whole: bool) -> Q:
    by_name = Q(account__first_name__icontains=word) | Q(account__last_name__icontains=word)
    return by_name | Q(account__email__icontains=word) if whole else by_name


def _security(wanted: str) -> Q:
    return {
        ON: Q(account__two_step_since__isnull=False),
        OFF: Q(account__two_step_since__isnull=True),
        LOCKED: Q(account__state=Account.State.LOCKED),
        SILENT: Q(account__last_sign_in_at__isnull=True),
    }[wanted]


def in_pieces(
    organization: Organization, chosen: MemberFilter, *, whole: bool
) -> Iterator[Membership]:
    """Yield the members without holding all of them."""
    yield from members(organization, chosen, whole=whole).iterator(chunk_size=CHUNK)


def member(organization: Organization, account_public_id: str) -> Membership | None:
    """Return the organization's member of that account, with account, organization and teams."""
    teams = Team.objects.order_by("name")
    return (
        Membership.objects.select_related("account", "organization")
        .prefetch_related(Prefetch("teams", queryset=teams))
        .filter(organization=organization, account__public_id=account_public_id)
        .first()
    )


def teams(organization: Organization) -> tuple[tuple[int, str], ...]:
    """Return the organization's teams to choose from: row id and name."""
    found = Team.objects.filter(organization=organization).order_by("name")
    return tuple(found.values_list("pk", "name"))


def without_two_step(organization: Organization) -> QuerySet[Membership]:
    """Return the members whom an organization that requires two-step verification keeps out."""
    return (
        Membership.objects.filter(organization=organization, account__two_step_since__isnull=True)
        .select_related("account", "organization")
        .order_by(*_NAME)
    )


def requiring_two_step(account: Account) -> tuple[str, ...]:
    """Return the names of the organizations that require two-step verification of ``account``."""
    found = Membership.objects.filter(
        account=account, organization__two_step_required_at__isnull=False
    ).order_by("organization__name", "pk")
    return tuple(found.values_list("organization__name", flat=True))


def activity(membership: Membership, *, size: int = ACTIVITY) -> list[AuditEntry]:
    """Return the newest entries on what a member did here, or was done to them here."""
    return list(
        AuditEntry.objects.filter(
            Q(actor_account_id=membership.account_id) | Q(subject_account_id=membership.account_id),
            organization_id=membership.organization_id,
        ).order_by("-pk")[:size]
    )
