"""The sign-in log of an application: what is written, who reads it, and what it shows of whom."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.connect.domain import events
from hospes.connect.models import ApplicationEvent, Consent, RedirectUri
from hospes.connect.services.events import record
from hospes.connect.services.purge import purge
from hospes.connect.web.event_words import DIFFERENCES, LABELS
from hospes.foundation import clock as product_clock
from hospes.kit.origin import SYSTEM
from support.authorizing import authorize_url


def log_of(application, query=""):
    return f"/auth/applications/{application.client_id}/log{query}"


@pytest.fixture
def owners(site, owner, sign_in):
    """Return a browser in which the application's owner is signed in."""
    browser = site.another_browser()
    sign_in(browser, owner)
    return browser


def happened():
    return list(ApplicationEvent.objects.order_by("pk").values_list("kind", flat=True))


def sign_in_to(site, application, **changes):
    site.get(authorize_url(application, **changes))
    return site.submit({}, button="Allow")


def test_a_sign_in_is_logged_with_who_and_from_where(site, anna, application, owners):
    assert happened() == []
    assert sign_in_to(site, application).status_code == 303
    event = ApplicationEvent.objects.get()
    assert (event.kind, event.account_id, event.address) == ("signed_in", anna.pk, "192.0.2.10")
    owners.get(log_of(application))
    assert "Signed in" in owners.page.text
    assert "anna@customer.example" in owners.page.text


@pytest.mark.parametrize(
    "expected",
    [
        ("openid", False, False),
        ("openid profile", True, False),
        ("openid email", False, True),
    ],
)
def test_the_owner_sees_of_a_person_what_was_shared(site, anna, application, owners, expected):
    scope, name, email = expected
    sign_in_to(site, application, scope=scope)
    told = []
    owners.get(log_of(application))
    told.append(owners.page.text)
    told.append(owners.get(log_of(application, ".csv")).text)
    for text in told:
        assert (anna.name in text) is name
        assert (anna.email in text) is email
    assert (anna.public_id in told[0]) is not (name or email)
    owners.get(log_of(application, f"?q={anna.email}"))
    assert ("Nothing found" in owners.page.text) is not email


def test_who_took_the_consent_back_is_named_no_longer(site, anna, application, owners):
    sign_in_to(site, application)
    site.get(f"/settings/applications/{application.client_id}/remove")
    site.submit({}, action="/remove")
    assert not Consent.objects.exists()
    assert happened() == ["signed_in", "tokens_revoked"]
    owners.get(log_of(application))
    assert "The person took the consent back." in owners.page.text
    assert anna.email not in owners.page.text
    assert anna.name not in owners.page.text
    assert anna.public_id in owners.page.text


def test_a_refused_consent_names_nobody(site, anna, application, owners):
    site.get(authorize_url(application))
    site.submit({}, button="Cancel")
    event = ApplicationEvent.objects.get()
    assert (event.kind, event.account) == ("consent_refused", None)
    owners.get(log_of(application))
    assert anna.public_id not in owners.page.text


def test_a_refused_request_tells_the_owner_why(site, anna, application, owners):
    site.get(authorize_url(application, response_type="token"))
    event = ApplicationEvent.objects.get()
    assert event.kind == "request_refused"
    owners.get(log_of(application))
    assert "unsupported_response_type: response_type must be code" in owners.page.text


def test_the_answer_to_prompt_none_is_no_fault(site, application):
    site.get(authorize_url(application, prompt="none"))
    assert "login_required" in site.response.headers["location"]
    assert happened() == []


def test_a_mismatch_tells_the_visitor_nothing_and_the_owner_everything(site, application, owners):
    received = "http://shop.example/callback"
    assert site.get(authorize_url(application, redirect_uri=received)).status_code == 400
    assert "https://shop.example/callback" not in site.page.html
    event = ApplicationEvent.objects.get()
    assert event.kind == "redirect_mismatch"
    assert event.detail == {"received": received, "registered": "https://shop.example/callback"}
    owners.get(log_of(application))
    assert "It begins with http instead of https." in owners.page.text
    # What is missing in the one is marked in the other.
    marks = [each.text for each in owners.page.all("mark")]
    assert marks == ["nothing here", "s"]


def test_the_address_of_a_mismatch_is_added_by_the_form_and_not_before(site, application, owners):
    received = "https://shop.example/callback/"
    site.get(authorize_url(application, redirect_uri=received))
    owners.get(log_of(application))
    owners.click("Add this address")
    assert "Is this address yours?" in owners.page.text
    assert RedirectUri.objects.count() == 1
    assert owners.submit({}, button="Save").status_code == 302
    assert set(RedirectUri.objects.values_list("uri", flat=True)) == {
        "https://shop.example/callback",
        received,
    }


def test_an_event_of_another_application_fills_in_nothing(site, register, owners):
    mine, other = register().application, register(name="Wiki").application
    site.get(authorize_url(other, redirect_uri="https://elsewhere.example/"))
    event = ApplicationEvent.objects.get()
    owners.get(f"/auth/applications/{mine.client_id}/edit?event={event.pk}")
    assert "elsewhere.example" not in owners.page.html


@pytest.mark.parametrize("mark", ["x", "9" * 30, "-1", "٣"])
def test_a_damaged_mark_is_none(application, owners, mark):
    for part in (f"log?before={mark}", f"edit?event={mark}"):
        url = f"/auth/applications/{application.client_id}/{part}"
        assert owners.get(url).status_code == 200


