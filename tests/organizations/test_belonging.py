from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock
from hospes.foundation.services import outbox
from hospes.organizations import policies, queries
from hospes.organizations.models import CurrentOrganization, Membership, Organization
from hospes.organizations.services import founding, personal_data

OWNER, ADMIN, NORMAL, CLIENT = Membership.Role


def join(organization, account, role=NORMAL):
    return Membership.objects.create(
        organization=organization, account=account, role=role, created_at=clock.now()
    )


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example", first_name="Anna", last_name="Keller")


@pytest.fixture
def bruno(make_account):
    return make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")


def own(account):
    return Organization.objects.get(memberships__account=account, memberships__role=OWNER)


def test_a_new_account_owns_an_organization_named_after_the_person(anna):
    membership = Membership.objects.select_related("organization").get(account=anna)

    assert membership.role == OWNER
    assert membership.organization.name == "Anna Keller"


def test_a_repeated_event_makes_no_second_organization(anna):
    founding.found_for_new_account({"account_id": anna.pk})

    assert queries.organizations_of(anna).count() == 1


def test_an_account_whose_organization_cannot_be_made_is_not_made(make_account, monkeypatch):
    from hospes.identity.models import Account

    def fail(**_values):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(founding, "found", fail)
    with pytest.raises(RuntimeError):
        make_account("anna@customer.example")

    assert not Account.objects.exists()
    assert not Organization.objects.exists()


def test_organizations_are_listed_oldest_membership_first(anna, bruno):
    join(own(bruno), anna)

    assert [each.name for each in queries.organizations_of(anna)] == ["Anna Keller", "Bruno Rey"]


def test_switching_changes_only_this_sign_in(site, sign_in, anna, bruno):
    join(own(bruno), anna)
    session = sign_in(site, anna)
    site.get("/")
    phone = site.another_browser()
    other = sign_in(phone, anna)

    answer = site.post(
        "/organizations/switch",
        {"organization": own(bruno).public_id, "next": "/search?q=a"},
    )

    assert answer.status_code == 302
    assert site.location == "/search?q=a"
    assert CurrentOrganization.objects.get(session=session).organization == own(bruno)
    assert not CurrentOrganization.objects.filter(session=other).exists()
    site.get("/")
    assert "You are looking at Bruno Rey." in site.page.text
    phone.get("/")
    # One's own, which bears one's name, needs no words.
    assert "You are looking at" not in phone.page.text


def test_an_organization_one_is_no_member_of_is_not_found(site, sign_in, anna, bruno):
    sign_in(site, anna)
    site.get("/")
    for organization in (own(bruno).public_id, "no-such-organization", "", "a\0b"):
        answer = site.post("/organizations/switch", {"organization": organization})

        assert answer.status_code == 404
    assert not CurrentOrganization.objects.exists()


def test_switching_takes_a_token_and_a_post(site, sign_in, anna, bruno):
    join(own(bruno), anna)
    sign_in(site, anna)

    wanted = {"organization": own(bruno).public_id}
    assert site.post("/organizations/switch", wanted, csrf=False).status_code == 403
    assert site.get("/organizations/switch", params=wanted).status_code == 405
    assert not CurrentOrganization.objects.exists()


def test_switching_leads_nowhere_else(site, sign_in, anna, bruno):
    join(own(bruno), anna)
    sign_in(site, anna)
    site.get("/")

    site.post(
        "/organizations/switch",
        {"organization": own(bruno).public_id, "next": "https://evil.example/"},
    )

    assert site.location == "/"


def test_visitors_are_sent_to_sign_in(site, anna):
    answer = site.post("/organizations/switch", {"organization": own(anna).public_id})

    assert answer.status_code == 302
    assert site.location.startswith("/sign-in?")


def test_losing_a_membership_ends_looking_there(site, sign_in, anna, bruno):
    membership = join(own(bruno), anna)
    sign_in(site, anna)
    site.get("/")
    site.post("/organizations/switch", {"organization": own(bruno).public_id})
    membership.delete()

    site.get("/")

    assert "You are looking at" not in site.page.text


def test_the_memberships_of_a_request_take_one_query(rf_request, anna, bruno):
    for number in range(5):
        other = Organization.objects.create(
            public_id=f"o{number}", name=f"O{number}", created_at=clock.now()
        )
        join(other, anna)
    request = rf_request(anna)

    with CaptureQueriesContext(connection) as asked:
        queries.current(request)
        queries.listed(request)
        queries.current_membership(request)

    assert len(asked) == 1
    assert len(queries.listed(request)) == 6


def test_visitors_have_no_organization_and_ask_no_query(rf_request):
    with CaptureQueriesContext(connection) as asked:
        assert queries.current(rf_request(None)) is None

    assert len(asked) == 0


def test_the_last_representative_of_others_may_not_go(anna, bruno):
    assert personal_data.deletion_obstacles(anna) == []

    join(own(anna), bruno)
    (obstacle,) = personal_data.deletion_obstacles(anna)
    assert "Anna Keller" in obstacle
    assert personal_data.deletion_obstacles(bruno) == []

    join_again = Membership.objects.get(organization=own(anna), account=bruno)
    join_again.role = OWNER
    join_again.save()
    assert personal_data.deletion_obstacles(anna) == []


def test_an_organization_goes_with_its_last_member_and_stays_with_others(anna, bruno):
    shared = own(bruno)
    join(shared, anna)
    alone = own(anna)

    with transaction.atomic():
        outbox.emit("identity.account_deleted", {"account_id": anna.pk})

    assert not Membership.objects.filter(account=anna).exists()
    assert not Organization.objects.filter(pk=alone.pk).exists()
    assert Organization.objects.filter(pk=shared.pk).exists()


def test_the_export_names_organizations_and_roles(anna, bruno):
    join(own(bruno), anna, CLIENT)

    told = personal_data.export(anna)

    assert [(each["name"], each["role"]) for each in told] == [
        ("Anna Keller", "owner"),
        ("Bruno Rey", "client"),
    ]


@pytest.mark.parametrize(
    ("role", "sees", "manages"),
    [(OWNER, True, True), (ADMIN, True, True), (NORMAL, True, False), (CLIENT, False, False)],
)
def test_who_may_do_what_with_applications(role, sees, manages):
    membership = Membership(role=role)

    assert policies.may_see_applications(membership) is sees
    assert policies.may_manage_applications(membership) is manages


def test_strangers_may_nothing():
    assert not policies.may_see_applications(None)
    assert not policies.may_manage_applications(None)


def test_an_account_does_not_take_its_products_with_it(anna):
    from support.organizations import make_product

    assert personal_data.deletion_obstacles(anna) == []
    product = make_product(own(anna))

    (obstacle,) = personal_data.deletion_obstacles(anna)
    assert obstacle.startswith("Anna Keller: The organization holds 1 product.")
    product.delete()
    assert personal_data.deletion_obstacles(anna) == []
