"""Rights as a body names them, read into what the services take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.organizations.domain.rights import EVERYTHING, product, service
from hospes.organizations.services.grants import Wanted
from hospes.rest.faults import Problem, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.organizations.schemas.people import WantedPermission


def grants(permissions: Iterable[WantedPermission], attribute: str) -> frozenset[Wanted]:
    """Return the rights asked for; whether they exist is the services' to say.

    Raises:
        Problem: where one names both a service and a product.

    """
    found: set[Wanted] = set()
    faults = []
    for number, each in enumerate(permissions):
        if each.service_id is not None and each.product_id is not None:
            faults.append(wrong(f"{attribute}.{number}", "conflict", ("service_id", "product_id")))
            continue
        reach = EVERYTHING
        if each.service_id is not None:
            reach = service(each.service_id)
        elif each.product_id is not None:
            reach = product(each.product_id)
        found.update(Wanted(reach, right) for right in each.rights)
    if faults:
        raise Problem("validation_failed", *faults)
    return frozenset(found)
