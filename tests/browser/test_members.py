"""Members in a browser: found, reminded, given another role, removed; two-step required."""

from __future__ import annotations

import pytest

from support.organization_walk import SMALL, Houses, Walk
from support.people import PASSWORD

pytestmark = pytest.mark.browser

REMIND = "Send a reminder to set up two-step verification"
STOPPED = "Two-step verification is required"


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "mem", batch=6, two_step=True)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser on which a member of the test's house is signed in."""
    house = houses.next()

    def begin(role="owner", **options):
        return Walk(new_page(**options), house, axe).be(role)

    return begin


def first_names(walker):
    return sorted(each.split()[0] for each in walker.rows())


def test_the_list_is_searched_filtered_and_taken_away(walk):
    walker = walk().open("members")
    page = walker.page
    assert first_names(walker) == ["Adam", "Anna", "Bruno", "Eva", "Olga"]
    assert "Two-step on" in walker.row("Olga").inner_text()
    assert "Never signed in" in walker.row("Bruno").inner_text()

    walker.fill(q="anna").press("Show")
    assert first_names(walker) == ["Anna"]
    page.select_option("[name=security]", label="With two-step verification")
    walker.press("Show").says("Nobody found").look()
    walker.click("Show everything")
    page.select_option("[name=role]", label="External user")
    walker.press("Show")
    assert first_names(walker) == ["Eva"]
    lines = walker.download("Download as CSV").splitlines()
    assert len(lines) == 2
    assert walker.house.email("eva") in lines[1]


def test_members_without_two_step_are_reminded(walk):
    walker = walk().open("members?security=off")
    page = walker.page
    # Nothing is offered for nobody, and ticking the head ticks all.
    assert walker.button(REMIND).is_disabled()
    page.locator("[data-select-all]").check()
    assert page.locator("tbody input:checked").count() == 4
    page.get_by_label("Select Adam", exact=False).uncheck()
    assert page.locator("[data-select-all]").evaluate("box => box.indeterminate")
    walker.look().press(REMIND).says("3 reminders were sent.")

    walker.server.wait_for_mail(walker.house.email("bruno"), "wo-step")
    walker.open(walker.house.of("bruno")).says("reminded").look()
    walker.press(REMIND).says("1 member got none")
    assert not [
        mail for mail in walker.server.mails(walker.house.email("admin"))
        if "wo-step" in mail.subject
    ]  # fmt: skip


def test_a_role_is_changed_and_the_last_legal_representative_stays(walk):
    owner, anna = walk(), walk("anna")
    house = owner.house
    anna.open("invitations", status=403)
    owner.open(house.of("anna")).click("Change the role").look()
    owner.tick("Administrator").press("Change the role")
    assert "Administrator" in owner.open("members").row("Anna").inner_text()
    # It holds from her next click on, and a mail told her.
    anna.open("invitations").look()
    anna.server.wait_for_mail(house.email("anna"), house.name)

    owner.open(f"{house.of('owner')}/role").tick("Administrator").press("Change the role")
    owner.says("The organization always has a legal representative.").look()
    assert "Legal representative" in owner.open("members").row("Olga").inner_text()
    # An administrator cannot reach past themselves.
    anna.open(f"{house.of('owner')}/role", status=403)
    anna.open(f"{house.of('owner')}/remove", status=403)


def test_whoever_is_removed_is_out_at_the_next_click(walk):
    owner, bruno = walk(), walk("bruno")
    house = owner.house
    bruno.open("members")
    owner.open(house.of("bruno")).click("Remove").look()
    owner.says("Pages, products and the API of the organization are closed at the next click.")

    owner.press("Remove").says("Confirm that you have read what ends.", "Enter your password.")
    owner.look()
    owner.page.locator("main [name=meant]").check()
    owner.fill(password="not my password at all").press("Remove")
    owner.says("This is not your password.")
    bruno.open("members")

    owner.fill(password=PASSWORD).press("Remove")
    assert owner.path == f"{house.path}/members"
    assert "Bruno" not in first_names(owner)
    bruno.open("members", status=404)
    bruno.server.wait_for_mail(house.email("bruno"), house.name)


def test_two_step_is_required_of_all_and_external_users_may_leave(walk):
    owner, anna, eva = walk(), walk("anna", viewport=SMALL), walk("eva")
    house = owner.house
    # Whoever has none may not ask it of others.
    walk("admin").open("members/two-step").look().says("Set up two-step verification for your own")
    owner.open("members/two-step").look().says("4 members have none yet.")
    owner.press("Require it from now on").look().says("every member needs it")

    anna.open("products").look().says(STOPPED)
    assert anna.path == "/organizations/two-step-needed"
    assert anna.page.get_by_role("link", name="Leave the organization").count() == 0
    anna.click("Set it up").look()
    assert anna.path == "/settings/two-step"
    owner.server.wait_for_mail(house.email("anna"), "wo-step")

    eva.open("products").says(STOPPED).click("Leave the organization").look()
    eva.page.locator("main [name=meant]").check()
    eva.press("Leave the organization")
    assert STOPPED not in eva.open("/").page.locator("main").inner_text()
    assert "Eva" not in first_names(owner.open("members"))

    # Switched off, a dialog asks first, and everything is open again.
    owner.open("members/two-step")
    owner.page.get_by_role("link", name="Stop requiring it").click()
    owner.page.locator("dialog[open]").wait_for()
    owner.press("Stop requiring it").says("Not required")
    anna.open("products").does_not_say(STOPPED)


def test_collaborators_see_names_and_external_users_nobody(walk):
    anna = walk("anna", viewport=SMALL).open("members").look()
    assert first_names(anna) == ["Adam", "Anna", "Bruno", "Eva", "Olga"]
    anna.does_not_say(anna.house.email("bruno"), "Two-step", "Download as CSV")
    anna.open(anna.house.of("bruno"), status=403)
    anna.open(anna.house.of("anna")).look()

    eva = walk("eva")
    eva.open("members", status=403)
    eva.open(eva.house.of("eva")).look()