def test_what_a_stranger_sends_is_shown_as_text(site, application, owners):
    site.get(authorize_url(application, redirect_uri="https://x.example/<b id='evil'>\t"))
    owners.get(log_of(application))
    assert owners.page.by_id("evil") is None
    assert "<b id='evil'>" in owners.page.text
    assert "\t" not in ApplicationEvent.objects.get().detail["received"]


def test_a_flood_leaves_a_bounded_number_of_rows(site, register, clock):
    application, other = register().application, register(name="Wiki").application
    clock.move(timedelta(seconds=60 - product_clock.timestamp() % 60))
    for _ in range(events.REFUSALS_KEPT_PER_MINUTE + 25):
        site.get(authorize_url(application, redirect_uri="https://elsewhere.example/"))
    kinds = happened()
    assert kinds.count("redirect_mismatch") == events.REFUSALS_KEPT_PER_MINUTE
    assert kinds.count("not_kept") == 1
    assert ApplicationEvent.objects.get(kind="not_kept").detail == {"count": 20}
    # Neither another application nor what is no refusal suffers by it.
    site.get(authorize_url(other, redirect_uri="https://elsewhere.example/"))
    assert ApplicationEvent.objects.filter(application=other).count() == 1
    assert record(events.SIGNED_IN, application_id=application.pk, origin=SYSTEM) is not None
    clock.move(timedelta(seconds=61))
    site.get(authorize_url(application, redirect_uri="https://elsewhere.example/"))
    assert happened()[-1] == "redirect_mismatch"


def test_the_log_is_filtered_by_kind_and_words(site, application, owners):
    site.get(authorize_url(application, redirect_uri="https://elsewhere.example/"))
    site.get(authorize_url(application, response_type="token"))
    owners.get(log_of(application, "?kind=request_refused"))
    assert "unsupported_response_type" in owners.page.text
    assert "elsewhere.example" not in owners.page.text
    owners.get(log_of(application, "?q=ELSEWHERE"))
    assert "elsewhere.example" in owners.page.text
    assert "unsupported_response_type" not in owners.page.text
    owners.get(log_of(application, "?q=nothing-like-it"))
    assert "Nothing found" in owners.page.text
    owners.get(log_of(application, "?q=192.0.2.10"))
    assert len(owners.page.all("tr")) == 3


def test_pages_follow_each_other_with_as_many_queries(application, owners, anna):
    def add(count):
        ApplicationEvent.objects.bulk_create(
            ApplicationEvent(application=application, at=number, kind="signed_in", account=anna)
            for number in range(count)
        )

    add(1)
    with CaptureQueriesContext(connection) as one:
        owners.get(log_of(application))
    add(54)
    with CaptureQueriesContext(connection) as many:
        owners.get(log_of(application))
    assert len(one) == len(many)
    assert len(owners.page.all("tr")) == 51
    owners.click("Older")
    assert len(owners.page.all("tr")) == 6
    owners.click("Newest")
    assert len(owners.page.all("tr")) == 51


def test_the_export_holds_the_whole_log_and_no_formula(site, application, owners, monkeypatch):
    monkeypatch.setattr("hospes.connect.queries.LOG_CHUNK", 2)
    site.get(authorize_url(application, redirect_uri="=1+1;=2"))
    for _ in range(4):
        site.get(authorize_url(application, response_type="token"))
    response = owners.get(log_of(application, ".csv"))
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["request_refused"] * 4 + ["redirect_mismatch"]
    assert rows[-1][8] == "'=1+1;'=2"
    only = owners.get(log_of(application, ".csv?kind=redirect_mismatch"))
    assert len(list(csv.reader(io.StringIO(only.text)))) == 2


def test_an_empty_log_says_what_will_stand_there(application, owners):
    owners.get(f"/auth/applications/{application.client_id}")
    owners.click("Sign-in log")
    assert "Nothing yet" in owners.page.text


def test_another_organizations_log_does_not_exist(site, anna, application):
    record(events.SIGNED_IN, application_id=application.pk, origin=SYSTEM)
    for part in ("", ".csv"):
        response = site.get(log_of(application, part))
        assert response.status_code == 404
        assert "signed_in" not in response.text
    visitor = site.another_browser()
    assert visitor.get(log_of(application)).status_code == 302
    assert visitor.location.startswith("/sign-in")


def test_old_lines_are_purged_and_newer_ones_stay(application, clock):
    record(events.SIGNED_IN, application_id=application.pk, origin=SYSTEM)
    clock.move(timedelta(days=2))
    record(events.CONSENT_REFUSED, application_id=application.pk, origin=SYSTEM)
    clock.move(timedelta(days=89))
    assert purge() == 1
    assert happened() == ["consent_refused"]


def test_what_the_hot_plane_writes_is_told_in_words(application, owners):
    for kind, detail in (
        (events.TOKENS_REVOKED, {"what": "grant"}),
        (events.TOKENS_REVOKED, {"what": "token"}),
        (events.TOKEN_REFUSED, {"error": "invalid_grant", "reason": "the code has expired"}),
        (events.REUSE_DETECTED, {"error": "invalid_grant", "reason": "used before"}),
    ):
        record(kind, application_id=application.pk, origin=SYSTEM, detail=detail)
    owners.get(log_of(application))
    for words in (
        "The application asked for it.",
        "The tokens of this sign-in work no longer.",
        "One token of this sign-in works no longer.",
        "invalid_grant: the code has expired",
        "everything that came of this sign-in has ended",
    ):
        assert words in owners.page.text


def test_every_kind_and_every_difference_has_words():
    from hospes.connect.domain import differences

    assert set(LABELS) == set(events.KINDS)
    assert set(DIFFERENCES) == set(differences.CODES)
