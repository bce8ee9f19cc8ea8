"""Work teams over HTTP: what a right opens at the next request, and who is turned away."""

from __future__ import annotations

import pytest

from hospes.organizations.domain.rights import product
from hospes.organizations.models import Grant, Team, TeamMember
from support.organizations import look_at
from support.people import sign_in as signed_in
from support.teams import give, make_house, make_team


@pytest.fixture
def house():
    return make_house()


def enter(site, member):
    look_at(signed_in(site, member.account), member.organization)
    return site


def test_a_team_from_its_making_to_its_end(house, site):
    enter(site, house.owner)
    site.get(house.address("teams/new"))
    site.submit({"name": "Web", "color_id": "3", "leader": "anna@muster.example"})
    team = Team.objects.get()
    assert team.leader == house.anna
    assert site.location == house.address(f"teams/{team.pk}/add")
    for phone in (anna := site.another_browser(), eva := site.another_browser()):
        enter(phone, house.anna if phone is anna else house.eva)
        assert phone.get(house.address(f"products/{house.first.pk}")).status_code == 404

    everybody = [m.account.public_id for m in (house.anna, house.bruno, house.eva)]
    site.post(house.address(f"teams/{team.pk}/add"), {"member": everybody})
    words = [product(each.pk).word for each in (house.first, house.second)]
    site.post(
        house.address(f"teams/{team.pk}/rights"),
        {"shown": words, "grant": [f"technical {words[0]}"]},
        follow=True,
    )
    assert "1 right was given." in site.page.text

    assert anna.get(house.address(f"products/{house.first.pk}")).status_code == 200
    assert eva.get(house.address(f"products/{house.first.pk}")).status_code == 200
    assert eva.get(house.address(f"products/{house.second.pk}")).status_code == 404
    # A second team gives the same: leaving the first takes nothing away from Anna.
    other = make_team(house, "Shop", house.anna)
    give(house, other, product(house.first.pk), "technical")
    ticked = {"member": [house.anna.account.public_id, house.eva.account.public_id]}
    site.get(house.address(f"teams/{team.pk}/remove"), params=ticked)
    assert "Nothing that they do not have otherwise" in site.page.text
    site.post(house.address(f"teams/{team.pk}/remove"), ticked)
    assert anna.get(house.address(f"products/{house.first.pk}")).status_code == 200
    assert eva.get(house.address(f"products/{house.first.pk}")).status_code == 404

    site.get(house.address(f"teams/{team.pk}/delete"))
    assert "Technical" in site.page.text
    site.post(house.address(f"teams/{team.pk}/delete"))
    assert [each.name for each in Team.objects.all()] == ["Shop"]


def test_every_page_and_file_opens_and_explains(house, site):
    team = make_team(house, "Web", house.anna)
    give(house, team, product(house.first.pk), "technical")
    give(house, house.bruno, product(house.first.pk), "sale")
    anna = house.anna.account.public_id
    enter(site, house.admin)

    for path in (
        "teams", "teams?q=web&colour=0&leader=none&order=members", "teams.csv", "teams/new",
        f"teams/{team.pk}", f"teams/{team.pk}/edit", f"teams/{team.pk}/add",
        f"teams/{team.pk}/rights", f"teams/{team.pk}/rights?only=granted",
        f"members/{anna}/rights", "teams/access", "teams/access?by=person",
        f"teams/access/products/{house.first.pk}.csv", f"teams/access/members/{anna}.csv",
    ):  # fmt: skip
        assert site.get(house.address(path)).status_code == 200, path

    site.get(house.address(f"teams/access/products/{house.first.pk}"))
    for told in ("Work team Web (this product)", "Given directly (this product)",
                 "By role: Administrator"):  # fmt: skip
        assert told in site.page.text
    assert "eva@muster.example" not in site.page.text
    site.get(house.address(f"teams/access/members/{anna}"))
    assert "Work team Web (this product)" in site.page.text
    assert "first.muster.example" in site.page.text
    assert "second.muster.example" not in site.page.text


@pytest.mark.parametrize("who", ["anna", "eva", "stranger"])
def test_others_are_turned_away_and_nothing_changes(house, site, who):
    team = make_team(house, "Web", house.bruno)
    there = make_house("Andere GmbH", "andere")
    enter(site, there.owner if who == "stranger" else getattr(house, who))
    status = 404 if who == "stranger" else 403
    bruno = house.bruno.account.public_id
    paths = (
        "teams/new", f"teams/{team.pk}", f"teams/{team.pk}/edit", f"teams/{team.pk}/delete",
        f"teams/{team.pk}/add", f"teams/{team.pk}/remove?member={bruno}",
        f"teams/{team.pk}/rights", f"members/{bruno}/rights", "teams/access",
        f"teams/access/products/{house.first.pk}", f"teams/access/members/{bruno}",
        f"teams/access/products/{house.first.pk}.csv", f"teams/access/members/{bruno}.csv",
    )  # fmt: skip
    for path in paths:
        assert site.get(house.address(path)).status_code == status, path
    sent = {"name": "Mine", "color_id": "1", "member": bruno, "shown": "all", "grant": "sale all"}
    for path in paths:
        refused = site.post(house.address(path.partition("?")[0]), sent).status_code
        assert refused in {status, 405}, path

    assert [each.name for each in Team.objects.all()] == ["Web"]
    assert TeamMember.objects.count() == 1
    assert not Grant.objects.exists()


def test_a_member_sees_only_the_teams_they_are_in(house, site):
    mine, other = make_team(house, "Web", house.anna), make_team(house, "Shop")
    enter(site, house.anna)

    site.get(house.address())
    assert "Web" in site.page.text
    assert "Shop" not in site.page.text
    assert site.get(house.address(f"teams/{mine.pk}")).status_code == 200
    assert site.get(house.address(f"teams/{other.pk}")).status_code == 403
    anna = house.anna.account.public_id
    assert site.get(house.address(f"teams/access/members/{anna}")).status_code == 200


def test_a_team_of_another_organization_is_not_found(house, site):
    team = make_team(make_house("Andere GmbH", "andere"))
    enter(site, house.owner)

    for page in ("", "/edit", "/delete", "/add", "/rights"):
        assert site.get(house.address(f"teams/{team.pk}{page}")).status_code == 404
        assert site.post(house.address(f"teams/{team.pk}{page}")).status_code in {404, 405}
    assert Team.objects.filter(pk=team.pk).exists()


def test_what_is_wrong_stands_beside_its_field(house, site):
    make_team(house)
    enter(site, house.owner)

    for sent, field in (
        ({"name": "WEB", "color_id": "1"}, "name"),
        ({"name": "New", "color_id": "1", "leader": "nobody@muster.example"}, "leader"),
        ({"name": "", "color_id": "1"}, "name"),
    ):
        assert site.post(house.address("teams/new"), sent).status_code == 422
        assert site.page.errors(field)
    assert Team.objects.count() == 1
