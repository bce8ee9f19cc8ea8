from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.models import Account, MailLink
from support.people import PASSWORD

PAGE = "/settings/email"
BASE = "https://hospes.test"


def ask(site, address):
    site.get(PAGE)
    return site.submit({"email": address})


def path_in(letter, part):
    return next(url for url in letter.links if part in url).removeprefix(BASE)


def change(site, mailbox, address):
    ask(site, address)
    site.get(path_in(mailbox.to(address)[-1], "/email/confirm/"))
    return site.submit(button="Use this address")


def undo_path(mailbox, address):
    return path_in(mailbox.to(address)[-1], "/email/undo/")


def test_a_new_address_counts_once_its_link_was_used(site, make_account, sign_in, mailbox):
    account = make_account("old@a.example")
    sign_in(site, account)
    assert ask(site, " New@B.example ").status_code == 302
    site.follow()
    assert "We sent a mail to new@b.example" in site.page.text
    assert "Waiting for confirmation" in site.page.text
    assert "new@b.example" in mailbox.to("old@a.example")[-1].text
    link = path_in(mailbox.to("new@b.example")[-1], "/email/confirm/")
    # Opening the link, as mail scanners do, changes nothing.
    elsewhere = site.another_browser()
    assert elsewhere.get(link).status_code == 200
    assert Account.objects.get(pk=account.pk).email == "old@a.example"
    assert elsewhere.submit(button="Use this address").status_code == 200
    account.refresh_from_db()
    assert account.email == "new@b.example"
    assert elsewhere.get(link).status_code == 410
    assert site.get(PAGE).status_code == 200
    assert OutboxEvent.objects.filter(name="identity.email_changed").count() == 1
    for address in ("old@a.example", "new@b.example"):
        assert mailbox.to(address)[-1].subject == "Your sign-in address was changed"
    entry = AuditEntry.objects.get(action="identity.email_changed")
    assert entry.detail == {"email": "n…@b.example", "old_email": "o…@a.example"}


@pytest.mark.parametrize(
    "case",
    [
        ("", "Enter an e-mail address"),
        ("nonsense", "no complete e-mail address"),
        ("a b@c.example", "no complete e-mail address"),
        ("OLD@a.example", "have already"),
        ("second@a.example", "recovery address"),
    ],
)
def test_an_address_that_cannot_be_is_refused(site, make_account, sign_in, mailbox, case):
    typed, words = case
    sign_in(site, make_account("old@a.example", recovery_email="second@a.example"))
    assert ask(site, typed).status_code == 422
    assert words in site.page.errors("email")
    assert not MailLink.objects.exists()
    assert len(mailbox) == 0


def test_a_taken_address_looks_the_same_and_its_owner_is_told(site, make_account, sign_in, mailbox):
    account = make_account("old@a.example")
    make_account("bruno@b.example", first_name="Bruno")
    sign_in(site, account)

    def seen(address):
        status = ask(site, address).status_code
        text = site.follow().text
        return status, len(site.page.forms), site.page.text.replace(address, "*"), len(text) > 0

    free, taken = seen("free1@b.example"), seen("bruno@b.example")
    assert free == taken
    letter = mailbox.to("bruno@b.example")[-1]
    assert letter.subject == "Your address was entered for another account"
    assert not any("/email/confirm/" in url for url in letter.links)
    assert mailbox.to("old@a.example")[-1].subject == "A new sign-in address was asked for"


def test_an_address_taken_meanwhile_is_not_taken_twice(site, make_account, sign_in, mailbox):
    account = make_account("old@a.example")
    sign_in(site, account)
    ask(site, "new@b.example")
    make_account("new@b.example")
    site.get(path_in(mailbox.to("new@b.example")[-1], "/email/confirm/"))
    assert site.submit(button="Use this address").status_code == 410
    assert Account.objects.get(pk=account.pk).email == "old@a.example"
    assert not AuditEntry.objects.filter(action="identity.email_changed").exists()


def test_the_link_runs_out_after_a_day(site, make_account, sign_in, mailbox, clock):
    account = make_account("old@a.example")
    sign_in(site, account)
    ask(site, "new@b.example")
    link = path_in(mailbox.to("new@b.example")[-1], "/email/confirm/")
    clock.move(timedelta(hours=23, minutes=59))
    assert site.get(link).status_code == 200
    clock.move(timedelta(minutes=2))
    assert site.get(link).status_code == 410
    assert site.post(link).status_code == 410
    assert Account.objects.get(pk=account.pk).email == "old@a.example"


def test_a_newer_request_and_a_withdrawal_void_the_link(site, make_account, sign_in, mailbox):
    sign_in(site, make_account("old@a.example"))
    ask(site, "first@b.example")
    ask(site, "second@b.example")
    first = path_in(mailbox.to("first@b.example")[-1], "/email/confirm/")
    second = path_in(mailbox.to("second@b.example")[-1], "/email/confirm/")
    assert site.get(first).status_code == 410
    assert site.get(second).status_code == 200
    site.get(PAGE)
    site.submit(button="Withdraw the change")
    assert site.get(second).status_code == 410


def test_an_address_gets_five_mails_an_hour(site, make_account, sign_in, mailbox, clock):
    sign_in(site, make_account("old@a.example"))
    for _ in range(5):
        assert ask(site, "victim@b.example").status_code == 302
    assert ask(site, "victim@b.example").status_code == 422
    assert "several mails" in site.page.errors("email")
    assert len(mailbox.to("victim@b.example")) == 5
    clock.move(timedelta(minutes=61))
    site.post("/sign-in/confirm", {"password": PASSWORD})
    assert ask(site, "victim@b.example").status_code == 302


