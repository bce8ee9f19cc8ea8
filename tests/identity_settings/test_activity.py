from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation.services import audit
from hospes.identity.services.actions import LABELS as SIGN_IN_LABELS
from hospes.identity.services.activity import SENTENCES
from hospes.identity.services.settings_actions import LABELS
from hospes.kit.origin import Origin

PAGE = "/settings/activity"
ORIGIN = Origin(ip="192.0.2.77", user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/145.0")


def note(account, action="identity.password_confirmed", count=1, **detail):
    for _ in range(count):
        audit.record(action, actor=account.pk, subject=account.pk, origin=ORIGIN, detail=detail)


def rows(site):
    return len(site.page.all("li", class_="entry"))


def test_what_happened_is_told_in_sentences(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    note(account, "identity.email_changed", old_email="a…@a.example", email="n…@b.example")
    site.get(PAGE)
    assert "changed from a…@a.example to n…@b.example" in site.page.text
    assert "192.0.2.77" in site.page.text
    assert "Firefox on Windows" in site.page.text


def test_an_entry_without_particulars_and_an_unknown_action_are_shown(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    note(account, "identity.email_changed")
    note(account, "elsewhere.something_new")
    assert site.get(PAGE).status_code == 200
    assert rows(site) == 2


def test_nobody_sees_another_accounts_log(site, make_account, sign_in):
    sign_in(site, make_account())
    note(make_account())
    site.get(PAGE)
    assert "Nothing yet" in site.page.text
    lines = list(csv.reader(io.StringIO(site.get("/settings/activity.csv").text)))
    assert len(lines) == 1


def test_the_log_is_paged_with_one_query_a_page(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    note(account, count=3)
    site.get(PAGE)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            site.get(PAGE)
        return len(seen)

    few = queries()
    note(account, count=57)
    assert queries() == few
    assert rows(site) == 25
    site.click("Older")
    assert rows(site) == 25
    site.click("Older")
    assert rows(site) == 10
    assert not any(link.text == "Older" for link in site.page.links)
    site.click("Newest")
    assert rows(site) == 25


def test_kind_and_days_filter(site, make_account, sign_in, clock):
    account = make_account(timezone="Europe/Zurich")
    sign_in(site, account)
    note(account, "identity.password_changed")
    note(account, "elsewhere.something_new")
    clock.move(timedelta(days=3))
    note(account, "identity.picture_changed", count=2)
    for kind, count in (("password", 1), ("profile", 2), ("other", 1), ("", 4), ("data", 0)):
        site.get(f"{PAGE}?kind={kind}")
        assert rows(site) == count
    today = f"{clock.now():%Y-%m-%d}"
    site.get(f"{PAGE}?since={today}")
    assert rows(site) == 2
    site.get(f"{PAGE}?until={today}&kind=password")
    assert rows(site) == 1
    content = site.get(f"/settings/activity.csv?kind=profile&since={today}").text
    assert content.count("identity.picture_changed") == 2


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "since=yesterday",
        "until=9999-12-31",
        "since=0001-01-01",
        "before=x",
        "before=" + "9" * 40,
        "before=-1",
        "before=²",
        "kind=password&kind=data",
    ],
)
def test_a_filter_that_cannot_be_read_breaks_nothing(site, make_account, sign_in, query):
    sign_in(site, make_account())
    assert site.get(f"{PAGE}?{query}").status_code == 200
    assert site.get(f"/settings/activity.csv?{query}").status_code == 200


def test_the_log_is_exported_as_csv(site, make_account, sign_in):
    account = make_account(timezone="Europe/Zurich")
    sign_in(site, account)
    note(account, count=3)
    response = site.get("/settings/activity.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="activity-' in response.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0] == ["Time", "What happened", "Device", "IP address", "Event"]
    assert len(lines) == 4
    assert lines[1][4] == "identity.password_confirmed"


def test_a_spreadsheet_runs_nothing_of_it(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    audit.record(
        "=cmd",
        actor=account.pk,
        subject=account.pk,
        origin=Origin(ip="=1+1", user_agent=""),
    )
    lines = list(csv.reader(io.StringIO(site.get("/settings/activity.csv").text)))
    assert lines[1][1] == "'=cmd"
    assert lines[1][3] == "'=1+1"


def test_every_action_of_this_room_has_its_sentence():
    missing = {*LABELS, *SIGN_IN_LABELS} - set(SENTENCES)
    assert not {action for action in missing if not action.startswith("identity.sign_up")}
