"""Making, changing and deleting work teams, and who is in them, as use cases."""

from __future__ import annotations

import pytest

from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.organizations.domain.rights import EVERYTHING, product
from hospes.organizations.models import Grant, Membership, Team, TeamMember
from hospes.organizations.queries import rights
from hospes.organizations.services.grants import SetGrants, Wanted, set_grants
from hospes.organizations.services.members import (
    LeaveOrganization,
    RemoveMember,
    leave,
    remove_member,
)
from hospes.organizations.services.team_members import (
    AddMembers,
    RemoveMembers,
    add_members,
    remove_members,
)
from hospes.organizations.services.teams import (
    ChangeTeam,
    CreateTeam,
    DeleteTeam,
    change_team,
    create_team,
    delete_team,
)
from support.racing import race
from support.teams import give, make_house, make_team


@pytest.fixture
def house():
    return make_house()


def create(house, name="Web", actor="owner", **values):
    return create_team(
        CreateTeam(house.organization, name, **values),
        acting_member=getattr(house, actor),
        origin=SYSTEM,
    )


def test_a_team_has_a_tidy_name_a_colour_a_leader_and_rights(house):
    wanted = frozenset({Wanted(EVERYTHING, "check"), Wanted(product(house.first.pk), "sale")})

    team = create(house, "  Web   shop ", "admin", color_id=3, leader=house.anna, grants=wanted)

    team.refresh_from_db()
    assert (team.name, team.color_id, team.leader) == ("Web shop", 3, house.anna)
    assert team.created_by == house.admin.account
    assert set(team.grants.values_list("reach", "right")) == {
        ("all", "check"),
        (f"product:{house.first.pk}", "sale"),
    }
    event = OutboxEvent.objects.get(name="organizations.team_created")
    assert event.payload == {
        "organization_id": house.organization.pk,
        "actor_id": house.admin.account_id,
        "team_id": team.pk,
        "name": "Web shop",
    }
    entry = AuditEntry.objects.get(action="organizations.team_created")
    assert (entry.organization_id, entry.target) == (house.organization.pk, f"team:{team.pk}")


def test_every_fault_is_told_at_once(house):
    there = make_house("Andere GmbH", "andere")
    wanted = frozenset({Wanted(product(there.first.pk), "own"), Wanted(product(10**9), "sale")})

    with pytest.raises(Refused) as refused:
        create(house, " ", color_id=99, leader=there.anna, grants=wanted)

    for field, code in (
        ("name", "required"),
        ("color_id", "unknown"),
        ("leader", "unknown"),
        ("grants", "unknown_right"),
        ("grants", "unknown_product"),
    ):
        assert refused.value.has(field, code)
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"), [("x" * 129, "too_long"), ("a\u202eb", "characters"), ("ÉQUIPE", "taken")]
)
def test_names_that_cannot_be_taken(house, name, code):
    create(house, "Équipe")
    with pytest.raises(Refused) as refused:
        create(house, name)

    assert refused.value.has("name", code)
    assert Team.objects.count() == 1


def test_another_organization_may_have_a_team_of_the_same_name(house):
    create(house)
    assert create(make_house("Andere GmbH", "andere")).name == "Web"


def test_of_several_who_make_the_same_team_at_once_one_does(house):
    results = race(lambda _number: create(house), 4)

    assert sum(isinstance(each, Team) for each in results) == 1
    assert sum(isinstance(each, Refused) and each.has("name", "taken") for each in results) == 3


@pytest.mark.parametrize("actor", ["anna", "eva"])
def test_only_those_who_lead_may(house, actor):
    team, acting = make_team(house, "Web", house.anna), getattr(house, actor)
    how = {"acting_member": acting, "origin": SYSTEM}
    for function, command in (
        (create_team, CreateTeam(house.organization, "Mine")),
        (change_team, ChangeTeam(team, name="Mine")),
        (delete_team, DeleteTeam(team)),
        (add_members, AddMembers(team, (acting,))),
        (remove_members, RemoveMembers(team, (house.anna,))),
        (set_grants, SetGrants(team, frozenset({Wanted(EVERYTHING, "sale")}))),
        (set_grants, SetGrants(acting, frozenset({Wanted(EVERYTHING, "sale")}))),
    ):
        with pytest.raises(Denied):
            function(command, **how)

    assert [each.name for each in Team.objects.all()] == ["Web"]
    assert list(TeamMember.objects.values_list("membership", flat=True)) == [house.anna.pk]
    assert not Grant.objects.exists()


def test_those_who_lead_elsewhere_find_nothing(house):
    team, stranger = make_team(house), make_house("Andere GmbH", "andere").owner
    for function, command in (
        (change_team, ChangeTeam(team, name="Mine")),
        (delete_team, DeleteTeam(team)),
        (add_members, AddMembers(team, (house.anna,))),
        (set_grants, SetGrants(team, frozenset({Wanted(EVERYTHING, "sale")}))),
    ):
        with pytest.raises(NotFound):
            function(command, acting_member=stranger, origin=SYSTEM)
    team.refresh_from_db()
    assert (team.name, team.places.count(), team.grants.count()) == ("Web", 0, 0)


