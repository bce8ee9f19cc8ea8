"""Inviting over HTTP: one person, and lists of people."""

from __future__ import annotations

import pytest

from hospes.foundation import numbers
from hospes.organizations.models import Grant, Invitation, InvitationList, InvitationRow
from support.teams import enter, make_house, make_team

NORA = {
    "email": "Nora@Neu.example",
    "first_name": "Nora",
    "last_name": "Neu",
    "language": "de",
    "role": "normal",
}


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def owner(house, site):
    enter(site, house.owner)
    return site


def link_in(site):
    return next(e.text for e in site.page.all("code") if "/invitations/" in e.text)


def test_one_person_is_invited_and_the_link_shown_once(house, owner, mailbox):
    team = make_team(house)
    owner.get(house.address("invitations/new"))
    response = owner.submit(
        {**NORA, "team_ids": [str(team.pk)], "grant": ["technical all"], "has_billing": "on"},
        button="Invite",
    )

    assert response.status_code == 200
    assert "no-store" in response.headers["cache-control"]
    assert "<svg" in response.text
    assert owner.another_browser().get(link_in(owner)).status_code == 302
    made = Invitation.objects.get()
    assert (made.email, made.language, made.has_billing) == ("nora@neu.example", "de", True)
    assert (made.is_strict, made.is_silent, list(made.teams.all())) == (True, False, [team])
    assert Grant.objects.get().right == "technical"
    assert len(mailbox.to("nora@neu.example")) == 1
    owner.click("Continue")
    assert owner.url == house.address(f"invitations/{made.pk}")
    assert not any("/invitations/" in e.text for e in owner.page.all("code"))
    # The same form again, as loading anew sends it, invites nobody twice.
    assert owner.post(house.address("invitations/new"), NORA).status_code == 422
    assert "This address is invited already" in owner.page.text
    owner.click("Look at the invitation that waits")
    assert owner.url == house.address(f"invitations/{made.pk}")
    assert Invitation.objects.count() == 1


def test_without_a_mail_the_link_is_all_there_is(house, owner, mailbox):
    owner.get(house.address("invitations/new"))
    owner.submit({**NORA, "is_silent": "on", "is_strict": None}, button="Invite")

    assert "No mail was sent" in owner.page.text
    assert "Whoever has it can accept" in owner.page.text
    assert mailbox.to("nora@neu.example") == []
    assert not Invitation.objects.get().is_strict


def test_every_fault_is_told_at_once(house, owner):
    wrong = {"email": "nobody", "first_name": "", "last_name": "a@b", "role": "", "language": "xx"}
    response = owner.post(house.address("invitations/new"), {**wrong, "team_ids": "999999"})

    assert response.status_code == 422
    for told in (
        "no complete e-mail address", "Enter the first name.", "no name that a mail can greet by",
        "one of the languages", "one of the roles", "The work team is not there",
    ):  # fmt: skip
        assert told in owner.page.text
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited(house, owner):
    sent = {**NORA, "email": house.anna.account.email}
    assert owner.post(house.address("invitations/new"), sent).status_code == 422
    assert "belongs here already" in owner.page.text


def test_administrators_are_not_offered_the_highest_role(house, site):
    enter(site, house.admin)
    site.get(house.address("invitations/new"))
    assert "owner" not in site.page.form(button="Invite").choices["role"]
    assert site.post(house.address("invitations/new"), {**NORA, "role": "owner"}).status_code == 422
    assert not Invitation.objects.exists()


LIST = "Nora Neu <nora@neu.example>\nnobody\nAnna <anna@muster.example>\nmax.muster@neu.example"


def test_a_pasted_list_is_shown_then_sent(house, owner, mailbox):
    team = make_team(house)
    owner.get(house.address("invitations/many"))
    owner.submit(
        {"people": LIST, "team_ids": [str(team.pk)], "grant": ["sale all"]}, button="Check the list"
    )
    for told in ("2 people will be invited.", "2 rows are left out.", "no complete e-mail address"):
        assert told in owner.page.text
    assert not InvitationList.objects.exists()

    owner.submit(button="Invite 2 people")
    asked = InvitationList.objects.get()
    assert owner.location == house.address(f"invitations/lists/{asked.public_id}")
    assert "refresh" in owner.follow().headers
    assert "are being sent" in owner.page.heading
    mailbox.deliver()
    assert "refresh" not in owner.get(owner.url).headers
    assert "2 of 4 people are invited." in owner.page.text
    assert "belongs here already" in owner.page.text
    made = Invitation.objects.order_by("email")
    assert [each.email for each in made] == ["max.muster@neu.example", "nora@neu.example"]
    assert all(list(each.teams.all()) == [team] for each in made)
    assert Grant.objects.filter(right="sale").count() == 2


def test_confirming_twice_invites_once(house, owner, mailbox):
    owner.get(house.address("invitations/many"))
    owner.submit({"people": "nora@neu.example"}, button="Check the list")
    form = owner.page.form(button="Invite 1 person")
    for _each in range(2):
        owner.post(house.address("invitations/many"), {**form.fields, "step": "confirm"})
    assert InvitationList.objects.count() == 1
    mailbox.deliver()
    assert len(mailbox.to("nora@neu.example")) == 1


def test_a_file_is_read_and_can_still_be_changed(house, owner):
    file = "Prénom;Nom;E-mail;Rôle\r\nNora;Neu;nora@neu.example;Kaiser\r\n".encode("cp1252")
    owner.get(house.address("invitations/many"))
    owner.submit(button="Check the list", files={"file": ("people.csv", file)})
    assert "nora@neu.example" in owner.page.text

    assert owner.submit(button="Change the list").status_code == 200
    assert "Nora;Neu;nora@neu.example" in str(owner.page.form("", button="Check").fields["people"])
    file = {"file": ("people.csv", b"a@b.example")}
    response = owner.submit({"people": LIST}, button="Check the list", files=file)
    assert response.status_code == 422
    assert "not both" in owner.page.text


@pytest.mark.parametrize(
    ("people", "told"),
    [("", "Paste the list"), ("a@b.example\nc@d.example\ne@f.example", "at most 2 people")],
)
def test_a_list_that_cannot_be_taken_comes_back(house, owner, monkeypatch, people, told):
    get = numbers.get
    monkeypatch.setattr(
        numbers,
        "get",
        lambda name: 2 if name == "organizations.invitation_list_rows" else get(name),
    )
    response = owner.post(
        house.address("invitations/many"), {"people": people, "role": "normal", "language": "en"}
    )
    assert response.status_code == 422
    assert told in owner.page.text


def test_a_list_of_another_organization_is_not_found(house, owner, site):
    owner.get(house.address("invitations/many"))
    owner.submit({"people": "nora@neu.example"}, button="Check the list")
    form = owner.page.form(button="Invite 1 person")
    owner.submit(button="Invite 1 person")
    asked = InvitationList.objects.get()
    there = make_house("Andere GmbH", "andere")
    other = site.another_browser()
    enter(other, there.owner)

    for each in (house, there):
        address = each.address(f"invitations/lists/{asked.public_id}")
        assert other.get(address).status_code == 404
    stolen = {name: form.fields[name] for name in ("people", "role", "language", "form_key")}
    sent = other.post(there.address("invitations/many"), {**stolen, "step": "confirm"})
    assert sent.status_code == 404
    assert InvitationRow.objects.count() == 1
    client = site.another_browser()
    enter(client, house.eva)
    assert client.get(house.address(f"invitations/lists/{asked.public_id}")).status_code == 403
