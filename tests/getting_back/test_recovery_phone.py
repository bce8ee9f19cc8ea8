"""A recovery phone leads back in once a code that was sent there has been typed in."""

from __future__ import annotations

from getting_back.test_forgotten_password import PHONE, code_in, texts

from hospes.identity.models import Account
from support.people import sign_in as signed_in_on

CONFIRM = "/settings/recovery/phone/confirm"


def give(site, phone="079 123 45 67"):
    site.get("/settings/recovery/phone")
    return site.submit({"region": "CH", "phone": phone})


def test_the_code_proves_the_phone(site, make_account, mailbox):
    account = make_account()
    signed_in_on(site, account)
    assert give(site).headers["location"] == CONFIRM
    [text] = texts(mailbox)
    site.get(CONFIRM)
    assert "+41 79 123 45 67" in site.page.text
    site.submit({"code": code_in(text)}, button="Confirm")
    account.refresh_from_db()
    assert account.recovery_phone == PHONE
    assert account.recovery_phone_verified_at is not None
    assert "is confirmed" in mailbox.to(account.email)[-1].subject


def test_wrong_codes_prove_nothing(site, make_account, mailbox):
    account = make_account()
    signed_in_on(site, account)
    give(site)
    right = code_in(texts(mailbox)[0])
    wrong = "111111" if right != "111111" else "222222"
    site.get(CONFIRM)
    assert site.submit({"code": wrong}, button="Confirm").status_code == 422
    account.refresh_from_db()
    assert account.recovery_phone_verified_at is None


def test_another_number_has_to_be_proved_anew(site, make_account, mailbox, clock):
    account = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    signed_in_on(site, account)
    give(site, "079 765 43 21")
    account.refresh_from_db()
    assert account.recovery_phone == "+41797654321"
    assert account.recovery_phone_verified_at is None


def test_a_code_for_the_old_number_does_not_prove_the_new_one(site, make_account, mailbox):
    account = make_account()
    signed_in_on(site, account)
    give(site)
    old = code_in(texts(mailbox)[0])
    give(site, "079 765 43 21")
    new = code_in(texts(mailbox, "+41797654321")[0])
    if old != new:
        site.get(CONFIRM)
        assert site.submit({"code": old}, button="Confirm").status_code == 422
    assert Account.objects.get().recovery_phone_verified_at is None


def test_a_removed_number_is_no_longer_proved(site, make_account, clock):
    account = make_account(recovery_phone=PHONE, recovery_phone_verified_at=clock.now())
    signed_in_on(site, account)
    site.get("/settings/recovery/phone/remove")
    site.submit({}, button="Remove")
    account.refresh_from_db()
    assert (account.recovery_phone, account.recovery_phone_verified_at) == ("", None)
    assert site.get(CONFIRM).status_code == 302
