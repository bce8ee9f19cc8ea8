"""The Directory pages of an organization: those who lead it, and nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scim.world import Client

from hospes.organizations.models import Team
from hospes.organizations.services import closing
from hospes.scim.models import Directory, DirectoryGroup, DirectoryUser
from support.organizations import look_at


@pytest.fixture
def here(world):
    return f"/organizations/{world.organization.public_id}/directory"


@pytest.fixture
def as_olga(world, site, sign_in, here):
    look_at(sign_in(site, world.olga), world.organization)
    site.get(here)
    return site


def token_on(site):
    return next(
        word for word in site.page.text.split() if word.startswith("hsp_scim_") and len(word) > 40
    )


def test_connecting_shows_a_token_once_that_works(as_olga, world, here):
    as_olga.get(f"{here}/new")
    as_olga.submit({"name": "  Second   one "})

    assert as_olga.response.status_code == 200
    assert "no-store" in as_olga.response.headers["cache-control"]
    token = token_on(as_olga)
    directory = Directory.objects.get(name="Second one")
    assert token not in str(Directory.objects.values().get(pk=directory.pk))
    assert Client(token).get("/Users")["totalResults"] == 0
    as_olga.get(here)
    assert token not in as_olga.page.text
    assert "Second one" in as_olga.page.text
    assert f"{directory.hint}" in as_olga.page.text


def test_the_same_form_twice_connects_once(as_olga, here):
    as_olga.get(f"{here}/new")
    fields = {**as_olga.page.form("", button="Connect").fields, "name": "Twice"}
    first = as_olga.post(f"{here}/new", fields)
    second = as_olga.post(f"{here}/new", fields)

    assert (first.status_code, second.status_code) == (200, 302)
    assert Directory.objects.filter(name="Twice").count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Main directory", "a\u200bb"])
def test_a_name_that_will_not_do_is_refused(as_olga, here, name):
    as_olga.get(f"{here}/new")
    as_olga.submit({"name": name})

    assert as_olga.response.status_code == 422
    assert Directory.objects.count() == 1


def test_replacing_the_token_ends_the_old_one(as_olga, world, here):
    as_olga.get(f"{here}/{world.directory.public_id}/token")
    assert world.client.get("/Users")["totalResults"] == 0
    as_olga.submit(button="Replace")

    assert world.client.request("GET", "/Users").status_code == 401
    assert Client(token_on(as_olga)).get("/Users")["totalResults"] == 0


def test_disconnecting_leaves_members_and_teams(as_olga, world, here, make_account):
    bea = make_account("bea@muster.example")
    user = world.client.make_user("bea@muster.example")
    world.accept(bea)
    world.client.make_group("Tours", user["id"])
    as_olga.get(f"{here}/{world.directory.public_id}/disconnect")
    as_olga.submit(button="Disconnect", follow=True)

    assert "is disconnected" in as_olga.page.text
    assert world.client.request("GET", "/Users").status_code == 401
    assert [team.name for team in world.member_of(bea).teams.all()] == ["Tours"]
    assert not DirectoryUser.objects.exists()
    assert as_olga.get(f"{here}/{world.directory.public_id}").status_code == 404


def test_a_team_made_by_hand_is_handed_over(as_olga, world, here):
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.services.teams import CreateTeam, create_team

    create_team(
        CreateTeam(world.organization, "Tours"),
        acting_member=world.member_of(world.olga),
        origin=SYSTEM,
    )
    assert world.client.find('displayName eq "Tours"', "/Groups") == []
    as_olga.get(f"{here}/{world.directory.public_id}")
    as_olga.submit({"team": str(Team.objects.get().pk)}, follow=True)

    assert DirectoryGroup.objects.get().team.name == "Tours"
    assert len(world.client.find('displayName eq "tours"', "/Groups")) == 1
    as_olga.post(f"{here}/{world.directory.public_id}/team", {"team": str(Team.objects.get().pk)})
    assert as_olga.response.status_code == 422


def test_states_are_told_searched_and_exported(as_olga, world, here, make_account):
    bea = make_account("bea@muster.example")
    world.client.make_user("bea@muster.example")
    world.accept(bea)
    world.client.make_user("max@muster.example")
    off = world.client.make_user("off@muster.example")
    world.client.set_active(off, False)

    as_olga.get(f"{here}/{world.directory.public_id}")
    for text in ("bea@muster.example", "Member", "Invited", "Switched off"):
        assert text in as_olga.page.text
    as_olga.get(f"{here}/{world.directory.public_id}?q=max")
    assert "bea@" not in as_olga.page.text
    lines = as_olga.get(f"{here}/{world.directory.public_id}/people.csv").text.splitlines()
    assert len(lines) == 4
    assert "bea@muster.example,bea@muster.example,Member" in lines[1]


def test_the_pages_take_a_fixed_number_of_queries(as_olga, world, here):
    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert as_olga.get(path).status_code == 200
        return len(queries)

    one = f"{here}/{world.directory.public_id}"
    user = world.client.make_user("a@muster.example")
    world.client.make_group("A", user["id"])
    before = (asked(here), asked(one))
    for number in range(5):
        user = world.client.make_user(f"b{number}@muster.example")
        world.client.make_group(f"B{number}", user["id"])
    world.connect("Another")

    assert (asked(here), asked(one)) == before


PATHS = ["", "/new", "/{0}", "/{0}/people.csv", "/{0}/token", "/{0}/disconnect"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["normal", "client", None])
def test_only_those_who_lead_come_in(site, sign_in, world, role, path):
    here = f"/organizations/{world.organization.public_id}/directory"
    person = world.make_account("nosy@muster.example")
    session = sign_in(site, person)
    if role:
        world.join(person, role)
        look_at(session, world.organization)
    address = here + path.format(world.directory.public_id)
    before = (world.rows(), list(Directory.objects.values_list()))

    wanted = 403 if role else 404
    assert site.get(address).status_code == wanted
    for write in (address, f"{here}/{world.directory.public_id}/team"):
        assert site.post(write, {"name": "x", "team": "1"}).status_code in {wanted, 405}
    assert (world.rows(), list(Directory.objects.values_list())) == before


def test_another_organizations_directory_is_not_found(site, sign_in, world, make_account):
    from support.organizations import own

    other = make_account("other@else.example")
    sign_in(site, other)
    own_pages = f"/organizations/{own(other).public_id}/directory/{world.directory.public_id}"
    before = list(Directory.objects.values_list())

    for path in ("", "/people.csv", "/token", "/disconnect"):
        assert site.get(own_pages + path).status_code == 404
    for path in ("/team", "/token", "/disconnect"):
        assert site.post(own_pages + path, {"team": "1"}).status_code == 404
    assert list(Directory.objects.values_list()) == before


def test_closing_names_the_directories(world):
    told = closing.handover(world.organization)

    assert any("Main directory" in str(loss) for loss in told.losses)
