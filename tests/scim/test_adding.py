"""Who cannot be added, and in whose name those who can are invited."""

from __future__ import annotations

import pytest
from scim.world import refusal

from hospes.organizations.models import Invitation

BEA = {
    "name": {"givenName": "Bea", "familyName": "Berg"},
    "emails": [{"value": "Bea@Muster.example", "type": "work", "primary": True}],
}


def the_invitation(email="bea@muster.example"):
    return Invitation.objects.get(email=email)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"userName": "BBERG"}, (409, "uniqueness")),
        ({"userName": ""}, (400, "invalidValue")),
        ({"userName": "no address"}, (400, "invalidValue")),
        ({"userName": "x" * 255, "emails": [{"value": "x@muster.example"}]}, (400, "invalidValue")),
        ({"userName": "x", "emails": [{"value": "no address"}]}, (400, "invalidValue")),
        ({"userName": "x@muster.example", "active": "perhaps"}, (400, "invalidValue")),
        ({"userName": "x@muster.example", "schemas": []}, (400, "invalidSyntax")),
        ({"userName": "x@muster.example", "title": "a\0b"}, (400, "invalidValue")),
    ],
)
def test_who_cannot_be_added_is_not(world, values, kind):
    world.client.make_user("bberg", **BEA)
    before = world.rows()

    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **values}
    answer = world.client.request("POST", "/Users", json=body)

    assert refusal(answer) == kind
    assert world.rows() == before


def test_names_that_no_letter_greets_by_are_replaced(world):
    world.client.make_user(
        "max.frei@muster.example", name={"givenName": "http://evil.example/", "familyName": "1"}
    )

    invitation = the_invitation("max.frei@muster.example")
    assert (invitation.first_name, invitation.last_name) == ("http evil example", "frei")


def test_without_whoever_connected_it_the_representative_vouches(world, make_account):
    admin = make_account("admin@muster.example")
    membership = world.join(admin, "admin")
    _directory, client = world.connect("Second", membership)
    membership.delete()

    client.make_user("bberg", **BEA)

    assert the_invitation().created_by == world.olga


def test_too_many_invitations_are_put_off_and_nothing_is_kept(world):
    from hospes.foundation import clock, numbers
    from hospes.foundation.models import NumberSetting

    NumberSetting.objects.create(
        key="organizations.invitations_per_person_per_hour", value=1, updated_at=clock.now()
    )
    numbers.forget()
    world.client.make_user("bberg", **BEA)
    before = world.rows()

    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "c@muster.example",
    }
    answer = world.client.request("POST", "/Users", json=body)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert world.rows() == before
