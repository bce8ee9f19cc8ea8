"""What this room says to an organization's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import ngettext

from hospes.connect.models import Application
from hospes.organizations.services.closing import Handover

if TYPE_CHECKING:
    from hospes.organizations.models import Organization


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
