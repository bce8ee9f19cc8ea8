from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import Address, Organization
from hospes.organizations.services import logos
from hospes.organizations.services.settings import change_organization, command_of
from support.organizations import join, look_at, make_organization

ORIGIN = Origin(ip="192.0.2.7")
MAIN = {"main_street": "Gasse 2", "main_zip": "3011", "main_city": "Bern", "main_country": "CH"}


def png(colour="red", size=(64, 64)):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


@pytest.fixture
def muster(anna):
    return make_organization(anna, "Muster AG")


@pytest.fixture
def page(muster):
    return f"/organizations/{muster.public_id}/settings"


@pytest.fixture
def looking(site, sign_in, muster):
    """Return a function that signs somebody in who looks at Muster AG."""

    def begin(account):
        look_at(sign_in(site, account), muster)
        return site

    return begin


def change(organization, account, **values):
    command = replace(command_of(organization), **values)
    return change_organization(
        command, organization=organization, acting_account=account, origin=ORIGIN
    )


def snapshot(organization):
    row = Organization.objects.filter(pk=organization.pk).values().get()
    return row, list(Address.objects.filter(organization=organization).values())


def test_everything_is_changed_on_one_page(looking, anna, muster, page):
    site = looking(anna)
    site.get(page)

    site.submit(
        {
            **MAIN,
            "name": "Muster GmbH",
            "legal_type": "company",
            "email": "Office@Muster.Example",
            "phone": "031 123 45 67",
            "website": "https://muster.example/",
            "language": "fr",
            "timezone": "europe/zurich",
            "invoice_field1": "PO 42",
            "billing_street": "Fach 9",
            "billing_city": "Thun",
            "billing_country": "CH",
            "invoice_to": "billing",
        },
        button="Save",
    )

    assert site.location == page
    muster.refresh_from_db()
    assert (muster.name, muster.legal_type) == ("Muster GmbH", "company")
    assert (muster.email, muster.phone) == ("office@muster.example", "+41311234567")
    assert (muster.language, muster.timezone) == ("fr", "Europe/Zurich")
    assert muster.invoice_field1 == "PO 42"
    kept = {address.kind: address for address in muster.addresses.all()}
    assert (kept["main"].city, kept["main"].for_invoice) == ("Bern", False)
    assert (kept["billing"].city, kept["billing"].for_invoice) == ("Thun", True)
    site.get(page)
    assert "The settings were saved." in site.page.text


def test_the_log_tells_which_fields_changed_and_what_taxes_go_by(anna, muster):
    change(muster, anna, main=PostalAddress("Gasse 2", "", "3011", "Bern", "CH"))
    told = change(
        muster,
        anna,
        legal_type="company",
        main=PostalAddress("Weg 1", "", "79100", "Freiburg", "DE"),
        email="office@muster.example",
    )

    assert set(told) == {
        "legal_type",
        "email",
        "main_street",
        "main_zip",
        "main_city",
        "main_country",
    }
    entry = AuditEntry.objects.filter(action="organizations.organization_changed").latest("pk")
    assert entry.organization_id == muster.pk
    assert entry.detail["changed"] == list(told)
    assert entry.detail["values"] == {
        "legal_type": ["individual", "company"],
        "main_country": ["CH", "DE"],
    }
    event = OutboxEvent.objects.filter(name="organizations.organization_changed").latest("pk")
    assert event.payload["organization_id"] == muster.pk
    assert event.payload["changed"] == list(told)


def test_saving_what_stands_there_leaves_no_trace(looking, anna, muster, page):
    site = looking(anna)
    before = snapshot(muster)
    site.get(page)
    site.submit({}, button="Save", follow=True)

    assert "Nothing was changed." in site.page.text
    assert snapshot(muster) == before
    assert not AuditEntry.objects.filter(action="organizations.organization_changed").exists()


def test_every_fault_is_told_at_once_and_nothing_changes(looking, anna, muster, page):
    site = looking(anna)
    before = snapshot(muster)

    answer = site.request(
        "POST",
        page,
        data={
            "csrfmiddlewaretoken": site.csrf_token(page),
            "name": "",
            "legal_type": "restrict",
            "email": "nobody",
            "phone": "12",
            "website": "javascript:alert(1)",
            "language": "xx",
            "timezone": "Nowhere",
            "main_street": "A 1",
            "invoice_to": "billing",
            "invoice_field1": "x" * 121,
        },
        files={"picture": ("logo.png", b"no picture", "image/png")},
        headers={"Origin": site.base_url},
    )

    assert answer.status_code == 422
    for text in (
        "Give the organization a name.",
        "Choose what the organization is.",
        "This is no complete e-mail address; one looks like name@example.org.",
        "This is no phone number in the country of the main address.",
        "Enter a web address that begins with https:// or http://.",
        "Choose one of the languages.",
        "Choose a time zone from the list",
        "Enter street and number.",
        "Enter the city.",
        "Choose the country.",
        "Use at most 120 characters.",
        "This file cannot be read as a picture.",
    ):
        assert text in site.page.text, text
    assert snapshot(muster) == before


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"website": "https://a b.example"}, "website", "characters"),
        ({"website": "https://u:p@host.example/"}, "website", "userinfo"),
        ({"website": "ftp://host.example/"}, "website", "link"),
        ({"phone": "+41\x0031"}, "phone", "invalid"),
        ({"email": "a\x00@b.example"}, "email", "invalid"),
        ({"invoice_field2": "a\u202eb"}, "invoice_field2", "characters"),
        ({"invoice_to": "elsewhere"}, "invoice_to", "choose"),
        ({"invoice_to": "billing"}, "billing_street", "required"),
        ({"billing": PostalAddress(city="Bern")}, "billing_country", "required"),
    ],
)
def test_what_is_refused(anna, muster, values, field, code):
    before = snapshot(muster)
    with pytest.raises(Refused) as refused:
        change(muster, anna, **values)

    assert refused.value.has(field, code)
    assert snapshot(muster) == before


