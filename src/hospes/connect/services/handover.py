"""What this room says to an organization's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import ngettext

from hospes.connect.models import Application
from hospes.organizations.services.closing import Handover
from hospes.organizations.services.handing_over import named

if TYPE_CHECKING:
    from hospes.organizations.models import Membership, Organization


def handover(organization: Organization) -> Handover:
    """Return applications as obstacles: people sign in with them elsewhere.

    Each is deleted by its own page, which ends what it gave.
    """
    count = Application.objects.filter(organization=organization).count()
    if not count:
        return Handover()
    told = ngettext(
        "People sign in to %(count)d application of the organization. Delete it first.",
        "People sign in to %(count)d applications of the organization. Delete them first.",
        count,
    ) % {"count": count}
    return Handover(obstacles=((told, reverse("applications")),))


def of_member(membership: Membership) -> list[str]:
    """Return, for a membership's end, which applications its holder registered: these stay."""
    names = list(
        Application.objects.filter(
            organization_id=membership.organization_id, created_by_id=membership.account_id
        )
        .order_by("name")
        .values_list("name", flat=True)
    )
    if not names:
        return []
    told = ngettext(
        "The application %(names)s stays; somebody else has to look after it.",
        "These applications stay; somebody else has to look after them: %(names)s.",
        len(names),
    )
    return [told % {"names": named(names, len(names))}]
