from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.organizations.models import Membership
from hospes.organizations.queries import activity
from hospes.organizations.queries.activity import ActivityFilter
from support.organizations import join, look_at, make_organization, make_product

CHANGED = "organizations.organization_changed"
RENAMED = "organizations.product_renamed"
GRANTED = "organizations.grants_changed"


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example", first_name="Anna", last_name="Keller")


@pytest.fixture
def bruno(make_account):
    return make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")


@pytest.fixture
def muster(anna):
    return make_organization(anna, "Muster AG")


@pytest.fixture
def log(site, sign_in, anna, muster):
    look_at(sign_in(site, anna), muster)
    return f"/organizations/{muster.public_id}/settings/activity"


def entry(organization, account, action=CHANGED, *, days=0, **values):
    return AuditEntry.objects.create(
        at=product_clock.now() - timedelta(days=days),
        action=action,
        actor_account_id=account.pk if account else None,
        organization_id=organization.pk,
        **{"ip": "192.0.2.7", "detail": {"name": "Muster AG"}, **values},
    )


def test_the_log_says_who_did_what_on_what_from_where(site, log, anna, muster):
    entry(
        muster,
        anna,
        RENAMED,
        target="product:7",
        detail={"name": "web-1", "from": "", "to": "Shop"},
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    )
    entry(muster, None, CHANGED, detail={"name": "Muster AG", "changed": ["main_zip", "main_city"]})

    site.get(log)

    for text in (
        "Anna Keller",
        "anna@customer.example",
        "Product renamed",
        "web-1",
        "→ Shop",
        "192.0.2.7",
        "Firefox on Linux",
        "The system",
        "Organization settings changed",
    ):
        assert text in site.page.text, text
    # An address is one thing, however many of its parts changed.
    assert site.page.text.count("Main address") == 1


def test_rights_and_people_are_named_not_numbered(site, log, anna, bruno, muster):
    other = make_product(make_organization(anna, "Other"), internal_name="elsewhere")
    mine = make_product(muster, internal_name="web-1", customer_name="The shop")
    kind = mine.service
    rights = [f"technical product:{mine.pk}", f"statistic service:{kind.pk}", "sale all"]
    entry(
        muster,
        anna,
        GRANTED,
        subject_account_id=bruno.pk,
        target=f"member:{bruno.pk}",
        detail={"added": rights, "removed": [f"check product:{other.pk}"]},
    )
    entry(muster, anna, detail={}, target=f"organization:{muster.pk}")
    roles = {"role": "admin", "old_role": "normal"}
    entry(muster, anna, "organizations.member_role_changed", detail=roles)
    team = {"name": "Web", "added": 0, "removed": 1, "members": ["Gone Girl"]}
    entry(muster, anna, "organizations.team_members_changed", detail=team, target="team:1")

    for address in (log, f"{log}.csv"):
        shown = site.get(address).text
        for text in (
            "Bruno Rey",
            "+ Technical: The shop",
            f"+ Statistics: All of {kind.name_in('en')}, future ones too",
            "+ Sales: All products, future ones too",
            # Nothing is told of what others hold.
            f"− Ticket control: product:{other.pk}",  # noqa: RUF001 - a minus
            "− Gone Girl",  # noqa: RUF001 - a minus
            "Collaborator → Administrator",
        ):
            assert text in shown, (address, text)
        for text in ("member:", "organization:", "elsewhere"):
            assert text not in shown, (address, text)


def test_other_organizations_and_peoples_own_lines_are_not_in_it(site, log, anna, bruno, muster):
    other = make_organization(anna, "Other")
    entry(other, anna, detail={"name": "Elsewhere"})
    AuditEntry.objects.create(
        at=product_clock.now(), action="identity.signed_in", actor_account_id=anna.pk
    )
    entry(muster, bruno)

    site.get(log)

    assert "Elsewhere" not in site.page.text
    assert "Signed in" not in site.page.text
    # Nor do the filters search there.
    site.get(f"{log}?q=Elsewhere")
    assert "Nothing found" in site.page.text


def test_who_left_or_deleted_the_account_is_still_told_apart(
    site, log, bruno, muster, make_account
):
    gone = make_account("gone@customer.example", first_name="Gone", last_name="Girl")
    membership = join(muster, bruno)
    entry(muster, bruno)
    entry(muster, gone)
    membership.delete()
    Account.objects.filter(pk=gone.pk).update(
        state=Account.State.DELETED, first_name="", last_name="", email="x@deleted.invalid"
    )

    site.get(log)

    assert "Bruno Rey" in site.page.text
    assert "A deleted account" in site.page.text
    assert "deleted.invalid" not in site.page.text
    site.get(f"{log}?person=bruno")
    assert "Bruno Rey" in site.page.text
    assert "A deleted account" not in site.page.text


def found(organization, **chosen):
    return [row.pk for row in activity.entries(organization, ActivityFilter(**chosen))]


