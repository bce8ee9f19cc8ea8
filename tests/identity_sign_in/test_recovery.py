from __future__ import annotations

import threading
from datetime import timedelta

from hospes.foundation.models import AuditEntry, Job
from hospes.identity.domain import recovery
from hospes.identity.models import Account, MailLink, Session
from support.people import PASSWORD

NEW = "nine copper kettles in the attic"


def ask(site, email):
    site.get("/recover")
    return site.submit({"email": email})


def path(link):
    return link.removeprefix("https://hospes.test")


def enter(site, email, password):
    site.get("/sign-in?add=1")
    return site.submit({"email": email, "password": password})


def test_a_link_by_mail_sets_a_new_password_and_ends_every_session(
    site, make_account, sign_in, mailbox
):
    account = make_account()
    thief = site.another_browser()
    sign_in(thief, account)
    assert ask(site, account.email).headers["location"] == "/recover/sent?way=mail"
    link = path(mailbox.to(account.email)[0].links[0])
    site.get(link)
    assert Account.objects.get().password_hash == account.password_hash
    assert site.submit({"password": NEW}).status_code == 302
    assert site.get("/sign-in/confirm").status_code == 200
    assert thief.get("/sign-in/confirm").status_code == 302
    assert enter(site.another_browser(), account.email, PASSWORD).status_code == 422
    assert enter(site.another_browser(), account.email, NEW).status_code == 302
    assert "Your password was reset" in [m.subject for m in mailbox.to(account.email)]


def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(
    site, make_account, mailbox
):
    """Advisory: enumeration by recovery."""
    account = make_account()
    answers = []
    for email in (account.email, "nobody@customer.example"):
        before = Job.objects.count(), AuditEntry.objects.count()
        response = ask(site, email)
        after = Job.objects.count(), AuditEntry.objects.count()
        done = tuple(b - a for a, b in zip(before, after, strict=True))
        answers.append((response.status_code, response.headers["location"], done))
    assert answers[0] == answers[1]
    mailbox.deliver()
    assert mailbox.to("nobody@customer.example") == []


def test_the_link_works_once_and_for_sixty_minutes(site, make_account, mailbox, clock):
    account = make_account()
    ask(site, account.email)
    link = path(mailbox.to(account.email)[0].links[0])
    clock.move(timedelta(minutes=59))
    assert site.get(link).status_code == 200
    assert site.post(link, {"password": NEW}).status_code == 302
    assert site.post(link, {"password": NEW + "2"}).status_code == 410
    ask(site, account.email)
    late = path(mailbox.to(account.email)[-1].links[0])
    clock.move(timedelta(minutes=61))
    assert site.get(late).status_code == 410
    assert site.post(late, {"password": NEW + "3"}).status_code == 410
    assert enter(site.another_browser(), account.email, NEW).status_code == 302


def test_a_reset_voids_the_other_links(site, make_account, mailbox):
    account = make_account()
    ask(site, account.email)
    ask(site, account.email)
    first, second = (path(letter.links[0]) for letter in mailbox.to(account.email))
    site.post(second, {"password": NEW})
    assert site.get(first).status_code == 410


def test_nobody_takes_over_an_account_without_its_mail(site, make_account, sign_in, mailbox):
    """Advisory: reset takeover without the e-mail."""
    victim, mallory = make_account(), make_account()
    ask(site, victim.email)
    ask(site, mallory.email)
    link = path(mailbox.to(mallory.email)[0].links[0])
    named = {"username": victim.email, "email": victim.email, "account": victim.public_id}
    site.post(link, {"password": NEW, **named})
    for guess in ("x", "0" * 43, "%2e%2e", str(victim.pk), victim.public_id):
        assert site.post(f"/recover/{guess}", {"password": NEW, **named}).status_code == 410
    assert site.post("/recover/sent", {"password": NEW, **named}).status_code == 405
    victim.refresh_from_db()
    assert enter(site.another_browser(), victim.email, PASSWORD).status_code == 302
    assert enter(site.another_browser(), mallory.email, NEW).status_code == 302


def test_a_link_of_one_purpose_serves_no_other(site, make_account):
    from hospes.identity.services import mail_links

    account = make_account()
    hour = timedelta(hours=1)
    for purpose in (MailLink.Purpose.EMAIL_CHANGE, MailLink.Purpose.NOT_ME):
        token = mail_links.make(purpose, account, lifetime=hour)
        assert site.post(f"/recover/{token}", {"password": NEW}).status_code == 410
    token = mail_links.make(MailLink.Purpose.PASSWORD_RESET, account, lifetime=hour)
    assert site.post(f"/sign-in/not-me/{token}").status_code == 410
    account.refresh_from_db()
    assert account.state == Account.State.ACTIVE


