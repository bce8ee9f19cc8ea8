"""Organizations in a browser: made, switched, looked up, left and closed."""

from __future__ import annotations

import pytest

from support.organization_walk import Houses, Walk
from support.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "org", batch=9)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser on which a member of the test's house is signed in."""
    house = houses.next()

    def begin(role="owner", **options):
        return Walk(new_page(**options), house, axe).be(role)

    return begin


def current(page):
    return page.locator("summary.organization__name").inner_text().split("\n")[0].strip()


def test_one_is_created_with_the_keyboard_alone(walk):
    walker = walk()
    page = walker.open("/organizations").page
    # The first stop of a page leads past its frame.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Create organization"
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    walker.look()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    def onto(name):
        for _ in range(30):
            if page.evaluate("document.activeElement.name ?? ''") == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {name} by Tab")

    for name, text in (
        ("name", "Tastatur GmbH"),
        ("legal_type", "Company"),
        ("main_street", "Quai 1"),
        ("main_city", "Thun"),
        ("main_country", "Switzerland"),
    ):
        onto(name)
        page.keyboard.type(text)
    with page.expect_event("load"):
        onto("timezone")
        page.keyboard.press("Enter")

    walker.says("Tastatur GmbH was created.")
    assert current(page) == "Tastatur GmbH"
    walker.look()


def test_faults_are_told_beside_the_fields_and_nothing_typed_is_lost(walk):
    walker = walk().open("/organizations/new").fill(main_street="Quai 1", timezone="Nowhere")
    walker.press("Create organization").look()

    page = walker.page
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    faults = page.locator("main .field--wrong .field__errors").all_inner_texts()
    assert len(faults) >= 3
    assert page.input_value("[name=main_street]") == "Quai 1"
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.name") == "name"


def test_pressed_twice_or_gone_back_to_it_makes_one(walk):
    walker = walk().open("/organizations/new").fill(name="Einmal GmbH", main_city="Thun")
    page = walker.fill(main_street="Quai 1").page
    page.select_option("[name=legal_type]", "company")
    page.select_option("[name=main_country]", "CH")

    with page.expect_event("load"):
        walker.button("Create organization").dblclick()
    page.wait_for_url("**/settings")
    page.go_back()
    page.wait_for_load_state()
    # The browser may have kept the page, or asked for it anew and filled in what was typed.
    walker.fill(name="Einmal GmbH", main_street="Quai 1", main_city="Thun")
    page.select_option("[name=legal_type]", "company")
    page.select_option("[name=main_country]", "CH")
    walker.press("Create organization").says("already").look()

    walker.open("/organizations")
    assert walker.rows().count("Einmal GmbH") == 1


def test_an_address_of_one_opened_while_another_is_current_asks(walk, houses):
    walker = walk()
    page, house = walker.page, walker.house
    walker.open("/organizations/new").fill(name="Zweite GmbH")
    page.select_option("[name=legal_type]", "individual")
    page.select_option("[name=main_country]", "CH")
    walker.press("Create organization")
    assert current(page) == "Zweite GmbH"

    walker.open("members?q=bruno", status=409).look()
    walker.says(f"This page belongs to {house.name}. You are looking at Zweite GmbH now.")
    walker.does_not_say("Bruno")
    walker.click("Stay with Zweite GmbH")
    assert current(page) == "Zweite GmbH"

    walker.open("members?q=bruno", status=409).press(f"Switch to {house.name}")
    walker.says(f"You are now looking at {house.name}.")
    assert walker.path == f"{house.path}/members"
    # It leads to what was asked for, the search too.
    assert [each.split()[0] for each in walker.rows()] == ["Bruno"]

    # A stranger's organization is not even asked about.
    walker.open(houses.next().path + "/members", status=404)


def test_the_switcher_changes_what_every_page_is_about(walk):
    walker = walk()
    page, house = walker.page, walker.house
    walker.open("/organizations/new").fill(name="Andere GmbH")
    page.select_option("[name=legal_type]", "individual")
    page.select_option("[name=main_country]", "CH")
    walker.press("Create organization").open("/")
    page.locator("summary.organization__name").click()
    with page.expect_event("load"):
        page.locator("form[action='/organizations/switch'] button", has_text=house.name).click()

    assert current(page) == house.name
    page.get_by_role("link", name="Products", exact=True).first.click()
    page.wait_for_url(f"**{house.path}/products")


def test_the_log_is_searched_and_names_who_did_what(walk):
    walker = walk().open("teams/new").fill(name="Nordwand", leader="").press("Create work team")
    walker.open("products/tags").fill(name="Dringend").press("Make the tag")
    walker.open("settings/activity").look()
    assert walker.row("Work team created").count() == 1
    assert walker.page.locator(".filters label .field__optional").count() == 0

    walker.fill(q="nordwand").press("Show")
    assert walker.row("Nordwand").count() == walker.page.locator("tbody tr").count() == 1
    walker.fill(q="", person="olga").press("Show")
    assert walker.page.locator("tbody tr").count() >= 2
    walker.page.select_option("[name=action]", label="Work team created")
    walker.press("Show")
    assert walker.page.locator("tbody tr").count() == 1
    assert "Nordwand" in walker.download("Download as CSV")
    walker.fill(person="nobody-like-it").press("Show").says("Nothing found").look()
    walker.click("Show everything")
    assert walker.page.locator("tbody tr").count() >= 2


def test_leaving_says_what_ends_and_needs_somebody_who_stays(walk):
    walker = walk()
    house = walker.house
    walker.open("leave").look().says("You are the only legal representative.")
    assert walker.button("Leave the organization").count() == 0

    walker.open(f"{house.of('admin')}/role").tick("Legal representative").press("Change the role")
    walker.open("leave").press("Leave the organization").says("Confirm that you have read")
    walker.look()
    walker.page.locator("main [name=meant]").check()
    walker.press("Leave the organization")

    walker.open("members", status=404)
    assert current(walker.open("/").page) not in {"", house.name}


def test_closing_names_what_has_to_be_handed_over(walk):
    admin = walk("admin")
    walk().open("settings/delete").look().says("The organization holds 2 products.")
    admin.open("settings/delete", status=403)

    admin.open("/organizations/new").fill(name="Geht GmbH")
    admin.page.select_option("[name=legal_type]", "individual")
    admin.page.select_option("[name=main_country]", "CH")
    there = admin.press("Create organization").path
    admin.click("Delete the organization").look().says("Everything named above goes at once.")
    admin.fill(typed_name="Geht").press("Delete the organization")
    admin.says("This is not the name of the organization.").look()
    admin.fill(typed_name="Geht GmbH").press("Delete the organization")

    admin.open(there, status=404)
    assert current(admin.open("/").page) != "Geht GmbH"


def test_settings_are_saved_and_the_logo_is_seen(walk, tmp_path):
    from PIL import Image

    walker = walk().open("settings")
    file = tmp_path / "logo.png"
    Image.new("RGB", (300, 200), "#aa3355").save(file)
    walker.page.set_input_files("[name=picture]", file)
    walker.fill(name=f"{walker.house.name} neu", main_street="Quai 2", main_city="Thun")
    walker.page.select_option("[name=main_country]", "CH")
    walker.press("Save")

    assert current(walker.page) == f"{walker.house.name} neu"
    image = walker.page.locator("main img.organization-logo")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    walker.look()
    # A collaborator sees neither the settings nor the log.
    anna = walk("anna")
    for path in ("settings/activity", "settings/delete"):
        anna.open(path, status=403)
    assert PASSWORD not in anna.page.content()
