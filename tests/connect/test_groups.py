"""The ``groups`` claim: the names of one's teams in the organization one signs in for."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

import base64
import json

import pytest
from connect.till import Till
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.connect.models import Consent, Grant
from hospes.identity.models import Session
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Membership, Team
from hospes.organizations.services.members import LeaveOrganization, leave
from hospes.organizations.services.team_members import AddMembers, add_members
from hospes.organizations.services.teams import CreateTeam, create_team
from support.authorizing import CALLBACK, VERIFIER, answered, authorize_url
from support.organizations import join, look_at, make_organization
from support.phones import give_phone

SCOPE = "openid groups"
SINGLY = '{"userinfo": {"groups": null}, "id_token": {"groups": null}}'


class Shop(Till):
    """The software behind a shop's button: it redeems a code and asks about the person."""

    def redeem(self, response):
        address, fields = answered(response)
        assert address == CALLBACK
        answer = self.post(
            "/token",
            grant_type="authorization_code",
            code=fields["code"],
            redirect_uri=CALLBACK,
            code_verifier=VERIFIER,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refresh(self, token, **changes):
        answer = self.post("/token", grant_type="refresh_token", refresh_token=token, **changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def userinfo(self, body):
        bearer = {"Authorization": f"Bearer {body['access_token']}"}
        answer = self.client.get("/oauth2/userinfo", headers=bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()


def in_id_token(body):
    part = body["id_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.fixture
def shop(register):
    return Shop(register(backchannel_mode="poll"))


@pytest.fixture
def two(anna, make_account):
    """Return two organizations with teams; Anna is in both, and external in the second."""
    found = []
    for name, role, teams in (
        ("Bergblume", Membership.Role.NORMAL, ("Web", "Accounts")),
        ("Seerose", Membership.Role.CLIENT, ("Design",)),
    ):
        owner = make_account(f"owner@{name.lower()}.example")
        organization = make_organization(owner, name)
        mine = join(organization, anna, role)
        leader = organization.memberships.get(account=owner)
        for team_name in (*teams, "Others"):
            team = create_team(
                CreateTeam(organization, team_name), acting_member=leader, origin=SYSTEM
            )
            if team_name != "Others":
                add_members(AddMembers(team, (mine,)), acting_member=leader, origin=SYSTEM)
        found.append(organization)
    return found


@pytest.fixture
def at(anna):
    """Return a function that has Anna's browser look at an organization."""
    return lambda organization: look_at(Session.objects.get(account=anna), organization)


def begin(site, shop, **changes):
    return site.get(authorize_url(shop.application, **{"scope": SCOPE, **changes}))


def allowed(site, shop, **changes):
    begin(site, shop, **changes)
    return shop.redeem(site.submit({}, button="Allow"))


def member_of(anna, organization):
    return organization.memberships.get(account=anna)


def test_only_the_organization_signed_in_for_is_told(site, anna, shop, two, at):
    for organization, names in zip(two, (["Accounts", "Web"], ["Design"]), strict=True):
        at(organization)
        body = allowed(site, shop)
        assert shop.userinfo(body)["groups"] == names
        assert in_id_token(body)["groups"] == names
        assert Grant.objects.latest("pk").organization == organization


def test_the_consent_page_says_whose_teams(site, anna, shop, two, at):
    at(two[0])
    begin(site, shop)
    assert "See the names of your work teams at Bergblume" in site.page.text
    site.submit({}, button="Allow")
    site.get("/settings/applications")
    assert "See the names of your work teams at Bergblume" in site.page.text


def test_another_organization_is_asked_for_anew(site, anna, shop, two, at):
    at(two[0])
    allowed(site, shop)
    assert "code" in answered(begin(site, shop))[1]
    at(two[1])
    before = Grant.objects.count()
    assert answered(begin(site, shop, prompt="none"))[1]["error"] == "consent_required"
    begin(site, shop)
    assert "work teams at Seerose" in site.page.text
    assert Grant.objects.count() == before
    # What has nothing to do with teams stays allowed.
    assert "code" in answered(begin(site, shop, scope="openid", prompt="none"))[1]


def test_switching_while_the_page_is_open_shares_nothing_unseen(site, anna, shop, two, at):
    at(two[0])
    begin(site, shop)
    at(two[1])
    site.submit({}, button="Allow")
    assert site.location.startswith("/authorize?")
    assert not Grant.objects.exists()
    assert not Consent.objects.exists()
    site.follow()
    assert "work teams at Seerose" in site.page.text


def test_a_team_that_is_left_or_entered_counts_at_once(site, anna, shop, two, at):
    at(two[0])
    body = allowed(site, shop, scope="openid groups offline_access")
    Team.objects.get(name="Web", organization=two[0]).places.all().delete()
    assert shop.userinfo(body)["groups"] == ["Accounts"]
    assert in_id_token(shop.refresh(body["refresh_token"]))["groups"] == ["Accounts"]


@pytest.mark.parametrize("number", [0, 1])
def test_who_has_left_is_in_no_team(site, anna, shop, two, at, number):
    at(two[number])
    body = allowed(site, shop, scope="openid groups offline_access")
    assert shop.userinfo(body)["groups"]
    leave(LeaveOrganization(member_of(anna, two[number])), origin=SYSTEM)
    assert shop.userinfo(body)["groups"] == []
    assert in_id_token(shop.refresh(body["refresh_token"]))["groups"] == []


def test_an_organization_that_is_gone_leaves_the_sign_in(site, anna, shop, two, at):
    at(two[1])
    body = allowed(site, shop)
    two[1].delete()
    told = shop.userinfo(body)
    assert (told["sub"], told["groups"]) == (anna.public_id, [])


def test_without_the_scope_nothing_is_told(site, anna, shop, two, at):
    at(two[0])
    body = allowed(site, shop, scope="openid profile")
    assert "groups" not in shop.userinfo(body)
    assert "groups" not in in_id_token(body)
    assert Grant.objects.get().organization is None
    wide = allowed(site, shop, scope="openid groups offline_access")
    narrow = shop.refresh(wide["refresh_token"], scope="openid")
    assert "groups" not in shop.userinfo(narrow)
    assert "groups" not in in_id_token(narrow)


def test_it_can_be_asked_for_singly(site, anna, shop, two, at):
    at(two[1])
    begin(site, shop, scope="openid", claims=SINGLY)
    assert "work teams at Seerose" in site.page.text
    body = shop.redeem(site.submit({}, button="Allow"))
    assert shop.userinfo(body)["groups"] == ["Design"]
    assert in_id_token(body)["groups"] == ["Design"]


def test_the_phone_tells_of_the_organization_that_was_allowed(site, anna, shop, two, at):
    phone = give_phone(anna)
    at(two[1])
    allowed(site, shop)
    at(two[0])
    assert shop.ask(scope=SCOPE, login_hint=anna.public_id).status_code == 200
    assert phone.approve(phone.challenge()).status_code == 200
    body = shop.fetch().json()
    assert shop.userinfo(body)["groups"] == ["Design"]
    assert in_id_token(body)["groups"] == ["Design"]


def test_the_number_of_statements_does_not_depend_on_the_organizations(site, anna, shop, two, at):
    at(two[0])
    allowed(site, shop)
    with CaptureQueriesContext(connection) as few:
        begin(site, shop)
    for number in range(4):
        join(make_organization(None, f"More {number}"), anna)
    with CaptureQueriesContext(connection) as many:
        begin(site, shop)
    assert len(few) == len(many)
