"""Invitations over HTTP: the list, one of them, who is turned away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock
from hospes.kit.origin import SYSTEM
from hospes.organizations.domain.rights import EVERYTHING, product
from hospes.organizations.models import Grant, Invitation, InvitationList
from hospes.organizations.services import invitations
from hospes.organizations.services.grants import Wanted
from support.teams import enter, make_house, make_team

STATES = ("pending", "accepted", "rejected", "cancelled", "expired")


@pytest.fixture
def house():
    return make_house()


def invite(member, email="nora@muster.example", role="normal", **values):
    command = invitations.Invite(email, "Nora", "Neu", "en", role, **values)
    return invitations.invite(command, acting_member=member, origin=SYSTEM).invitation


def a_day_ago(invitation):
    now = clock.now()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=now - timedelta(days=1))


def links_in(site):
    return [e.text for e in site.page.all("code") if "/invitations/" in e.text]


def test_the_list_is_searched_filtered_and_taken_away(house, site):
    made = {state: invite(house.owner, f"{state}@muster.example") for state in STATES}
    for state in STATES[1:4]:
        Invitation.objects.filter(pk=made[state].pk).update(
            status=state, answered_at=clock.now() - timedelta(minutes=1)
        )
    a_day_ago(made["expired"])
    invite(make_house("Andere GmbH", "andere").owner, "foreign@andere.example")
    enter(site, house.admin)

    site.get(house.address("invitations"))
    assert all(f"{state}@muster.example" in site.page.text for state in STATES)
    assert "foreign@andere.example" not in site.page.text
    for state in STATES:
        site.get(house.address(f"invitations?state={state}"))
        assert [each for each in STATES if f"{each}@" in site.page.text] == [state]
    site.get(house.address("invitations?q=Nora+accepted@"))
    assert [each for each in STATES if f"{each}@" in site.page.text] == ["accepted"]
    site.get(house.address("invitations?q=nobody-like-it"))
    assert "Nothing found" in site.page.text
    file = site.get(house.address("invitations.csv?state=expired"))
    lines = file.text.splitlines()
    assert len(lines) == 2
    assert "expired@muster.example" in lines[1]


def test_an_empty_list_says_what_comes_next(house, site):
    enter(site, house.owner)

    site.get(house.address("invitations"))
    assert "Nobody was invited yet" in site.page.text
    site.click("Invite people")
    assert site.url == house.address("invitations/new")


def test_a_long_list_takes_as_many_queries_as_a_short_one(house, site):
    team = make_team(house)
    enter(site, house.owner)
    invite(house.owner, team_ids=frozenset({team.pk}))
    site.get(house.address("invitations"))
    with CaptureQueriesContext(connection) as short:
        site.get(house.address("invitations"))
    for number in range(54):
        invite(house.admin, f"n{number}@muster.example", team_ids=frozenset({team.pk}))
    with CaptureQueriesContext(connection) as long:
        site.get(house.address("invitations"))

    assert len(short) == len(long)
    assert len(site.page.all("tr")) == 51
    site.click("Next")
    assert len(site.page.all("tr")) == 6


def test_what_it_gives_is_changed_and_single_products_stay(house, site):
    team = make_team(house)
    single = Wanted(product(house.first.pk), "sale")
    made = invite(house.owner, grants=frozenset({single}))
    enter(site, house.owner)

    site.get(house.address(f"invitations/{made.pk}"))
    assert "first.muster.example" in site.page.text
    grants = ["statistic all", f"sale {single.reach.word}"]
    changed = {"role": "client", "team_ids": [str(team.pk)], "grant": grants, "has_billing": "on"}
    site.submit(changed, button="Save", follow=True)

    assert "The invitation is saved." in site.page.text
    made.refresh_from_db()
    assert (made.role, made.has_billing, list(made.teams.all())) == ("client", True, [team])
    assert set(Grant.objects.values_list("reach", "right")) == {
        (EVERYTHING.word, "statistic"),
        (single.reach.word, "sale"),
    }
    site.submit(button="Save", follow=True)
    assert "Nothing was changed." in site.page.text


def test_every_fault_of_a_change_is_told_and_nothing_changes(house, site):
    made = invite(house.owner)
    enter(site, house.admin)
    there = make_team(make_house("Andere GmbH", "andere"))
    wrong = {"role": "owner", "language": "xx", "team_ids": [str(there.pk), "nonsense"]}

    response = site.post(house.address(f"invitations/{made.pk}"), wrong)

    assert response.status_code == 422
    for told in (
        "Only a legal representative",
        "one of the languages",
        "The work team is not there",
    ):
        assert told in site.page.text
    assert site.post(
        house.address(f"invitations/{made.pk}"),
        {"role": "client", "language": "en", "grant": "everything all"},
    ).status_code == 422  # fmt: skip
    made.refresh_from_db()
    assert (made.role, made.language, made.teams.count()) == ("normal", "en", 0)


def test_a_new_link_is_shown_once_and_kills_the_old_one(house, site):
    invited = invitations.invite(
        invitations.Invite("nora@muster.example", "Nora", "Neu", "en", "normal"),
        acting_member=house.owner,
        origin=SYSTEM,
    )
    key = invited.invitation.pk
    enter(site, house.owner)
    site.get(house.address(f"invitations/{key}"))
    seen = site.page.form("renew").fields["seen"]

    response = site.submit(button="Show a new link")

    (shown,) = links_in(site)
    assert shown != invited.url
    assert "<svg" in response.text
    assert "no-store" in response.headers["cache-control"]
    visitor = site.another_browser()
    assert visitor.get(invited.url).status_code == 410
    assert visitor.get(shown).status_code == 302
    # The same form again, as going back or loading anew sends it, leaves the link alone.
    again = house.address(f"invitations/{key}/renew")
    site.post(again, {"by": "link", "seen": seen}, follow=True)
    assert "got a new link meanwhile" in site.page.text
    assert links_in(site) == []
    assert visitor.get(shown).status_code == 302


def test_it_is_sent_again_until_that_was_too_often(house, site, mailbox):
    made = invite(house.owner)
    enter(site, house.owner)
    for _each in range(3):
        site.get(house.address(f"invitations/{made.pk}"))
        site.submit(button="Send again", follow=True)
        assert "was sent to nora@muster.example again" in site.page.text
    assert len(mailbox.to("nora@muster.example")) == 4

    site.get(house.address(f"invitations/{made.pk}"))
    assert site.submit(button="Send again").status_code == 422
    assert "new links too often" in site.page.text
    assert len(mailbox.to("nora@muster.example")) == 4


def test_an_expired_one_is_renewed(house, site):
    made = invite(house.owner)
    a_day_ago(made)
    enter(site, house.owner)

    site.get(house.address(f"invitations/{made.pk}"))
    assert "Expired" in site.page.text
    site.submit(button="Send again", follow=True)
    assert "Waiting" in site.page.text
    assert "Expired" not in site.page.text


def test_taking_it_back_asks_first(house, site):
    made = invite(house.owner)
    enter(site, house.owner)
    site.get(house.address(f"invitations/{made.pk}"))
    site.click("Take back")
    made.refresh_from_db()
    assert made.status == "pending"

    site.submit(button="Take it back", follow=True)

    assert "The invitation to nora@muster.example was taken back." in site.page.text
    made.refresh_from_db()
    assert made.status == "cancelled"
    site.get(house.address(f"invitations/{made.pk}"))
    assert "Save" not in site.page.text
    assert site.post(house.address(f"invitations/{made.pk}/cancel")).status_code == 422
    late = {"role": "client", "language": "en"}
    assert site.post(house.address(f"invitations/{made.pk}"), late).status_code == 422
    assert "This invitation has been answered or taken back." in site.page.text
    site.get(house.address(f"invitations/{made.pk}"))
    site.click("Invite again")
    assert site.page.form(button="Invite").fields["email"] == "nora@muster.example"


def test_administrators_leave_the_invitation_of_a_legal_representative_alone(house, site):
    made = invite(house.owner, role="owner")
    before = Invitation.objects.values().get()
    enter(site, house.admin)

    site.get(house.address(f"invitations/{made.pk}"))
    assert "Only legal representatives change" in site.page.text
    assert not any("renew" in form.action for form in site.page.forms)
    for path, sent in (
        ("", {"role": "client", "language": "en"}),
        ("/renew", {"seen": made.expires_at.isoformat(), "by": "link"}),
        ("/cancel", {}),
    ):
        address = house.address(f"invitations/{made.pk}{path}")
        assert site.post(address, sent).status_code == 403
    assert Invitation.objects.values().get() == before


@pytest.mark.parametrize("who", ["anna", "eva", "stranger", "other_owner"])
def test_others_are_turned_away_and_nothing_changes(house, site, who):
    made = invite(house.owner)
    before = Invitation.objects.values().get()
    there = make_house("Andere GmbH", "andere")
    outside = who in {"stranger", "other_owner"}
    foreign = {"stranger": there.anna, "other_owner": there.owner}
    enter(site, foreign[who] if outside else getattr(house, who))
    sent = {
        "email": "mine@andere.example", "first_name": "M", "last_name": "E", "language": "en",
        "role": "client", "people": "mine@andere.example", "step": "confirm", "by": "link",
        "seen": made.expires_at.isoformat(),
    }  # fmt: skip
    paths = [
        "",
        ".csv",
        "/new",
        "/many",
        *(f"/{made.pk}{end}" for end in ("", "/cancel", "/renew")),
    ]
    for path in paths:
        address = house.address(f"invitations{path}")
        status = 404 if outside else 403
        assert site.get(address).status_code in {status, 405}, path
        assert site.post(address, sent).status_code in {status, 405}, path
    if who == "other_owner":
        # Through their own organization's addresses it is not found either.
        for end in ("", "/cancel", "/renew"):
            address = there.address(f"invitations/{made.pk}{end}")
            assert site.post(address, sent).status_code == 404

    assert Invitation.objects.values().get() == before
    assert not InvitationList.objects.exists()
