from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.foundation.services import numbers as number_services
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from hospes.organizations.domain import addresses
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import CurrentOrganization, Membership, Organization
from hospes.organizations.services.founding import CreateOrganization, create_organization
from support.organizations import join, make_organization, own

ORIGIN = Origin(ip="192.0.2.7", user_agent="a browser")
GOOD = {
    "name": "  Muster   AG ",
    "legal_type": "company",
    "main_street": "Bahnhofstrasse 1",
    "main_zip": "8001",
    "main_city": "Zürich",
    "main_country": "CH",
    "language": "de",
    "timezone": "zurich",
}


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


def create(account, **values):
    command = CreateOrganization(
        **{
            "name": "Muster AG",
            "legal_type": "company",
            "address": PostalAddress(country="CH"),
            **values,
        }
    )
    return create_organization(command, acting_account=account, origin=ORIGIN)


def limit(number):
    number_services.change(
        "organizations.per_account", number, acting_account_id=None, origin=ORIGIN
    )


def test_whoever_creates_an_organization_represents_it_and_looks_at_it(site, sign_in, anna):
    session = sign_in(site, anna)
    site.get("/organizations/new")

    site.submit(GOOD, button="Create organization")

    made = Organization.objects.get(name="Muster AG")
    assert site.location == f"/organizations/{made.public_id}/settings"
    assert (made.legal_type, made.language, made.timezone) == ("company", "de", "Europe/Zurich")
    (address,) = made.addresses.all()
    assert (address.kind, address.city, address.country) == ("main", "Zürich", "CH")
    assert address.for_invoice
    assert Membership.objects.get(organization=made).account == anna
    assert Membership.objects.get(organization=made).role == "owner"
    assert CurrentOrganization.objects.get(session=session).organization == made
    assert site.get(site.location).status_code == 200
    assert "Muster AG was created." in site.page.text


def test_the_form_begins_with_what_the_account_tells(site, sign_in, make_account):
    sign_in(site, make_account(locale="fr", timezone="Europe/Zurich"))

    site.get("/organizations/new")

    form = site.page.form(button="")
    fields = next(form for form in site.page.forms if "main_country" in form.fields).fields
    assert form
    assert (fields["main_country"], fields["language"], fields["timezone"]) == (
        "CH",
        "fr",
        "Europe/Zurich",
    )
    # What it cannot be made without is not called optional.
    words = " ".join(site.page.text.split())
    assert "Ville facultatif" in words
    assert "Pays facultatif" not in words


def test_every_fault_is_told_at_once_and_nothing_is_made(site, sign_in, anna):
    sign_in(site, anna)
    before = Organization.objects.count()

    answer = site.post(
        "/organizations/new",
        {
            "name": " \u200b ",
            "legal_type": "restrict",
            "main_street": "Somewhere 1",
            "main_country": "XX",
            "language": "tlh",
            "timezone": "Mars/Olympus",
        },
    )

    assert answer.status_code == 422
    for text in (
        "Give the organization a name.",
        "Choose what the organization is.",
        "Enter the city.",
        "Choose a country from the list.",
        "Choose one of the languages.",
        "Choose a time zone from the list, such as Europe/Zurich.",
    ):
        assert text in site.page.text
    assert Organization.objects.count() == before
    assert not OutboxEvent.objects.filter(name="organizations.organization_created").exists()


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "\u2800"}, "name", "required"),
        ({"name": "x" * 129}, "name", "too_long"),
        ({"name": "Mus\x00ter"}, "name", "characters"),
        ({"name": "Mus\u202eter"}, "name", "characters"),
        ({"legal_type": "restrict"}, "legal_type", "choose"),
        ({"legal_type": ""}, "legal_type", "choose"),
        ({"address": PostalAddress()}, "main_country", "required"),
        ({"address": PostalAddress(country="ZZ")}, "main_country", "unknown"),
        ({"address": PostalAddress(city="Bern", country="CH")}, "main_street", "required"),
        ({"address": PostalAddress(street="A 1", country="CH")}, "main_city", "required"),
        ({"address": PostalAddress(zip="1" * 21, country="CH")}, "main_zip", "too_long"),
        ({"address": PostalAddress(street="A\x00", country="CH")}, "main_street", "characters"),
    ],
)
def test_what_is_refused(anna, values, field, code):
    with pytest.raises(Refused) as refused:
        create(anna, **values)

    assert refused.value.has(field, code)
    assert Organization.objects.count() == 1
    assert not AuditEntry.objects.filter(action="organizations.organization_created").exists()