def test_the_old_address_undoes_the_change_and_ends_every_session(
    site, make_account, sign_in, mailbox
):
    account = make_account("old@a.example")
    sign_in(site, account)
    change(site, mailbox, "thief@b.example")
    link = undo_path(mailbox, "old@a.example")
    owner = site.another_browser()
    assert owner.get(link).status_code == 200
    assert Account.objects.get(pk=account.pk).email == "thief@b.example"
    assert owner.submit(button="Undo the change").status_code == 200
    assert "set a new one now" in owner.page.text
    account.refresh_from_db()
    assert account.email == "old@a.example"
    assert site.get(PAGE).status_code == 302
    assert owner.get(link).status_code == 410
    assert AuditEntry.objects.filter(action="identity.email_change_undone").count() == 1


def test_one_account_does_not_send_mails_to_ever_new_addresses(
    site, make_account, sign_in, mailbox, clock
):
    """Each mail greets with a name that the sender chose: nobody's letter paper."""
    sign_in(site, make_account("old@a.example"))
    for number in range(5):
        assert ask(site, f"stranger{number}@b.example").status_code == 302
    assert ask(site, "stranger5@b.example").status_code == 422
    site.get("/settings/recovery/email")
    assert site.submit({"email": "stranger6@b.example"}).status_code == 422
    assert mailbox.to("stranger5@b.example") == mailbox.to("stranger6@b.example") == []
    clock.move(timedelta(hours=1, seconds=1))
    sign_in(site, Account.objects.get())
    assert ask(site, "stranger5@b.example").status_code == 302


def test_after_undoing_only_a_new_password_opens_the_account(site, make_account, sign_in, mailbox):
    """Whoever made the change knows the present password and would be back at once."""
    account = make_account("old@a.example")
    sign_in(site, account)
    change(site, mailbox, "thief@b.example")
    owner = site.another_browser()
    owner.get(undo_path(mailbox, "old@a.example"))
    owner.submit(button="Undo the change")

    def enter(browser, password):
        browser.get("/sign-in?add=1")
        return browser.submit({"email": "old@a.example", "password": password}).status_code

    assert enter(site, PASSWORD) == 422
    owner.get("/recover")
    owner.submit({"email": "old@a.example"})
    owner.get(path_in(mailbox.to("old@a.example")[-1], "/recover/"))
    owner.submit({"password": "nine copper kettles in the attic"})
    assert enter(site, PASSWORD) == 422
    assert enter(owner, "nine copper kettles in the attic") == 302
    assert AuditEntry.objects.filter(action="identity.account_locked").count() == 0


def test_the_change_can_be_undone_for_seven_days(site, make_account, sign_in, mailbox, clock):
    sign_in(site, make_account("old@a.example"))
    change(site, mailbox, "new@b.example")
    link = undo_path(mailbox, "old@a.example")
    clock.move(timedelta(days=6, hours=23))
    assert site.get(link).status_code == 200
    clock.move(timedelta(hours=2))
    assert site.get(link).status_code == 410
    assert site.post(link).status_code == 410


def test_of_two_changes_the_first_owner_has_the_last_word(site, make_account, sign_in, mailbox):
    account = make_account("old@a.example")
    sign_in(site, account)
    change(site, mailbox, "thief@b.example")
    change(site, mailbox, "thief@c.example")
    owners, thiefs = undo_path(mailbox, "old@a.example"), undo_path(mailbox, "thief@b.example")
    owner = site.another_browser()
    owner.get(owners)
    owner.submit(button="Undo the change")
    assert Account.objects.get(pk=account.pk).email == "old@a.example"
    assert owner.get(thiefs).status_code == 410


def test_an_old_address_with_a_new_account_is_not_taken_from_it(
    site, make_account, sign_in, mailbox
):
    account = make_account("old@a.example")
    sign_in(site, account)
    change(site, mailbox, "new@b.example")
    other = make_account("old@a.example")
    owner = site.another_browser()
    owner.get(undo_path(mailbox, "old@a.example"))
    assert owner.submit(button="Undo the change").status_code == 409
    assert Account.objects.get(pk=account.pk).email == "new@b.example"
    assert Account.objects.get(pk=other.pk).email == "old@a.example"
    assert site.get(PAGE).status_code == 200


def test_the_page_asks_for_the_password_again_after_fifteen_minutes(
    site, make_account, sign_in, clock, mailbox
):
    sign_in(site, make_account("old@a.example"))
    clock.move(timedelta(minutes=14))
    assert site.get(PAGE).status_code == 200
    clock.move(timedelta(minutes=2))
    assert site.get(PAGE).status_code == 302
    assert site.location.startswith("/sign-in/confirm?next=")
    assert site.post(PAGE, {"email": "new@b.example"}).status_code == 302
    assert not MailLink.objects.exists()
    assert len(mailbox) == 0


@pytest.mark.parametrize("path", ["/email/confirm/x", "/email/undo/x", "/recovery-email/confirm/x"])
def test_an_unknown_link_says_that_it_does_not_work(site, path):
    assert site.get(path).status_code == 410
    assert "no longer works" in site.page.heading
