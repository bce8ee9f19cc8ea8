"""An invitation that is made one of a legal representative: its old link is dead."""

from __future__ import annotations

import pytest

from hospes.kit.origin import SYSTEM
from hospes.organizations.services import invitation_links, invitations
from support.organizations import join, make_organization


@pytest.mark.parametrize(("role", "lives"), [("owner", False), ("admin", True)])
def test_the_old_link_never_gives_what_it_was_not_made_for(make_account, role, lives):
    owner, admin = make_account(), make_account()
    organization = make_organization(owner, "Haus AG")
    acting = organization.memberships.select_related("account", "organization").get()
    inviting = join(organization, admin, "admin")
    invited = invitations.invite(
        invitations.Invite(
            email="accomplice@elsewhere.example",
            first_name="A",
            last_name="B",
            language="en",
            role="normal",
            is_strict=False,
            is_silent=True,
        ),
        acting_member=inviting,
        origin=SYSTEM,
    )
    token = invited.url.rsplit("/", 1)[1]
    assert invitation_links.find(token) is not None

    invitations.change_invitation(
        invitations.ChangeInvitation(invited.invitation, role=role),
        acting_member=acting,
        origin=SYSTEM,
    )

    assert (invitation_links.find(token) is not None) is lives