def test_the_deed_is_logged_and_told(anna):
    made = create(anna)

    entry = AuditEntry.objects.get(action="organizations.organization_created")
    assert (entry.actor_account_id, entry.organization_id) == (anna.pk, made.pk)
    assert entry.detail == {"name": "Muster AG", "legal_type": "company", "country": "CH"}
    assert entry.ip == "192.0.2.7"
    event = OutboxEvent.objects.get(name="organizations.organization_created")
    assert event.payload == {
        "organization_id": made.pk,
        "actor_id": anna.pk,
        "name": "Muster AG",
    }


def test_an_account_represents_no_more_organizations_than_the_provider_allows(
    site, sign_in, anna, make_account
):
    limit(2)
    # Those of others do not count.
    join(make_organization(make_account(), "Elsewhere"), anna, "admin")
    create(anna)

    with pytest.raises(Refused) as refused:
        create(anna, name="One more")

    assert refused.value.has("", "too_many_organizations")
    assert not Organization.objects.filter(name="One more").exists()
    sign_in(site, anna)
    site.get("/organizations/new")
    assert "You represent 2 organizations, and cannot represent more." in site.page.text
    answer = site.post("/organizations/new", {**GOOD, "name": "One more"})
    assert answer.status_code == 422
    limit(3)
    assert create(anna, name="One more")


def test_the_list_names_ones_organizations_and_roles(site, sign_in, anna, make_account):
    shared = make_organization(make_account(), "Zebra Ltd")
    join(shared, anna, "client")
    make_organization(make_account(), "Strangers")
    sign_in(site, anna)

    site.get("/organizations")

    text = site.page.text
    assert text.index(own(anna).name) < text.index("Zebra Ltd")
    assert "Legal representative" in text
    assert "External user" in text
    assert "Strangers" not in text
    # An external user is not offered what would be refused.
    assert f"/organizations/{shared.public_id}/settings" not in site.response.text
    site.submit({}, button="Switch Zebra Ltd", follow=True)
    assert "You are looking at Zebra Ltd." in site.page.text


def test_the_switcher_leads_to_creating_and_to_the_list(site, sign_in, anna):
    sign_in(site, anna)
    site.get("/")

    assert site.page.link("Create organization").href == "/organizations/new"
    assert site.page.link("Manage organizations").href == "/organizations"


@pytest.mark.parametrize("path", ["/organizations", "/organizations/new"])
def test_visitors_are_sent_to_sign_in(site, path):
    assert site.get(path).status_code == 302
    assert site.location.startswith("/sign-in?")


def test_creating_takes_a_token(site, sign_in, anna):
    sign_in(site, anna)
    site.get("/")

    assert site.post("/organizations/new", GOOD, csrf=False).status_code == 403
    assert not Organization.objects.filter(name="Muster AG").exists()


def test_countries_have_names_in_every_language():
    for language, name in (("en", "Germany"), ("fr", "Allemagne"), ("de", "Deutschland")):
        assert addresses.country_names(language)["DE"] == name
    # Ä is sorted as A, not behind Z.
    names = list(addresses.country_names("de").values())
    assert names.index("Ägypten") < names.index("Albanien") < names.index("Zypern")
    assert not {"EU", "UN", "ZZ", "001"} & set(addresses.country_names("en"))
