from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from hospes.organizations.models import Address, Membership, Organization, Team
from hospes.organizations.services import closing, founding
from hospes.organizations.services.closing import (
    CloseOrganization,
    Handover,
    close_organization,
)
from support.organizations import join, look_at, make_organization, make_product, own
from support.racing import race

ORIGIN = Origin(ip="192.0.2.7")


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example", first_name="Anna", last_name="Keller")


@pytest.fixture
def muster(anna):
    return make_organization(anna, "Muster AG")


@pytest.fixture
def page(muster):
    return f"/organizations/{muster.public_id}/settings/delete"


@pytest.fixture
def looking(site, sign_in, anna, muster):
    """Return the browser of Anna, who looks at Muster AG."""
    look_at(sign_in(site, anna), muster)
    return site


def close(organization, account, name=None):
    command = CloseOrganization(organization, organization.name if name is None else name)
    close_organization(command, acting_account=account, origin=ORIGIN)


def refusal(*arguments):
    with pytest.raises(Refused) as refused:
        close(*arguments)
    return refused.value


def test_an_organization_goes_with_all_that_is_its_own(site, sign_in, anna, muster, page):
    session = sign_in(site, anna)
    look_at(session, muster)
    Address.objects.create(organization=muster, kind="main", country="CH")
    muster.tags.create(name="old")
    now = product_clock.now()
    Team.objects.create(organization=muster, name="T", created_at=now, updated_at=now)

    site.get(page)
    assert "1 work team" in site.page.text
    site.submit({"typed_name": "Muster AG"}, button="Delete the organization", follow=True)

    assert "Muster AG was deleted." in site.page.text
    assert not Organization.objects.filter(pk=muster.pk).exists()
    assert not Address.objects.filter(organization_id=muster.pk).exists()
    assert not Team.objects.exists()
    # The other one is the one looked at.
    site.get(f"/organizations/{own(anna).public_id}/settings")
    assert site.response.status_code == 200
    assert site.get(page).status_code == 404


def test_the_deed_is_logged_told_and_mailed(anna, muster, make_account, mailbox):
    bruno = make_account("bruno@customer.example", first_name="Bruno", locale="de")
    join(muster, bruno, "client")

    close(muster, anna)

    entry = AuditEntry.objects.get(action="organizations.organization_deleted")
    assert (entry.actor_account_id, entry.organization_id) == (anna.pk, muster.pk)
    assert entry.detail == {"name": "Muster AG", "members": 2}
    event = OutboxEvent.objects.get(name="organizations.organization_deleted")
    assert event.payload == {
        "organization_id": muster.pk,
        "actor_id": anna.pk,
        "name": "Muster AG",
    }
    for address in ("anna@customer.example", "bruno@customer.example"):
        (letter,) = mailbox.to(address)
        assert "Muster AG" in letter.subject
        assert "Anna Keller" in letter.text
        assert "one of your own now" not in letter.text


def test_whoever_belonged_nowhere_else_gets_an_organization_of_their_own(
    anna, muster, make_account, mailbox
):
    bruno = make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")
    Organization.objects.filter(memberships__account=bruno).delete()
    join(muster, bruno, "normal")

    close(muster, anna)

    membership = Membership.objects.select_related("organization").get(account=bruno)
    assert (membership.organization.name, membership.role) == ("Bruno Rey", "owner")
    (letter,) = mailbox.to("bruno@customer.example")
    assert "there is one of your own now" in letter.text


def test_products_stand_against_it_and_are_named(site, sign_in, anna, muster, page):
    make_product(muster)
    make_product(muster)
    look_at(sign_in(site, anna), muster)

    site.get(page)

    assert "The organization holds 2 products. End them or hand them over first." in site.page.text
    assert not [form for form in site.page.forms if "typed_name" in form.fields]
    assert site.post(page, {"typed_name": "Muster AG"}).status_code == 422
    assert refusal(muster, anna).has("", "obstacles")
    assert Organization.objects.filter(pk=muster.pk).exists()
    assert not AuditEntry.objects.filter(action="organizations.organization_deleted").exists()


def test_a_blocked_organization_stays(anna, muster):
    Organization.objects.filter(pk=muster.pk).update(blocked_at=product_clock.now())

    assert refusal(muster, anna).has("", "obstacles")


