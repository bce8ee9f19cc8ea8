"""What this room contributes to others, and whom it listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from hospes.foundation import registry
from hospes.organizations.services import closing
from hospes.scim.queries import directories as queries
from hospes.scim.services import following, room_actions

if TYPE_CHECKING:
    from hospes.organizations.models import Organization


def register() -> None:
    """Name the actions, listen to what happens to members, speak up when a customer closes."""
    room_actions.register()
    registry.subscribe_inline("organizations.invitation_accepted", following.accepted)
    registry.subscribe_inline("organizations.member_removed", following.removed)
    registry.subscribe_inline("organizations.member_left", following.left)
    registry.subscribe_inline("identity.account_deleted", following.account_deleted)
    closing.register_organization_handover(handover)


def handover(organization: Organization) -> closing.Handover:
    """Return, in the present language, which directories lose their access with the customer."""
    names = [directory.name for directory in queries.connected(organization)]
    if not names:
        return closing.Handover()
    text = ngettext(
        "The directory %(names)s is disconnected; what it sends is refused.",
        "The directories %(names)s are disconnected; what they send is refused.",
        len(names),
    ) % {"names": ", ".join(names)}
    return closing.Handover(losses=(text,))