def test_each_filter_leaves_what_it_says(anna, bruno, muster):
    first = entry(muster, anna, RENAMED, days=9, detail={"name": "Shop"}, target="product:7").pk
    second = entry(muster, bruno, CHANGED, days=3, ip="198.51.100.4").pk
    third = entry(muster, None, CHANGED, days=1).pk
    today = product_clock.now().date()

    assert found(muster) == [third, second, first]
    assert found(muster, action=RENAMED) == [first]
    assert found(muster, words="shop") == [first]
    assert found(muster, words="product:7 keller") == [first]
    assert found(muster, words="198.51") == [second]
    assert found(muster, words="bruno") == [second]
    assert found(muster, person="Bruno Rey") == [second]
    assert found(muster, person="ANNA@customer") == [first]
    assert found(muster, person="nobody") == []
    assert found(muster, since=today - timedelta(days=3)) == [third, second]
    assert found(muster, until=today - timedelta(days=3)) == [second, first]
    assert found(muster, words="100%") == []


def test_days_are_those_of_the_reader(anna, muster, clock):
    clock.set(datetime(2026, 12, 10, 23, 30, tzinfo=UTC))
    made = entry(muster, anna).pk
    day, next_day = date(2026, 12, 10), date(2026, 12, 11)

    assert found(muster, since=day, until=day, zone="UTC") == [made]
    assert found(muster, since=next_day, zone="UTC") == []
    assert found(muster, since=next_day, until=next_day, zone="Asia/Tokyo") == [made]
    assert found(muster, until=day, zone="Asia/Tokyo") == []


def test_pages_follow_each_other_and_keep_the_filter(site, log, anna, muster):
    for number in range(activity.PAGE + 5):
        entry(muster, anna, detail={"name": f"item-{number:03}"})
    entry(muster, anna, RENAMED, detail={"name": "left out"})

    site.get(f"{log}?action={CHANGED}")
    assert "item-054" in site.page.text
    assert "item-004" not in site.page.text
    site.click("Older")
    assert "item-004" in site.page.text
    assert "item-005" not in site.page.text
    assert "left out" not in site.page.text
    assert f"action={CHANGED}" in site.page.link("Newest").href


def test_faults_of_a_filter_show_nothing_rather_than_everything(site, log, anna, muster):
    entry(muster, anna, detail={"name": "hidden-thing"})
    for query in ("since=yesterday", "action=no.such", "q=" + "x" * 201):
        answer = site.get(f"{log}?{query}")
        assert answer.status_code == 422, query
        assert "hidden-thing" not in site.page.text
        assert (
            "hidden-thing"
            not in site.get(log.replace("activity", "activity.csv") + f"?{query}").text
        )
    for query in ("before=-1", "before=" + "9" * 30, "before=٣", "person=%25"):
        assert site.get(f"{log}?{query}").status_code == 200, query


def test_the_export_is_filtered_and_safe_for_spreadsheets(site, log, anna, muster):
    entry(muster, anna, RENAMED, detail={"name": '=HYPERLINK("x")', "from": "a", "to": "b"})
    entry(muster, anna, CHANGED)

    answer = site.get(f"{log}.csv?action={RENAMED}")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][1:6] == [
        "Anna Keller",
        "anna@customer.example",
        "Product renamed",
        '\'=HYPERLINK("x")',
        "a → b",
    ]


def test_the_export_holds_every_line_in_pieces(anna, muster, monkeypatch):
    monkeypatch.setattr(activity, "CHUNK", 7)
    for _number in range(20):
        entry(muster, anna)

    pieces = list(activity.whole(muster, ActivityFilter()))

    assert [len(piece) for piece in pieces] == [7, 7, 6]
    assert len({row.pk for piece in pieces for row in piece}) == 20


@pytest.mark.parametrize("case", [("owner", 200), ("admin", 200), ("normal", 403), ("client", 403)])
def test_only_those_who_lead_see_it(site, sign_in, bruno, muster, case):
    role, status = case
    join(muster, bruno, role)
    entry(muster, bruno, detail={"name": "secret-thing"})
    look_at(sign_in(site, bruno), muster)
    path = f"/organizations/{muster.public_id}/settings/activity"

    for address in (path, f"{path}.csv"):
        answer = site.get(address)
        assert answer.status_code == status
        assert ("secret-thing" in answer.text) is (status == 200)


def test_a_page_takes_a_fixed_number_of_queries(site, log, anna, muster, make_account):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            site.get(log)
        return len(queries)

    entry(muster, anna)
    asked()
    few = asked()
    for number in range(30):
        person = make_account()
        Membership.objects.filter(account=person).delete()
        entry(muster, person, RENAMED, detail={"name": f"thing {number}"})

    assert asked() == few


def test_the_newest_page_walks_an_index(muster, django_plan):
    plan = django_plan(activity.entries(muster, ActivityFilter())[:50])

    assert "audit_organization" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_an_empty_log_says_so(site, log):
    site.get(log)

    assert "Nothing yet" in site.page.text
