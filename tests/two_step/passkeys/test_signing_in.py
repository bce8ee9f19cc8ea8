"""Signing in with a passkey alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Method, Passkey, PasskeyCeremony, Session
from support import passkeys, people, racing
from support.passkeys import SIGN_IN, Authenticator, ask, send

NOT_HERE = "This passkey cannot sign in here."


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


@pytest.fixture
def own(site, account, mailbox):
    """Return the authenticator that keeps a passkey of ``account``; nobody is signed in."""
    authenticator = Authenticator()
    here = site.another_browser()
    people.sign_in(here, account)
    passkeys.add(here, authenticator)
    Session.objects.all().delete()
    return authenticator


def refused(site, words=NOT_HERE):
    """Return whether nobody was signed in, and the page says so."""
    assert site.response.status_code == 302
    assert site.location.startswith("/sign-in")
    site.follow()
    assert words in site.page.text
    return not Session.objects.exists()


def test_it_signs_in_without_password(site, account, own, mailbox):
    response = passkeys.sign_in(site, own, next="/settings/profile?a=1")
    assert (response.status_code, site.location) == (302, "/settings/profile?a=1")
    session = Session.objects.get()
    assert session.account == account
    assert session.amr == ["hwk", "mfa", "user"]
    assert session.second_factor_at is not None
    assert site.get("/settings/profile").status_code == 200
    entry = AuditEntry.objects.get(action="identity.signed_in")
    assert entry.detail == {"new_device": True, "second_step": "passkey"}
    assert Method.objects.get().last_used_at is not None
    assert Passkey.objects.get().sign_count == 1
    assert mailbox.to(account.email)[-1].subject == "New sign-in to your account"
    account.refresh_from_db()
    assert account.last_sign_in_at is not None


def test_a_known_device_gets_no_mail_and_is_remembered(site, account, own, mailbox):
    passkeys.sign_in(site, own)
    count = len(mailbox.to(account.email))
    site.post("/sign-out", {"all": "1"})
    passkeys.sign_in(site, own)
    assert len(mailbox.to(account.email)) == count
    assert AuditEntry.objects.filter(action="identity.signed_in").last().detail == {
        "new_device": False,
        "second_step": "passkey",
    }


def test_a_synced_one_is_software(site, own):
    own.synced, own.counts = True, False
    passkeys.sign_in(site, own)
    assert Session.objects.get().amr == ["mfa", "swk", "user"]
    assert Passkey.objects.get().is_backed_up is True
    passkeys.sign_in(site.another_browser(), own)
    assert Session.objects.count() == 2


def test_it_leads_nowhere_else(site, own):
    passkeys.sign_in(site, own, next="https://evil.example/")
    assert site.location == "/"


def test_a_refusal_leads_back_to_the_page_it_was_on(site, own, make_account, sign_in):
    sign_in(site, make_account())
    site.get("/sign-in?add=1&next=/settings/profile")
    action = site.page.form("/sign-in/passkey").action
    own.verifies = False
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    send(site, action, answer, next="/settings/profile")
    assert site.location == "/sign-in?add=1&next=%2Fsettings%2Fprofile"
    site.follow()
    assert NOT_HERE in site.page.text
    own.verifies = True
    send(site, action, own.get(ask(site, f"{SIGN_IN}/options")), next="/settings/profile")
    assert site.location == "/settings/profile"
    assert Session.objects.count() == 2


def test_what_the_browser_is_told(site, own):
    options = ask(site, f"{SIGN_IN}/options")
    assert options["rpId"] == "hospes.test"
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


def test_the_user_must_have_been_verified(site, own):
    own.verifies = False
    passkeys.sign_in(site, own)
    assert refused(site)


def test_somebody_must_have_been_there(site, own):
    own.present = False
    passkeys.sign_in(site, own)
    assert refused(site)


@pytest.mark.parametrize("state", ["locked", "deleted"])
def test_an_account_that_is_not_active_is_not_told_apart(site, account, own, state):
    Account.objects.filter(pk=account.pk).update(state=state)
    passkeys.sign_in(site, own)
    assert refused(site)
    entry = AuditEntry.objects.get(action="identity.passkey_refused")
    assert (entry.subject_account_id, entry.detail) == (account.pk, {"reason": "not_active"})


def test_a_removed_one_is_as_unknown(site, account, own):
    Method.objects.update(removed_at=account.created_at)
    passkeys.sign_in(site, own)
    assert refused(site)
    assert AuditEntry.objects.get(action="identity.passkey_refused").detail == {"reason": "unknown"}
    assert Passkey.objects.get().sign_count == 0


def test_one_that_was_never_added_is_unknown(site, own):
    stranger = Authenticator()
    stranger.create({"challenge": "AAAA", "user": {"id": "AAAA"}})
    passkeys.sign_in(site, stranger)
    assert refused(site)


WRONG = {
    "another origin": {"origin": "https://hospes.test.evil.example"},
    "plain http": {"origin": "http://hospes.test"},
    "another type": {"type": "webauthn.create"},
    "in a frame": {"crossOrigin": True},
    "in a frame, named": {"topOrigin": "https://evil.example"},
}


@pytest.mark.parametrize("over", WRONG.values(), ids=WRONG)
def test_what_was_not_answered_to_us_is_refused(site, own, over):
    answer = own.get(ask(site, f"{SIGN_IN}/options"), **over)
    send(site, SIGN_IN, answer)
    assert refused(site)
    assert Passkey.objects.get().sign_count == 0


def test_an_answer_for_another_site_is_refused(site, own):
    own.rp_id = "evil.example"
    passkeys.sign_in(site, own)
    assert refused(site)


def test_changed_client_data_is_refused(site, own):
    answer = own.get(ask(site, f"{SIGN_IN}/options"), origin="https://evil.example")
    stated = json.loads(passkeys.decode(answer["response"]["clientDataJSON"]))
    stated["origin"] = own.origin
    answer["response"]["clientDataJSON"] = passkeys.encode(json.dumps(stated).encode())
    send(site, SIGN_IN, answer)
    assert refused(site)


@pytest.mark.parametrize("field", ["signature", "authenticatorData"])
def test_changed_bytes_are_refused(site, own, field):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    data = bytearray(passkeys.decode(answer["response"][field]))
    data[-1] ^= 1
    answer["response"][field] = passkeys.encode(bytes(data))
    send(site, SIGN_IN, answer)
    assert refused(site)
    assert Passkey.objects.get().sign_count == 0


@pytest.mark.parametrize("handle", [None, "", "AAAA", 7, {}], ids=str)
def test_the_user_handle_must_be_the_account_s(site, own, handle):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    answer["response"]["userHandle"] = handle
    send(site, SIGN_IN, answer)
    assert refused(site)


def test_the_user_handle_of_another_account_is_refused(site, own, make_account):
    own.credentials[0].user_handle = make_account().public_id.encode()
    passkeys.sign_in(site, own)
    assert refused(site)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"id": 1, "response": {}}', "\x00"])
def test_nonsense_is_refused(site, own, text):
    ask(site, f"{SIGN_IN}/options")
    send(site, SIGN_IN, text)
    assert refused(site, "Please try again")


def test_an_answer_counts_once(site, own):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    send(site, SIGN_IN, answer)
    assert Session.objects.count() == 1
    Session.objects.all().delete()
    send(site, SIGN_IN, answer)
    assert refused(site, "took too long")


def test_an_answer_caught_elsewhere_is_worth_nothing(site, own):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    thief = site.another_browser()
    send(thief, SIGN_IN, answer)
    assert refused(thief, "took too long")
    ask(thief, f"{SIGN_IN}/options")
    send(thief, SIGN_IN, answer)
    assert refused(thief, "took too long")
    # The one it was given to may still answer.
    send(site, SIGN_IN, answer)
    assert Session.objects.count() == 1


def test_an_answer_that_comes_too_late_is_refused(site, own, clock):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    clock.move(timedelta(minutes=5, seconds=1))
    send(site, SIGN_IN, answer)
    assert refused(site, "took too long")


def test_a_copy_is_refused_and_told(site, account, own, mailbox):
    own.credentials[0].count = 6
    passkeys.sign_in(site, own)
    Session.objects.all().delete()
    count = len(mailbox.to(account.email))
    own.credentials[0].count = 3
    passkeys.sign_in(site, own)
    assert refused(site, "may be a copy")
    assert Passkey.objects.get().sign_count == 7
    assert AuditEntry.objects.get(action="identity.passkey_copied").subject_account_id == account.pk
    new = mailbox.to(account.email)[count:]
    assert [mail.subject for mail in new] == ["One of your passkeys was refused"]
    assert "/settings/two-step" in new[0].text
    passkeys.sign_in(site, own)
    assert refused(site, "may be a copy")
    assert len(mailbox.to(account.email)) == count + 1


def test_nobody_without_the_key_can_report_a_copy(site, account, own, mailbox):
    own.credentials[0].count = 6
    passkeys.sign_in(site, own)
    Session.objects.all().delete()
    count = len(mailbox.to(account.email))
    own.credentials[0].count = 0
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    answer["response"]["signature"] = passkeys.encode(b"0" * 70)
    send(site, SIGN_IN, answer)
    assert refused(site)
    assert len(mailbox.to(account.email)) == count


def test_many_wrong_answers_of_a_network_make_it_wait(site, own, clock):
    from hospes.foundation import numbers

    stranger = Authenticator()
    stranger.create({"challenge": "AAAA", "user": {"id": "AAAA"}})
    for _ in range(numbers.get("identity.password_failures_per_network")):
        passkeys.sign_in(site, stranger)
    passkeys.sign_in(site, own)
    assert refused(site, "Too many attempts")
    passkeys.sign_in(site.another_browser(ip="198.51.100.9"), own)
    assert Session.objects.count() == 1
    clock.move(timedelta(minutes=16))
    passkeys.sign_in(site, own)
    assert Session.objects.count() == 2


def test_one_answer_given_in_parallel_signs_in_once(site, own):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    cookies = {item.name: item.value for item in site.client.cookies.jar}
    browsers = []
    for _ in range(6):
        browser = site.another_browser()
        for name, value in cookies.items():
            browser.set_cookie(name, value)
        browsers.append(browser)
    results = racing.race(lambda number: send(browsers[number], SIGN_IN, answer).headers, 6)
    assert [item["location"] for item in results].count("/") == 1, results
    assert Session.objects.count() == 1
    assert AuditEntry.objects.filter(action="identity.signed_in").count() == 1
    assert PasskeyCeremony.objects.filter(used_at__isnull=False).count() == 2


def test_a_form_of_another_site_asks_and_answers_nothing(site, own):
    answer = own.get(ask(site, f"{SIGN_IN}/options"))
    headers = {"Origin": "https://evil.example"}
    assert site.post(SIGN_IN, {"passkey": json.dumps(answer)}, headers=headers).status_code == 403
    assert site.post(f"{SIGN_IN}/options", headers=headers).status_code == 403
    assert site.get(SIGN_IN).status_code == 405
    assert not Session.objects.exists()


def test_the_page_works_without_scripts(site, own, account):
    site.get("/sign-in")
    assert 'autocomplete="username webauthn"' in site.response.text
    assert site.submit({"email": account.email, "password": people.PASSWORD}).status_code == 302
    assert site.location == "/sign-in/verify"
