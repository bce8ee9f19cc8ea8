from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from hospes.connect.models import Application
from hospes.foundation import clock as product_clock
from hospes.identity.models import Method
from hospes.organizations.models import Membership, Organization
from support import two_step


def register(organization, name, number=1):
    return Application.objects.create(
        client_id=f"00000000-0000-4000-8000-{number:012}",
        organization=organization,
        name=name,
        type=Application.Type.SERVER,
        created_at=product_clock.timestamp(),
    )


def own(account):
    return Organization.objects.get(memberships__account=account)


def test_visitors_are_welcomed_with_ways_in(site):
    answer = site.get("/")

    assert answer.status_code == 200
    assert "Alpenhost" in site.page.heading
    hrefs = {link.href for link in site.page.links}
    assert {"/sign-up", "/sign-in"} <= hrefs


def test_the_landing_page_asks_the_database_nothing(site, queries_of):
    assert queries_of(site, "/") == 0


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(6, "Good morning"), (13, "Good afternoon"), (19, "Good evening"), (2, "Good evening")],
)
def test_home_greets_by_the_hour_where_the_person_is(  # noqa: PLR0917 - fixtures
    site, make_account, sign_in, clock, hour, greeting
):
    clock.set(clock.now().replace(hour=hour, minute=0) + timedelta(days=1))
    sign_in(site, make_account(first_name="Anna", timezone="UTC"))

    site.get("/")

    assert site.page.heading == f"{greeting}, Anna"


def test_home_names_the_organization_unless_it_is_called_as_the_person_is(site, customer):
    site.get("/")
    assert own(customer).name == customer.name
    assert "You are looking at" not in site.page.text
    Organization.objects.filter(pk=own(customer).pk).update(name="Flower shop")
    site.get("/")
    assert "You are looking at Flower shop." in site.page.text


def test_home_says_what_is_missing_for_a_safe_account(site, customer):
    site.get("/")

    assert "3 things to look at" in site.page.text
    assert "No second e-mail address" in site.page.text
    assert "No phone number" in site.page.text
    assert "Signed in on 1 browser" in site.page.text


def test_home_says_when_nothing_is_missing(site, make_account, sign_in):
    now = product_clock.now()
    account = make_account(
        recovery_email="anna@mail.example",
        recovery_email_verified_at=now,
        recovery_phone="+41791234567",
    )
    two_step.add_method(account)
    sign_in(site, account)

    site.get("/")

    assert "All good" in site.page.text


def test_home_says_whether_two_step_verification_is_on_and_leads_there(site, customer):
    page = reverse("two_step")
    site.get("/")
    assert "Two-step verification is off" in site.page.text
    assert site.page.link("Activate two-step verification").href == page

    method = two_step.add_method(customer)
    site.get("/")
    assert "Two-step verification is on" in site.page.text
    assert "Two-step verification is off" not in site.page.text
    assert page in {link.href for link in site.page.links}
    assert "Activate two-step verification" not in {link.text for link in site.page.links}

    # A removed one does not count.
    Method.objects.filter(pk=method.pk).update(removed_at=product_clock.now())
    site.get("/")
    assert "Two-step verification is off" in site.page.text


def test_an_old_password_is_pointed_out(site, customer, clock, sign_in):
    clock.move(timedelta(days=366))
    sign_in(site, customer)

    site.get("/")

    assert "4 things to look at" in site.page.text


def test_home_lists_the_applications_of_the_organization_looked_at(site, customer, make_account):
    register(own(customer), "Harbour shop", 1)
    register(own(make_account("other@customer.example")), "Foreign shop", 2)

    site.get("/")

    assert "Harbour shop" in site.page.text
    assert "Foreign shop" not in site.page.text


def test_home_offers_to_register_the_first_application(site, customer):
    site.get("/")

    assert site.page.link("Register an application").href == "/auth/applications/new"


def test_an_external_user_sees_no_applications(site, customer):
    Membership.objects.filter(account=customer).update(role=Membership.Role.CLIENT)
    register(own(customer), "Harbour shop")

    site.get("/")

    assert "Harbour shop" not in site.page.text
    assert "Register an application" not in site.page.text


def test_home_takes_the_same_few_queries_however_much_there_is(site, customer, queries_of):
    register(own(customer), "First")
    few = queries_of(site, "/")
    for number in range(2, 20):
        register(own(customer), f"Application {number}", number)

    # One more at most: counting what is not shown.
    assert queries_of(site, "/") <= few + 1
    assert few <= 10
