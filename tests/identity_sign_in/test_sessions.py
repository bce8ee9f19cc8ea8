from __future__ import annotations

import itertools
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.identity.models import Session
from support.people import PASSWORD


def signed_in(site):
    return site.get("/sign-in/confirm").status_code == 200


def test_a_session_ends_after_fourteen_idle_days(site, make_account, sign_in, clock):
    sign_in(site, make_account())
    clock.move(timedelta(days=13, hours=23))
    assert signed_in(site)
    clock.move(timedelta(days=14, minutes=1))
    assert not signed_in(site)


def test_a_session_ends_after_ninety_days_however_much_it_is_used(
    site, make_account, sign_in, clock
):
    sign_in(site, make_account())
    for _ in range(8):
        clock.move(timedelta(days=11))
        assert signed_in(site)
    clock.move(timedelta(days=2, minutes=1))
    assert not signed_in(site)


def test_giving_the_password_again_does_not_outlast_ninety_days(site, make_account, sign_in, clock):
    sign_in(site, make_account())
    for _ in range(8):
        clock.move(timedelta(days=11))
        site.post("/sign-in/confirm", {"password": PASSWORD})
    clock.move(timedelta(days=2, minutes=1))
    assert not signed_in(site)


def test_every_request_costs_one_query_for_the_session(site, make_account, sign_in):
    sign_in(site, make_account())
    site.get("/sign-out")
    with CaptureQueriesContext(connection) as queries:
        site.get("/sign-in?next=/x")
    assert len(queries) == 1
    stranger = site.another_browser()
    with CaptureQueriesContext(connection) as queries:
        stranger.get("/sign-in")
    assert len(queries) == 0


def test_last_seen_is_written_once_a_minute(site, make_account, sign_in, clock):
    sign_in(site, make_account())
    before = Session.objects.get().last_seen_at
    clock.move(timedelta(seconds=55))
    signed_in(site)
    assert Session.objects.get().last_seen_at == before
    clock.move(timedelta(seconds=6))
    signed_in(site)
    assert Session.objects.get().last_seen_at > before


def test_sensitive_pages_ask_again_after_fifteen_minutes(site, make_account, sign_in, clock):
    from hospes.identity.web.guards import was_recently_confirmed

    sign_in(site, make_account())
    clock.move(timedelta(minutes=14, seconds=59))
    assert was_recently_confirmed(Session.objects.get())
    clock.move(timedelta(seconds=2))
    assert not was_recently_confirmed(Session.objects.get())
    value = site.cookie("browser")
    site.get("/sign-in/confirm?next=/settings/data")
    site.submit({"password": PASSWORD})
    assert site.location == "/settings/data"
    assert was_recently_confirmed(Session.objects.get())
    assert site.cookie("browser") != value


def test_wrong_confirmations_count_and_pause(site, make_account, sign_in):
    account = make_account(lock_after_failures=5)
    sign_in(site, account)
    site.get("/sign-in/confirm")
    for _ in range(10):
        assert site.submit({"password": "wrong"}).status_code == 422
        assert site.page.errors("password") == "This is not your password."
    assert site.submit({"password": PASSWORD}).status_code == 429
    account.refresh_from_db()
    assert account.state == "locked"
    assert signed_in(site)


def test_what_ran_out_is_purged(site, make_account, sign_in, clock):
    from hospes.identity.models import Browser
    from hospes.identity.services import purging

    sign_in(site, make_account())
    clock.move(timedelta(days=15))
    purging.purge()
    assert Session.objects.get().end_reason == "expired"
    clock.move(timedelta(days=31))
    purging.purge()
    assert not Session.objects.exists()
    clock.move(timedelta(days=366))
    purging.purge()
    assert not Browser.objects.exists()


def test_odd_cookies_are_nobodys(site):
    for value in ("", "x" * 5000, "%00", "%ff", '"quoted"'):
        browser = site.another_browser()
        names = itertools.chain(("__Host-browser", "__Host-accounts", "__Host-sign-up"))
        header = "; ".join(f"{name}={value}" for name in names)
        for url in ("/sign-in", "/accounts", "/sign-up", "/sign-in/choose"):
            response = browser.get(url, headers={"Cookie": header})
            assert response.status_code == 200


def test_signing_in_becomes_current_whatever_was_read_of_the_browser_before(make_account):
    """Somebody else may have switched between the reading and the writing."""
    from hospes.identity.models import Browser
    from hospes.identity.services import sessions
    from hospes.kit.origin import SYSTEM

    ann, ben = make_account("ann@customer.example"), make_account("ben@customer.example")
    first, _ = sessions.open_session(ann, None, origin=SYSTEM, amr=["pwd"])
    browser = Browser.objects.get()
    stale = Browser.objects.get()
    assert stale.current_session_id == first.pk
    second, _ = sessions.open_session(ben, browser, origin=SYSTEM, amr=["pwd"])
    assert Browser.objects.get().current_session_id == second.pk
    again, token = sessions.open_session(ann, stale, origin=SYSTEM, amr=["pwd"])
    assert again.pk == first.pk
    assert Browser.objects.get().current_session_id == first.pk
    once_more, newer = sessions.open_session(ann, stale, origin=SYSTEM, amr=["pwd"])
    assert (once_more.pk, Browser.objects.get().current_session_id) == (first.pk, first.pk)
    assert newer != token
