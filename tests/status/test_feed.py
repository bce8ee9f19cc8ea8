"""The feed, read by an XML parser, held against RFC 4287."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from status.notices import publish, update

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.kit.origin import SYSTEM
from hospes.status.services.removal import delete_event

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parsed(response):
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own answer


def text(element, name):
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return found[0].text or ""


def check_atom(feed, base="https://hospes.test"):
    """Hold a feed against what RFC 4287 demands of feeds and entries (§4.1.1, §4.1.2, §3.3)."""
    assert feed.tag == f"{ATOM}feed"
    assert text(feed, "title")
    assert text(feed, "id").startswith(f"{base}/status/feed/")
    datetime.fromisoformat(text(feed, "updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"alternate", "self"}
    ids = [text(entry, "id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for entry in feed.findall(f"{ATOM}entry"):
        assert text(entry, "title")
        assert text(entry, "id").startswith(f"{base}/status/")
        assert datetime.fromisoformat(text(entry, "updated")).tzinfo is not None
        assert datetime.fromisoformat(text(entry, "published")) <= datetime.fromisoformat(
            text(entry, "updated")
        )
        assert entry.find(f"{ATOM}link").get("href").startswith(f"{base}/status/")
    return feed


def test_an_empty_feed_is_a_feed(site):
    feed = check_atom(parsed(site.get("/status/feed/en")))

    assert not feed.findall(f"{ATOM}entry")


def test_the_feed_tells_what_changed_last_first(site, clock):
    first = publish(
        titles={"en": "Mail is <late> & slow", "de": "E-Mails verspätet"},
        descriptions={"en": "Line one.\n\n<b>bold</b>"},
    )
    publish("Switches", "maintenance")
    update(first, "monitored", "We <i>wait</i>.")

    feed = check_atom(parsed(site.get("/status/feed/en")))

    entries = feed.findall(f"{ATOM}entry")
    assert [text(entry, "title") for entry in entries] == [
        "[Monitoring] Mail is <late> & slow",
        "[Planned] Switches",
    ]
    assert text(feed, "updated") == text(entries[0], "updated")
    assert {each.get("term") for each in entries[0].findall(f"{ATOM}category")} == {
        *("incident", "monitored")
    }
    tags = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, _attrs: tags.append(tag)
    reader.feed(text(entries[0], "summary"))
    assert set(tags) == {"p", "strong"}
    assert "&lt;b&gt;bold" in text(entries[0], "summary")
    assert "&lt;i&gt;wait" in text(entries[0], "summary")
    assert feed.get(XML_LANG) == "en"


def test_there_is_one_for_each_language(site):
    publish(titles={"en": "Mail is late", "de": "E-Mails verspätet"})

    for language in ("en", "fr", "de", "it", "es"):
        feed = check_atom(parsed(site.get(f"/status/feed/{language}")))
        assert feed.get(XML_LANG) == language
        own = "E-Mails verspätet" if language == "de" else "Mail is late"
        assert own in text(feed.find(f"{ATOM}entry"), "title")
        # Whoever asks: a cookie or a header changes nothing of it.
        other = site.another_browser(language="it").get(f"/status/feed/{language}")
        assert ET.tostring(parsed(other)) == ET.tostring(feed)
    german = site.another_browser(language="de").get("/status/feed")
    assert parsed(german).get(XML_LANG) == "de"
    assert "Accept-Language" in german.headers["vary"]
    for wrong in ("pt", "EN", "x" * 300, "en-GB"):
        assert site.get(f"/status/feed/{wrong}").status_code == 404


def test_deleted_events_leave_it(site, make_account):
    event = publish()
    staff = make_account(is_staff=True)
    delete_event(event.pk, version=1, acting_account=staff, origin=SYSTEM)

    assert not parsed(site.get("/status/feed/en")).findall(f"{ATOM}entry")


def test_it_holds_as_many_as_the_provider_says(site):
    NumberSetting.objects.create(key="status.feed_events", value=2, updated_at=product_clock.now())
    numbers.forget()
    for number in range(3):
        publish(str(number))

    assert len(parsed(site.get("/status/feed/en")).findall(f"{ATOM}entry")) == 2


def test_readers_ask_again_and_get_only_what_changed(site, queries_of):
    event = publish()
    answer = site.get("/status/feed/en")
    etag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "public, max-age=30"
    assert "set-cookie" not in answer.headers
    again = site.another_browser(language="de").get(
        "/status/feed/en", headers={"If-None-Match": etag}
    )
    assert (again.status_code, again.content) == (304, b"")

    update(event, "resolved")

    assert site.get("/status/feed/en", headers={"If-None-Match": etag}).status_code == 200
    few = queries_of(site, "/status/feed/en")
    for number in range(5):
        update(publish(str(number)), "ongoing", "More.")
    assert queries_of(site, "/status/feed/en") == few == 3


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_page_names_its_feed(site, make_account, sign_in, signed_in):
    if signed_in:
        sign_in(site, make_account(locale="it"))
    site.get("/status")

    (link,) = site.page.all("link", type="application/atom+xml")
    assert link.attributes["href"] == f"/status/feed/{'it' if signed_in else 'en'}"
    assert link.attributes["rel"] == "alternate"
