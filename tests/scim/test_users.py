"""What a directory's word on people means in the organization."""

from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.organizations.models import Invitation, Membership
from hospes.scim.models import DirectoryUser

BEA = {
    "name": {"givenName": "Bea", "familyName": "Berg"},
    "emails": [{"value": "Bea@Muster.example", "type": "work", "primary": True}],
    "preferredLanguage": "fr-CH",
    "externalId": "e-1",
}


@pytest.fixture
def bea(make_account):
    return make_account("bea@muster.example", first_name="Bea", last_name="Berg")


def the_invitation(email="bea@muster.example"):
    return Invitation.objects.get(email=email)


def entries(action):
    return list(AuditEntry.objects.filter(action=action))


def test_a_new_person_is_invited_to_the_very_address_in_their_language(world, mailbox):
    user = world.client.make_user("bberg", **BEA)

    invitation = the_invitation()
    assert (invitation.role, invitation.is_strict, invitation.status) == ("normal", True, "pending")
    assert (invitation.first_name, invitation.last_name) == ("Bea", "Berg")
    assert invitation.language == "fr"
    (mail,) = mailbox.to("bea@muster.example")
    assert "Muster AG" in mail.text
    assert not Membership.objects.filter(account__email="bea@muster.example").exists()
    assert user["active"] is True
    assert user["externalId"] == "e-1"
    assert user["emails"] == [{**BEA["emails"][0]}]
    assert user["meta"]["location"].endswith(f"/scim/v2/Users/{user['id']}")
    (entry,) = entries("scim.user_created")
    assert entry.actor_account_id is None
    assert entry.organization_id == world.organization.pk
    assert entry.target == f"directory:{world.directory.public_id}"
    assert entry.detail["directory"] == "Main directory"


def test_whoever_accepts_is_the_member_that_the_directory_means(world, bea):
    user = world.client.make_user("bberg", **BEA)
    group = world.client.make_group("Tours", user["id"])
    assert [each["value"] for each in group["members"]] == [user["id"]]

    membership = world.accept(bea)

    assert membership.role == "normal"
    assert DirectoryUser.objects.get().account == bea
    assert [team.name for team in membership.teams.all()] == ["Tours"]
    again = world.client.get(f"/Groups/{group['id']}")
    assert again["members"] == group["members"]
    told = world.client.get(f"/Users/{user['id']}")
    assert [each["display"] for each in told["groups"]] == ["Tours"]


def test_who_declines_is_no_member_and_is_not_asked_again_by_the_same_word(world, mailbox, bea):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.answering import Answer, reject

    user = world.client.make_user("bberg", **BEA)
    reject(Answer(the_invitation()), acting_account=bea, origin=SYSTEM)

    assert world.client.set_active(user, True).status_code == 200
    assert world.client.patch(
        f"/Users/{user['id']}", {"op": "replace", "path": "title", "value": "Guide"}
    ).is_success

    assert Invitation.objects.count() == 1
    assert not world.member_of(bea)


def test_a_member_of_that_verified_address_is_linked_and_nobody_is_mailed(world, mailbox, bea):
    world.join(bea, "admin")

    user = world.client.make_user("bberg", **BEA)

    assert DirectoryUser.objects.get().account == bea
    assert not Invitation.objects.exists()
    assert mailbox.to("bea@muster.example") == []
    assert world.member_of(bea).role == "admin"
    assert world.client.find('userName eq "BBERG"') == [user["id"]]


