from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Session
from support.people import PASSWORD

PAGE = "/settings/sessions"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)


def test_the_devices_are_listed_and_this_one_marked(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    sign_in(site.another_browser(user_agent=CHROME), account)
    site.get(PAGE)
    assert "Firefox on Linux" in site.page.text
    assert "Chrome on Windows" in site.page.text
    assert site.page.text.count("This device") == 1
    assert "192.0.2.10" in site.page.text


def test_the_list_takes_as_many_queries_for_one_device_as_for_eight(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    site.get(PAGE)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            site.get(PAGE)
        return len(seen)

    one = queries()
    for _ in range(7):
        sign_in(site.another_browser(), account)
    assert queries() == one


def test_an_ended_browser_is_signed_out_at_its_next_request(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    other, third = site.another_browser(), site.another_browser()
    session = sign_in(other, account)
    sign_in(third, account)
    site.get(PAGE)
    site.submit(action=f"/settings/sessions/{session.public_id}/end")
    assert other.get(PAGE).status_code == 302
    assert third.get(PAGE).status_code == 200
    assert site.get(PAGE).status_code == 200
    session.refresh_from_db()
    assert session.end_reason == "ended_by_owner"
    assert AuditEntry.objects.filter(action="identity.session_ended").count() == 1


def test_all_others_are_ended_at_once(site, make_account, sign_in):
    account, neighbour = make_account(), make_account()
    sign_in(site, account)
    others = [site.another_browser() for _ in range(3)]
    for other in others:
        sign_in(other, account)
    far = site.another_browser()
    sign_in(far, neighbour)
    site.get(PAGE)
    site.submit(button="Sign out all others", follow=True)
    assert "3 other devices were signed out" in site.page.text
    assert all(other.get(PAGE).status_code == 302 for other in others)
    assert far.get(PAGE).status_code == 200


def test_somebody_elses_session_is_not_there(site, make_account, sign_in):
    sign_in(site, make_account())
    other = site.another_browser()
    foreign = sign_in(other, make_account())
    site.get("/settings/profile")
    for public_id in (foreign.public_id, uuid.uuid4()):
        assert site.post(f"/settings/sessions/{public_id}/end").status_code == 404
    assert other.get(PAGE).status_code == 200
    assert not AuditEntry.objects.filter(action="identity.session_ended").exists()


def test_opening_an_address_ends_nothing(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    session = sign_in(site.another_browser(), account)
    assert site.get(f"/settings/sessions/{session.public_id}/end").status_code == 405
    assert site.get("/settings/sessions/end-others").status_code == 405
    assert Session.objects.filter(ended_at=None).count() == 2


# -- the overview and the owner's rules ------------------------------------------------------------


def test_the_overview_says_how_one_signs_in(site, make_account, sign_in):
    account = make_account("anna@a.example", recovery_phone="+41791234567")
    sign_in(site, account)
    site.get("/settings/login")
    for words in (
        "Last changed on",
        "anna@a.example",
        "+41 79 123 45 67",
        "Only on new devices",
        "Never; wrong passwords only slow down",
        "Signed in on 1 device",
    ):
        assert words in site.page.text


def test_the_owner_sets_mails_and_locking(site, make_account, sign_in, mailbox):
    account = make_account("anna@a.example")
    sign_in(site, account)
    site.get("/settings/login/notices")
    site.submit({"mail_on_sign_in": "on", "lock_after_failures": "3"})
    account.refresh_from_db()
    assert (account.mail_on_sign_in, account.lock_after_failures) == (True, 3)
    assert mailbox.to("anna@a.example")[-1].subject == "Your sign-in notices were changed"
    stranger = site.another_browser()
    for _ in range(3):
        stranger.get("/sign-in")
        stranger.post("/sign-in", {"email": "anna@a.example", "password": "wrong"})
    assert Account.objects.get(pk=account.pk).state == Account.State.LOCKED


def test_the_lock_is_between_1_and_100(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    for value in ("0", "101", "-1", "many"):
        site.get("/settings/login/notices")
        assert site.submit({"lock_after_failures": value}).status_code == 422
        assert site.page.errors("lock_after_failures")
    account.refresh_from_db()
    assert account.lock_after_failures is None
    for value in ("1", "100"):
        site.get("/settings/login/notices")
        assert site.submit({"lock_after_failures": value}).status_code == 302
    site.get("/settings/login/notices")
    site.submit({"lock_after_failures": ""})
    account.refresh_from_db()
    assert account.lock_after_failures is None


def test_the_rules_ask_for_the_password_again(site, make_account, sign_in, clock):
    sign_in(site, make_account())
    clock.move(timedelta(minutes=16))
    assert site.get("/settings/login/notices").status_code == 302


# -- was this you? ---------------------------------------------------------------------------------


def test_securing_the_account_changes_the_password_and_ends_the_rest(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    other = site.another_browser()
    sign_in(other, account)
    site.get("/settings/secure")
    site.submit(
        {"current_password": PASSWORD, "new_password": "seven violins under the glacier"},
        follow=True,
    )
    assert site.page.heading == "Your account is secured"
    assert other.get(PAGE).status_code == 302


def test_the_others_can_be_ended_without_a_new_password(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    other = site.another_browser()
    sign_in(other, account)
    site.get("/settings/secure")
    site.submit(button="Only sign out", follow=True)
    assert "All other devices were signed out" in site.page.text
    assert other.get(PAGE).status_code == 302
    assert site.get(PAGE).status_code == 200


def test_whoever_cannot_sign_in_is_shown_both_ways(site):
    assert site.get("/settings/secure").status_code == 200
    assert site.page.link("Sign in").href == "/sign-in?next=/settings/secure"
    assert site.page.link("I cannot sign in").href == "/recover"
    response = site.post("/settings/secure", {"current_password": "x", "new_password": "y"})
    assert response.status_code == 200
