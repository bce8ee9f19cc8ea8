"""Saying "This wasn't me", or undoing an e-mail change, takes back what was added meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as clocks
from hospes.foundation.models import AuditEntry
from hospes.identity.models import AuthenticatorLink, BackupCode, Method, Session
from hospes.identity.services.two_step import links, methods
from hospes.kit.origin import Origin
from support import passkeys, people, two_step
from support.passkeys import Authenticator

NEW = "nine copper kettles in the attic"
ORIGIN = Origin(ip="192.0.2.10")


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


def intrude(site, account):
    """Sign in with the password on a device of one's own, and add a passkey there."""
    intruder = site.another_browser(ip="198.51.100.7")
    two_step.enter(intruder, account.email)
    own = Authenticator()
    assert passkeys.add(intruder, own).status_code == 200
    return intruder, own


def path_of(mailbox, address, part):
    found = [link for letter in mailbox.to(address) for link in letter.links if part in link]
    return found[0].removeprefix("https://hospes.test")


def repudiate(site, mailbox, account):
    site.get(path_of(mailbox, account.email, "/not-me"))
    site.submit({}, follow=True)
    site.submit({"password": NEW})
    mailbox.deliver()


def test_their_passkey_opens_nothing(site, account, mailbox):
    intruder, own = intrude(site, account)
    repudiate(site, mailbox, account)
    Session.objects.filter(account=account).delete()
    passkeys.sign_in(intruder, own)
    assert not Session.objects.filter(account=account, ended_at=None).exists()


def test_the_owner_is_not_asked_for_it_and_is_told(site, account, mailbox):
    intrude(site, account)
    name = Method.objects.get().name
    repudiate(site, mailbox, account)
    assert site.location == "/"
    account.refresh_from_db()
    assert account.two_step_since is None
    assert not BackupCode.objects.filter(account=account).exists()
    letters = [each for each in mailbox.to(account.email) if "were removed" in each.subject]
    assert len(letters) == 1
    assert name in letters[0].text
    entry = AuditEntry.objects.get(action="identity.methods_taken_back")
    assert entry.detail == {"names": [name], "backup_codes": True}


def test_what_was_there_before_stays_and_is_asked_for(site, mailbox, clock):
    account = two_step.make_account("anna@customer.example")
    before = Method.objects.get()
    clock.move(timedelta(days=1))
    intruder = site.another_browser(ip="198.51.100.7")
    two_step.enter(intruder, account.email)
    two_step.pass_step(intruder)
    assert passkeys.add(intruder, Authenticator()).status_code == 302
    added = Method.objects.get(kind="passkey")
    methods.make_default(added, origin=ORIGIN)
    clock.move(timedelta(minutes=2))
    repudiate(site, mailbox, account)
    assert [each.pk for each in methods.living(account)] == [before.pk]
    assert methods.living(account)[0].is_default
    assert site.location == "/sign-in/verify"
    assert two_step.pass_step(site).status_code == 302
    assert Session.objects.filter(account=account, ended_at=None).count() == 1


def test_backup_codes_made_since_then_are_void_and_older_ones_stay(clock, mailbox):
    account = two_step.make_account()
    methods.backup_codes.replace(account)
    clock.move(timedelta(hours=1))
    since = clocks.now()
    assert methods.take_back(account, since=since, origin=ORIGIN) == 0
    assert BackupCode.objects.filter(account=account).count() == 10
    assert not mailbox.to(account.email)
    assert not AuditEntry.objects.filter(action="identity.methods_taken_back").exists()
    methods.backup_codes.replace(account)
    assert methods.take_back(account, since=since, origin=ORIGIN) == 0
    assert not BackupCode.objects.filter(account=account).exists()
    assert "backup codes are worthless" in mailbox.to(account.email)[0].subject
    account.refresh_from_db()
    assert account.two_step_since is not None


def test_invitations_and_what_is_half_added_go_whenever_they_began(account, clock):
    links.begin(account, browser=None, origin=ORIGIN)
    clock.move(timedelta(minutes=1))
    since = clocks.now()
    two_step.add_method(account, confirmed_at=None, is_default=False)
    methods.take_back(account, since=since, origin=ORIGIN)
    assert AuthenticatorLink.objects.get().expires_at <= clocks.now()
    half = Method.objects.get()
    assert (half.removed_at is not None, half.seed_sealed) == (True, "")


def test_another_account_keeps_all(account, make_account):
    other = two_step.make_account()
    since = clocks.now() - timedelta(days=1)
    two_step.add_method(account)
    assert methods.take_back(account, since=since, origin=ORIGIN) == 1
    assert len(methods.living(other)) == 1
    other.refresh_from_db()
    assert other.two_step_since is not None


def test_undoing_an_e_mail_change_takes_back_what_was_added_since(site, account, mailbox, clock):
    intruder = site.another_browser(ip="198.51.100.7")
    two_step.enter(intruder, account.email)
    intruder.get("/settings/email")
    intruder.submit({"email": "thief@b.example"})
    intruder.get(path_of(mailbox, "thief@b.example", "/email/confirm/"))
    intruder.submit(button="Use this address")
    clock.move(timedelta(minutes=1))
    own = Authenticator()
    assert passkeys.add(intruder, own).status_code == 200
    site.get(path_of(mailbox, "anna@customer.example", "/email/undo/"))
    assert site.submit(button="Undo the change").status_code == 200
    account.refresh_from_db()
    assert (account.email, account.two_step_since) == ("anna@customer.example", None)
    assert not methods.living(account)
    assert any("were removed" in each.subject for each in mailbox.to("anna@customer.example"))
