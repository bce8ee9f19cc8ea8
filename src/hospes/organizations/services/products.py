"""What an organization holds: added, and called what the customer calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused
from hospes.organizations.models import Product

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.catalog.models import Service
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Organization

LONGEST_NAME = 128
LONGEST_INTERNAL_NAME = 253
# What the log calls it, and the event.
_ADDED = ("organizations.product_added", "organizations.product_created")
_RENAMED = ("organizations.product_renamed", "organizations.product_changed")


@dataclass(frozen=True, slots=True)
class AddProduct:
    """``internal_name`` is what the provider's systems call it; ``fqdn`` its host name or ""."""

    organization: Organization
    service: Service
    internal_name: str
    customer_name: str = ""
    fqdn: str = ""
    expires_at: datetime | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class RenameProduct:
    """``customer_name`` "" goes back to the provider's name."""

    product: Product
    customer_name: str


def add_product(
    command: AddProduct, *, acting_account: Account | None = None, origin: Origin
) -> Product:
    """Give an organization a product; ``acting_account`` None is the provider's own systems.

    Raises:
        Refused: ``internal_name`` ``required`` or ``too_long``; ``customer_name`` and ``fqdn``
            ``too_long`` or ``characters``.

    """
    internal, fqdn = command.internal_name.strip(), command.fqdn.strip().lower()
    customer = " ".join(command.customer_name.split())
    faults = _name_faults("customer_name", customer, LONGEST_NAME)
    faults += _name_faults("internal_name", internal, LONGEST_INTERNAL_NAME)
    faults += _name_faults("fqdn", fqdn, LONGEST_INTERNAL_NAME)
    if not internal:
        faults.append(Fault("internal_name", "required"))
    if faults:
        raise Refused(faults)
    with transaction.atomic():
        product = Product.objects.create(
            organization=command.organization,
            service=command.service,
            internal_name=internal,
            customer_name=customer,
            fqdn=fqdn,
            created_at=clock.now(),
            expires_at=command.expires_at,
            is_free=command.is_free,
        )
        _tell(_ADDED, product, acting_account, origin)
    return product


def rename_product(command: RenameProduct, *, acting_account: Account, origin: Origin) -> bool:
    """Call a product otherwise; return whether that is another name than before.

    Raises:
        Refused: ``customer_name`` ``too_long`` (``limit``) or ``characters``.
        NotFound: it is gone.

    """
    name = " ".join(command.customer_name.split())
    faults = _name_faults("customer_name", name, LONGEST_NAME)
    if faults:
        raise Refused(faults)
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(pk=command.product.pk).first()
        if product is None:
            raise NotFound
        old = product.customer_name
        if old == name:
            return False
        product.customer_name = name
        product.save(update_fields=["customer_name"])
        _tell(_RENAMED, product, acting_account, origin, {"from": old, "to": name})
    command.product.customer_name = name
    return True


def _name_faults(field: str, text: str, limit: int) -> list[Fault]:
    if len(text) > limit:
        return [Fault(field, "too_long", {"limit": limit})]
    if text and (visible.has_hidden(text) or visible.is_blank(text)):
        return [Fault(field, "characters")]
    return []


def _tell(
    told: tuple[str, str],
    product: Product,
    account: Account | None,
    origin: Origin,
    detail: dict[str, str] | None = None,
) -> None:
    action, event = told
    actor = account.pk if account is not None else None
    audit.record(
        action,
        actor=actor,
        subject=actor,
        organization=product.organization_id,
        target=f"product:{product.pk}",
        origin=origin,
        detail={"name": product.internal_name, **(detail or {})},
    )
    outbox.emit(
        event,
        {
            "organization_id": product.organization_id,
            "actor_id": actor,
            "product_id": product.pk,
        },
    )
