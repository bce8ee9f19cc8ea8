from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.domain import masking, phones
from hospes.identity.models import Account, MailLink

PAGE = "/settings/recovery"
BASE = "https://hospes.test"


def ask_email(site, address):
    site.get(f"{PAGE}/email")
    return site.submit({"email": address})


def link_to(mailbox, address):
    return mailbox.to(address)[-1].links[0].removeprefix(BASE)


def set_phone(site, number, region="CH"):
    site.get(f"{PAGE}/phone")
    return site.submit({"phone": number, "region": region})


def test_a_recovery_address_counts_once_confirmed(site, make_account, sign_in, mailbox):
    account = make_account("anna@a.example")
    sign_in(site, account)
    assert ask_email(site, "Second@B.example").status_code == 302
    account.refresh_from_db()
    assert account.recovery_email == ""
    link = link_to(mailbox, "second@b.example")
    elsewhere = site.another_browser()
    assert elsewhere.get(link).status_code == 200
    account.refresh_from_db()
    assert account.recovery_email == ""
    assert elsewhere.submit(button="Confirm this address").status_code == 200
    account.refresh_from_db()
    assert account.recovery_email == "second@b.example"
    assert account.recovery_email_verified_at is not None
    assert elsewhere.get(link).status_code == 410
    told = mailbox.to("anna@a.example")[-1]
    assert told.subject == "Your recovery e-mail address was changed"
    assert "second@b.example" in told.text


@pytest.mark.parametrize(
    "case",
    [
        ("", "Enter an e-mail address"),
        ("nonsense", "no complete e-mail address"),
        ("Anna@A.example", "sign-in address"),
        ("second@b.example", "have already"),
    ],
)
def test_an_address_that_is_no_way_back_in_is_refused(site, make_account, sign_in, mailbox, case):
    typed, words = case
    sign_in(site, make_account("anna@a.example", recovery_email="second@b.example"))
    assert ask_email(site, typed).status_code == 422
    assert words in site.page.errors("email")
    assert not MailLink.objects.exists()
    assert len(mailbox) == 0


def test_the_link_runs_out_after_a_day(site, make_account, sign_in, mailbox, clock):
    sign_in(site, make_account())
    ask_email(site, "second@b.example")
    link = link_to(mailbox, "second@b.example")
    clock.move(timedelta(hours=24, minutes=1))
    assert site.get(link).status_code == 410


def test_an_address_that_became_the_sign_in_address_is_not_confirmed(
    site, make_account, sign_in, mailbox
):
    account = make_account("anna@a.example")
    sign_in(site, account)
    ask_email(site, "second@b.example")
    link = link_to(mailbox, "second@b.example")
    Account.objects.filter(pk=account.pk).update(email="second@b.example")
    site.get(link)
    assert site.submit(button="Confirm this address").status_code == 410
    account.refresh_from_db()
    assert account.recovery_email == ""


def test_a_phone_number_is_read_as_its_country_writes_it(site, make_account, sign_in, mailbox):
    account = make_account("anna@a.example")
    sign_in(site, account)
    assert set_phone(site, "079 123 45 67").status_code == 302
    account.refresh_from_db()
    assert account.recovery_phone == "+41791234567"
    site.follow()
    assert "+41 79 123 45 67" in site.page.text
    assert mailbox.to("anna@a.example")[-1].subject == "Your recovery phone number was changed"
    entry = AuditEntry.objects.get(action="identity.recovery_phone_changed")
    assert entry.detail == {"phone": "…67"}


@pytest.mark.parametrize(
    ("number", "region", "kept"),
    [
        ("079 123 45 67", "CH", "+41791234567"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("+33 6 12 34 56 78", "CH", "+33612345678"),
        ("12", "CH", ""),
        ("hello", "CH", ""),
        ("+41 79 123 45 67 ext. 9", "CH", ""),
        ("", "CH", ""),
        ("9" * 500, "CH", ""),
    ],
)
def test_phone_numbers(number, region, kept):
    assert phones.parse(number, region) == kept


def test_a_number_of_no_country_is_refused(site, make_account, sign_in):
    account = make_account(recovery_phone="+41791234567")
    sign_in(site, account)
    assert set_phone(site, "12345").status_code == 422
    assert "no phone number" in site.page.errors("phone")
    assert set_phone(site, "+41 79 123 45 67").status_code == 422
    account.refresh_from_db()
    assert account.recovery_phone == "+41791234567"


def test_both_are_removed_after_a_question(site, make_account, sign_in, mailbox):
    account = make_account(
        "anna@a.example", recovery_email="second@b.example", recovery_phone="+41791234567"
    )
    sign_in(site, account)
    for kind in ("email", "phone"):
        site.get(f"{PAGE}/{kind}/remove")
        account.refresh_from_db()
        assert getattr(account, f"recovery_{kind}")
        site.submit(button="Remove")
        account.refresh_from_db()
        assert not getattr(account, f"recovery_{kind}")
    assert [letter.subject for letter in mailbox.to("anna@a.example")] == [
        "Your recovery e-mail address was removed",
        "Your recovery phone number was removed",
    ]


@pytest.mark.parametrize("path", ["/email", "/phone", "/email/remove", "/phone/remove"])
def test_every_change_asks_for_the_password_again_after_fifteen_minutes(
    site, make_account, sign_in, clock, path
):
    account = make_account(recovery_email="second@b.example", recovery_phone="+41791234567")
    sign_in(site, account)
    site.get("/settings/profile")
    clock.move(timedelta(minutes=16))
    for response in (site.get(PAGE + path), site.post(PAGE + path)):
        assert response.status_code == 302
        assert "/sign-in/confirm" in response.headers["location"]
    account.refresh_from_db()
    assert account.recovery_email
    assert account.recovery_phone


def test_what_the_log_keeps_of_an_address():
    assert masking.email("anna@a.example") == "a…@a.example"
    assert masking.email("") == ""
    assert masking.phone("") == ""