def test_a_country_is_changed_but_not_emptied(anna, muster):
    change(muster, anna, main=PostalAddress(country="CH"))

    with pytest.raises(Refused) as refused:
        change(muster, anna, main=PostalAddress())

    assert refused.value.has("main_country", "required")
    assert muster.addresses.get().country == "CH"


def test_a_billing_address_goes_when_it_is_emptied(anna, muster):
    change(
        muster,
        anna,
        main=PostalAddress("Gasse 2", "", "", "Bern", "CH"),
        billing=PostalAddress("Fach 9", "", "", "Thun", "CH"),
        invoice_to="billing",
    )
    change(muster, anna, billing=PostalAddress(country="CH"), invoice_to="main")

    (address,) = muster.addresses.all()
    assert (address.kind, address.for_invoice) == ("main", True)


def test_nobody_makes_himself_limited_nor_unlimited(anna, muster):
    with pytest.raises(Refused):
        change(muster, anna, legal_type="restrict")
    Organization.objects.filter(pk=muster.pk).update(legal_type="restrict")
    muster.refresh_from_db()
    with pytest.raises(Refused):
        change(muster, anna, legal_type="company")
    # All else may still be changed.
    assert change(muster, anna, name="Muster & Co") == ("name",)
    muster.refresh_from_db()
    assert muster.legal_type == "restrict"


@pytest.mark.parametrize(
    "case",
    [
        ("owner", 200, 302),
        ("admin", 200, 302),
        ("normal", 200, 403),
        ("client", 403, 403),
        (None, 404, 404),
    ],
)
def test_who_sees_and_who_changes(looking, make_account, muster, page, case):
    role, sees, changes = case
    person = make_account("bruno@customer.example")
    if role:
        join(muster, person, role)
    site = looking(person)
    before = snapshot(muster)

    assert site.get(page).status_code == sees
    form = {"name": "Other", "legal_type": "company", "invoice_to": "main"}
    assert site.post(page, form).status_code == changes
    removing = site.post(page, {"remove_logo": "1"}).status_code
    assert removing == (200 if changes == 302 else changes)

    if changes != 302:
        assert snapshot(muster) == before
        assert not AuditEntry.objects.filter(organization_id=muster.pk).exists()
        assert not OutboxEvent.objects.filter(name__startswith="organizations.").exists()


def test_a_collaborator_reads_without_a_form(looking, make_account, anna, muster, page):
    change(
        muster,
        anna,
        phone="+41311234567",
        main=PostalAddress("Gasse 2", "", "3011", "Bern", "CH"),
    )
    bruno = make_account("bruno@customer.example")
    join(muster, bruno, "normal")
    site = looking(bruno)
    site.get(page)

    assert "+41 31 123 45 67" in site.page.text
    assert "3011 Bern" in site.page.text
    assert "Switzerland" in site.page.text
    assert not [form for form in site.page.forms if "legal_type" in form.fields]
    assert "Delete the organization" not in site.page.text


def test_a_logo_is_made_anew_shown_to_everybody_and_removed(looking, anna, muster, page):
    site = looking(anna)
    site.get(page)
    site.submit({}, button="Save", files={"picture": ("logo.png", png(), "image/png")})
    muster.refresh_from_db()
    assert muster.logo
    shown = f"/organization-logos/{muster.logo}-64.webp"
    assert shown.replace("-64", "-256") in site.get(page).text

    visitor = site.another_browser()
    answer = visitor.get(shown)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]
    assert AuditEntry.objects.filter(organization_id=muster.pk).get().detail["changed"] == ["logo"]

    site.get(page)
    site.submit({"name": "Not saved"}, button="Remove the logo")
    assert site.response.status_code == 200
    muster.refresh_from_db()
    assert (muster.logo, muster.name) == ("", "Muster AG")
    assert visitor.get(shown).status_code == 404
    assert AuditEntry.objects.filter(action="organizations.logo_removed").count() == 1


def test_a_logo_that_another_organization_shows_stays(anna, muster):
    other = make_organization(anna, "Other")
    for organization in (muster, other):
        change(organization, anna, picture=png("blue"))
    muster.refresh_from_db()
    other.refresh_from_db()
    assert muster.logo == other.logo

    logos.remove_logo(muster, acting_account=anna, origin=ORIGIN)
    assert logos.folder().read(other.logo, 64) is not None
    logos.remove_logo(other, acting_account=anna, origin=ORIGIN)
    assert logos.folder().read(other.logo, 64) is None


def test_a_picture_refused_with_another_fault_must_be_chosen_again(looking, anna, muster, page):
    site = looking(anna)
    site.get(page)
    site.submit({"name": ""}, button="Save", files={"picture": ("l.png", png(), "image/png")})

    assert site.response.status_code == 422
    assert "Choose the picture again: it is not saved yet." in site.page.text
    muster.refresh_from_db()
    assert muster.logo == ""


@pytest.mark.parametrize("name", ["..-64.webp", "a" * 64 + "-65.webp", "a" * 64 + "-64.webp"])
def test_there_are_no_other_files(site, name):
    assert site.get(f"/organization-logos/{name}").status_code == 404


def test_saving_takes_a_token(looking, anna, muster, page):
    site = looking(anna)
    site.get(page)
    before = snapshot(muster)
    form = {"name": "Other", "legal_type": "company", "invoice_to": "main"}

    assert site.post(page, form, csrf=False).status_code == 403
    assert snapshot(muster) == before
