"""Products in a browser: found, named, tagged; only what one has a right on is there."""

from __future__ import annotations

import pytest

from support.organization_walk import SMALL, Houses, Walk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "pro", batch=3)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser on which a member of the test's house is signed in."""
    house = houses.next()

    def begin(role="owner", **options):
        return Walk(new_page(**options), house, axe).be(role)

    return begin


def test_tags_are_made_put_on_many_and_found_by(walk):
    walker = walk().open("products")
    page, mark = walker.page, walker.house.mark
    walker.click("Tags").look().says("No tags yet")
    walker.fill(name="Kunde Süd").tick("Violet").press("Make the tag").look()
    walker.press("Make the tag").says("Give the tag a name")

    walker.open("products")
    page.locator("[data-select-all]").check()
    walker.press("Put the tag on").look()
    assert page.locator("tbody .tag", has_text="Kunde Süd").count() == 2
    assert page.locator("tbody .swatch--violet").count() == 2
    page.get_by_label(f"Select second.{mark}").check()
    walker.press("Take the tag off")
    page.select_option("[name=tag] >> nth=0", label="Kunde Süd")
    walker.press("Show")
    assert walker.rows() == [f"first.{mark}.example"]
    walker.fill(q="nothing-like-it").press("Show").says("Nothing found").look()

    walker.open("products/tags").click("Change Kunde Süd").look()
    walker.fill(name="Kunde Nord").press("Save").says("Kunde Nord")
    page.get_by_role("link", name="Delete Kunde Nord").click()
    page.locator("dialog[open]").wait_for()
    walker.look()
    with page.expect_event("load"):
        page.locator("dialog[open] button.button--danger").click()
    walker.says("No tags yet")


def test_a_product_is_named_on_a_phone(walk):
    walker = walk(viewport=SMALL, color_scheme="dark").open("products")
    mark = walker.house.mark
    walker.click(f"first.{mark}.example").look().fill(customer_name="Laden").press("Save").look()
    walker.open("products?q=laden")
    assert walker.rows() == ["Laden"]
    assert "Laden" in walker.download("Download as CSV")


def test_without_a_right_a_product_is_not_there(walk):
    owner, anna = walk(), walk("anna")
    house = owner.house
    anna.open("products").look().says("No products for you yet")
    anna.open(f"products/{house.products[0]}", status=404)

    owner.open(f"{house.of('anna')}/rights").look()
    owner.tick(f"Technical: first.{house.mark}.example").press("Save the rights")
    owner.says("1 right was given. This holds from the next click on.")
    assert anna.open("products").rows() == [f"first.{house.mark}.example"]
    anna.open(f"products/{house.products[0]}").look()
    assert anna.button("Save").count() == 1
    anna.open(f"products/{house.products[1]}", status=404)
    # Tags are for those who lead.
    anna.open("products/tags", status=403)

    owner.page.get_by_label(f"Technical: first.{house.mark}.example").uncheck()
    owner.press("Save the rights").says("1 right was taken away.")
    anna.open(f"products/{house.products[0]}", status=404)
    anna.open("products").says("No products for you yet")
