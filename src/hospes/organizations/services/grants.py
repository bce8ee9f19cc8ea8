"""Granting rights: replacing what a team, a member or an invitation holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.catalog.models import Service
from hospes.foundation import clock
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.services import audit, outbox
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import rights
from hospes.organizations.models import (
    Grant,
    Invitation,
    Membership,
    Organization,
    Product,
    Team,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from hospes.kit.origin import Origin
    from hospes.organizations.domain.rights import Reach

    Holder = Team | Membership | Invitation

_CHUNK = 500
# How many of the changed rights the activity log names; it counts them all.
_TOLD = 100


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """One right on something."""

    reach: Reach
    right: str


@dataclass(frozen=True, slots=True)
class SetGrants:
    """What ``holder`` is to hold of what ``within`` names; the rest stays as it is.

    ``within`` None is everything: what is not among ``grants`` ends.
    """

    holder: Holder
    grants: frozenset[Wanted]
    within: frozenset[Reach] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What was added and what ended."""

    added: tuple[Wanted, ...] = ()
    removed: tuple[Wanted, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def set_grants(command: SetGrants, *, acting_member: Membership | None, origin: Origin) -> Changed:
    """Make the holder hold what the command says, and nothing else of it.

    ``acting_member`` is None for the organization's directory, which may do what an
    administrator may.

    Raises:
        NotFound: the holder is another organization's, or gone.
        Denied: whoever acts does not manage teams and rights.
        Refused: ``grants`` with ``unknown_right``, ``unknown_product`` (it is not the
            organization's), ``unknown_service`` or ``outside``; nothing was changed.

    """
    holder = command.holder
    with transaction.atomic():
        hold(holder.organization_id, acting_member)
        changed = replace(holder, command.grants, within=command.within)
        if changed and not isinstance(holder, Invitation):
            note(holder, changed, acting_member=acting_member, origin=origin)
    return changed


def replace(
    holder: Holder, grants: Collection[Wanted], *, within: frozenset[Reach] | None = None
) -> Changed:
    """Do what ``set_grants`` does without a word to the log, inside the caller's transaction.

    Raises:
        NotFound: the holder is gone.
        Refused: as ``set_grants``.

    """
    wanted = set(grants)
    refuse_unknown(wanted, organization_id=holder.organization_id, within=within)
    column, model = _holder(holder)
    # Two who save at once follow each other, so that what is left is what one of them wanted.
    if not model.objects.select_for_update().filter(pk=holder.pk).exists():
        raise NotFound
    standing = {
        Wanted(reach, right): pk
        for pk, word, right in Grant.objects.filter(**{column: holder.pk}).values_list(
            "pk", "reach", "right"
        )
        if (reach := rights.reach(word)) is not None and (within is None or reach in within)
    }
    removed = sorted(standing.keys() - wanted)
    added = sorted(wanted - standing.keys())
    keys = [standing[each] for each in removed]
    for start in range(0, len(keys), _CHUNK):
        Grant.objects.filter(pk__in=keys[start : start + _CHUNK]).delete()
    now = clock.now()
    Grant.objects.bulk_create(
        [
            Grant(
                **{column: holder.pk},
                product_id=each.reach.id if each.reach.kind == "product" else None,
                service_id=each.reach.id if each.reach.kind == "service" else None,
                reach=each.reach.word,
                right=each.right,
                created_at=now,
            )
            for each in added
        ],
        batch_size=_CHUNK,
    )
    return Changed(tuple(added), tuple(removed))


def hold(organization_id: int, acting_member: Membership | None) -> None:
    """Let those who manage teams in, one after another until the transaction ends.

    Raises:
        NotFound: there is no such organization, or whoever acts does not belong to it (any more).
        Denied: whoever acts does not manage teams and rights.

    """
    # The row that holds back changes of members too: nobody is added who is about to go. Rows
    # that refer to the organization can still be written meanwhile.
    held = Organization.objects.select_for_update(no_key=True)
    if not held.filter(pk=organization_id).exists():
        raise NotFound
    if acting_member is None:
        return
    present = Membership.objects.filter(pk=acting_member.pk, organization_id=organization_id)
    actor = present.first()
    if actor is None:
        raise NotFound
    if not policies.may_manage_teams(actor):
        raise Denied


def refuse_unknown(
    wanted: Iterable[Wanted], *, organization_id: int, within: frozenset[Reach] | None = None
) -> None:
    """Check that the rights exist, and that what they reach exists in this organization.

    Raises:
        Refused: naming everything that does not.

    """
    faults = []
    products, services = set(), set()
    for each in sorted(wanted):
        if not rights.is_right(each.right):
            faults.append(Fault("grants", "unknown_right", {"right": each.right}))
        if within is not None and each.reach not in within:
            faults.append(Fault("grants", "outside", {"reach": each.reach.word}))
        if each.reach.kind == "product":
            products.add(each.reach.id)
        elif each.reach.kind == "service":
            services.add(each.reach.id)
    known = _existing(Product.objects.filter(organization_id=organization_id), products)
    faults += [Fault("grants", "unknown_product", {"id": i}) for i in sorted(products - known)]
    known = _existing(Service.objects.all(), services)
    faults += [Fault("grants", "unknown_service", {"id": i}) for i in sorted(services - known)]
    if faults:
        raise Refused(faults)


def _existing(found: QuerySet[Product] | QuerySet[Service], keys: set[int]) -> set[int]:
    asked = sorted(keys)
    known: set[int] = set()
    for start in range(0, len(asked), _CHUNK):
        part = asked[start : start + _CHUNK]
        known.update(found.filter(pk__in=part).values_list("pk", flat=True))
    return known


def _holder(holder: Holder) -> tuple[str, type[Team | Membership | Invitation]]:
    if isinstance(holder, Team):
        return "team_id", Team
    if isinstance(holder, Membership):
        return "membership_id", Membership
    return "invitation_id", Invitation


def note(
    holder: Team | Membership,
    changed: Changed,
    *,
    acting_member: Membership | None,
    origin: Origin,
) -> None:
    """Tell the activity log and whoever listens of changed rights."""
    actor = acting_member.account_id if acting_member is not None else None
    detail: dict[str, object] = {
        "added": [f"{each.right} {each.reach.word}" for each in changed.added[:_TOLD]],
        "removed": [f"{each.right} {each.reach.word}" for each in changed.removed[:_TOLD]],
        "added_count": len(changed.added),
        "removed_count": len(changed.removed),
    }
    subject = None
    if isinstance(holder, Team):
        name = f"team:{holder.pk}"
        detail["name"] = holder.name
    else:
        subject = holder.account_id
        name = f"member:{subject}"
    audit.record(
        "organizations.grants_changed",
        actor=actor,
        subject=subject,
        organization=holder.organization_id,
        target=name,
        origin=origin,
        detail=detail,
    )
    outbox.emit(
        "organizations.grants_changed",
        {"organization_id": holder.organization_id, "actor_id": actor, "holder": name},
    )
