"""An organization with people, products and teams, for the tests of work teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Membership, Organization, Product, Team
from hospes.organizations.services.grants import SetGrants, Wanted, set_grants
from hospes.organizations.services.team_members import AddMembers, add_members
from hospes.organizations.services.teams import CreateTeam, create_team
from support import organizations, people

if TYPE_CHECKING:
    from hospes.organizations.domain.rights import Reach

OWNER, ADMIN, NORMAL, CLIENT = Membership.Role


@dataclass(frozen=True)
class House:
    """``owner`` leads; ``anna``, ``bruno`` collaborate; ``eva`` is external; two hostings."""

    organization: Organization
    owner: Membership
    admin: Membership
    anna: Membership
    bruno: Membership
    eva: Membership
    first: Product
    second: Product

    def address(self, path: str = "teams") -> str:
        """Return the address of a page of this organization."""
        return f"/organizations/{self.organization.public_id}/{path}"


def make_house(name: str = "Muster AG", mark: str = "muster") -> House:
    """Make one; ``mark`` sets its addresses apart from another's."""

    def person(first_name: str) -> Any:
        email = f"{first_name.lower()}@{mark}.example"
        return people.make_account(email, first_name=first_name, last_name=mark.title())

    organization = organizations.make_organization(person("Olga"), name)
    members = [
        organizations.join(organization, person(first_name), role)
        for first_name, role in (
            ("Adam", ADMIN),
            ("Anna", NORMAL),
            ("Bruno", NORMAL),
            ("Eva", CLIENT),
        )
    ]
    return House(
        organization,
        organization.memberships.get(role=OWNER),
        *members,
        organizations.make_product(organization, name=f"first.{mark}.example"),
        organizations.make_product(organization, name=f"second.{mark}.example"),
    )


def make_team(house: House, name: str = "Web", *members: Membership, **values: Any) -> Team:
    """Make a team with these members."""
    team = create_team(
        CreateTeam(house.organization, name, **values), acting_member=house.owner, origin=SYSTEM
    )
    if members:
        add_members(AddMembers(team, members), acting_member=house.owner, origin=SYSTEM)
    return team


def give(house: House, holder: Team | Membership, reach: Reach, *rights: str) -> None:
    """Have the holder hold exactly these rights on ``reach``."""
    grants = frozenset(Wanted(reach, right) for right in rights)
    set_grants(
        SetGrants(holder, grants, frozenset({reach})), acting_member=house.owner, origin=SYSTEM
    )


def enter(site: Any, member: Membership) -> None:
    """Sign a member in, looking at the organization."""
    session = people.sign_in(site, member.account)
    organizations.look_at(session, member.organization)
