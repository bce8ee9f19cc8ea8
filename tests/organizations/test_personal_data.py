"""What a person's data export tells of organizations: their own part, and nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hospes.foundation import clock
from hospes.identity.models import Account
from hospes.identity.services import export
from hospes.organizations.models import Invitation
from support.organizations import join, make_organization


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


@pytest.fixture
def shop(make_account):
    return make_organization(make_account("bruno@shop.example"), "Flower shop")


def part(account, name):
    """Return one file of the export, as it is written into it."""
    told = export.sections()[name](account)
    return json.loads(json.dumps(told, default=str))


def invite(organization, email, token, **values):
    now = clock.now()
    return Invitation.objects.create(
        **{
            "organization": organization,
            "email": email,
            "first_name": "Ann",
            "last_name": "Keller",
            "language": "en",
            "role": "normal",
            "token_hash": token * 64,
            "created_at": now,
            "expires_at": now + timedelta(days=14),
            **values,
        }
    )


def test_invitations_to_ones_address_and_those_accepted_are_told(anna, shop):
    house = make_organization(anna, "House")
    invite(shop, anna.email, "a")
    invite(
        house, "anna@old.example", "b", status="accepted", accepted_by=anna, answered_at=clock.now()
    )
    invite(shop, "somebody@else.example", "c")

    told = part(anna, "invitations")
    assert [(each["organization"], each["email"], each["status"]) for each in told] == [
        ("Flower shop", "anna@customer.example", "pending"),
        ("House", "anna@old.example", "accepted"),
    ]
    assert told[0]["first_name"] == "Ann"
    assert told[0]["answered_at"] is None
    assert told[1]["answered_at"] is not None
    # Whoever holds the link's value could answer in somebody's stead.
    assert "a" * 64 not in json.dumps(told)


def test_an_address_that_was_not_proved_shows_nobodys_invitations(anna, shop):
    invite(shop, anna.email, "a")
    Account.objects.filter(pk=anna.pk).update(email_verified_at=None)

    assert part(Account.objects.get(pk=anna.pk), "invitations") == []


def test_work_teams_are_told_with_who_leads_them(anna, shop):
    member = join(shop, anna, "normal")
    now = clock.now()
    teams = {
        name: shop.teams.create(name=name, name_key=name.lower(), created_at=now, updated_at=now)
        for name in ("Web", "Mail", "Others")
    }
    for name in ("Web", "Mail"):
        teams[name].places.create(membership=member, added_at=now)
    teams["Mail"].leader = member
    teams["Mail"].save()

    told = part(anna, "work_teams")
    assert [(each["organization"], each["name"], each["leads"]) for each in told] == [
        ("Flower shop", "Mail", True),
        ("Flower shop", "Web", False),
    ]
    assert all(each["member_since"] for each in told)
