"""Invitations in a browser, from both sides: sent by one, many and file; accepted or not."""

from __future__ import annotations

import pytest

from support.organization_walk import SMALL, Houses, Walk
from support.people import PASSWORD
from tests.browser.conftest import fill_sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def houses(running_server):
    return Houses(running_server, "inv", batch=6)


@pytest.fixture
def walk(houses, new_page, axe):
    """Return a function that gives a browser, with a member of the test's house if one is named."""
    house = houses.next()

    def begin(role="owner", **options):
        walker = Walk(new_page(**options), house, axe)
        return walker.be(role) if role else walker

    return begin


def team(walker, name="Web"):
    walker.open("teams/new").fill(name=name)
    walker.tick("Statistics: All of Web Hosting, future ones too").press("Create work team")


def invite(walker, email, *labels, **fields):
    """Invite somebody; return the link that is shown once."""
    walker.open("invitations/new").fill(email=email, first_name="Nora", last_name="Neu", **fields)
    walker.tick(*labels)
    walker.press("Invite")
    return walker.page.locator("main code").inner_text()


def link_in(letter):
    return next(each for each in letter.links if "/invitations/" in each)


def test_one_with_a_team_and_a_single_product_signs_up_and_lands_there(walk):
    owner, nora = walk(), walk("", viewport=SMALL)
    house, page, server = owner.house, owner.page, owner.server
    email = f"nora@{house.mark}-new.example"
    team(owner)
    owner.open("invitations").click("Invite people")
    owner.fill(email=email, first_name="Nora", product_words="first")
    # Return in the search field searches, and nobody is invited half-way.
    with page.expect_event("load"):
        page.press("[name=product_words]", "Enter")
    owner.look().says("1 product found.")
    assert page.evaluate("document.activeElement.name") == "product_words"
    assert page.input_value("[name=email]") == email
    owner.tick(f"Technical: first.{house.mark}.example", "Web")
    owner.fill(last_name="Neu").press("Invite").look().says("The link is shown only now")

    # The members' entry is the current one on every page of invitations.
    for path in ("invitations", "invitations/new", "invitations/many"):
        entry = owner.open(path).page.locator("nav [aria-current=page]", has_text="Members")
        assert entry.count() >= 1, path

    nora.page.goto(link_in(server.wait_for_mail(email)))
    nora.look().says(f"Join {house.name}", "Collaborator", "Web")
    nora.click("Sign up").look()
    # Whoever has the link is not told the whole address.
    nora.does_not_say(email)
    nora.fill(first_name="Nora", last_name="Neu", email=email, password=PASSWORD)
    nora.page.locator("main form:has([name=password]) button[type=submit]").last.click()
    nora.page.wait_for_url("**/sign-up/sent**")
    letter = server.wait_for_mail(email, count=2)
    nora.page.goto(next(each for each in letter.links if "/sign-up/confirm/" in each))
    nora.page.locator("main .card form button[type=submit]").click()
    nora.page.wait_for_url(lambda url: "/sign-up/" not in url)
    if nora.button("Accept").count():
        nora.press("Accept")
    nora.open("products").look()
    assert sorted(nora.rows()) == [f"first.{house.mark}.example", f"second.{house.mark}.example"]
    assert "Nora" in " ".join(owner.open("members").rows())
    assert "Accepted" in owner.open("invitations").row(email).inner_text()


def test_somebody_with_an_account_just_accepts(walk, houses):
    owner, guest = walk(), walk("")
    other = houses.next()
    link = invite(owner, other.email("anna"))
    guest.page.goto(link)
    guest.look().click("Sign in")
    fill_sign_in(guest.page, other.email("anna"), PASSWORD)
    guest.page.wait_for_url("**/invitations/open/**")
    guest.look().press("Accept")

    assert guest.house.name in guest.page.locator("summary.organization__name").inner_text()
    guest.open("members").look()
    # The link works once.
    stranger = walk("")
    assert stranger.page.goto(link).status == 410
    stranger.look()