@pytest.mark.parametrize("values", [{"email_verified_at": None}, {"email": "other@muster.example"}])
def test_an_address_that_is_not_proved_links_nobody(world, bea, values):
    world.join(bea)
    Account.objects.filter(pk=bea.pk).update(**values)

    world.client.request(
        "POST",
        "/Users",
        json={"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "b", **BEA},
    )

    assert not DirectoryUser.objects.filter(account=bea).exists()


def test_an_account_that_is_no_member_is_asked_first(world, bea):
    world.client.make_user("bea@muster.example")

    assert not world.member_of(bea)
    assert DirectoryUser.objects.get().account is None
    assert the_invitation().status == "pending"


def test_somebody_invited_by_hand_gets_no_second_mail_and_stays_invited(world, mailbox, bea):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.invitation_checks import Invite
    from hospes.organizations.services.invitations import invite

    invite(
        Invite("bea@muster.example", "Bea", "Berg", "en", "client"),
        acting_member=world.member_of(world.olga),
        origin=SYSTEM,
    )
    user = world.client.make_user("bberg", **BEA)

    assert len(mailbox.to("bea@muster.example")) == 1
    world.client.set_active(user, False)
    assert the_invitation().status == "pending"
    world.client.set_active(user, True)
    world.accept(bea)
    assert world.member_of(bea).role == "client"
    assert DirectoryUser.objects.get().account == bea


def test_a_link_taken_by_somebody_else_makes_them_not_the_person(world, bea, make_account):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.answering import Answer, accept
    from hospes.organizations.services.invitation_checks import Invite
    from hospes.organizations.services.invitations import invite

    invited = invite(
        Invite("bea@muster.example", "Bea", "Berg", "en", "normal", is_strict=False),
        acting_member=world.member_of(world.olga),
        origin=SYSTEM,
    )
    world.client.make_user("bberg", **BEA)
    other = make_account("other@muster.example")
    token = invited.url.rstrip("/").rpartition("/")[2]
    accept(Answer(invited.invitation, token), acting_account=other, origin=SYSTEM)

    assert world.member_of(other)
    assert DirectoryUser.objects.get().account is None


@pytest.mark.parametrize("word", [False, "False", "false"])
def test_switching_off_ends_the_membership_and_on_brings_it_back_without_a_mail(
    world, mailbox, bea, word
):
    user = world.client.make_user("bberg", **BEA)
    group = world.client.make_group("Tours", user["id"])
    world.accept(bea)
    before = len(mailbox.to("bea@muster.example"))

    answer = world.client.set_active(user, word)

    assert answer.json()["active"] is False
    assert not world.member_of(bea)
    assert [e["value"] for e in world.client.get(f"/Groups/{group['id']}")["members"]] == [
        user["id"]
    ]
    (entry,) = entries("scim.user_deactivated")
    assert (entry.actor_account_id, entry.subject_account_id) == (None, bea.pk)

    assert world.client.set_active(user, "True").json()["active"] is True
    membership = world.member_of(bea)
    assert membership.role == "normal"
    assert [team.name for team in membership.teams.all()] == ["Tours"]
    assert Invitation.objects.count() == 1
    # Told of the removal, and of nothing else.
    assert len(mailbox.to("bea@muster.example")) == before + 1


def test_switching_off_before_an_answer_takes_the_invitation_back(world, bea):
    user = world.client.make_user("bberg", **BEA)

    world.client.set_active(user, False)

    assert the_invitation().status == "cancelled"
    world.client.set_active(user, True)
    assert sorted(Invitation.objects.values_list("status", flat=True)) == ["cancelled", "pending"]


def test_who_left_comes_back_only_by_agreeing_anew(world, bea):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.members import LeaveOrganization, leave

    user = world.client.make_user("bberg", **BEA)
    leave(LeaveOrganization(world.accept(bea)), origin=SYSTEM)

    assert world.client.get(f"/Users/{user['id']}")["active"] is False
    world.client.set_active(user, True)

    assert not world.member_of(bea)
    assert Invitation.objects.filter(status="pending", email="bea@muster.example").count() == 1
    world.accept(bea)
    assert world.member_of(bea)


def test_who_was_removed_by_hand_is_inactive_until_the_directory_says_other(world, bea):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.members import RemoveMember, remove_member

    user = world.client.make_user("bberg", **BEA)
    remove_member(
        RemoveMember(world.accept(bea)),
        acting_member=world.member_of(world.olga),
        origin=SYSTEM,
    )

    assert world.client.get(f"/Users/{user['id']}")["active"] is False
    world.client.patch(f"/Users/{user['id']}", {"op": "add", "path": "title", "value": "Guide"})
    assert not world.member_of(bea)
    world.client.set_active(user, True)
    assert world.member_of(bea)


def test_deleting_removes_the_member_and_forgets_the_user(world, bea):
    user = world.client.make_user("bberg", **BEA)
    world.accept(bea)

    assert world.client.request("DELETE", f"/Users/{user['id']}").status_code == 204

    assert not world.member_of(bea)
    assert not DirectoryUser.objects.exists()
    assert world.client.request("GET", f"/Users/{user['id']}").status_code == 404
    assert world.client.request("DELETE", f"/Users/{user['id']}").status_code == 404
    (entry,) = entries("scim.user_deleted")
    assert entry.subject_account_id == bea.pk
    assert Account.objects.filter(pk=bea.pk, state="active").exists()


def test_deleting_before_an_answer_takes_the_invitation_back(world):
    user = world.client.make_user("bberg", **BEA)

    world.client.request("DELETE", f"/Users/{user['id']}")

    assert the_invitation().status == "cancelled"


def test_a_legal_representative_is_neither_removed_nor_demoted(world, make_account):
    second = make_account("second@muster.example")
    world.join(second, "owner")
    for account in (world.olga, second):
        user = world.client.make_user(account.email, roles=[{"value": "admin"}])
        before = world.rows()

        for answer in (
            world.client.set_active(user, False),
            world.client.request("DELETE", f"/Users/{user['id']}"),
        ):
            assert answer.status_code == 403
            assert "legal representative" in answer.json()["detail"]
            assert world.rows() == before
        answer = world.client.patch(
            f"/Users/{user['id']}",
            {"op": "replace", "path": "roles", "value": [{"value": "client"}]},
        )
        assert answer.status_code == 200
        assert world.member_of(account).role == "owner"


def test_roles_give_administrators_and_take_them_away_never_owners(world, bea):
    user = world.client.make_user("bberg", **BEA, roles=[{"value": "Admin"}, {"value": "tester"}])
    assert the_invitation().role == "admin"
    path = f"/Users/{user['id']}"

    def give(*roles):
        value = [{"value": role} for role in roles]
        return world.client.patch(path, {"op": "replace", "path": "roles", "value": value})

    assert give("client").status_code == 200
    assert the_invitation().role == "client"
    assert give("owner").status_code == 200
    assert the_invitation().role == "normal"
    world.accept(bea)
    for roles, role in ((["administrator"], "admin"), (["owner"], "normal"), ([], "normal")):
        assert give(*roles).status_code == 200
        assert world.member_of(bea).role == role


def test_a_linked_member_keeps_the_role_while_none_is_named(world, bea):
    world.join(bea, "admin")
    user = world.client.make_user("bberg", **BEA)
    world.client.patch(f"/Users/{user['id']}", {"op": "add", "path": "title", "value": "x"})

    assert world.member_of(bea).role == "admin"


def test_another_address_before_the_answer_is_invited_instead(world):
    user = world.client.make_user("bberg", **BEA)

    world.client.patch(
        f"/Users/{user['id']}",
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "bb@muster.example"},
    )

    assert the_invitation().status == "cancelled"
    assert the_invitation("bb@muster.example").status == "pending"


def test_what_a_directory_says_of_a_member_changes_nothing_of_the_person(world, bea):
    user = world.client.make_user("bberg", **BEA)
    world.accept(bea)
    before = Account.objects.filter(pk=bea.pk).values().get()

    world.client.patch(
        f"/Users/{user['id']}",
        {
            "op": "replace",
            "value": {
                "userName": "other@muster.example",
                "emails": [{"value": "other@muster.example"}],
                "name": {"givenName": "X", "familyName": "Y"},
                "preferredLanguage": "it",
            },
        },
    )

    assert Account.objects.filter(pk=bea.pk).values().get() == before
    assert Invitation.objects.count() == 1
    told = world.client.get(f"/Users/{user['id']}")
    assert (told["userName"], told["name"]["givenName"]) == ("other@muster.example", "X")
