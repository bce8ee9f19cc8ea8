"""A token that a former administrator kept opens no door again."""

from __future__ import annotations

import pytest
from scim.world import refusal

from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Membership
from hospes.scim.services import directories

EVE = "eve@muster.example"
ADMIN = {"op": "add", "path": "roles", "value": [{"value": "admin", "primary": True}]}


@pytest.fixture
def eve(world, make_account):
    """Return Eve, an administrator, with the client of the directory that she connected."""
    account = make_account(EVE)
    membership = world.join(account, "admin")
    directory, client = world.connect("Eve's", membership)
    user = client.make_user(EVE)
    return account, membership, directory, client, user


def roles(account):
    return list(Membership.objects.filter(account=account).values_list("role", flat=True))


def test_once_demoted_she_makes_herself_no_administrator(world, eve):
    _account, membership, _directory, client, user = eve
    Membership.objects.filter(pk=membership.pk).update(role="normal")

    answer = client.patch(f"/Users/{user['id']}", ADMIN)

    assert refusal(answer)[0] == 403
    assert Membership.objects.get(pk=membership.pk).role == "normal"


def test_once_removed_she_takes_herself_back_in_nowhere(world, eve):
    account, membership, directory, client, user = eve
    organization = membership.organization_id
    membership.delete()

    client.set_active(user, False)
    answer = client.set_active(user, True)
    assert refusal(answer)[0] == 403
    assert not Membership.objects.filter(account=account, organization=organization).exists()

    # Somebody who leads renews the token, and answers for it.
    owner = world.member_of(world.olga)
    renewed = directories.rotate_token(directory, acting_member=owner, origin=SYSTEM)
    fresh = type(client)(renewed.token)
    assert fresh.set_active(user, True).status_code == 200
    assert Membership.objects.filter(account=account, organization=organization).exists()
