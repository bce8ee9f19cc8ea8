from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation.models import MailboxEntry

PAGES = ("/dev/mailbox", "/dev/mailbox/empty", "/dev/clock")


def arrive(recipient="anna@customer.example", channel="mail", **values):
    return MailboxEntry.objects.create(
        channel=channel,
        sender="Alpenhost <no-reply@provider.example>",
        recipient=recipient,
        received_at=product_clock.now(),
        **{"subject": "Confirm your address", "text": "Hello", **values},
    )


@pytest.mark.parametrize("url", PAGES)
def test_a_real_installation_has_no_development_pages(site, installation, url):
    entry = arrive()
    with installation(development=False, demo=False):
        for address in (url, f"/dev/mailbox/{entry.pk}", f"/dev/mailbox/{entry.pk}/html"):
            assert site.get(address).status_code == 404
        site.post("/dev/mailbox/empty")
        site.post("/dev/clock", {"days": "1"})

    assert MailboxEntry.objects.exists()
    assert not product_clock.offset()


def test_the_mailbox_lists_the_newest_first_and_by_recipient(site):
    arrive("anna@customer.example", subject="First")
    arrive("bruno@customer.example", subject="Second")

    site.get("/dev/mailbox")
    assert site.page.text.index("Second") < site.page.text.index("First")

    site.get("/dev/mailbox", params={"to": "anna@customer.example"})
    assert "First" in site.page.text
    assert "Second" not in site.page.text


def test_an_empty_mailbox_says_how_to_fill_it(site):
    site.get("/dev/mailbox")

    assert "No messages" in site.page.text


def test_links_in_a_text_can_be_clicked_and_nothing_else_becomes_markup(site):
    entry = arrive(text="Open https://hospes.test/sign-up/confirm/abc?x=1&y=2\n<script>alert(1)")

    answer = site.get(f"/dev/mailbox/{entry.pk}")

    link = site.page.link("hospes.test/sign-up/confirm/abc")
    assert link.href == "https://hospes.test/sign-up/confirm/abc?x=1&y=2"
    assert "<script>alert" not in answer.text
    assert "javascript:" not in answer.text


def test_a_mails_html_can_do_nothing(site):
    entry = arrive(html="<html><head></head><body><script>alert(1)</script><b>Hi</b></body></html>")

    answer = site.get(f"/dev/mailbox/{entry.pk}/html")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    site.get(f"/dev/mailbox/{entry.pk}")
    (frame,) = site.page.all("iframe")
    assert "allow-scripts" not in frame.attributes["sandbox"]
    assert "allow-same-origin" not in frame.attributes["sandbox"]


def test_only_the_message_page_may_hold_a_frame(site):
    entry = arrive(html="<p>Hi</p>")

    assert "frame-src" not in site.get("/dev/mailbox").headers["Content-Security-Policy"]
    policy = site.get(f"/dev/mailbox/{entry.pk}").headers["Content-Security-Policy"]
    assert policy.endswith("frame-src 'self'")
    assert "script-src 'self'" in policy


@pytest.mark.parametrize(("channel", "name"), [("sms", "SMS"), ("push", "Push message")])
def test_other_channels_are_shown_too(site, channel, name):
    entry = arrive("+41791234567", channel=channel, subject="", text="Your code is in the app")

    site.get("/dev/mailbox")
    assert "Your code is in the app" in site.page.text
    site.get(f"/dev/mailbox/{entry.pk}")
    assert site.page.heading == name
    assert site.get(f"/dev/mailbox/{entry.pk}/html").status_code == 404


def test_everything_is_deleted_after_asking(site):
    arrive()
    arrive()
    site.get("/dev/mailbox/empty")
    assert MailboxEntry.objects.count() == 2

    site.submit(button="Delete all", follow=True)

    assert not MailboxEntry.objects.exists()
    assert "2 messages deleted." in site.page.text


def test_deleting_takes_a_token(site):
    arrive()

    assert site.post("/dev/mailbox/empty", csrf=False).status_code == 403
    assert MailboxEntry.objects.exists()


def test_refreshing_is_a_choice(site):
    assert "Refresh" not in site.get("/dev/mailbox").headers

    site.click("Refresh automatically")
    assert site.response.headers["Refresh"] == "5"
    site.click("Stop refreshing")
    assert "Refresh" not in site.response.headers


def test_the_clock_moves_forward_and_back_and_every_page_tells(site):
    site.get("/dev/clock")
    site.submit({"days": "2", "hours": "3"}, button="Move the clock", follow=True)

    assert timedelta(days=2, hours=2, minutes=59) < product_clock.offset()
    site.get("/")
    assert "The development clock was moved" in site.page.text
    site.get("/sign-in")
    assert "The development clock was moved" in site.page.text

    site.get("/dev/clock")
    site.submit(button="Back to the real time", follow=True)
    assert product_clock.offset() == timedelta(0)
    assert "The development clock was moved" not in site.page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": "0", "hours": "0"}, "Say by how much to move the clock forward."),
        ({"days": "-3", "hours": "0"}, ""),
        ({"days": "soon", "hours": "0"}, ""),
        ({"days": "3650", "hours": "87600"}, "The clock goes ten years ahead at most."),
    ],
)
def test_a_wrong_move_moves_nothing_and_keeps_what_was_typed(site, fields, words):
    site.get("/dev/clock")
    site.submit(fields, button="Move the clock")

    assert product_clock.offset() == timedelta(0)
    assert words in site.page.text
    assert site.page.by_id("id_days_error") or site.page.by_id("id_hours_error")
    assert site.page.by_id("id_days").attributes["value"] == fields["days"]
