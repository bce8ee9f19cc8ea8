"""Work teams in a browser: made, filled, led; who can do what, and why."""

from __future__ import annotations

import pytest

from support.organization_walk import SMALL, Houses, Walk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "tea", batch=4)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser on which a member of the test's house is signed in."""
    house = houses.next()

    def begin(role="owner", **options):
        return Walk(new_page(**options), house, axe).be(role)

    return begin


def make(walker, name="Web", *rights):
    """Make a work team with these rights; return its path."""
    walker.open("teams/new").fill(name=name).tick(*rights).press("Create work team")
    return walker.path.removesuffix("/add")


def add(walker, team, *people):
    walker.open(f"{team}/add")
    for person in people:
        walker.page.get_by_label(f"Select {person} ", exact=False).check()
    walker.press("Add to the work team")


def test_one_is_made_with_colour_leader_and_rights_and_filled(walk):
    walker = walk().open("teams").look().says("No work team yet")
    house, page = walker.house, walker.page
    walker.click("Create work team").look()
    walker.press("Create work team").says("Give the work team a name.").look()
    walker.fill(name="Nordwand", leader="nobody@else.example").tick("Violet")
    walker.tick("Technical: All of Web Hosting, future ones too").press("Create work team")
    walker.says("Nobody in this organization signs in with this address.")
    # What was ticked is ticked still.
    assert page.get_by_label("Technical: All of Web Hosting, future ones too").is_checked()
    walker.fill(leader=house.email("bruno")).press("Create work team")
    walker.says("The work team was created. Now add its members.").look()

    # Several at once, an external user among them; the leader is in it.
    for name in ("Anna", "Eva"):
        page.get_by_label(f"Select {name} ", exact=False).check()
    assert "2" in page.locator("[data-count]").inner_text()
    walker.press("Add to the work team").look().says("2 members", "Bruno", "External user")
    assert page.locator("h1 .swatch--violet").count() == 1

    walker.open("teams").look()
    assert walker.rows() == ["Nordwand"]
    page.select_option("[name=leader]", label="Without")
    walker.press("Show").says("Nothing found")
    walker.open("teams?q=bruno")
    assert "Nordwand" in walker.download("Download as CSV")


def test_rights_on_single_products_and_future_ones_hold_at_the_next_click(walk):
    owner, anna, eva = walk(), walk("anna"), walk("eva")
    house, mark = owner.house, owner.house.mark
    team = make(owner)
    add(owner, team, "Anna", "Eva")
    anna.open("products").says("No products for you yet")

    owner.open(team).click("Change the rights").look()
    owner.tick(f"Technical: first.{mark}.example").press("Save the rights").look()
    assert anna.open("products").rows() == [f"first.{mark}.example"]
    assert eva.open("products").rows() == [f"first.{mark}.example"]

    # Future ones too: a product that comes later is theirs without anybody doing anything.
    owner.tick("Statistics: All of Web Hosting, future ones too").press("Save the rights")
    owner.server.python(
        "from hospes.organizations.models import Organization\n"
        "from support.organizations import make_product\n"
        f"make_product(Organization.objects.get(name={house.name!r}), name='later.example')"
    )
    assert "later.example" in anna.open("products").rows()

    # Taken out in a dialog that says what they lose; it holds at their next click.
    owner.open(team)
    owner.page.get_by_label("Select Anna ", exact=False).check()
    owner.press("Take out of the work team").look().says("Anna")
    owner.press("Take out")
    anna.open("products").says("No products for you yet")
    anna.open(f"products/{house.products[0]}", status=404)
    assert len(eva.open("products").rows()) == 3
    owner.open(team).page.get_by_role("link", name="Delete", exact=True).click()
    owner.page.locator("dialog[open]").wait_for()
    owner.look().press("Delete the work team")
    eva.open("products").says("No products for you yet")


def test_who_can_do_what_and_why_is_told_both_ways(walk):
    owner = walk(viewport=SMALL, color_scheme="dark")
    house, mark = owner.house, owner.house.mark
    team = make(owner, "Web", "Technical: All of Web Hosting, future ones too")
    add(owner, team, "Anna", "Bruno")
    owner.open(f"{house.of('anna')}/rights").tick(f"Sales: first.{mark}.example")
    owner.press("Save the rights")

    owner.open("teams/access").look().click(f"first.{mark}.example Web Hosting").look()
    told = owner.row("Anna").inner_text()
    for word in ("Technical", "Sales", "Web"):
        assert word in told
    assert "Technical" in owner.row("Bruno").inner_text()
    assert "Sales" not in owner.row("Bruno").inner_text()
    # Legal representatives have every right by their role; who has none is not there.
    assert "Legal representative" in owner.row("Olga").inner_text()
    assert owner.row("Eva").count() == 0
    owner.page.select_option("[name=right]", label="Sales")
    owner.press("Show")
    assert owner.row("Bruno").count() == 0
    assert "Anna" in owner.download("Download as CSV")

    owner.open("teams/access?by=person&q=anna").look()
    owner.page.locator("main .list__link").first.click()
    owner.page.wait_for_url("**/teams/access/members/**")
    owner.look()
    assert len(owner.rows()) == 2
    assert "Sales" in owner.row(f"first.{mark}").inner_text()
    assert "Sales" not in owner.row(f"second.{mark}").inner_text()
    owner.row(f"first.{mark}").get_by_role("link", name="Web", exact=False).last.click()
    owner.page.wait_for_url(f"**{team}")

    # Collaborators see why they may do what they may, and nobody else's.
    anna = walk("anna").open(f"teams/access/members/{house.people['anna'][1]}").look()
    anna.says("What you can do", "Sales")
    anna.open(f"teams/access/members/{house.people['bruno'][1]}", status=403)
    anna.open("teams/access", status=403)


def test_a_leader_who_goes_leaves_the_place_empty(walk):
    owner, bruno = walk(), walk("bruno")
    house = owner.house
    team = make(owner)
    owner.open(f"{team}/edit").look().fill(leader=house.email("bruno")).press("Save")
    owner.says(house.email("bruno")).look()

    bruno.open("leave").look()
    bruno.page.locator("main [name=meant]").check()
    bruno.press("Leave the organization")

    owner.open(team).says("Nobody at the moment.").look()
    owner.server.wait_for_mail(house.email("owner"), "leader")
    owner.click("Name a leader").fill(leader=house.email("eva")).press("Save")
    owner.says(house.email("eva"))
    owner.open(f"{team}/edit").fill(leader="").press("Save").says("Nobody at the moment.")

    # Only those who lead the organization make and change work teams.
    anna = walk("anna").open("teams").look().says("You are in no work team")
    anna.open("teams/new", status=403)
    anna.open(team, status=403)
