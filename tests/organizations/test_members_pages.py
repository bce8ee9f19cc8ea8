"""The list of members and the pages of one."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock as now
from hospes.foundation.models import Message
from hospes.identity.models import Account
from hospes.organizations.models import Membership, Team, TeamMember
from support import two_step
from support.organizations import join, make_organization
from support.people import PASSWORD

OWNER, ADMIN, NORMAL, CLIENT = Membership.Role
WRONG = "not the one I have"


@pytest.fixture
def page(cast):
    return f"{cast.address}/members"


def team(cast, name, *members):
    made = Team.objects.create(
        organization=cast.organization, name=name, created_at=now.now(), updated_at=now.now()
    )
    for member in members:
        TeamMember.objects.create(team=made, membership=member, added_at=now.now())
    return made


def listed(site):
    """Return the addresses that the list shows, in order."""
    text = " ".join(each.text for each in site.page.all("table"))
    roles = ("owner", "admin", "normal", "client")
    found = [(text.find(f"{role}@muster.example"), role) for role in roles]
    return [role for at, role in sorted(found) if at >= 0]


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


# ---- the list


def test_leads_see_everybody_with_how_they_sign_in(cast, looking, page):
    two_step.add_method(cast.people["normal"])
    team(cast, "Web", cast.normal)
    Account.objects.filter(pk=cast.people["client"].pk).update(state="locked")
    site = looking("admin")

    site.get(page)

    assert listed(site) == ["admin", "client", "normal", "owner"]
    for words in ("Legal representative", "External user", "Web", "Two-step on", "Locked"):
        assert words in site.page.text


def test_collaborators_see_names_and_roles_alone(cast, looking, page):
    team(cast, "Secret team", cast.admin)
    site = looking("normal")

    for query in ("", "?security=off", "?order=seen", "?q=admin@muster", "?security=locked"):
        site.get(f"{page}{query}")
        text = site.page.text
        for hidden in ("@muster.example", "Two-step", "sign-in", "Secret team", "Never"):
            assert hidden not in text.replace("normal@muster.example", "")
    assert "Nobody found" not in text
    site.get(f"{page}?q=admin@muster")
    assert "Nobody found" in site.page.text
    site.get(f"{page}?q=Admin")
    assert "Admin M" in site.page.text


def test_external_users_see_no_list(cast, looking, page):
    site = looking("client")
    for address in (page, f"{page}.csv"):
        assert site.get(address).status_code == 403
    assert looking("normal", site.another_browser()).get(f"{page}.csv").status_code == 403


def test_strangers_find_nothing(cast, site, sign_in, make_account, page):
    sign_in(site, make_account("stranger@other.example"))
    addresses = [page, f"{page}.csv", f"{page}/two-step", cast.page("normal")]
    addresses += [cast.page("normal", f"/{each}") for each in ("role", "mails", "remove", "unlock")]
    for address in addresses:
        assert site.get(address).status_code == 404


def test_visitors_are_sent_to_sign_in(cast, site, page):
    site.get(page)
    assert site.location.startswith("/sign-in?")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=owner", ["owner"]),
        ("?q=m+normal", ["normal"]),
        ("?q=client@muster", ["client"]),
        ("?q=%25", []),
        ("?role=admin", ["admin"]),
        ("?role=root", ["admin", "client", "normal", "owner"]),
        ("?security=on", ["normal"]),
        ("?security=off", ["admin", "client", "owner"]),
        ("?security=locked", ["client"]),
        ("?security=never", ["client", "normal", "owner"]),
        ("?order=newest", ["client", "normal", "admin", "owner"]),
        ("?order=oldest", ["owner", "admin", "normal", "client"]),
        ("?order=seen", ["admin", "client", "normal", "owner"]),
        ("?order=unseen", ["client", "normal", "owner", "admin"]),
        ("?team=999999999999", []),
        ("?team=x", ["admin", "client", "normal", "owner"]),
        ("?page=99", ["admin", "client", "normal", "owner"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(cast, looking, page, query, found):
    site = looking("admin")
    two_step.add_method(cast.people["normal"])
    Account.objects.filter(pk=cast.people["client"].pk).update(state="locked")
    Account.objects.filter(pk=cast.people["admin"].pk).update(last_sign_in_at=now.now())
    Account.objects.exclude(pk=cast.people["admin"].pk).update(last_sign_in_at=None)

    site.get(f"{page}{query}")

    assert listed(site) == found
    answer = site.get(f"{page}.csv{query}")
    assert [each["E-mail address"].split("@")[0] for each in rows_of(answer)] == found


def test_one_team_is_looked_at_and_not_another_organization_s(cast, looking, page, make_account):
    web = team(cast, "Web", cast.normal, cast.client)
    other = make_organization(make_account("elsewhere@other.example"), "Other")
    theirs = Team.objects.create(
        organization=other, name="Theirs", created_at=now.now(), updated_at=now.now()
    )
    TeamMember.objects.create(team=theirs, membership=other.memberships.get(), added_at=now.now())
    site = looking("admin")

    site.get(f"{page}?team={web.pk}")
    assert listed(site) == ["client", "normal"]
    site.get(f"{page}?team={theirs.pk}")
    assert listed(site) == []
    assert "Theirs" not in site.page.text


def test_the_file_holds_what_the_page_shows_and_no_formula(cast, looking, page):
    Account.objects.filter(pk=cast.people["normal"].pk).update(first_name="=HYPERLINK(1)")
    team(cast, "Web", cast.normal)
    team(cast, "Mail", cast.normal)

    found = rows_of(looking("owner").get(f"{page}.csv?role=normal"))

    assert found[0]["First name"] == "'=HYPERLINK(1)"
    assert found[0]["Role"] == "Collaborator"
    assert found[0]["Work teams"] == "Mail, Web"
    assert found[0]["Two-step verification"] == "Off"


def test_more_members_ask_no_more_queries(cast, looking, page, make_account):
    site = looking("admin")
    site.get(page)

    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            assert site.get(address).status_code == 200
        return len(asked)

    team(cast, "Web", cast.normal)
    few, file = queries(page), queries(f"{page}.csv")
    for number in range(60):
        member = join(cast.organization, make_account(f"m{number}@muster.example"))
        team(cast, f"Team {number}", member, cast.normal)

    assert queries(page) == few
    assert queries(f"{page}?page=2&order=seen&security=off") == few
    assert queries(f"{page}.csv") == file


# ---- reminders


def test_those_who_are_ticked_are_reminded_and_the_number_is_told(cast, looking, page):
    two_step.add_method(cast.people["normal"])
    site = looking("owner")
    csrf = site.csrf_token(page)
    ticked = [str(each.pk) for each in (cast.admin, cast.normal, cast.client)]

    site.post(
        f"{page}/remind", {"csrfmiddlewaretoken": csrf, "member": ticked, "next": f"{page}?q=m"}
    )
    assert site.location == f"{page}?q=m"
    site.follow()
    assert "2 reminders were sent." in site.page.text
    assert "1 member got none" in site.page.text
    assert Message.objects.filter(kind="organizations.two_step_reminder").count() == 2

    for nothing in ([], ["x"]):
        site.post(f"{page}/remind", {"csrfmiddlewaretoken": csrf, "member": nothing})
        site.follow()
        assert "Tick at least one member." in site.page.text


@pytest.mark.parametrize("role", ["normal", "client"])
def test_reminders_are_for_leads_to_send(cast, looking, page, role):
    site = looking(role)
    csrf = site.csrf_token("/organizations")

    answer = site.post(
        f"{page}/remind", {"csrfmiddlewaretoken": csrf, "member": [str(cast.admin.pk)]}
    )

    assert answer.status_code == 403
    assert not Message.objects.exists()


# ---- one member


def test_everybody_sees_their_own_membership_and_leads_see_all(cast, looking):
    for role in ("normal", "client"):
        site = looking(role)
        site.get(cast.page(role))
        assert "Your membership in Muster AG" in site.page.text
        assert "Two-step" not in site.page.text
        assert site.get(cast.page("admin")).status_code == 403
    site = looking("owner")
    site.get(cast.page("normal"))
    assert "normal@muster.example" in site.page.text
    assert site.get(cast.page("normal")[:-4] + "0000").status_code == 404


def test_a_role_is_changed_on_its_page(cast, looking, mailbox):
    site = looking("owner")
    site.get(cast.page("normal", "/role"))
    site.submit({"role": "admin"}, button="Change the role")
    site.follow()

    assert "Normal M is now: Administrator." in site.page.text
    assert cast.role_of(cast.normal) == ADMIN
    (mail,) = mailbox.to("normal@muster.example")
    assert f"https://hospes.test{cast.page('normal')}" in mail.links

    site.get(cast.page("owner", "/role"))
    answer = site.submit({"role": "admin"}, button="Change the role")
    assert answer.status_code == 422
    assert "Appoint another one first." in site.page.text
    assert cast.role_of(cast.owner) == OWNER


@pytest.mark.parametrize(
    "case",
    [
        ("admin", "owner", "normal", 403),
        ("admin", "normal", "owner", 422),
        ("admin", "admin", "owner", 422),
        ("normal", "normal", "client", 403),
        ("normal", "client", "admin", 403),
        ("client", "client", "admin", 403),
    ],
)
def test_whom_the_role_page_refuses(cast, looking, case):
    acting, member, role, status = case
    site = looking(acting)
    csrf = site.csrf_token("/organizations")
    before = list(Membership.objects.order_by("pk").values())

    answer = site.post(cast.page(member, "/role"), {"csrfmiddlewaretoken": csrf, "role": role})

    assert answer.status_code == status
    assert list(Membership.objects.order_by("pk").values()) == before
    assert not Message.objects.exists()


def test_removing_asks_for_the_password_and_a_tick_and_tells_all_faults(cast, looking):
    site = looking("admin")
    site.get(cast.page("normal", "/remove"))
    assert "are closed at the next click" in site.page.text
    answer = site.submit({}, button="Remove")
    assert answer.status_code == 422
    assert "Confirm that you have read what ends." in site.page.text
    assert "Enter your password." in site.page.text

    answer = site.submit({"meant": "on", "password": WRONG}, button="Remove")
    assert answer.status_code == 422
    assert "This is not your password." in site.page.text
    assert Membership.objects.filter(pk=cast.normal.pk).exists()

    site.submit({"meant": "on", "password": PASSWORD}, button="Remove")
    site.follow()
    assert "Normal M no longer belongs to Muster AG." in site.page.text
    assert not Membership.objects.filter(pk=cast.normal.pk).exists()


def test_the_very_next_request_of_who_was_removed_finds_nothing(cast, looking, site):
    theirs = looking("normal", site.another_browser())
    assert theirs.get(f"{cast.address}/products").status_code == 200
    mine = looking("owner")
    mine.get(cast.page("normal", "/remove"))
    mine.submit({"meant": "on", "password": PASSWORD}, button="Remove")

    for address in (f"{cast.address}/products", f"{cast.address}/members", cast.page("normal")):
        assert theirs.get(address).status_code == 404
    theirs.get("/")
    assert "Muster AG" not in theirs.page.text


@pytest.mark.parametrize(
    ("acting", "member"), [("admin", "owner"), ("normal", "client"), ("client", "normal")]
)
def test_whom_the_removal_page_refuses(cast, looking, acting, member):
    site = looking(acting)
    csrf = site.csrf_token("/organizations")
    sent = {"csrfmiddlewaretoken": csrf, "meant": "on", "password": PASSWORD}

    assert site.get(cast.page(member, "/remove")).status_code == 403
    assert site.post(cast.page(member, "/remove"), sent).status_code == 403
    assert cast.organization.memberships.count() == 4


def test_mails_are_chosen_by_their_reader_and_invoices_by_leads(cast, looking):
    site = looking("normal")
    site.get(cast.page("normal", "/mails"))
    assert "Sees invoices" not in site.page.text
    csrf = site.csrf_token(cast.page("normal", "/mails"))
    site.post(
        cast.page("normal", "/mails"),
        {"csrfmiddlewaretoken": csrf, "mails_billing": "on", "has_billing": "on"},
    )
    stored = Membership.objects.get(pk=cast.normal.pk)
    assert (stored.has_billing, stored.mails_billing, stored.mails_products) == (False, True, False)

    site = looking("admin")
    site.get(cast.page("normal", "/mails"))
    site.submit({"has_billing": "on"}, button="Save")
    assert Membership.objects.get(pk=cast.normal.pk).has_billing

    assert site.get(cast.page("owner", "/mails")).status_code == 403
    assert looking("normal").get(cast.page("client", "/mails")).status_code == 403


def test_the_only_legal_representative_keeps_mails_about_money(cast, looking):
    site = looking("owner")
    csrf = site.csrf_token(cast.page("owner", "/mails"))
    answer = site.post(cast.page("owner", "/mails"), {"csrfmiddlewaretoken": csrf})

    assert answer.status_code == 422
    assert "The only legal representative gets the mails" in site.page.text
    assert Membership.objects.get(pk=cast.owner.pk).mails_billing
