from __future__ import annotations

import pytest

from hospes.foundation.errors import NotFound
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.foundation.services import numbers as number_services
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from hospes.organizations.models import Tag
from hospes.organizations.services.tags import (
    CreateTag,
    TagProducts,
    create_tag,
    tag_products,
)
from support.organizations import join, look_at, make_organization, make_product
from support.racing import race

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
def looking(site, sign_in, anna, muster):
    """Return a function that signs somebody in (Anna) who looks at Muster AG."""

    def begin(account=None):
        look_at(sign_in(site, account or anna), muster)
        site.get("/")
        return site

    return begin


def make(organization, account, name="shop", color_id=0):
    command = CreateTag(organization, name, color_id)
    return create_tag(command, acting_account=account, origin=ORIGIN)


def worn(product):
    return sorted(product.tags.values_list("name", flat=True))


def test_a_tag_is_made_changed_and_deleted(looking, anna, muster, path):
    product = make_product(muster)
    site = looking()
    site.get(f"{path}/tags")
    assert "No tags yet" in site.page.text
    site.submit({"name": " our  shop ", "color_id": "3"}, button="Make the tag")
    tag = Tag.objects.get()
    assert (tag.name, tag.color_id) == ("our shop", 3)
    product.tags.add(tag)

    site.get(f"{path}/tags/{tag.pk}")
    site.submit({"name": "shops", "color_id": "5"}, button="Save", follow=True)
    assert "The tag was saved." in site.page.text
    tag.refresh_from_db()
    assert (tag.name, tag.color_id) == ("shops", 5)

    site.get(f"{path}/tags/{tag.pk}/delete")
    assert "1 product bears it. The product stays." in site.page.text
    site.submit({}, button="Delete the tag", follow=True)
    assert not Tag.objects.exists()
    product.refresh_from_db()
    told = AuditEntry.objects.filter(organization_id=muster.pk).order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "organizations.tag_created",
        "organizations.tag_changed",
        "organizations.tag_deleted",
    ]


@pytest.mark.parametrize(
    "case",
    [
        ({"name": "", "color_id": "0"}, "Give the tag a name."),
        ({"name": "shop", "color_id": "0"}, "The organization has a tag of this name already."),
        ({"name": "x" * 41, "color_id": "0"}, "Use at most 40 characters."),
        ({"name": "a\u202eb", "color_id": "0"}, "This holds characters that cannot be seen."),
        ({"name": "new", "color_id": "10"}, "Select a valid choice."),
        ({"name": "new"}, "This field is required."),
    ],
)
def test_what_is_refused(looking, anna, muster, path, case):
    form, text = case
    make(muster, anna)
    site = looking()

    assert site.post(f"{path}/tags", form).status_code == 422
    assert text in site.page.text
    assert Tag.objects.count() == 1


def test_a_tag_keeps_its_own_name_but_takes_no_others(looking, anna, muster, path):
    shop, blog = make(muster, anna), make(muster, anna, "blog")
    site = looking()

    assert site.post(f"{path}/tags/{shop.pk}", {"name": "shop", "color_id": "2"}).status_code == 302
    assert site.post(f"{path}/tags/{shop.pk}", {"name": "blog", "color_id": "2"}).status_code == 422
    blog.refresh_from_db()
    shop.refresh_from_db()
    assert (shop.name, shop.color_id, blog.color_id) == ("shop", 2, 0)


def test_the_number_of_tags_is_the_providers(anna, muster):
    number_services.change(
        "organizations.tags_per_organization", 2, acting_account_id=None, origin=ORIGIN
    )
    make(muster, anna, "one")
    make(muster, anna, "two")

    with pytest.raises(Refused) as refused:
        make(muster, anna, "three")

    assert refused.value.has("", "too_many_tags")
    assert Tag.objects.count() == 2


def test_one_name_taken_by_many_at_once_is_one_tag(anna, muster):
    outcomes = race(lambda _number: make(muster, anna), 4)

    assert Tag.objects.count() == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 3


