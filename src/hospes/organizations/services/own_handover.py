"""What this room itself says to an organization's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.organizations.queries import closing as queries
from hospes.organizations.services.closing import Handover

if TYPE_CHECKING:
    from hospes.organizations.models import Organization


def handover(organization: Organization) -> Handover:
    """Return products as obstacles; members, work teams and invitations as what goes."""
    holds = queries.contents(organization)
    obstacles = []
    if organization.blocked_at is not None:
        obstacles.append((_("The organization is blocked. Write to us first."), ""))
    if holds.products:
        told = ngettext(
            "The organization holds %(count)d product. End it or hand it over first.",
            "The organization holds %(count)d products. End them or hand them over first.",
            holds.products,
        ) % {"count": holds.products}
        obstacles.append((told, reverse("products", args=[organization.public_id])))
    losses = [_("Its settings, addresses and tags")]
    if holds.members:
        losses.append(
            ngettext(
                "The access of %(count)d other member, who is told by mail",
                "The access of %(count)d other members, who are told by mail",
                holds.members,
            )
            % {"count": holds.members}
        )
    if holds.teams:
        losses.append(
            ngettext("%(count)d work team", "%(count)d work teams", holds.teams)
            % {"count": holds.teams}
        )
    if holds.invitations:
        losses.append(
            ngettext(
                "%(count)d invitation that waits for an answer",
                "%(count)d invitations that wait for an answer",
                holds.invitations,
            )
            % {"count": holds.invitations}
        )
    return Handover(tuple(obstacles), tuple(losses))
