"""The page that everybody reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from status.notices import publish, update

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.kit.origin import SYSTEM
from hospes.status.models import StatusEvent
from hospes.status.queries import going_on
from hospes.status.services.removal import delete_event


def set_number(key, value):
    NumberSetting.objects.update_or_create(
        key=key, defaults={"value": value, "updated_at": product_clock.now()}
    )
    numbers.forget()


def past(title, days, **values):
    now = product_clock.now()
    begun = now - timedelta(days=days)
    return publish(
        title,
        status="resolved",
        starts_at=begun,
        ends_at=min(now, begun + timedelta(hours=1)),
        **values,
    )


def delete(event, make_account):
    delete_event(
        event.pk,
        version=event.version,
        acting_account=make_account(is_staff=True),
        origin=SYSTEM,
    )


def test_without_events_all_works(site):
    assert site.get("/status").status_code == 200

    assert "All services work." in site.page.text
    assert "Nothing has happened yet" in site.page.text
    assert site.page.title.startswith("Status of our services")


def test_the_sentence_at_the_top_counts_what_goes_on(site):
    publish("Switches", "maintenance")
    site.get("/status")
    assert "All services work." in site.page.text

    begun = publish("Routers", "maintenance", status="ongoing", starts_at=product_clock.now())
    site.get("/status")
    assert "1 maintenance is under way; everything else works." in site.page.text

    publish("Mail is late")
    site.get("/status")
    assert "1 incident is going on." in site.page.text

    update(publish("Web is slow"), "monitored")
    update(begun, "resolved")
    site.get("/status")
    assert "2 incidents are going on." in site.page.text


def test_each_event_stands_where_it_belongs(site, make_account):
    publish("Mail is late", services=("Mail", "Web"), is_cyberattack=True, form_key="x" * 20)
    publish("Switches", "maintenance")
    past("Disk was full", 3)
    update(publish("False alarm"), "cancelled")
    delete(publish("Typed by mistake"), make_account)

    html = site.get("/status").text

    now, planned, history = (
        html.index(f'id="status-{part}"') for part in ("now", "planned", "history")
    )
    assert now < html.index("Mail is late") < planned
    assert planned < html.index("Switches") < history
    assert history < html.index("Disk was full")
    assert history < html.index("False alarm")
    assert "Typed by mistake" not in html
    assert "Mail, Web" in site.page.text
    assert "Cyberattack" in site.page.text


def test_texts_are_never_markup(site):
    event = publish("<b>Mail</b>", descriptions={"en": "<script>alert(1)</script>\n\nhttp://x.y"})
    update(event, "ongoing", "<img src=x>")

    for url in ("/status", f"/status/{event.pk}"):
        html = site.get(url).text
        assert "<b>Mail" not in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;b&gt;Mail" in html


def test_an_event_has_its_own_page_in_the_visitors_language(site):
    event = publish(titles={"en": "Mail is late", "de": "E-Mails verspätet"})
    update(event, "monitored", "We wait.", de="Wir warten.")
    german = site.another_browser(language="de")
    spanish = site.another_browser(language="es")

    assert german.get(f"/status/{event.pk}").status_code == 200
    assert german.page.heading == "E-Mails verspätet"
    assert "Wir warten." in german.page.text
    assert german.page.language == "de"
    assert not german.page.all("span", lang="de")
    spanish.get(f"/status/{event.pk}")
    assert spanish.page.heading == "Mail is late"
    assert [each.text for each in spanish.page.all("span", lang="en")] == ["Mail is late"] * 1


def test_times_are_those_of_whoever_is_signed_in(site, make_account, sign_in):
    begun = product_clock.now().replace(month=1, day=15, hour=12, minute=0) - timedelta(days=366)
    event = past("Disk was full", 0)
    StatusEvent.objects.filter(pk=event.pk).update(
        starts_at=begun, ends_at=begun + timedelta(hours=1)
    )
    sign_in(site, make_account(timezone="America/New_York"))

    site.get(f"/status/{event.pk}")
    assert "07:00" in site.page.text
    assert "Times are those of America/New_York." in site.page.text
    assert not any(
        "status/times." in each.attributes.get("src", "") for each in site.page.all("script")
    )

    visitor = site.another_browser()
    visitor.get(f"/status/{event.pk}")
    assert "12:00" in visitor.page.text
    assert any(
        "status/times." in each.attributes.get("src", "") for each in visitor.page.all("script")
    )


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 40])
def test_what_is_not_there_is_not_found(site, number):
    assert site.get(f"/status/{number}").status_code == 404


def test_deleted_events_are_not_found(site, make_account):
    event = publish()
    delete(event, make_account)

    assert site.get(f"/status/{event.pk}").status_code == 404


def test_history_is_paged_by_month_and_skips_nothing(site):
    set_number("status.history_events", 4)
    same = product_clock.now() - timedelta(days=40)
    made = {past(f"Event number {number:02}", 10 * number).pk for number in range(7)}
    made |= {
        publish(f"At once {n}", status="resolved", starts_at=same, ends_at=same).pk
        for n in range(3)
    }

    seen, pages = [], 0
    site.get("/status")
    while True:
        pages += 1
        seen += [
            int(link.href.rsplit("/", 1)[1])
            for link in site.page.links
            if link.href.startswith("/status/") and link.href.rsplit("/", 1)[1].isdigit()
        ]
        if not any(link.text == "Older" for link in site.page.links):
            break
        site.click("Older")
        assert any(link.text == "Newest" for link in site.page.links)

    assert pages == 3
    assert len(seen) == len(made)
    assert set(seen) == made
    month = product_clock.now()
    site.get("/status")
    assert f"{month:%B %Y}" in [each.text for each in site.page.all("h3")]


@pytest.mark.parametrize(
    "before", ["", "x", "1", "1.", ".1", "9" * 18 + ".1", "-1.1", "1.1.1", "٣.٣"]
)
def test_any_place_in_the_history_is_answered(site, before):
    past("Disk was full", 3)

    assert site.get("/status", params={"before": before}).status_code == 200


def test_the_page_takes_the_same_few_queries_however_much_there_is(site, queries_of):
    def fill():
        for number in range(5):
            event = publish(f"Incident {number}")
            update(event, "ongoing", "One.")
            update(event, "ongoing", "Two.")
            publish(f"Plan {number}", "maintenance")
            past(f"Past {number}", number + 1)

    fill()
    site.get("/status")  # The provider's numbers are read once in a while.
    few = queries_of(site, "/status")
    fill()

    assert few == 4  # revision, current, their updates, history
    assert queries_of(site, "/status") == few
    event = StatusEvent.objects.order_by("pk").first()
    assert queries_of(site, f"/status/{event.pk}") == 3


def test_a_browser_asks_again_and_gets_only_what_changed(site):
    event = publish()
    site.get("/status")
    answer = site.get("/status")
    etag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "private, max-age=30"
    assert {"Cookie", "Accept-Language"} <= set(answer.headers["vary"].split(", "))

    same = site.get("/status", headers={"If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["cache-control"] == "private, max-age=30"

    for url, headers in (
        ("/status", {"Accept-Language": "de"}),
        ("/status", {"Cookie": "theme=dark"}),
        ("/status?before=1.1", {}),
    ):
        assert site.get(url, headers={"If-None-Match": etag, **headers}).status_code == 200
    update(event, "monitored", "We wait.")
    changed = site.get("/status", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag

    set_number("status.cache_seconds", 5)
    assert site.get("/status").headers["cache-control"] == "private, max-age=5"


def test_nothing_of_somebody_who_is_signed_in_is_kept(site, customer):
    answer = site.get("/status")

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_other_methods_do_nothing(site):
    event = publish()

    assert site.post("/status", {}).status_code == 405
    assert site.post(f"/status/{event.pk}", {"status": "resolved"}).status_code == 405
    assert StatusEvent.objects.get().status == "ongoing"


# ---- elsewhere --------------------------------------------------------------------------------


def test_every_page_links_to_it(site, customer):
    for browser, url in (
        (site.another_browser(), "/"),
        (site.another_browser(), "/sign-in"),
        (site, "/"),
    ):
        browser.get(url)
        assert "/status" in {link.href for link in browser.page.links}, url


def test_home_tells_of_incidents_while_they_go_on(site, customer):
    site.get("/")
    assert "See the status page" not in site.page.text

    publish("Switches", "maintenance")
    site.get("/")
    assert "See the status page" not in site.page.text

    event = publish("Mail is late")
    site.get("/")
    assert "Mail is late" in site.page.text
    assert f"/status/{event.pk}" in {link.href for link in site.page.links}

    other = publish("Web is slow")
    site.get("/")
    assert "2 incidents are going on." in site.page.text

    update(event, "resolved")
    update(other, "cancelled")
    site.get("/")
    assert "See the status page" not in site.page.text


def test_home_asks_for_incidents_once_in_a_while(site, customer, queries_of, monkeypatch):
    publish()
    first = queries_of(site, "/")
    assert queries_of(site, "/") == first - 1
    assert "Mail is late" in site.page.text

    # Another process changed it: this one learns of it when its time is over.
    StatusEvent.objects.update(status="resolved")
    site.get("/")
    assert "Mail is late" in site.page.text
    set_number("status.cache_seconds", 1)
    monkeypatch.setattr(going_on, "_read_at", going_on._read_at - 2)
    site.get("/")
    assert "Mail is late" not in site.page.text


def test_what_was_read_before_a_change_is_not_kept(monkeypatch):
    event = publish()
    genuine = going_on.Incident

    def meanwhile(*values):
        monkeypatch.setattr(going_on, "Incident", genuine)
        update(event, "resolved")
        return genuine(*values)

    monkeypatch.setattr(going_on, "Incident", meanwhile)
    assert [each.event_id for each in going_on.incidents()] == [event.pk]

    assert going_on.incidents() == ()


def test_an_end_that_was_only_planned_is_called_so(site):
    ends = product_clock.now() + timedelta(days=3)
    event = publish("Switches", "maintenance", ends_at=ends)
    update(event, "cancelled")
    site.get(f"/status/{event.pk}")
    assert [each.text for each in site.page.all("dt")] == ["Beginning", "Expected end"]

    over = past("Disk was full", 3)
    site.get(f"/status/{over.pk}")
    assert [each.text for each in site.page.all("dt")] == ["Beginning", "End"]
