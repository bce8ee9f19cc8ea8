from __future__ import annotations

import dataclasses

import pytest
from django.conf import settings
from django.test import override_settings

from hospes.catalog.models import Service
from hospes.demo import services
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.organizations.models import Address, Grant, Membership, Organization, Product, Tag, Team
from hospes.organizations.queries.rights import visible_products


@pytest.fixture
def demo(tmp_path):
    values = dataclasses.replace(settings.HOSPES, demo=True, data_dir=tmp_path)
    with override_settings(HOSPES=values):
        yield services.load()


def rows():
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            Service, Address, Organization, Membership, Product, Product.tags.through, Tag, Team,
            Team.members.through, Grant, AuditEntry, OutboxEvent,
        )
    ]  # fmt: skip


def test_customers_have_an_address_products_and_tags(demo):
    assert Product.objects.count() == 30
    assert Product.objects.exclude(tags=None).count() > 20
    for organization in Organization.objects.exclude(name="Alpenhost"):
        assert organization.addresses.get().for_invoice
        assert organization.products.exists()


def test_teams_give_members_something_to_see(demo):
    giulia = Membership.objects.select_related("organization")
    here = giulia.get(account__email="giulia@conti-rossi.example", role="normal")
    outside = giulia.get(account__email="giulia@conti-rossi.example", role="client")

    assert visible_products(here).count() == here.organization.products.count()
    assert {
        tag for p in visible_products(outside) for tag in p.tags.values_list("name", flat=True)
    } == {"Kunde Seeblick"}


def test_loading_again_changes_nothing(demo):
    before = rows()

    services.load()

    assert rows() == before


def test_what_a_visitor_changed_stays(demo):
    Product.objects.update(customer_name="Mine")
    Address.objects.update(city="Elsewhere")
    Team.objects.all().delete()
    Organization.objects.get(name="Whitfield Books").products.all().delete()

    services.load()

    assert set(Address.objects.values_list("city", flat=True)) == {"Elsewhere"}
    # What is empty altogether is filled again, as on an older demo's folder.
    assert Product.objects.filter(customer_name="Mine").count() == 27
    assert Product.objects.count() == 30
    assert Team.objects.count() == 3