def test_a_forged_host_never_gets_into_a_reset_mail(site, make_account, mailbox):
    """Advisory: reset links poisoned by the Host header."""
    account = make_account()
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-Host": "evil.example"},
    ):
        site.post("/recover", {"email": account.email, "way": "mail"}, headers=headers)
    letters = mailbox.to(account.email)
    assert letters
    for letter in letters:
        assert "evil" not in letter.text + letter.html
        assert letter.links[0].startswith("https://hospes.test/recover/")


def test_mails_are_limited_per_address_and_network(site, make_account, mailbox, clock):
    account = make_account()
    for _ in range(5):
        assert ask(site, account.email).status_code == 302
    assert ask(site, account.email).status_code == 429
    for number in range(14):
        assert ask(site, f"p{number}@customer.example").status_code == 302
    assert ask(site, "one.more@customer.example").status_code == 429
    assert len(mailbox.to(account.email)) == 5
    clock.move(timedelta(hours=1, seconds=1))
    assert ask(site, account.email).status_code == 302


def test_a_new_password_keeps_the_rules(site, make_account, mailbox):
    account = make_account("keller@customer.example")
    ask(site, account.email)
    link = path(mailbox.to(account.email)[0].links[0])
    for weak in ("short", "password1234", "keller@customer.example"):
        site.get(link)
        assert site.submit({"password": weak}).status_code == 422
        assert site.page.errors("password")
    assert enter(site.another_browser(), account.email, PASSWORD).status_code == 302


def test_a_reset_unlocks_a_locked_account(site, make_account, mailbox):
    account = make_account(lock_after_failures=1)
    enter(site, account.email, "wrong")
    assert enter(site, account.email, PASSWORD).status_code == 422
    ask(site, account.email)
    site.post(path(mailbox.to(account.email)[-1].links[0]), {"password": NEW})
    account.refresh_from_db()
    assert (account.state, account.locked_at, account.failed_passwords) == ("active", None, 0)
    assert enter(site.another_browser(), account.email, NEW).status_code == 302


def test_a_reset_never_stands_in_for_a_second_factor():
    assert recovery.signs_in(two_step=False)
    assert not recovery.signs_in(two_step=True)


def test_saying_it_was_not_me_ends_that_session_and_asks_for_a_new_password(
    site, make_account, mailbox
):
    account = make_account()
    thief = site.another_browser(user_agent="Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140.0")
    enter(thief, account.email, PASSWORD)
    link = path(mailbox.to(account.email)[0].links[0])
    assert site.get(link).status_code == 200
    assert thief.get("/sign-in/confirm").status_code == 200  # Looking changes nothing.
    site.get(link)
    site.submit(button="end it", follow=True)
    assert site.page.heading == "Set a new password"
    assert thief.get("/sign-in/confirm").status_code == 302
    assert enter(thief, account.email, PASSWORD).status_code == 422
    site.submit({"password": NEW})
    assert site.get("/sign-in/confirm").status_code == 200
    assert site.post(link).status_code == 410
    assert Session.objects.filter(ended_at=None).count() == 1


def test_saying_it_was_not_me_ends_every_session(site, make_account, mailbox):
    """Who knows the password signs in twice: the mail tells of each, one click must end both."""
    account = make_account()
    thief, again = site.another_browser(), site.another_browser()
    enter(thief, account.email, PASSWORD)
    enter(again, account.email, PASSWORD)
    link = path(mailbox.to(account.email)[0].links[0])
    site.get(link)
    site.submit(button="end it")
    assert thief.get("/sign-in/confirm").status_code == 302
    assert again.get("/sign-in/confirm").status_code == 302
    assert not Session.objects.filter(ended_at=None).exists()


def test_the_not_me_link_works_for_seven_days(site, make_account, mailbox, clock):
    account = make_account()
    enter(site, account.email, PASSWORD)
    link = path(mailbox.to(account.email)[0].links[0])
    clock.move(timedelta(days=6, hours=23))
    assert site.get(link).status_code == 200
    clock.move(timedelta(hours=2))
    assert site.get(link).status_code == 410


def test_a_reset_link_used_twice_at_once_sets_one_password(site, make_account, mailbox):
    account = make_account()
    ask(site, account.email)
    link = path(mailbox.to(account.email)[0].links[0])
    browsers = [site.another_browser() for _ in range(2)]
    for browser in browsers:
        browser.get(link)
    start = threading.Barrier(2)
    statuses = []

    def set_password(browser, password):
        from django.db import connections

        start.wait()
        statuses.append(browser.post(link, {"password": password}).status_code)
        connections.close_all()

    threads = [
        threading.Thread(target=set_password, args=(browser, f"{NEW} {number}"))
        for number, browser in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 410]
    assert AuditEntry.objects.filter(action="identity.password_reset").count() == 1
