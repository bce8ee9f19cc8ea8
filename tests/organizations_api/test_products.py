"""``/products`` over the whole stack behind the token gate."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock
from hospes.organizations.models import Grant
from support.api import data, error, faults
from support.organizations import make_product


def grant(holder, product, right="technical"):
    return Grant.objects.create(
        **holder,
        product=product,
        reach=f"product:{product.pk}",
        right=right,
        created_at=clock.now(),
    )


def ids(answer):
    return [each["id"] for each in data(answer)]


def test_one_sees_what_one_has_a_right_on(api, house):
    assert ids(api().get("/1/products")) == [house.shop.pk, house.name.pk]
    assert ids(api("normal").get("/1/products")) == []
    grant({"membership": house.members["normal"]}, house.shop)

    found = data(api("normal").get("/1/products", **{"with": "rights"}))
    assert [(each["id"], each["rights"]) for each in found] == [(house.shop.pk, ["technical"])]
    assert ids(api("normal").get(f"/1/accounts/{house.organization.pk}/products")) == [
        house.shop.pk
    ]


def test_a_right_is_gone_with_the_next_request(api, house):
    held = grant({"membership": house.members["client"]}, house.shop)
    client = api("client")
    path = f"/1/products/{house.shop.pk}"
    assert client.get(path).status_code == 200

    held.delete()
    assert error(client.get(path)) == (404, "object_not_found")
    grant({"membership": house.members["client"]}, house.shop)
    assert client.get(path).status_code == 200
    house.members["client"].delete()
    assert error(client.get(path)) == (404, "object_not_found")


def test_another_organizations_product_is_not_found(api, house):
    for method in ("GET", "PATCH"):
        answer = api().request(method, f"/1/products/{house.foreign.pk}", json=None)
        assert error(answer)[0] == 404
    house.foreign.refresh_from_db()
    assert house.foreign.customer_name == ""


def test_a_token_for_some_products_sees_no_other_and_changes_no_people(api, house):
    limited = api("owner", product_ids=[house.shop.pk])

    assert ids(limited.get("/1/products")) == [house.shop.pk]
    assert error(limited.get(f"/1/products/{house.name.pk}")) == (404, "object_not_found")
    path = f"/1/accounts/{house.organization.pk}/tags"
    assert error(limited.post(path, {"name": "Shops"})) == (403, "access_denied")
    assert house.organization.tags.count() == 0


def test_every_query_word(api, house):
    every = [house.shop.pk, house.name.pk]
    client = api()

    assert ids(client.get("/1/products", order_by="id", order="desc")) == every[::-1]
    assert ids(client.get("/1/products", **{"order_for[internal_name]": "asc"})) == every[::-1]
    assert ids(client.get("/1/products", search="haus")) == [house.name.pk]
    assert ids(client.get("/1/products", service_name="web-hosting")) == [house.shop.pk]
    assert ids(client.get("/1/products", **{"filter[fqdn]": "haus.example"})) == [house.name.pk]
    assert ids(client.get("/1/products", limit=1, skip=1)) == [house.name.pk]
    assert data(client.get("/1/products", **{"return": "total"})) == 2
    page = client.get("/1/products", page=2, per_page=1).json()
    assert (page["total"], page["page"], page["pages"], page["items_per_page"]) == (2, 2, 2, 1)
    assert [each["id"] for each in page["data"]] == [house.name.pk]
    wrong = client.get("/1/products", order_by="price", colour="red", **{"filter[size]": "1"})
    assert {attribute for attribute, _ in faults(wrong)} >= {"order_by", "colour", "filter.size"}


def test_a_product_is_called_otherwise_and_tagged(api, house):
    tag = house.organization.tags.create(name="Shops")
    foreign = house.elsewhere.tags.create(name="Theirs")
    path = f"/1/products/{house.shop.pk}"

    refused = api().patch(path, {"tag_ids": [tag.pk, foreign.pk]})
    assert faults(refused) == {("tag_ids", "validation_rule_exists")}
    assert house.shop.tags.count() == 0
    body = {"customer_name": "Laden", "tag_ids": [tag.pk]}
    found = data(api().request("PATCH", path, json=body, params={"with": "tags"}))
    assert found["customer_name"] == "Laden"
    assert [each["id"] for each in found["tags"]] == [tag.pk]
    assert error(api("normal").patch(path, body))[0] == 404
    grant({"membership": house.members["normal"]}, house.shop)
    assert error(api("normal").patch(path, {"customer_name": "Mine"})) == (403, "access_denied")
    house.shop.refresh_from_db()
    assert house.shop.customer_name == "Laden"


def test_a_list_costs_the_same_however_long(api, house):
    from support.organizations import make_product

    def queries():
        with CaptureQueriesContext(connection) as seen:
            data(api().get("/1/products", **{"with": "*", "page": 1}))
        return len(seen)

    queries()  # The first reads the numbers too.
    before = queries()
    for number in range(20):
        make_product(house.organization, house.hosting, f"h-{number + 10}")
    assert queries() == before


def test_what_has_no_name_of_its_own_goes_by_another(api, house):
    make_product(house.organization, house.hosting, "zz-9")
    called = ["Shop", "haus.example", "zz-9"]

    def names(**query):
        return [each["customer_name"] for each in data(api().get("/1/products", **query))]

    assert sorted(names()) == called
    assert names(order_by="customer_name") == called
    assert names(order_by="customer_name", order="desc") == called[::-1]
    page = api().get("/1/products", order_by="customer_name", limit=2).json()
    assert [each["customer_name"] for each in page["data"]] == called[:2]
    assert names(order_by="customer_name", limit=2, cursor=page["cursor"]) == called[2:]
    for name in called:
        assert names(customer_name=name) == [name]
    assert names(customer_name="h-1") == []
    assert names(customer_name="") == []