def test_rooms_above_say_what_stands_against_it_and_what_goes(
    looking, anna, muster, page, monkeypatch
):
    def speaker(organization):
        assert organization == muster
        return Handover((("A bill is open.", "/bills"),), ("All the paper",))

    monkeypatch.setattr(closing, "_speakers", [*closing._speakers])
    closing.register_organization_handover(speaker)
    closing.register_organization_handover(speaker)
    site = looking
    site.get(page)

    assert site.page.link("A bill is open.").href == "/bills"
    assert site.page.text.count("All the paper") == 1
    assert refusal(muster, anna).has("", "obstacles")


def test_the_last_organization_goes_only_with_the_account(site, sign_in, anna):
    only = own(anna)
    sign_in(site, anna)
    path = f"/organizations/{only.public_id}/settings/delete"
    site.get(path)

    assert "It goes when you delete your account." in site.page.text
    assert site.post(path, {"typed_name": only.name}).status_code == 422
    assert refusal(only, anna).has("", "last_organization")
    assert Organization.objects.filter(pk=only.pk).exists()


def test_every_fault_is_told_at_once(anna):
    only = own(anna)
    make_product(only)

    refused = refusal(only, anna, "something else")

    assert {(fault.field, fault.code) for fault in refused.faults} == {
        ("typed_name", "mismatch"),
        ("", "last_organization"),
        ("", "obstacles"),
    }


@pytest.mark.parametrize("typed", ["", "muster ag", "Muster"])
def test_the_name_is_typed_as_it_is(looking, muster, page, typed):
    site = looking
    site.get(page)
    site.submit({"typed_name": typed}, button="Delete the organization")

    assert site.response.status_code == 422
    assert "This is not the name of the organization." in site.page.text
    assert Organization.objects.filter(pk=muster.pk).exists()


@pytest.mark.parametrize("case", [("admin", 403), ("normal", 403), ("client", 403), (None, 404)])
def test_only_legal_representatives_may(site, sign_in, make_account, muster, case):
    role, status = case
    person = make_account("bruno@customer.example")
    if role:
        join(muster, person, role)
    look_at(sign_in(site, person), muster)
    site.get("/")
    path = f"/organizations/{muster.public_id}/settings/delete"

    assert site.get(path).status_code == status
    assert site.post(path, {"typed_name": "Muster AG"}).status_code == status
    assert Organization.objects.filter(pk=muster.pk).exists()
    assert not AuditEntry.objects.filter(organization_id=muster.pk).exists()


def test_who_was_demoted_meanwhile_deletes_nothing(anna, muster):
    from hospes.foundation.errors import NotFound

    Membership.objects.filter(organization=muster).update(role="admin")

    with pytest.raises(NotFound):
        close(muster, anna)
    assert Organization.objects.filter(pk=muster.pk).exists()


def test_the_password_is_asked_again(looking, muster, page, clock):
    site = looking
    site.get("/")
    clock.move(timedelta(minutes=16))

    assert site.get(page).status_code == 302
    assert site.location.startswith("/sign-in/confirm?")
    assert site.post(page, {"typed_name": "Muster AG"}).status_code == 302
    assert Organization.objects.filter(pk=muster.pk).exists()


def test_deleting_takes_a_token(site, sign_in, anna, muster, page):
    look_at(sign_in(site, anna), muster)
    site.get(page)

    assert site.post(page, {"typed_name": "Muster AG"}, csrf=False).status_code == 403
    assert Organization.objects.filter(pk=muster.pk).exists()


def test_two_at_once_never_leave_an_account_without_an_organization(anna, muster):
    mine = [muster, own(anna)]

    outcomes = race(lambda number: close(mine[number], anna), 2)

    assert Membership.objects.filter(account=anna).count() == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1


def test_nobody_is_stranded_without_the_founding_of_another(
    anna, muster, make_account, monkeypatch
):
    bruno = make_account("bruno@customer.example")
    Organization.objects.filter(memberships__account=bruno).delete()
    join(muster, bruno)

    def fail(**_values):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(founding, "found", fail)
    with pytest.raises(RuntimeError):
        close(muster, anna)

    assert Organization.objects.filter(pk=muster.pk).exists()
    assert Membership.objects.filter(organization=muster, account=bruno).exists()
    assert not AuditEntry.objects.filter(action="organizations.organization_deleted").exists()
