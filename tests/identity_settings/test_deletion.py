from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.foundation.services import jobs
from hospes.identity.models import Account, MailLink, Session
from hospes.identity.services import deletion
from support.people import PASSWORD

PAGE = "/settings/data/delete"


def ask(site, typed="anna@a.example"):
    site.get(PAGE)
    return site.submit({"typed_email": typed})


@pytest.fixture
def anna(site, make_account, sign_in):
    account = make_account(
        "anna@a.example",
        recovery_email="second@b.example",
        recovery_phone="+41791234567",
        timezone="Europe/Zurich",
    )
    sign_in(site, account)
    return account


def worker_runs(mailbox):
    jobs.enqueue_scheduled()
    mailbox.deliver()


def still_there(account):
    account.refresh_from_db()
    return account.state == Account.State.ACTIVE and account.deletion_due_at is None


def test_an_account_goes_after_fourteen_days(site, anna, mailbox, clock):
    elsewhere = site.another_browser()
    response = ask(site)
    assert response.status_code == 200
    assert "going to be deleted" in site.page.heading
    assert site.get("/settings/profile").status_code == 302
    assert mailbox.to("anna@a.example")[-1].subject == "Your account is going to be deleted"
    clock.move(timedelta(days=13, hours=23))
    worker_runs(mailbox)
    anna.refresh_from_db()
    assert anna.state == Account.State.ACTIVE
    clock.move(timedelta(hours=2))
    worker_runs(mailbox)
    assert mailbox.to("anna@a.example")[-1].subject == "Your account was deleted"
    anna.refresh_from_db()
    assert anna.state == Account.State.DELETED
    personal = (anna.first_name, anna.last_name, anna.recovery_email, anna.recovery_phone)
    assert personal == ("", "", "", "")
    assert anna.email.endswith("@deleted.invalid")
    assert anna.password_hash == ""
    assert not MailLink.objects.filter(account=anna).exists()
    assert not Session.objects.filter(account=anna).exclude(ip="", user_agent="").exists()
    assert OutboxEvent.objects.filter(name="identity.account_deleted").count() == 1
    elsewhere.get("/sign-in")
    elsewhere.post("/sign-in", {"email": "anna@a.example", "password": PASSWORD})
    assert elsewhere.response.status_code != 302


def test_the_address_is_free_afterwards(site, anna, mailbox, clock, make_account):
    ask(site)
    clock.move(timedelta(days=14, hours=1))
    worker_runs(mailbox)
    assert make_account("anna@a.example").pk != anna.pk


def test_the_log_keeps_no_whole_address(site, anna, mailbox, clock):
    ask(site)
    clock.move(timedelta(days=15))
    worker_runs(mailbox)
    for entry in AuditEntry.objects.filter(subject_account_id=anna.pk):
        assert "anna@a.example" not in str(entry.detail)
        assert "Keller" not in str(entry.detail)


def test_signing_in_within_the_days_keeps_the_account(site, anna, mailbox, clock):
    ask(site)
    clock.move(timedelta(days=13))
    site.get("/sign-in")
    site.post("/sign-in", {"email": "anna@a.example", "password": PASSWORD})
    assert still_there(anna)
    assert "Your account stays" in [m.subject for m in mailbox.to("anna@a.example")]
    clock.move(timedelta(days=2))
    worker_runs(mailbox)
    assert still_there(anna)
    assert AuditEntry.objects.filter(action="identity.deletion_withdrawn").count() == 1


def test_the_address_must_be_typed(site, anna, mailbox):
    for typed in ("", "anna", "bruno@a.example"):
        assert ask(site, typed).status_code == 422
        assert "not the address you sign in with" in site.page.errors("typed_email")
    assert still_there(anna)
    assert site.get("/settings/profile").status_code == 200
    assert len(mailbox) == 0


def test_it_asks_for_the_password_again(site, anna, clock):
    site.get(PAGE)
    clock.move(timedelta(minutes=16))
    assert site.post(PAGE, {"typed_email": "anna@a.example"}).status_code == 302
    assert still_there(anna)


def test_what_must_be_handed_over_stands_in_the_way(site, anna, monkeypatch):
    monkeypatch.setattr(deletion, "_obstacles", [lambda _account: ["Hand over Example Ltd."]])
    monkeypatch.setattr(deletion, "_losses", [lambda _account: ["Your 3 applications"]])
    site.get(PAGE)
    assert "Hand over Example Ltd." in site.page.text
    assert "Your 3 applications" in site.page.text
    assert not site.page.all("input", name="typed_email")
    assert site.post(PAGE, {"typed_email": "anna@a.example"}).status_code == 422
    assert still_there(anna)


def test_an_obstacle_that_comes_up_meanwhile_keeps_the_account(
    site, anna, monkeypatch, mailbox, clock
):
    ask(site)
    monkeypatch.setattr(deletion, "_obstacles", [lambda _account: ["Hand over Example Ltd."]])
    clock.move(timedelta(days=15))
    worker_runs(mailbox)
    letter = mailbox.to("anna@a.example")[-1]
    assert letter.subject == "Your account could not be deleted"
    assert "Hand over Example Ltd." in letter.text
    assert still_there(anna)


def test_deleting_again_does_nothing_more(site, anna, clock, mailbox):
    ask(site)
    clock.move(timedelta(days=15))
    worker_runs(mailbox)
    assert deletion.delete_due() == 0
    assert len([m for m in mailbox.to("anna@a.example") if "was deleted" in m.subject]) == 1