def test_a_tag_is_put_on_many_products_at_once_and_taken_off(looking, anna, muster, path):
    one, two, three = (make_product(muster, name=name) for name in ("w-1", "w-2", "w-3"))
    shop = make(muster, anna)
    one.tags.add(shop)
    site = looking()
    ticked = {"product": [str(one.pk), str(two.pk)], "tag": str(shop.pk), "next": f"{path}?q=w"}

    site.post(f"{path}/tag", {**ticked, "do": "add"})

    assert site.location == f"{path}?q=w"
    assert (worn(one), worn(two), worn(three)) == (["shop"], ["shop"], [])
    entry = AuditEntry.objects.get(action="organizations.products_tagged")
    # One of them bore it before.
    assert entry.detail == {"products": 1, "added": ["shop"], "removed": []}
    event = OutboxEvent.objects.get(name="organizations.product_changed")
    assert event.payload["product_id"] == two.pk

    site.post(f"{path}/tag", {**ticked, "do": "remove"})
    assert (worn(one), worn(two)) == ([], [])
    site.get(path)
    assert "The tags of 2 products were changed." in site.page.text


def test_one_products_tags_are_set_on_its_page(looking, anna, muster, path):
    product, other = make_product(muster), make_product(muster)
    shop, blog = make(muster, anna), make(muster, anna, "blog")
    product.tags.add(shop)
    other.tags.add(shop)
    site = looking()
    site.get(f"{path}/{product.pk}")

    site.submit({"tag": [str(blog.pk)]}, button="Save the tags")

    assert site.location == f"{path}/{product.pk}"
    assert (worn(product), worn(other)) == (["blog"], ["shop"])
    entry = AuditEntry.objects.get(action="organizations.products_tagged")
    assert entry.target == f"product:{product.pk}"
    assert entry.detail["removed"] == ["shop"]


def test_nothing_ticked_changes_nothing(looking, anna, muster, path):
    make(muster, anna)
    make_product(muster)
    site = looking()
    site.post(f"{path}/tag", {"do": "add", "tag": "x"}, follow=True)

    assert "Tick products and choose a tag first." in site.page.text
    assert not AuditEntry.objects.filter(action="organizations.products_tagged").exists()


def test_foreign_products_and_tags_are_not_found_and_nothing_changes(anna, muster, make_account):
    other = make_organization(make_account(), "Other")
    foreign, foreign_tag = make_product(other), other.tags.create(name="theirs")
    mine, tag = make_product(muster), make(muster, anna)
    for products, add, remove in (
        ([mine.pk, foreign.pk], [tag.pk], []),
        ([mine.pk], [foreign_tag.pk], []),
        ([mine.pk], [tag.pk], [foreign_tag.pk]),
        ([10**17], [tag.pk], []),
    ):
        with pytest.raises(NotFound):
            tag_products(
                TagProducts(muster, products, add, remove), acting_account=anna, origin=ORIGIN
            )
    assert worn(mine) == []
    assert worn(foreign) == []
    assert not AuditEntry.objects.filter(action="organizations.products_tagged").exists()


@pytest.mark.parametrize("role", ["normal", "client"])
def test_those_who_do_not_lead_change_no_tags(looking, make_account, muster, path, role):
    person = make_account()
    join(muster, person, role)
    product, tag = make_product(muster), make(muster, person)
    site = looking(person)
    site.get("/")
    before = AuditEntry.objects.count()

    for address, form in (
        (f"{path}/tags", {"name": "new", "color_id": "1"}),
        (f"{path}/tags/{tag.pk}", {"name": "new", "color_id": "1"}),
        (f"{path}/tags/{tag.pk}/delete", {}),
        (f"{path}/tag", {"product": product.pk, "tag": tag.pk, "do": "add"}),
    ):
        assert site.post(address, form).status_code == 403, address
    assert list(Tag.objects.values_list("name", flat=True)) == ["shop"]
    assert worn(product) == []
    assert AuditEntry.objects.count() == before


def test_another_organizations_tag_does_not_exist_here(looking, anna, path, make_account):
    theirs = make_organization(make_account(), "Other").tags.create(name="theirs")
    site = looking()
    site.get("/")

    for address in (f"{path}/tags/{theirs.pk}", f"{path}/tags/{theirs.pk}/delete"):
        assert site.get(address).status_code == 404
        assert site.post(address, {"name": "mine", "color_id": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "theirs"


def test_a_thousand_products_are_tagged_at_once(anna, muster):
    products = [make_product(muster).pk for _number in range(1000)]
    tag = make(muster, anna)

    command = TagProducts(muster, products, add=[tag.pk])
    assert tag_products(command, acting_account=anna, origin=ORIGIN) == 1000
    assert tag_products(command, acting_account=anna, origin=ORIGIN) == 0
    back = TagProducts(muster, products, remove=[tag.pk])
    assert tag_products(back, acting_account=anna, origin=ORIGIN) == 1000