def test_a_changed_team_says_what_changed(house):
    team = make_team(house)
    how = {"acting_member": house.admin, "origin": SYSTEM}

    assert change_team(ChangeTeam(team, name="WEB", color_id=4), **how)
    assert not change_team(ChangeTeam(team, name="WEB"), **how)
    assert change_team(ChangeTeam(team, leader=house.eva, sets_leader=True), **how)
    assert change_team(ChangeTeam(team, sets_leader=True), **how)

    team.refresh_from_db()
    assert (team.name, team.color_id, team.leader) == ("WEB", 4, None)
    told = AuditEntry.objects.filter(action="organizations.team_changed").order_by("id")
    assert [entry.detail["changed"] for entry in told] == [["color", "name"], ["leader"],
                                                           ["leader"]]  # fmt: skip
    assert told[0].detail["old_name"] == "Web"


def test_several_are_added_and_those_who_were_there_are_told(house):
    team = make_team(house, "Web", house.anna)
    everybody = (house.anna, house.bruno, house.eva, house.eva)

    placed = add_members(AddMembers(team, everybody), acting_member=house.owner, origin=SYSTEM)

    assert placed.moved == (house.bruno, house.eva)
    assert placed.skipped == (house.anna,)
    event = OutboxEvent.objects.filter(name="organizations.team_members_changed").last()
    assert event.payload["added"] == [house.bruno.account_id, house.eva.account_id]
    assert event.payload["removed"] == []


def test_one_stranger_among_them_and_nobody_is_added(house):
    team, there = make_team(house), make_house("Andere GmbH", "andere")

    with pytest.raises(Refused) as refused:
        add_members(
            AddMembers(team, (house.anna, there.anna)), acting_member=house.owner, origin=SYSTEM
        )

    assert refused.value.faults[0].params == {"ids": [there.anna.account_id]}
    assert not team.places.exists()


def test_the_same_members_added_twice_at_once_are_in_it_once(house):
    team = make_team(house)
    command = AddMembers(team, (house.anna, house.bruno))

    results = race(lambda _n: add_members(command, acting_member=house.owner, origin=SYSTEM), 4)

    assert sorted(len(each.moved) for each in results) == [0, 0, 0, 2]
    assert team.places.count() == 2


def test_saving_rights_twice_at_once_leaves_what_one_of_them_wanted(house):
    team = make_team(house)
    kinds = ["technical", "sale"]

    def save(number):
        wanted = frozenset({Wanted(product(house.first.pk), kinds[number % 2])})
        return set_grants(SetGrants(team, wanted), acting_member=house.owner, origin=SYSTEM)

    results = race(save, 4)

    assert not [each for each in results if isinstance(each, Exception)]
    assert Grant.objects.filter(team=team).count() == 1


def test_deleting_a_team_takes_only_what_it_gave(house):
    web, shop = make_team(house, "Web", house.anna), make_team(house, "Shop", house.anna)
    give(house, web, product(house.first.pk), "technical", "sale")
    give(house, shop, product(house.first.pk), "technical")
    give(house, house.anna, product(house.second.pk), "check")

    delete_team(DeleteTeam(web), acting_member=house.admin, origin=SYSTEM)

    assert rights.decide(house.anna, house.first).rights == {"technical"}
    assert rights.decide(house.anna, house.second).rights == {"check"}
    assert OutboxEvent.objects.filter(name="organizations.team_deleted").count() == 1


@pytest.mark.parametrize("how", ["left", "removed", "deleted"])
def test_a_leader_who_goes_leaves_the_team_without_and_those_who_lead_are_told(house, how, mailbox):
    web, shop = make_team(house, leader=house.anna), make_team(house, "Shop", leader=house.anna)
    other = make_team(house, "Radio", leader=house.bruno)

    if how == "left":
        leave(LeaveOrganization(house.anna), origin=SYSTEM)
    elif how == "removed":
        remove_member(RemoveMember(house.anna), acting_member=house.owner, origin=SYSTEM)
    else:
        _delete_account(house.anna.account)

    for team in (web, shop):
        team.refresh_from_db()
        assert team.leader is None
    other.refresh_from_db()
    assert other.leader == house.bruno
    for lead in (house.owner, house.admin):
        told = [m for m in mailbox.to(lead.account.email) if "no leader" in m.subject]
        assert len(told) == 1
        assert "Shop, Web" in told[0].text
    assert not [m for m in mailbox.to(house.bruno.account.email) if "no leader" in m.subject]
    assert Membership.objects.filter(pk=house.anna.pk).exists() is False


def _delete_account(account):
    from django.db import transaction

    from hospes.foundation.services import outbox

    with transaction.atomic():
        outbox.emit("identity.account_deleted", {"account_id": account.pk})
