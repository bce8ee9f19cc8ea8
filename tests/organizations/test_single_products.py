"""Rights on single products in the forms of invitations: searched for, ticked, kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.kit.origin import SYSTEM
from hospes.organizations.domain.rights import product
from hospes.organizations.models import Grant, Invitation, InvitationList, Product
from hospes.organizations.services import invitations
from hospes.organizations.services.grants import Wanted
from hospes.organizations.web import single_products
from support.organizations import make_product, make_service
from support.teams import enter, make_house, make_team

NORA = {
    "email": "nora@neu.example",
    "first_name": "Nora",
    "last_name": "Neu",
    "language": "de",
    "role": "normal",
}


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def owner(house, site):
    enter(site, house.owner)
    return site


def ticks(site):
    """Return the ticks that the page offers for single products, and those that are set."""
    boxes = [e.attributes for e in site.page.all("input", name="grant") if e.tag == "input"]
    single = [each for each in boxes if " product:" in each["value"]]
    return [each["value"] for each in single], [e["value"] for e in single if "checked" in e]


def form(site):
    return next(each for each in site.page.forms if "product_words" in each.fields)


def tick(thing, right="technical"):
    return f"{right} product:{thing.pk}"


def test_a_product_is_found_and_a_right_on_it_given(house, owner):
    team = make_team(house)
    foreign = make_house("Andere GmbH", "andere")
    owner.get(house.address("invitations/new"))
    assert ticks(owner) == ([], [])

    typed = {**NORA, "last_name": "", "team_ids": [str(team.pk)], "grant": ["sale all"]}
    found = owner.submit({**typed, "product_words": "first"}, button="Find")

    assert found.status_code == 200
    assert "1 product found." in owner.page.text
    assert ticks(owner) == ([f"{right} product:{house.first.pk}" for right in
                             ("technical", "statistic", "check", "sale")], [])  # fmt: skip
    # All that was typed stands there, and nothing is called wrong that is not finished yet.
    kept = form(owner).fields
    assert kept["email"] == "nora@neu.example"
    assert kept["team_ids"] == str(team.pk)
    assert kept["grant"] == "sale all"
    assert "Enter the last name." not in owner.page.text
    assert not Invitation.objects.exists()

    more = {"grant": ["sale all", tick(house.first)], "product_words": "second", "last_name": "Neu"}
    owner.submit(more, button="Find")
    offered, ticked = ticks(owner)
    assert len(offered) == 8
    assert ticked == [tick(house.first)]
    assert foreign.first.internal_name not in owner.page.text

    owner.submit({"grant": ["sale all", tick(house.first)]}, button="Invite")
    held = set(Grant.objects.values_list("reach", "right"))
    assert held == {("all", "sale"), (f"product:{house.first.pk}", "technical")}


def test_return_in_the_search_field_invites_nobody(house, owner):
    owner.get(house.address("invitations/new"))
    # Browsers press the first button: it has no name.
    sent = {**form(owner).fields, **NORA, "product_words": "second", "product_sought": ""}

    owner.post(owner.url, sent)
    assert "1 product found." in owner.page.text
    assert not Invitation.objects.exists()

    # The words are those already searched for: now Return sends.
    owner.post(owner.url, {**form(owner).fields, "step": ""})
    assert Invitation.objects.count() == 1
    # Whoever presses the button means it, whatever stands in the search field.
    sent = {**NORA, "email": "max@neu.example", "product_words": "second", "step": "send"}
    owner.post(house.address("invitations/new"), sent)
    assert Invitation.objects.count() == 2


def test_of_many_products_a_few_are_shown(house, owner):
    service = make_service("domain")
    Product.objects.bulk_create(
        Product(
            organization=house.organization,
            service=service,
            internal_name=f"d{number:04}.muster.example",
            created_at=house.first.created_at,
        )
        for number in range(2_000)
    )
    owner.get(house.address("invitations/new"))
    with CaptureQueriesContext(connection) as few:
        owner.submit({**NORA, "product_words": "first"}, button="Find")
    with CaptureQueriesContext(connection) as many:
        owner.submit({**NORA, "product_words": "muster"}, button="Find")

    assert len(ticks(owner)[0]) == 4 * single_products.MOST_FOUND
    assert f"More than {single_products.MOST_FOUND} match" in owner.page.text
    assert len(many) == len(few)
    owner.submit({"product_words": "d1999"}, button="Find")
    assert len(ticks(owner)[0]) == 4
    owner.submit({"product_words": "nothing-like-it"}, button="Find")
    assert "No product matches what you look for." in owner.page.text


def test_another_organizations_product_is_neither_found_nor_given(house, owner):
    foreign = make_house("Andere GmbH", "andere")
    sent = {**NORA, "grant": [tick(foreign.first)]}

    owner.post(house.address("invitations/new"), {**sent, "step": "find", "product_words": "first"})
    assert ticks(owner)[1] == []
    assert foreign.first.internal_name not in owner.page.text

    answer = owner.post(house.address("invitations/new"), {**sent, "step": "send"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()
    assert not Grant.objects.exists()


def test_a_list_of_people_gets_rights_on_single_products(house, owner):
    people = {"people": "Nora Neu <nora@neu.example>"}
    owner.get(house.address("invitations/many"))
    owner.submit({**people, "product_words": "second"}, button="Find")
    assert form(owner).fields["people"] == people["people"]
    key = form(owner).fields["form_key"]

    owner.submit({"grant": [tick(house.second)]}, button="Check the list")
    assert "1 person will be invited." in owner.page.text
    owner.submit({"step": "edit"}, button="Change the list")
    assert ticks(owner)[1] == [tick(house.second)]
    assert form(owner).fields["form_key"] == key
    owner.submit(button="Check the list")
    owner.submit(button="Invite 1 person")

    assert str(InvitationList.objects.get().public_id) == key
    grant = InvitationList.objects.get().rows.get().wanted["grants"]
    assert str(house.second.pk) in str(grant)


def test_a_file_is_not_lost_while_products_are_searched_for(house, owner):
    owner.get(house.address("invitations/many"))
    address = house.address("invitations/many")
    owner.post(
        address,
        {**form(owner).fields, "step": "find", "product_words": "first"},
        files={"file": ("people.csv", "nora@neu.example\n", "text/csv")},
    )

    assert "1 product found." in owner.page.text
    assert "nora@neu.example" in form(owner).fields["people"]


def test_what_an_invitation_gives_singly_is_changed(house, owner):
    made = invite_with(house, house.first)
    owner.get(house.address(f"invitations/{made.pk}"))
    assert ticks(owner)[1] == [tick(house.first)]

    owner.submit({"product_words": "second", "role": "client"}, button="Find")
    assert form(owner).fields["role"] == "client"
    assert Invitation.objects.get().role == "normal"
    owner.submit({"grant": [tick(house.second, "sale")]}, button="Save")

    assert set(Grant.objects.values_list("reach", "right")) == {
        (f"product:{house.second.pk}", "sale")
    }
    assert Invitation.objects.get().role == "client"


def test_more_than_a_form_holds_stays_as_it_is(house, owner):
    most = single_products.MOST_TICKED
    things = [make_product(house.organization, name=f"p{n:03}.example") for n in range(most + 3)]
    made = invite_with(house, *things)
    owner.get(house.address(f"invitations/{made.pk}"))

    assert len(ticks(owner)[1]) == most
    assert "3 more products belong to this invitation and stay." in owner.page.text
    assert f"At most {most} single products fit here." in owner.page.text
    assert "Find" not in [text for _name, _value, text in owner.page.form(button="Save").buttons]

    owner.submit({"grant": [tick(things[0])]}, button="Save")
    kept = {each.word for each in map(product, [things[0].pk, *(t.pk for t in things[most:])])}
    assert set(Grant.objects.values_list("reach", flat=True)) == kept


def invite_with(house, *things):
    grants = frozenset(Wanted(product(thing.pk), "technical") for thing in things)
    command = invitations.Invite("nora@neu.example", "Nora", "Neu", "en", "normal", grants=grants)
    return invitations.invite(command, acting_member=house.owner, origin=SYSTEM).invitation


@pytest.mark.parametrize("page", ["invitations", "invitations/new", "invitations/many"])
def test_pages_of_invitations_mark_the_members_entry(house, owner, page):
    owner.get(house.address(page))

    current = [e.text for e in owner.page.all("a") if e.attributes.get("aria-current") == "page"]
    assert "Members" in current


def test_the_filters_of_the_activity_log_are_not_called_optional(house, owner):
    make_team(house)
    owner.get(house.address("settings/activity"))

    labels = [e.text for e in owner.page.all("label")]
    assert {"Search", "Person", "Action", "From", "Until"} <= set(labels)
