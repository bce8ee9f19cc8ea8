"""Organizations (the customers), who belongs to them, what they hold and who may do what on it."""

from hospes.organizations.models.invitation_lists import InvitationList, InvitationRow
from hospes.organizations.models.invitations import Invitation
from hospes.organizations.models.members import CurrentOrganization, Membership
from hospes.organizations.models.organization import Address, Organization, Tag
from hospes.organizations.models.products import Product
from hospes.organizations.models.teams import Grant, Team, TeamMember

__all__ = [
    "Address",
    "CurrentOrganization",
    "Grant",
    "Invitation",
    "InvitationList",
    "InvitationRow",
    "Membership",
    "Organization",
    "Product",
    "Tag",
    "Team",
    "TeamMember",
]