def test_a_strict_one_is_for_its_address_alone_and_another_for_whoever_has_it(walk, houses):
    owner = walk()
    other = houses.next()
    strict = invite(owner, f"max@{owner.house.mark}-new.example")
    guest = Walk(walk("").page, other, owner._axe).be("bruno")
    guest.page.goto(strict)
    guest.says("This invitation is for", f"You are signed in as {other.email('bruno')}.").look()
    assert guest.button("Accept").count() == 0
    guest.open(owner.house.path + "/members", status=404)

    owner.open("invitations/new")
    owner.page.get_by_label("Only for this address").uncheck()
    owner.tick("Send no mail", "External user")
    owner.fill(email="paper@print.example", first_name="Paula", last_name="Papier")
    owner.press("Invite").look().says("No mail was sent", "Whoever has it can accept")
    assert owner.page.locator(".link-phone__code svg").is_visible()
    guest.page.goto(owner.page.locator("main code").inner_text())
    guest.press("Accept")
    guest.open(owner.house.path + "/members", status=403)
    assert owner.server.mails("paper@print.example") == []


def test_one_is_sent_again_given_a_new_link_changed_and_taken_back(walk):
    owner, guest = walk(), walk("", viewport=SMALL)
    mark = owner.house.mark
    email = f"nora@{mark}-again.example"
    first = invite(owner, email)
    owner.click("Continue").look()
    owner.press("Send again").says("Earlier links no longer work.")
    mailed = link_in(owner.server.wait_for_mail(email, count=2))
    assert guest.page.goto(first).status == 410
    guest.page.goto(mailed)
    guest.says("Join")

    owner.press("Show a new link").look()
    shown = owner.page.locator("main code").inner_text()
    assert guest.page.goto(mailed).status == 410
    # Coming back to the page that showed it makes no third one.
    owner.page.reload()
    guest.page.goto(shown)
    guest.says("Join")

    owner.open("invitations").click("Nora Neu")
    owner.fill(product_words="second").press("Find").look()
    owner.tick(f"Sales: second.{mark}.example", "External user").press("Save")
    owner.says("The invitation is saved.")
    assert owner.page.get_by_label(f"Sales: second.{mark}.example").is_checked()

    owner.page.get_by_role("link", name="Take back").click()
    owner.page.locator("dialog[open]").wait_for()
    owner.look().press("Take it back")
    assert "Taken back" in owner.row(email).inner_text()
    assert guest.page.goto(shown).status == 410
    owner.open("invitations?q=nora")
    assert email in owner.download("Download as CSV")


def test_a_file_names_people_roles_and_teams(walk, tmp_path):
    owner = walk()
    team(owner)
    mark = owner.house.mark
    file = tmp_path / "people.csv"
    file.write_text(
        "e-mail;first name;last name;role;teams\n"
        f"ida@{mark}-file.example;Ida;Frei;External user;Web\n"
        f"max@{mark}-file.example;Max;Muster;;\n"
        f"{owner.house.email('anna')};Anna;Da;;\n"
        f"leo@{mark}-file.example;Leo;Lang;;Nirgends\n"
    )
    owner.open("invitations/many")
    owner.press("Check the list").says("Paste the list, or choose a file.").look()
    owner.page.set_input_files("[name=file]", file)
    owner.press("Check the list").look()
    owner.says("2 people will be invited.", "2 rows are left out.", "belongs here already")
    owner.says("There is no work team named Nirgends.", "External user")
    owner.press("Change the list").look()
    owner.fill(people=owner.page.input_value("[name=people]").replace("Nirgends", "Web"))
    owner.press("Check the list").press("Invite 3 people")

    owner.page.locator("tbody .badge--success").nth(2).wait_for(timeout=20_000)
    owner.look().click("All invitations")
    assert "External user\nWeb" in owner.row("ida@").inner_text()
    assert "Web" in owner.row("leo@").inner_text()
    owner.server.wait_for_mail(f"max@{mark}-file.example")
    # Nothing of it for those who do not manage members.
    walk("anna").open("invitations/many", status=403)
