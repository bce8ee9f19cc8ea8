"""What ends application passwords: from the very next use on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, ApplicationPassword
from hospes.identity.queries import application_passwords as queries
from hospes.identity.services import application_passwords as service
from hospes.identity.services import deletion, email_change, export, purging
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from support.people import PASSWORD
from support.racing import race

NEW = "seven violins under the glacier"
TOLD = "Your application passwords were revoked"


def ends_with(mailbox, account):
    return [mail for mail in mailbox.to(account.email) if mail.subject == TOLD]


@pytest.fixture
def held(anna, bruno, make, server):
    """Return a mail server, Anna's password, Bruno's, and Anna."""
    return server(), make(anna), make(bruno), anna


@pytest.mark.parametrize(
    ("page", "lives"), [("/settings/secure", False), ("/settings/password", True)]
)
def test_taking_the_account_back_revokes_them(signed_in, held, mailbox, page, lives):
    mail, value, other, anna = held
    signed_in.get(page)
    signed_in.submit({"current_password": PASSWORD, "new_password": NEW})

    assert (mail.admits(value), mail.admits(other)) == (lives, True)
    assert len(ends_with(mailbox, anna)) == (0 if lives else 1)
    if not lives:
        assert "“Mail on my phone”" in ends_with(mailbox, anna)[0].text
        entry = AuditEntry.objects.get(action="identity.application_passwords_all_revoked")
        assert (entry.subject_account_id, entry.detail["count"]) == (anna.pk, 1)


def test_so_does_signing_out_all_the_others_for_safety(signed_in, held, sign_in):
    mail, value, other, anna = held
    sign_in(signed_in.another_browser(), anna)
    signed_in.get("/settings/secure")
    assert "Mail on my phone" in signed_in.page.text
    signed_in.submit(button="Only sign out")
    assert (mail.admits(value), mail.admits(other)) == (False, True)


def test_a_password_set_by_a_link_revokes_them(site, anna, make, server, mailbox):
    mail, value = server(), make(anna)
    site.get("/recover")
    site.submit({"email": anna.email, "way": "mail"})
    link = next(
        link for letter in mailbox.to(anna.email) for link in letter.links if "/recover/" in link
    )
    assert mail.admits(value)
    site.get(link.removeprefix("https://hospes.test"))
    assert site.submit({"password": NEW}).status_code == 302

    assert not mail.admits(value)
    assert len(ends_with(mailbox, anna)) == 1


def test_a_sign_in_that_was_not_the_owners_revokes_them(site, anna, make, server, mailbox):
    mail, value = server(), make(anna)
    thief = site.another_browser()
    thief.get("/sign-in")
    thief.submit({"email": anna.email, "password": PASSWORD})
    link = next(
        link
        for letter in mailbox.to(anna.email)
        for link in letter.links
        if "/sign-in/not-me/" in link
    )
    site.get(link.removeprefix("https://hospes.test"))
    site.submit()

    assert Account.objects.get(pk=anna.pk).state == Account.State.LOCKED
    assert ApplicationPassword.objects.get().revoked_at is not None
    assert not mail.admits(value)


def test_an_undone_change_of_address_revokes_them(anna, make, mailbox):
    make(anna)
    email_change.ask_email_change(
        email_change.AskEmailChange("thief@elsewhere.example"), acting_account=anna, origin=SYSTEM
    )
    confirm = next(
        link
        for letter in mailbox.to("thief@elsewhere.example")
        for link in letter.links
        if "/email/confirm/" in link
    )
    email_change.confirm_email_change(confirm.rpartition("/")[2], origin=SYSTEM)
    undo = next(
        link
        for letter in mailbox.to("anna@customer.example")
        for link in letter.links
        if "/email/undo/" in link
    )
    assert queries.living(anna).count() == 1
    email_change.undo_email_change(undo.rpartition("/")[2], origin=SYSTEM)
    assert queries.living(anna).count() == 0


def test_a_deleted_account_leaves_none(anna, bruno, make, server, clock):
    mail, value, other = server(), make(anna), make(bruno)
    deletion.ask_deletion(deletion.AskDeletion(anna.email), acting_account=anna, origin=SYSTEM)
    clock.move(timedelta(days=numbers.get("identity.deletion_grace_days") + 1))
    assert deletion.delete_due() == 1

    assert not mail.admits(value)
    assert mail.admits(other)
    assert list(ApplicationPassword.objects.values_list("account", flat=True)) == [bruno.pk]


def test_revoked_ones_are_forgotten_after_a_month(anna, make, clock):
    make(anna, "Old")
    make(anna, "New")
    old = ApplicationPassword.objects.get(name="Old")
    service.revoke(old.pk, acting_account=anna, origin=SYSTEM)
    purging.purge()
    assert ApplicationPassword.objects.count() == 2
    clock.move(timedelta(days=31))
    purging.purge()
    assert [row.name for row in ApplicationPassword.objects.all()] == ["New"]


def test_the_copy_of_ones_data_tells_of_them_and_not_what_they_are(anna, bruno, make):
    value = make(anna)
    make(bruno, "Not Anna's")
    service.revoke_all(acting_account=anna, origin=SYSTEM)
    make(anna, "Calendar")

    found = export.sections()["application_passwords"](anna)
    assert [(row["name"], row["revoked_at"] is not None) for row in found] == [
        ("Mail on my phone", True),
        ("Calendar", False),
    ]
    assert not {"password_hash", "form_key"} & set(found[0])
    assert value not in str(found)


def test_two_at_once_do_not_pass_the_limit(anna, make, number):
    number("identity.application_passwords", 3)
    make(anna, "One")
    make(anna, "Two")

    results = race(lambda place: make(anna, f"At once {place}"), threads=4)
    refused = [each for each in results if isinstance(each, Refused)]
    assert (len(refused), queries.living(anna).count()) == (3, 3)
    assert {fault.code for each in refused for fault in each.faults} == {"too_many"}
