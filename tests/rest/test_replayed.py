"""A kept answer, asked for again by somebody who may no longer have it."""

from __future__ import annotations

import pytest

from hospes.foundation import clock
from hospes.identity.models import Account
from hospes.organizations.models import Membership, Organization, Tag
from hospes.rest import registry
from support import tenants
from support.api import error
from support.api_tokens import Program, make_token
from support.organizations import join, make_organization

KEY = {"Idempotency-Key": "a-key"}
INVITED = {
    "email": "nina@mail.example",
    "first_name": "Nina",
    "last_name": "Roth",
    "locale": "en_GB",
    "role_type": "normal",
    "silent": True,
}
WRITES = [
    route
    for route in tenants.api_routes()
    if route.method != "GET" and set(route.kinds) & {"account", "product"}
]
BODIES = {
    "NewTag": {"name": "New"},
    "TagChange": {"name": "New"},
    "NewTeam": {"name": "New"},
    "TeamChange": {"name": "New"},
    "NewInvitation": INVITED,
    "NewInvitations": {"invitations": [INVITED | {"silent": False}]},
    "InvitationChange": {"role_type": "admin"},
    "UserChange": {"role_type": "admin"},
    "ProductChange": {"customer_name": "New"},
}


@pytest.fixture
def house():
    return tenants.make_tenant("House")


def is_replayed(answer) -> bool:
    return answer.headers.get("idempotency-replayed") == "true"


def asking(route, house, account):
    """Return a function that sends the same request once more."""
    program = Program(make_token(account, scopes=[each.name for each in registry.scopes()]))
    body = BODIES.get(route.body.__name__) if route.body else {}
    if route.body and route.body.__name__ == "TeamUsers":
        body = {"user_ids": [house.api["user"]]}
        if route.method == "DELETE":
            house.organization.teams.get().places.create(
                membership=house.members["normal"], added_at=clock.now()
            )
    assert body is not None, f"say what a {route.body.__name__} is"
    path = tenants.api_path(route, house.api)
    return lambda: program.request(route.method, path, json=body, headers=KEY)


def test_a_link_is_not_told_again_to_a_former_administrator(make_account):
    organization = make_organization(make_account("lea@bergblume.example"))
    jonas = make_account("jonas@studio-lindau.example")
    membership = join(organization, jonas, "admin")
    program = Program(make_token(jonas))
    path = f"/1/accounts/{organization.pk}/invitations"
    first = program.post(path, INVITED, headers=KEY)
    assert "url_accept" in first.json()["data"]
    membership.delete()

    again = program.post(path, INVITED, headers=KEY)

    assert error(again) == (404, "object_not_found")
    assert "url_accept" not in again.text
    assert not is_replayed(again)


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.name)
def test_what_was_lost_since_refuses_the_kept_answer(route, house):
    admin = house.account("admin")
    ask = asking(route, house, admin)
    first = ask()
    assert first.status_code in {200, 201, 202}, first.text
    assert is_replayed(ask())
    mine = Membership.objects.get(pk=house.members["admin"].pk)
    before = tenants.snapshot()

    Membership.objects.filter(pk=mine.pk).update(role="client")
    lowered = ask()
    assert lowered.status_code in {403, 404}, lowered.text
    assert not is_replayed(lowered)
    Membership.objects.filter(pk=mine.pk).update(role="admin")

    Organization.objects.update(two_step_required_at=clock.now())
    required = ask()
    assert required.status_code in {403, 404}, required.text
    Organization.objects.update(two_step_required_at=None)
    assert tenants.snapshot() == before

    again = ask()
    assert is_replayed(again)
    assert again.content == first.content
    mine.delete()
    gone = ask()
    assert error(gone) == (404, "object_not_found")
    assert not is_replayed(gone)


def test_a_kept_refusal_is_not_told_either(make_account):
    organization = make_organization(make_account("lea@bergblume.example"))
    jonas = make_account("jonas@studio-lindau.example")
    membership = join(organization, jonas, "admin")
    Tag.objects.create(organization=organization, name="Shop")
    program = Program(make_token(jonas))
    path = f"/1/accounts/{organization.pk}/tags"
    assert program.post(path, {"name": "Shop"}, headers=KEY).status_code == 422
    assert is_replayed(program.post(path, {"name": "Shop"}, headers=KEY))
    membership.delete()

    assert program.post(path, {"name": "Shop"}, headers=KEY).status_code == 404


def test_a_wrong_password_is_tried_once_for_each_key(make_account):
    lea = make_account("lea@bergblume.example")
    program = Program(make_token(lea))
    body = {"email": "new@bergblume.example", "current_password": "not it at all"}
    first = program.patch("/2/profile", body, headers=KEY)
    again = program.patch("/2/profile", body, headers=KEY)

    assert first.status_code == again.status_code == 422
    assert first.content == again.content
    assert is_replayed(again)
    assert Account.objects.get(pk=lea.pk).failed_passwords == 1
