"""The sign-in page, its quick answer and a reset by mail: each ends in the step."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Browser, Session, SignInStep
from hospes.identity.services.two_step import steps
from support import two_step
from support.people import PASSWORD
from support.two_step import enter

NEW = "a different meadow under snow 88"
AUTHORIZE = "/authorize?" + urlencode(
    {"client_id": "x", "redirect_uri": "https://shop.example/back", "response_type": "code"}
)


@pytest.fixture(params=["quick", "page"])
def through(request, monkeypatch):
    """Answer in front of Django, or by the page."""
    if request.param == "page":
        from hospes.identity.web import quick_sign_in

        monkeypatch.setattr(quick_sign_in, "_plain", lambda _environ: None)
    return request.param


def test_the_right_password_leads_to_the_step_and_signs_nobody_in(site, through):
    account = two_step.make_account()
    response = enter(site, account.email, url=f"/sign-in?{urlencode({'next': AUTHORIZE})}")
    assert (response.status_code, site.location) == (302, "/sign-in/verify")
    step = SignInStep.objects.get()
    assert (step.account, step.amr, step.continue_to) == (account, ["pwd"], AUTHORIZE)
    assert steps.find(site.cookie("step")) == step
    assert (Session.objects.count(), Browser.objects.count()) == (0, 0)
    assert site.cookie("browser") is None
    # Nothing tells this device who it is before the second step.
    assert site.cookie("accounts") is None
    account.refresh_from_db()
    assert account.last_sign_in_at is None
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "identity.second_step_asked"
    ]
    assert site.get("/settings/profile").status_code == 302


def test_the_step_s_cookie_is_like_the_others(site, through):
    account = two_step.make_account()
    response = enter(site, account.email)
    line = next(
        value
        for value in response.headers.get_list("set-cookie")
        if value.strip().startswith("__Host-step")
    )
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in line


def test_a_wrong_password_begins_no_step(site, through):
    account = two_step.make_account()
    assert enter(site, account.email, "wrong").status_code == 422
    assert not SignInStep.objects.exists()
    assert site.cookie("step") is None


def test_both_ways_give_the_same_answer(site, monkeypatch):
    from hospes.identity.web import quick_sign_in

    account = two_step.make_account()
    url = f"/sign-in?{urlencode({'next': AUTHORIZE})}"
    quick = dict(enter(site, account.email, url=url).headers)
    monkeypatch.setattr(quick_sign_in, "_plain", lambda _environ: None)
    page = dict(enter(site.another_browser(), account.email, url=url).headers)
    for headers in (quick, page):
        headers.pop("set-cookie")
        headers.pop("content-language", None)
    assert quick == page


def test_an_account_without_two_step_asks_nothing_more(site, through, make_account):
    """Not one query: a sign-in without a second step must stay as quick as it was."""
    account = make_account()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        enter(site, account.email)
    assert site.location == "/"
    for query in queries:
        for table in ("identity_method", "identity_trusted_browser", "identity_sign_in_step"):
            assert table not in query["sql"]


def test_two_step_switched_on_while_the_password_was_checked_is_not_skipped(site, monkeypatch):
    from hospes.identity.services import credentials, sign_in

    account = two_step.make_account()
    Account.objects.update(two_step_since=None)
    genuine = credentials.check_password

    def slow(*args, **options):
        genuine(*args, **options)
        Account.objects.filter(pk=account.pk).update(two_step_since=account.two_step_since)

    monkeypatch.setattr(sign_in.credentials, "check_password", slow)
    assert enter(site, account.email).status_code == 422
    assert not Session.objects.exists()


def reset_link(site, mailbox, account):
    site.get("/recover")
    site.submit({"email": account.email})
    return mailbox.to(account.email)[-1].links[0].removeprefix(site.base_url)


def test_a_new_password_by_mail_ends_in_the_step(site, mailbox):
    account = two_step.make_account()
    link = reset_link(site, mailbox, account)
    response = site.post(link, {"password": NEW})
    assert (response.status_code, site.location) == (302, "/sign-in/verify")
    assert not Session.objects.exists()
    step = steps.find(site.cookie("step"))
    assert step is not None
    assert step.account == account


def test_a_reset_on_a_trusted_browser_is_asked_all_the_same(site, mailbox):
    """Who holds the laptop and its mail has no second factor."""
    from hospes.identity.queries import sign_ins
    from hospes.identity.services.two_step import trusted
    from hospes.kit.origin import SYSTEM
    from support import people

    account = two_step.make_account()
    session = people.sign_in(site, account)
    trusted.trust(account, session.browser, origin=SYSTEM)
    link = reset_link(site, mailbox, account)
    site.post(link, {"password": NEW})
    assert site.location == "/sign-in/verify"
    assert sign_ins.of_account(account) == ()
    assert not trusted.trusts(account, session.browser)
    # Nor afterwards, with the new password.
    enter(site, account.email, NEW)
    assert site.location == "/sign-in/verify"


def test_a_reset_unlocks_and_still_asks(site, mailbox):
    account = two_step.make_account(state=Account.State.LOCKED)
    link = reset_link(site, mailbox, account)
    site.post(link, {"password": NEW})
    assert site.location == "/sign-in/verify"
    account.refresh_from_db()
    assert account.state == Account.State.ACTIVE
    assert not Session.objects.exists()


def test_what_staff_locked_begins_no_step(site, mailbox):
    account = two_step.make_account(state=Account.State.LOCKED, locked_by_staff=True)
    link = reset_link(site, mailbox, account)
    site.post(link, {"password": NEW})
    assert site.location.startswith("/sign-in?")
    assert not SignInStep.objects.exists()


def test_this_was_not_me_ends_the_trust(site, mailbox):
    from hospes.identity.models import MailLink
    from hospes.identity.services import mail_links, recovery
    from hospes.identity.services.two_step import trusted
    from hospes.kit.origin import SYSTEM
    from support import people

    account = two_step.make_account()
    session = people.sign_in(site, account)
    trusted.trust(account, session.browser, origin=SYSTEM)
    token = mail_links.make(
        MailLink.Purpose.NOT_ME,
        account,
        lifetime=timedelta(days=1),
        payload={"session_id": session.pk},
    )
    recovery.repudiate(recovery.find_not_me(token), origin=SYSTEM)
    assert not trusted.trusts(account, session.browser)


def test_whoever_proved_the_second_factor_confirms_with_the_password_alone(site, clock):
    """Confirming ("sudo") asks for the password; the second step was proved at the sign-in."""
    from support import people

    account = two_step.make_account()
    session = people.sign_in(site, account, amr=("mfa", "otp", "pwd"))
    clock.move(timedelta(minutes=20))
    site.get("/settings/email")
    assert site.location == "/sign-in/confirm?next=%2Fsettings%2Femail"
    site.follow()
    site.submit({"password": PASSWORD})
    assert site.location == "/settings/email"
    site.follow()
    assert site.response.status_code == 200
    again = Session.objects.get()
    assert again.authenticated_at > session.authenticated_at
    assert again.second_factor_at == session.second_factor_at
