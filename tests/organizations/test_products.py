from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.organizations.models import Grant
from hospes.organizations.queries import products as queries
from hospes.organizations.queries.products import ProductFilter
from hospes.organizations.services.products import AddProduct, add_product
from support.organizations import (
    join,
    look_at,
    make_organization,
    make_product,
    make_service,
)

ORIGIN = Origin(ip="192.0.2.7")


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


@pytest.fixture
def muster(anna):
    return make_organization(anna, "Muster AG")


@pytest.fixture
def path(muster):
    return f"/organizations/{muster.public_id}/products"


@pytest.fixture
def looking(site, sign_in, muster):
    """Return a function that signs somebody in who looks at Muster AG."""

    def begin(account):
        look_at(sign_in(site, account), muster)
        return site

    return begin


@pytest.fixture
def member(make_account, muster):
    """Return a function that makes a member of a role."""

    def make(role="normal"):
        return join(muster, make_account(), role)

    return make


def grant(membership, right="technical", **reach):
    product, service = reach.get("product"), reach.get("service")
    word = "all"
    if product is not None:
        word = f"product:{product.pk}"
    if service is not None:
        word = f"service:{service.pk}"
    return Grant.objects.create(
        membership=membership,
        product=product,
        service=service,
        reach=word,
        right=right,
        created_at=product_clock.now(),
    )


def listed(membership, **chosen):
    return [p.internal_name for p in queries.listed(membership, ProductFilter(**chosen))]


def test_the_list_shows_what_there_is(looking, anna, muster, path):
    product = make_product(
        muster,
        make_service("domain"),
        "d-1.example",
        customer_name="Main site",
        fqdn="d-1.example",
        expires_at=product_clock.now() + timedelta(days=9),
    )
    product.tags.add(muster.tags.create(name="shop", color_id=3))
    make_product(muster, name="w-1")
    site = looking(anna)

    site.get(path)

    for text in ("Main site", "d-1.example", "Domain", "shop", "Ends soon", "No end", "w-1"):
        assert text in site.page.text, text


def test_without_products_the_page_says_so(looking, anna, member, path):
    site = looking(anna)
    site.get(path)
    assert "No products yet" in site.page.text

    site = looking(member().account)
    site.get(path)
    assert "No products for you yet" in site.page.text


def test_each_filter_leaves_what_it_says(anna, muster, member):
    now = product_clock.now()
    domain, hosting = make_service("domain", position=1), make_service("hosting", position=2)
    one = make_product(muster, domain, "one", fqdn="a.example", expires_at=now + timedelta(days=5))
    make_product(muster, domain, "two", customer_name="Zebra", expires_at=now - timedelta(days=1))
    make_product(muster, hosting, "three", expires_at=now + timedelta(days=60))
    shop = muster.tags.create(name="Shop")
    one.tags.add(shop)
    lead = muster.memberships.get(account=anna)

    assert listed(lead) == ["one", "three", "two"]
    assert listed(lead, words="zeb") == ["two"]
    assert listed(lead, words="a.ex") == ["one"]
    assert listed(lead, words="shop one") == ["one"]
    assert listed(lead, words="shop two") == []
    assert listed(lead, words="100%") == []
    assert listed(lead, service=hosting.pk) == ["three"]
    assert listed(lead, tag=shop.pk) == ["one"]
    assert listed(lead, state="expiring") == ["one"]
    assert listed(lead, state="expired") == ["two"]
    assert listed(lead, sort="-name") == ["two", "three", "one"]
    assert listed(lead, sort="service") == ["one", "two", "three"]
    assert listed(lead, sort="expires") == ["two", "one", "three"]
    assert listed(lead, sort="newest") == ["three", "two", "one"]


def test_those_who_do_not_lead_see_what_they_have_a_right_on(looking, muster, member, path):
    domain = make_service("domain")
    granted = make_product(muster, domain, "granted-thing")
    hidden = make_product(muster, make_service("hosting"), "hidden-thing")
    hidden.tags.add(muster.tags.create(name="hidden-tag"))
    for role in ("normal", "client"):
        membership = member(role)
        grant(membership, "statistic", product=granted)
        site = looking(membership.account)
        for address in (path, f"{path}.csv", f"{path}?q=thing"):
            answer = site.get(address)
            assert "granted-thing" in answer.text
            assert "hidden-thing" not in answer.text
            assert "hidden-tag" not in answer.text
            assert "Hosting" not in answer.text
        assert site.get(f"{path}/{granted.pk}").status_code == 200
        assert site.get(f"{path}/{hidden.pk}").status_code == 404
        assert "hidden-thing" not in site.page.text


