from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import CurrentOrganization, Invitation, Membership
from hospes.organizations.services import answering, invitations
from support.organizations import join, make_organization
from support.racing import race

OWNER, ADMIN, NORMAL, CLIENT = Membership.Role


@pytest.fixture
def boss(make_account):
    account = make_account("boss@customer.example", first_name="Berta", last_name="Boss")
    return join(make_organization(), account, OWNER)


def invite(member, email="anna@customer.example", role=NORMAL, **values):
    command = invitations.Invite(email, "Anna", "Keller", "en", role, **values)
    return invitations.invite(command, acting_member=member, origin=SYSTEM)


def token_of(invited):
    return invited.url.rpartition("/")[2]


def answer(invited):
    return answering.Answer(invited.invitation, token_of(invited))


def accept(invited, account):
    return answering.accept(answer(invited), acting_account=account, origin=SYSTEM)


def test_the_mailed_link_leads_in(site, sign_in, mailbox, boss, make_account):
    anna = make_account("anna@customer.example")
    invite(boss)
    (letter,) = mailbox.to(anna.email)
    assert not Invitation.objects.filter(token_hash__contains=letter.links[0][-20:]).exists()
    session = sign_in(site, anna)

    site.get(next(link for link in letter.links if "/invitations/" in link), follow=True)
    assert "Muster AG" in site.page.heading
    site.submit(button="Accept")

    assert Membership.objects.get(account=anna, organization=boss.organization).role == NORMAL
    assert CurrentOrganization.objects.get(session=session).organization == boss.organization
    assert any("accepted" in each.subject for each in mailbox.to(boss.account.email))


def test_a_strict_invitation_is_for_its_address_alone(boss, make_account):
    other = make_account("other@customer.example")
    invited = invite(boss)

    with pytest.raises(Refused) as refused:
        accept(invited, other)

    assert refused.value.has("", "another_address")
    assert not Membership.objects.filter(account=other, organization=boss.organization).exists()
    assert Invitation.objects.get().status == "pending"


@pytest.mark.parametrize("strict", [True, False])
def test_who_is_not_signed_in_learns_which_address_to_use(boss, site, strict):
    invited = invite(boss, is_strict=strict)

    site.get(invited.url, follow=True)

    name, _at, host = invited.invitation.email.partition("@")
    assert (f"This invitation is for {name[0]}…@{host}." in site.page.text) is strict
    assert invited.invitation.email not in site.page.text


def test_of_two_who_accept_at_once_one_joins(boss, make_account):
    people = [make_account(f"p{number}@customer.example") for number in range(4)]
    invited = invite(boss, is_strict=False)

    outcomes = race(lambda number: accept(invited, people[number]), threads=4)

    assert sum(isinstance(each, Membership) for each in outcomes) == 1
    assert all(isinstance(each, (Membership, Refused)) for each in outcomes)
    assert Membership.objects.filter(organization=boss.organization).count() == 2


@pytest.mark.parametrize("change", ["demoted", "removed"])
def test_an_invitation_gives_no_more_than_its_sender_could_now(boss, make_account, change):
    sender = join(boss.organization, make_account("second@customer.example"), OWNER)
    anna = make_account("anna@customer.example")
    invited = invite(sender, role=OWNER)
    if change == "demoted":
        Membership.objects.filter(pk=sender.pk).update(role=ADMIN)
    else:
        sender.delete()

    with pytest.raises(Refused) as refused:
        accept(invited, anna)

    assert refused.value.has("", "dead")
    assert not Membership.objects.filter(account=anna, organization=boss.organization).exists()


def test_a_resent_invitation_has_a_new_link_and_the_old_one_is_dead(site, boss, clock):
    first = invite(boss)
    second = invitations.resend(first.invitation, acting_member=boss, origin=SYSTEM)

    assert site.get(f"/invitations/{token_of(first)}").status_code == 410
    assert site.get(f"/invitations/{token_of(second)}").status_code == 302
    clock.move(timedelta(days=15))
    assert site.get(f"/invitations/{token_of(second)}").status_code == 410


def test_signing_up_through_it_leaves_no_organization_of_ones_own(site, mailbox, boss):
    invite(boss)
    letter = mailbox.to("anna@customer.example")[0]
    site.get(next(link for link in letter.links if "/invitations/" in link), follow=True)
    site.click("Sign up")
    site.submit(
        {
            "first_name": "Anna",
            "last_name": "Keller",
            "email": "anna@customer.example",
            "password": "a lantern over the harbour 41",
        }
    )
    confirm = mailbox.to("anna@customer.example")[-1]
    site.get(next(link for link in confirm.links if "/confirm/" in link))
    site.submit(follow=True)
    # Until she accepts she has one, as every account.
    mine = Membership.objects.filter(account__email="anna@customer.example")
    assert mine.get().organization.name == "Anna Keller"
    assert "Muster AG" in site.page.heading

    site.submit(button="Accept")

    assert mine.get().organization == boss.organization


def test_what_an_invitation_must_not_be_is_told_at_once(boss):
    invite(boss)
    with pytest.raises(Refused) as refused:
        invite(boss, role="king", team_ids=frozenset({999999}), email="anna@customer.example")

    assert refused.value.has("email", "already_invited")
    assert refused.value.has("role", "unknown")
    assert refused.value.has("team_ids", "unknown_team")
    assert Invitation.objects.count() == 1


def test_a_browser_says_where_the_answer_comes_from(boss, site):
    """Without a referrer a browser sends ``Origin: null``, and the form would be refused."""
    site.get(invite(boss).url, follow=True)

    assert site.page.heading.startswith("Join ")
    assert site.response.headers["referrer-policy"] == "same-origin"
