"""The pages of those who write the events."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from status.notices import publish, update

from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.status.models import StatusEvent, StatusUpdate

PAGES = ("", "/edit", "/update", "/delete")


def rows():
    return (
        list(StatusEvent.objects.order_by("pk").values()),
        list(StatusUpdate.objects.order_by("pk").values()),
        AuditEntry.objects.filter(action__startswith="status.").count(),
        OutboxEvent.objects.filter(name__startswith="status.").count(),
    )


def last_act():
    return AuditEntry.objects.filter(action__startswith="status.").order_by("-id").first()


# ---- who gets in -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "customer"])
def test_nobody_else_gets_in_and_nothing_changes(site, customer, who):
    browser = site if who == "customer" else site.another_browser()
    browser.get("/")
    event = publish()
    before = rows()
    sent = {
        "title_en": "X",
        "text_en": "X",
        "status": "resolved",
        "version": "1",
        "kind": "incident",
    }

    for url in ("/staff/status", "/staff/status.csv", "/staff/status/new"):
        assert browser.get(url).status_code == 404
        assert browser.post(url, sent).status_code in {404, 405}
    for page in (*PAGES, "/restore"):
        url = f"/staff/status/{event.pk}{page}"
        assert browser.get(url).status_code in {404, 405}
        assert browser.post(url, sent).status_code in {404, 405}
    assert rows() == before
    assert "/staff/status" not in {link.href for link in browser.page.links}


def test_forms_without_their_token_change_nothing(site, staff):
    event = publish()
    before = rows()

    for page in (*PAGES, "/restore"):
        answer = site.post(f"/staff/status/{event.pk}{page}", {"version": "1"}, csrf=False)
        assert answer.status_code in {403, 405}
    assert rows() == before


# ---- the list --------------------------------------------------------------------------------


def test_an_empty_list_says_what_would_be_there(site, staff):
    site.get("/staff/status")

    assert "No event yet" in site.page.text
    assert "/staff/status/new" in {link.href for link in site.page.links}


def test_the_list_is_filtered_and_searched(site, staff):
    publish("Mail is late", titles={"en": "Mail is late", "de": "Post verspätet ÜBERALL"})
    publish("Switches", "maintenance", services=("Réseau",))
    update(publish("Disk full"), "resolved")
    gone = publish("Typed wrong")
    site.post(f"/staff/status/{gone.pk}/delete", {"version": "1"})

    def found(query):
        site.get(f"/staff/status?{query}")
        return {
            name
            for name in ("Mail is late", "Switches", "Disk full", "Typed wrong")
            if name in site.page.text
        }

    assert found("") == {"Mail is late", "Switches", "Disk full"}
    assert found("q=überall") == {"Mail is late"}
    assert found("q=RÉSEAU") == {"Switches"}
    assert found("q=late+mail") == {"Mail is late"}
    assert found("q=%25") == set()
    assert "Nothing found" in site.page.text
    assert found("kind=maintenance") == {"Switches"}
    assert found("status=resolved") == {"Disk full"}
    assert found("status=deleted") == {"Typed wrong"}
    assert found("status=nonsense") == set()


def test_the_list_is_exported_as_it_is_filtered(site, staff):
    publish("=HYPERLINK(1)")
    publish("Switches", "maintenance")

    answer = site.get("/staff/status.csv?kind=incident")

    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [line["title_en"] for line in lines] == ["'=HYPERLINK(1)"]
    assert lines[0]["kind"] == "incident"
    assert site.get("/staff/status.csv?kind=nonsense").status_code == 302


def test_the_list_takes_the_same_few_queries_and_pages(site, staff, queries_of):
    for number in range(3):
        publish(f"Event {number}")
    few = queries_of(site, "/staff/status")
    for number in range(60):
        publish(f"Other {number}")

    assert queries_of(site, "/staff/status") == few
    assert "Page 1 of 2" in site.page.text
    site.get("/staff/status?page=2")
    assert "Page 2 of 2" in site.page.text
    assert site.get("/staff/status?page=9999999999999999999").status_code == 200


# ---- writing ---------------------------------------------------------------------------------


def test_an_event_is_previewed_in_five_languages_and_then_published(site, staff):
    site.get("/staff/status")
    site.click("Report an incident")
    texts = {
        "title_en": "Mail is late",
        "title_de": "E-Mails verspätet",
        "description_en": "We look.",
        "services": "Mail, Web hosting,,Mail",
        "is_cyberattack": "on",
    }
    answer = site.submit(texts, button="Preview")

    assert answer.status_code == 200
    assert not StatusEvent.objects.exists()
    assert "Preview; nothing is published yet" in site.page.text
    shown = [each.text for each in site.page.all("h3")]
    assert shown.count("Mail is late") == 4
    assert shown.count("E-Mails verspätet") == 1
    # What was typed is still there.
    site.submit(button="Publish", follow=True)

    event = StatusEvent.objects.get()
    assert site.url == f"/staff/status/{event.pk}"
    assert "The event is on the status page." in site.page.text
    assert (event.kind, event.status, event.is_cyberattack) == ("incident", "ongoing", True)
    assert event.titles == {"en": "Mail is late", "de": "E-Mails verspätet"}
    assert event.services == ["Mail", "Web hosting"]
    assert event.opened_by_account_id == staff.pk
    assert not event.is_automatic
    entry = last_act()
    assert entry.action == "status.event_opened"
    assert (entry.actor_account_id, entry.ip) == (staff.pk, "192.0.2.10")


def test_the_same_form_publishes_once(site, staff):
    site.get("/staff/status/new?kind=incident")
    form = dict(site.page.form(button="Publish").fields)
    form["title_en"] = "Mail is late"

    for _ in range(2):
        site.post("/staff/status/new", form)
        assert site.response.status_code == 302

    assert StatusEvent.objects.count() == 1


def test_maintenance_is_planned_in_ones_own_time_zone(site, make_account, sign_in):
    account = make_account("eva@provider.example", is_staff=True, timezone="America/New_York")
    sign_in(site, account)
    site.get("/staff/status/new?kind=maintenance")
    year = product_clock.now().year + 1

    site.submit(
        {
            "title_en": "Switches",
            "starts_at": f"{year}-01-15T22:00",
            "ends_at": f"{year}-01-16T02:00",
        },
        button="Publish",
        follow=True,
    )

    event = StatusEvent.objects.get()
    assert (event.kind, event.status) == ("maintenance", "planned")
    assert event.starts_at.isoformat() == f"{year}-01-16T03:00:00+00:00"
    assert event.ends_at - event.starts_at == timedelta(hours=4)


def test_all_faults_are_told_at_once_and_nothing_is_published(site, staff):
    site.get("/staff/status/new")
    answer = site.submit(
        {
            "kind": "maintenance",
            "status": "planned",
            "starts_at": "2020-01-01T10:00",
            "ends_at": "2019-01-01T10:00",
            "is_cyberattack": "on",
            "description_fr": "Texte",
            "title_de": "x" * 201,
        },
        button="Publish",
    )

    assert answer.status_code == 422
    assert "later than now" in site.page.errors("starts_at")
    assert "after the beginning" in site.page.errors("ends_at")
    assert "no attack" in site.page.errors("is_cyberattack")
    assert "at most 200" in site.page.errors("title_de")
    assert "title in this language" in site.page.errors("title_fr")
    assert site.page.form(button="Publish").fields["description_fr"] == "Texte"
    assert not StatusEvent.objects.exists()

    site.get("/staff/status/new")
    site.submit({"kind": "incident"}, button="Publish")
    assert "Write a title in at least one language." in site.page.text
    assert not StatusEvent.objects.exists()


def test_an_event_is_changed_and_seconds_stay(site, staff):
    event = publish()
    site.get(f"/staff/status/{event.pk}/edit")
    site.submit({"title_it": "La posta è in ritardo"}, button="Save changes", follow=True)

    stored = StatusEvent.objects.get()
    assert stored.titles == {"en": "Mail is late", "it": "La posta è in ritardo"}
    assert stored.starts_at == event.starts_at
    assert last_act().detail["changed"] == ["titles"]


def test_of_two_editors_the_later_one_is_told_and_keeps_what_was_typed(
    site, staff, make_account, sign_in
):
    event = publish()
    other = site.another_browser()
    sign_in(other, make_account("eva@provider.example", is_staff=True))
    url = f"/staff/status/{event.pk}/edit"
    site.get(url)
    other.get(url)
    other.submit({"title_en": "Mail is very late"}, button="Save changes")
    assert other.response.status_code == 302
    before = rows()

    answer = site.submit({"title_en": "Mail is somewhat late"}, button="Save changes")

    assert answer.status_code == 422
    assert "Somebody else changed this event meanwhile" in site.page.text
    assert "Mail is very late" in site.page.text
    assert site.page.form(button="Save").fields["title_en"] == "Mail is somewhat late"
    assert rows() == before

    site.submit(button="Save changes", follow=True)
    assert StatusEvent.objects.get().titles == {"en": "Mail is somewhat late"}


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_a_form_without_its_version_changes_nothing(site, staff, version):
    event = publish()
    before = rows()
    sent = {
        "version": version,
        "title_en": "X",
        "starts_at": "2020-01-01T10:00",
        "status": "resolved",
    }

    for page in PAGES[1:]:
        assert site.post(f"/staff/status/{event.pk}{page}", sent).status_code == 422
    assert rows() == before


# ---- updates, deleting -----------------------------------------------------------------------


def test_an_update_is_previewed_and_published_and_moves_the_event(site, staff):
    event = publish()
    site.get(f"/staff/status/{event.pk}")
    site.click("Resolved")
    assert site.page.form(button="Publish").fields["status"] == "resolved"
    assert set(site.page.form(button="Publish").choices["status"]) == {
        *("ongoing", "monitored", "resolved", "cancelled")
    }
    site.submit({"text_en": "All is well.", "text_es": "Todo bien."}, button="Preview")
    assert "Todo bien." in site.page.text
    assert not StatusUpdate.objects.exists()
    site.submit(button="Publish", follow=True)

    assert "The update is on the status page." in site.page.text
    stored = StatusUpdate.objects.get()
    assert (stored.status, stored.texts) == ("resolved", {"en": "All is well.", "es": "Todo bien."})
    assert StatusEvent.objects.get().status == "resolved"
    assert last_act().actor_account_id == staff.pk
    visitor = site.another_browser(language="es")
    visitor.get(f"/status/{event.pk}")
    assert "Todo bien." in visitor.page.text


def test_an_update_on_top_of_anothers_is_told_and_kept(site, staff):
    event = publish()
    site.get(f"/staff/status/{event.pk}/update?status=monitored")
    update(event, "resolved", "Over.")
    before = rows()

    answer = site.submit({"text_en": "We watch it."}, button="Publish")

    # It cannot go there from where it is now; what was typed is still there.
    assert answer.status_code == 422
    assert "cannot go there" in site.page.errors("status")
    assert site.page.form(button="Publish").fields["text_en"] == "We watch it."
    assert rows() == before
    answer = site.submit({"status": "resolved"}, button="Publish")
    assert answer.status_code == 422
    assert "Somebody else changed this event meanwhile" in site.page.text
    assert rows() == before
    site.submit(button="Publish", follow=True)
    assert StatusUpdate.objects.filter(texts__en="We watch it.").exists()


def test_an_event_is_deleted_after_a_warning_and_brought_back(site, staff):
    event = publish()
    site.get(f"/staff/status/{event.pk}/delete")
    assert "You can bring it back." in site.page.text
    assert StatusEvent.objects.get().deleted_at is None
    site.submit(button="Delete", follow=True)

    assert "This event was deleted" in site.page.text
    assert site.another_browser().get(f"/status/{event.pk}").status_code == 404
    for page in PAGES[1:]:
        assert site.get(f"/staff/status/{event.pk}{page}").status_code == 404
    site.get(f"/staff/status/{event.pk}")
    site.submit(button="Bring it back", follow=True)

    assert "The event is on the status page again." in site.page.text
    assert site.another_browser().get(f"/status/{event.pk}").status_code == 200
    assert last_act().action == "status.event_restored"


def test_what_changed_meanwhile_is_not_deleted(site, staff):
    event = publish()
    site.get(f"/staff/status/{event.pk}/delete")
    update(event, "monitored")

    answer = site.submit(button="Delete")

    assert answer.status_code == 422
    assert "it was not deleted" in site.page.text
    assert StatusEvent.objects.get().deleted_at is None


def test_the_audit_log_names_every_act(site, staff):
    event = publish()
    site.post(f"/staff/status/{event.pk}/delete", {"version": "1"})
    site.get("/staff/audit")

    assert "Status event published" in site.page.text
    assert "Status event deleted" in site.page.text
