"""Who cannot be added, and in whose name those who can are invited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from scim.world import USER, refusal

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import Job, NumberSetting
from hospes.foundation.registry import Lane
from hospes.foundation.services import jobs
from hospes.foundation.services.messages import Mail, send_mail
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Invitation
from hospes.organizations.services.invitation_checks import Invite
from hospes.organizations.services.invitations import invite

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


def set_numbers(**values):
    for key, value in values.items():
        NumberSetting.objects.create(
            key=key.replace("__", "."), value=value, updated_at=product_clock.now()
        )
    numbers.forget()


def test_too_many_invitations_are_put_off_and_nothing_is_kept(world):
    set_numbers(scim__invitations_per_organization_per_day=1)
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


def test_another_directory_of_the_organization_counts_too(world, clock):
    set_numbers(scim__invitations_per_organization_per_day=2)
    _directory, second = world.connect("Second")
    world.client.make_user("a@muster.example")
    second.make_user("b@muster.example")
    body = {"schemas": [USER], "userName": "c@muster.example"}
    assert second.request("POST", "/Users", json=body).status_code == 429

    clock.move(timedelta(days=1, seconds=1))

    assert second.request("POST", "/Users", json=body).status_code == 201


def test_a_whole_company_is_not_held_back_by_what_one_person_may_send(world):
    set_numbers(
        organizations__invitations_per_person_per_hour=1,
        organizations__invitations_per_organization_per_day=1,
    )
    people = [f"p{number}@muster.example" for number in range(5)]

    for address in people:
        world.client.make_user(address)

    assert set(Invitation.objects.values_list("email", flat=True)) == set(people)
    # What the directory brought is not counted for whoever connected it.
    by_hand = {"first_name": "Ida", "last_name": "Frei", "language": "en", "role": "normal"}
    olga = world.member_of(world.olga)
    invite(Invite("ida@muster.example", **by_hand), acting_member=olga, origin=SYSTEM)
    with pytest.raises(Refused):
        invite(Invite("max@muster.example", **by_hand), acting_member=olga, origin=SYSTEM)


def test_the_letters_to_everybody_go_apart_from_all_others(world):
    for number in range(3):
        world.client.make_user(f"p{number}@muster.example")

    letters = Job.objects.filter(task="foundation.deliver_message")
    assert set(letters.values_list("lane", flat=True)) == {Lane.BULK}
    with transaction.atomic():
        sent = send_mail(
            Mail("Sign in", "Sign in", ("Here",)), to="a@b.example", locale="en", kind="tests"
        )
    first = jobs.claim(Lane.MAIN)
    assert first is not None
    assert first.payload == {"message_id": sent.pk}