def test_another_organizations_product_does_not_exist_here(looking, anna, path, make_account):
    foreign = make_product(make_organization(make_account(), "Other"), name="foreign-thing")
    site = looking(anna)

    for number in (foreign.pk, 10**17, 0):
        assert site.get(f"{path}/{number}").status_code == 404
        assert site.post(f"{path}/{number}", {"customer_name": "Mine"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.customer_name == ""


def test_a_product_is_called_what_the_customer_calls_it(looking, anna, muster, path):
    product = make_product(muster, name="w-1")
    site = looking(anna)
    site.get(f"{path}/{product.pk}")

    site.submit({"customer_name": "  Our   shop "}, button="Save")

    assert site.location == f"{path}/{product.pk}"
    product.refresh_from_db()
    assert product.customer_name == "Our shop"
    entry = AuditEntry.objects.get(action="organizations.product_renamed")
    assert (entry.organization_id, entry.target) == (muster.pk, f"product:{product.pk}")
    assert entry.detail == {"name": "w-1", "from": "", "to": "Our shop"}
    event = OutboxEvent.objects.get(name="organizations.product_changed")
    assert event.payload == {
        "organization_id": muster.pk,
        "actor_id": anna.pk,
        "product_id": product.pk,
    }
    # Once more changes nothing and leaves no trace.
    site.get(f"{path}/{product.pk}")
    site.submit({}, button="Save", follow=True)
    assert "Nothing was changed." in site.page.text
    assert AuditEntry.objects.filter(action="organizations.product_renamed").count() == 1


@pytest.mark.parametrize("name", ["x" * 129, "a\u202eb", "\u2800"])
def test_names_nobody_could_read_are_refused(looking, anna, muster, path, name):
    product = make_product(muster, name="w-1", customer_name="Before")
    site = looking(anna)

    assert site.post(f"{path}/{product.pk}", {"customer_name": name}).status_code == 422
    product.refresh_from_db()
    assert product.customer_name == "Before"


@pytest.mark.parametrize(
    "case",
    [("admin", None, 302), ("normal", "technical", 302), ("client", "technical", 302),
     ("normal", "statistic", 403), ("client", "check", 403), ("normal", None, 404)],
)  # fmt: skip
def test_renaming_asks_for_the_technical_right(looking, muster, member, path, case):
    role, right, status = case
    product = make_product(muster, name="w-1")
    membership = member(role)
    if right:
        grant(membership, right, product=product)
    site = looking(membership.account)
    site.get("/")

    assert site.post(f"{path}/{product.pk}", {"customer_name": "New"}).status_code == status

    product.refresh_from_db()
    assert product.customer_name == ("New" if status == 302 else "")
    assert OutboxEvent.objects.filter(name="organizations.product_changed").exists() is (
        status == 302
    )


def test_a_right_that_ends_has_ended_at_the_next_request(looking, muster, member, path):
    product = make_product(muster, name="w-1")
    membership = member()
    given = grant(membership, product=product)
    site = looking(membership.account)
    assert site.get(f"{path}/{product.pk}").status_code == 200

    given.delete()

    assert site.get(f"{path}/{product.pk}").status_code == 404
    assert "w-1" not in site.get(path).text


def test_the_export_is_filtered_and_safe_for_spreadsheets(looking, anna, muster, path):
    product = make_product(muster, make_service("domain"), "=1+1", fqdn="a.example")
    product.tags.add(muster.tags.create(name="b"), muster.tags.create(name="a"))
    make_product(muster, name="left-out")
    site = looking(anna)

    answer = site.get(f"{path}.csv?q=a.example")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][:6] == [str(product.pk), "Domain", "", "'=1+1", "a.example", "a, b"]


def test_pages_follow_each_other(looking, anna, muster, path, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(7):
        make_product(muster, name=f"w-{number}")
    site = looking(anna)
    site.get(f"{path}?sort=name")

    assert "Page 1 of 3" in site.page.text
    site.click("Next")
    assert "w-3" in site.page.text
    assert "w-2" not in site.page.text
    assert "sort=name" in site.url
    for number in ("0", "-1", "99", "x", "9" * 30):
        assert site.get(f"{path}?page={number}").status_code == 200


@pytest.mark.parametrize(
    "query", ["service=x", "tag=-1", "state=later", "sort=;drop", "service=" + "9" * 40]
)
def test_what_cannot_be_read_filters_nothing(looking, anna, muster, path, query):
    make_product(muster, name="w-1")

    assert "w-1" in looking(anna).get(f"{path}?{query}").text


def test_a_page_takes_a_fixed_number_of_queries(looking, anna, muster, path):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            site.get(path)
        return len(captured)

    def fill(number):
        product = make_product(muster, make_service(f"service-{number}"))
        product.tags.add(muster.tags.create(name=f"tag-{number}"))

    site = looking(anna)
    fill(0)
    asked()
    few = asked()
    for number in range(1, 40):
        fill(number)

    assert asked() == few


def test_the_providers_systems_add_products(muster):
    service = make_service("domain")
    made = add_product(
        AddProduct(muster, service, " d-1.example ", fqdn="D-1.Example"), origin=SYSTEM
    )

    assert (made.internal_name, made.fqdn, made.customer_name) == ("d-1.example", "d-1.example", "")
    entry = AuditEntry.objects.get(action="organizations.product_added")
    assert (entry.actor_account_id, entry.organization_id) == (None, muster.pk)
    event = OutboxEvent.objects.get(name="organizations.product_created")
    assert event.payload == {
        "organization_id": muster.pk,
        "actor_id": None,
        "product_id": made.pk,
    }


def test_every_fault_of_a_new_product_is_told(muster):
    command = AddProduct(muster, make_service("domain"), "", customer_name="x" * 129, fqdn="a\x00b")
    with pytest.raises(Refused) as refused:
        add_product(command, origin=SYSTEM)

    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("internal_name", "required"),
        ("customer_name", "too_long"),
        ("fqdn", "characters"),
    }
    assert not muster.products.exists()
