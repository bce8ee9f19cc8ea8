"""Labels: made, changed, deleted, put on many products at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused
from hospes.organizations.domain import colours
from hospes.organizations.models import Organization, Product, Tag

if TYPE_CHECKING:
    from collections.abc import Collection

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

LONGEST_NAME = 40
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CreateTag:
    """``color_id`` is an index into ``domain/colours.py``."""

    organization: Organization
    name: str
    color_id: int = 0


@dataclass(frozen=True, slots=True)
class ChangeTag:
    """What the tag is to be called, and its colour."""

    tag: Tag
    name: str
    color_id: int


@dataclass(frozen=True, slots=True)
class TagProducts:
    """Put the tags ``add`` on the products, and take the tags ``remove`` off them.

    All three are row ids within ``organization``; others do not exist for this command.
    """

    organization: Organization
    products: Collection[int]
    add: Collection[int] = ()
    remove: Collection[int] = ()


def create_tag(command: CreateTag, *, acting_account: Account, origin: Origin) -> Tag:
    """Make a tag.

    Raises:
        Refused: ``name`` ``required``, ``too_long``, ``characters`` or ``taken``; ``color_id``
            ``choose``; ``""`` ``too_many_tags`` (``limit``).

    """
    name = " ".join(command.name.split())
    faults = _faults(name, command.color_id, command.organization)
    with transaction.atomic():
        # One after the other, so that the limit holds.
        Organization.objects.select_for_update().filter(pk=command.organization.pk).first()
        limit = numbers.get("organizations.tags_per_organization")
        if Tag.objects.filter(organization=command.organization).count() >= limit:
            faults.append(Fault("", "too_many_tags", {"limit": limit}))
        if faults:
            raise Refused(faults)
        tag = _saved(Tag(organization=command.organization, name=name, color_id=command.color_id))
        _record("tag_created", tag, acting_account, origin)
    return tag


def change_tag(command: ChangeTag, *, acting_account: Account, origin: Origin) -> bool:
    """Call a tag otherwise or give it another colour; return whether anything changed.

    Raises:
        Refused: as ``create_tag`` does.
        NotFound: it is gone.

    """
    name = " ".join(command.name.split())
    with transaction.atomic():
        tag = Tag.objects.select_for_update().filter(pk=command.tag.pk).first()
        if tag is None:
            raise NotFound
        faults = _faults(name, command.color_id, tag.organization, but=tag.pk)
        if faults:
            raise Refused(faults)
        if (tag.name, tag.color_id) == (name, command.color_id):
            return False
        old = tag.name
        tag.name, tag.color_id = name, command.color_id
        _saved(tag)
        _record("tag_changed", tag, acting_account, origin, {"from": old})
    return True


def delete_tag(tag: Tag, *, acting_account: Account, origin: Origin) -> None:
    """Delete a tag; the products stay, without it.

    Raises:
        NotFound: it is gone.

    """
    with transaction.atomic():
        present = Tag.objects.select_for_update().filter(pk=tag.pk).first()
        if present is None:
            raise NotFound
        _record("tag_deleted", present, acting_account, origin)
        present.delete()


def tag_products(command: TagProducts, *, acting_account: Account, origin: Origin) -> int:
    """Put tags on many products and take others off; return how many products changed.

    Raises:
        NotFound: a product or a tag is not this organization's; nothing was changed.

    """
    wanted, add, remove = set(command.products), set(command.add), set(command.remove)
    with transaction.atomic():
        tags = {
            tag.pk: tag.name
            for tag in Tag.objects.filter(organization=command.organization, pk__in=add | remove)
        }
        mine = _existing(command.organization, wanted)
        if set(tags) != add | remove or mine != wanted:
            raise NotFound
        through = Product.tags.through
        before = set(
            through.objects.filter(
                tag__in=add | remove, product__organization=command.organization
            ).values_list("product_id", "tag_id")
        )
        new = [(product, tag) for product in wanted for tag in add if (product, tag) not in before]
        gone = [(p, t) for p, t in before if p in wanted and t in remove - add]
        through.objects.bulk_create(
            [through(product_id=product, tag_id=tag) for product, tag in new],
            ignore_conflicts=True,
            batch_size=_CHUNK,
        )
        for tag in remove - add:
            products = [p for p, t in gone if t == tag]
            for start in range(0, len(products), _CHUNK):
                through.objects.filter(
                    tag_id=tag, product_id__in=products[start : start + _CHUNK]
                ).delete()
        changed = sorted({product for product, _tag in [*new, *gone]})
        if not changed:
            return 0
        audit.record(
            "organizations.products_tagged",
            actor=acting_account.pk,
            subject=acting_account.pk,
            organization=command.organization.pk,
            target=f"product:{changed[0]}" if len(changed) == 1 else "",
            origin=origin,
            detail={
                "products": len(changed),
                "added": sorted(tags[tag] for tag in add),
                "removed": sorted(tags[tag] for tag in remove - add),
            },
        )
        for product in changed:
            outbox.emit(
                "organizations.product_changed",
                {
                    "organization_id": command.organization.pk,
                    "actor_id": acting_account.pk,
                    "product_id": product,
                },
            )
    return len(changed)


def _existing(organization: Organization, wanted: set[int]) -> set[int]:
    ordered = sorted(wanted)
    found: set[int] = set()
    for start in range(0, len(ordered), _CHUNK):
        found |= set(
            Product.objects.filter(
                organization=organization, pk__in=ordered[start : start + _CHUNK]
            ).values_list("pk", flat=True)
        )
    return found


def _faults(name: str, color_id: int, organization: Organization, *, but: int = 0) -> list[Fault]:
    faults = []
    if not name or visible.is_blank(name):
        faults.append(Fault("name", "required"))
    elif len(name) > LONGEST_NAME:
        faults.append(Fault("name", "too_long", {"limit": LONGEST_NAME}))
    elif visible.has_hidden(name):
        faults.append(Fault("name", "characters"))
    elif Tag.objects.filter(organization=organization, name=name).exclude(pk=but).exists():
        faults.append(Fault("name", "taken"))
    if not colours.is_colour(color_id):
        faults.append(Fault("color_id", "choose"))
    return faults


def _saved(tag: Tag) -> Tag:
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError as twice:
        # Somebody else took the name at this very moment.
        raise Refused(Fault("name", "taken")) from twice
    return tag


def _record(
    action: str, tag: Tag, account: Account, origin: Origin, detail: dict[str, str] | None = None
) -> None:
    audit.record(
        f"organizations.{action}",
        actor=account.pk,
        subject=account.pk,
        organization=tag.organization_id,
        target=f"tag:{tag.pk}",
        origin=origin,
        detail={"name": tag.name, **(detail or {})},
    )
