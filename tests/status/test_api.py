"""``/2/events``: filters, languages, and what only staff may ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from status.notices import publish, update

from hospes.foundation import clock as product_clock
from hospes.kit.origin import SYSTEM
from hospes.status.models import StatusEvent
from hospes.status.services.removal import delete_event
from support.api import Api, data, error, faults
from support.organizations import make_organization


@pytest.fixture
def account(make_account):
    return make_account("anna@customer.example", locale="fr")


@pytest.fixture
def api(account):
    """Return a client with a token of no scope at all."""
    return Api(account)


@pytest.fixture
def robin(make_account):
    return make_account("robin@provider.example", is_staff=True)


@pytest.fixture
def gone(robin):
    event = publish("Typed by mistake")
    return delete_event(event.pk, version=1, acting_account=robin, origin=SYSTEM)


def titles(response):
    return [each["title"] for each in data(response)]


def test_any_living_token_reads_and_nobody_else(api):
    publish()

    assert titles(api.get("/2/events")) == ["Mail is late"]
    assert error(Api(None).get("/2/events")) == (401, "not_authorized")
    assert error(Api(None).get("/2/events/1")) == (401, "not_authorized")
    assert titles(api.get("/events")) == ["Mail is late"]
    assert error(api.get("/1/events"))[1] == "method_not_found"


def test_an_event_says_everything(api):
    now = product_clock.now()
    event = publish(
        titles={"en": "Mail is late", "fr": "E-mails en retard"},
        descriptions={"en": "More."},
        services=("Mail",),
        is_cyberattack=True,
        ends_at=now + timedelta(hours=1),
    )
    update(event, "monitored", "We wait.")
    event.refresh_from_db()

    found = data(api.get(f"/2/events/{event.pk}", **{"with": "updates"}))

    said = found.pop("updates")
    assert found == {
        "id": event.pk,
        "event_type": "incident",
        "status": "monitored",
        "is_cyberattack": True,
        "is_auto": False,
        "title": "E-mails en retard",
        "description": "More.",
        "locale": "fr",
        "services": ["Mail"],
        "starts_at": int(event.starts_at.timestamp()),
        "ends_at": int(event.ends_at.timestamp()),
        "url": f"https://hospes.test/status/{event.pk}",
        "created_at": int(event.created_at.timestamp()),
        "updated_at": int(event.updated_at.timestamp()),
        "deleted_at": None,
    }
    at = int(event.updates.get().at.timestamp())
    assert said == [{"at": at, "status": "monitored", "text": "We wait.", "locale": "en"}]
    assert "updates" not in data(api.get(f"/2/events/{event.pk}"))


@pytest.mark.parametrize(
    ("asked", "title"),
    [({}, "fr"), ({"locale": "de"}, "de"), ({"locale": "de_DE"}, "de"), ({"locale": "it"}, "en")],
)
def test_texts_come_in_the_language_asked_for(api, asked, title):
    event = publish(titles={"en": "en", "fr": "fr", "de": "de"})

    assert titles(api.get("/2/events", **asked)) == [title]
    found = data(api.get(f"/2/events/{event.pk}", **asked))
    assert (found["title"], found["locale"]) == (title, title)
    assert error(api.get("/2/events", locale="pt")) == (422, "validation_failed")


def test_each_filter_narrows(api):
    now = product_clock.now()
    day = timedelta(days=1)
    publish("Attack", is_cyberattack=True)
    publish("Old", status="resolved", starts_at=now - 9 * day, ends_at=now - 8 * day)
    publish("Plan", "maintenance", ends_at=now + 3 * day)
    publish("Robot", is_automatic=True)
    update(publish("Quiet"), "cancelled")

    def found(**words):
        return set(titles(api.get("/2/events", **words)))

    people = {"Attack", "Old", "Plan", "Quiet"}
    assert found() == people
    assert found(show_auto="false") == people
    assert found(show_auto="true") == people | {"Robot"}
    assert found(event_type="maintenance") == {"Plan"}
    assert found(event_types="incident,maintenance") == people
    assert found(event_types="maintenance", event_type="incident") == set()
    assert found(is_cyberattack="1") == {"Attack"}
    assert found(is_cyberattack="0") == people - {"Attack"}
    assert found(status="resolved") == {"Old"}
    assert found(status="ongoing,planned") == {"Attack", "Plan"}
    seconds = int(now.timestamp())
    week = 7 * 86400
    assert found(date_from=seconds - week) == people - {"Old"}
    assert found(date_to=seconds - week) == {"Old"}
    # It began before and ended after: it went on meanwhile.
    meanwhile = seconds - 8 * 86400 - 3600
    assert found(date_from=meanwhile, date_to=meanwhile) == {"Old"}
    assert found(date_from=seconds + 86400) == {"Attack", "Plan"}
    assert found(date_from=seconds + 4 * 86400, date_to=seconds + 4 * 86400) == {"Attack"}


def test_what_cannot_be_read_is_told_all_at_once(api):
    answer = api.get(
        "/2/events",
        event_type="party",
        status="lost",
        date_from="yesterday",
        is_cyberattack="maybe",
        colour="red",
    )

    assert error(answer) == (422, "validation_failed")
    assert {attribute for attribute, _code in faults(answer)} == {
        *("event_type", "status", "date_from", "is_cyberattack", "colour")
    }


def test_lists_are_paged_newest_first(api):
    now = product_clock.now()
    for number in range(5):
        publish(str(number), starts_at=now - timedelta(hours=number))

    assert titles(api.get("/2/events", per_page=2, page=2)) == ["2", "3"]
    assert data(api.get("/2/events", **{"return": "total"})) == 5
    first = api.get("/2/events", limit=3).json()
    rest = api.get("/2/events", limit=3, cursor=first["cursor"])
    assert titles(rest) == ["3", "4"]
    assert titles(api.get("/2/events", order_by="starts_at", order="asc"))[0] == "4"


def test_a_list_takes_the_same_few_queries_however_long(api):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(connection) as asked:
            data(api.get("/2/events", **{"with": "updates"}))
        return len(asked)

    update(publish(), "ongoing", "One.")
    count()  # The provider's numbers are read once in a while.
    few = count()
    for _ in range(5):
        update(publish(), "ongoing", "One.")

    assert count() == few == 3


@pytest.mark.parametrize("number", [0, 999999, 2**63 - 1, 2**63])
def test_what_is_not_there_is_not_found(api, number):
    publish()

    assert api.get(f"/2/events/{number}").status_code == 404


# ---- staff -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [{"user_id": 1}, {"with_trashed": "true"}])
def test_words_of_staff_are_refused_to_others(api, robin, account, gone, words):
    limited = Api(robin, organization_id=make_organization(robin, "Alpen").pk)
    before = list(StatusEvent.objects.values())

    for client in (api, limited):
        assert error(client.get("/2/events", **words)) == (403, "access_denied")
    trashed = {"with_trashed": "1"}
    assert error(api.get(f"/2/events/{gone.pk}", **trashed)) == (403, "access_denied")
    assert list(StatusEvent.objects.values()) == before


def test_nobody_sees_what_was_deleted_unless_staff_ask(api, robin, gone):
    staff = Api(robin)

    assert titles(api.get("/2/events")) == []
    assert titles(api.get("/2/events", with_trashed="false")) == []
    assert api.get(f"/2/events/{gone.pk}").status_code == 404
    assert titles(staff.get("/2/events")) == []
    assert staff.get(f"/2/events/{gone.pk}").status_code == 404
    (found,) = data(staff.get("/2/events", with_trashed="true"))
    assert found["deleted_at"] == int(gone.deleted_at.timestamp())
    assert data(staff.get(f"/2/events/{gone.pk}", with_trashed="1"))["title"] == "Typed by mistake"


def test_staff_find_what_one_of_them_published(robin, make_account):
    publish("Robin's", by=robin)
    publish("Eva's", by=make_account("eva@provider.example", is_staff=True))

    assert titles(Api(robin).get("/2/events", user_id=robin.pk)) == ["Robin's"]
