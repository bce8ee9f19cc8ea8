"""Creating an organization twice with one form makes one."""

from __future__ import annotations

import uuid

import pytest

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.foundation.services import numbers as number_services
from hospes.kit.origin import SYSTEM
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import Organization
from hospes.organizations.services.founding import (
    AlreadyCreated,
    CreateOrganization,
    create_organization,
)
from support.organizations import join, make_organization
from support.racing import race

FORM = {"name": "Muster AG", "legal_type": "company", "main_country": "CH"}


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


def create(account, form_key):
    command = CreateOrganization(
        "Muster AG", "company", PostalAddress(country="CH"), form_key=form_key
    )
    return create_organization(command, acting_account=account, origin=SYSTEM)


def made():
    return Organization.objects.filter(name="Muster AG")


def test_a_form_sent_again_leads_to_what_it_made(site, sign_in, anna):
    sign_in(site, anna)
    site.get("/organizations/new")
    form = next(form for form in site.page.forms if "main_country" in form.fields)
    sent = {**form.fields, **FORM}
    assert uuid.UUID(sent["form_key"])

    site.post("/organizations/new", sent)
    first = site.location
    site.post("/organizations/new", sent)

    assert site.location == first == f"/organizations/{made().get().public_id}/settings"
    site.follow()
    assert "Muster AG was created already. Nothing was created twice." in site.page.text
    assert made().count() == 1


def test_going_back_to_a_fresh_form_makes_no_second_one_of_the_name(site, sign_in, anna):
    sign_in(site, anna)
    site.get("/organizations/new")
    site.submit(FORM, button="Create organization")
    site.get("/organizations/new")

    answer = site.submit({**FORM, "name": " muster ag"}, button="Create organization")

    assert answer.status_code == 422
    assert "You represent an organization of this name already." in site.page.text
    assert Organization.objects.filter(name__iexact="Muster AG").count() == 1
    site.submit({**FORM, "name": "Muster AG Bern"}, button="Create organization")
    assert Organization.objects.filter(name="Muster AG Bern").count() == 1


def test_one_of_the_name_where_one_is_no_legal_representative_does_not_matter(anna, make_account):
    theirs = make_organization(make_account(), "Muster AG")
    join(theirs, anna, "admin")

    assert create(anna, "") != theirs


def test_a_form_that_comes_back_with_faults_keeps_its_name(site, sign_in, anna):
    sign_in(site, anna)
    site.get("/organizations/new")
    key = next(form for form in site.page.forms if "form_key" in form.fields).fields["form_key"]

    site.submit({**FORM, "name": ""}, button="Create organization")

    again = next(form for form in site.page.forms if "form_key" in form.fields)
    assert again.fields["form_key"] == key


def test_a_form_without_a_sound_name_gets_one(site, sign_in, anna):
    sign_in(site, anna)
    assert site.post("/organizations/new", {**FORM, "form_key": "no key"}).status_code == 302
    assert site.post("/organizations/new", {**FORM, "name": "Zweite AG"}).status_code == 302
    assert Organization.objects.filter(created_by=anna).count() == 2


def test_ten_presses_at_once_make_one(anna):
    key = str(uuid.uuid4())

    results = race(lambda _number: create(anna, key), threads=10)

    assert sum(isinstance(each, AlreadyCreated) for each in results) == 9, results
    assert made().count() == 1
    action = "organizations.organization_created"
    assert AuditEntry.objects.filter(action=action).count() == 1
    assert OutboxEvent.objects.filter(name=action).count() == 1


def test_the_last_one_allowed_is_told_as_created_and_not_as_too_many(anna):
    number_services.change("organizations.per_account", 2, acting_account_id=None, origin=SYSTEM)
    key = str(uuid.uuid4())
    create(anna, key)

    with pytest.raises(AlreadyCreated):
        create(anna, key)


def test_somebody_elses_form_of_the_same_name_is_another_form(anna, make_account):
    key = str(uuid.uuid4())

    assert create(anna, key) != create(make_account(), key)


def test_whoever_has_left_it_meanwhile_learns_nothing(site, sign_in, anna):
    sign_in(site, anna)
    key = str(uuid.uuid4())
    create(anna, key).memberships.all().delete()

    assert site.post("/organizations/new", {**FORM, "form_key": key}).status_code == 404
    assert made().count() == 1
