"""Adding a passkey."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, BackupCode, Method, Passkey, PasskeyCeremony
from support import passkeys, people, two_step
from support.passkeys import ADD, Authenticator, ask, send


@pytest.fixture
def account():
    return people.make_account("anna@customer.example")


@pytest.fixture
def here(site, account, sign_in):
    sign_in(site, account)
    return site


def nothing_added(account):
    account.refresh_from_db()
    assert account.two_step_since is None
    return not (Method.objects.exists() or Passkey.objects.exists() or BackupCode.objects.exists())


@pytest.mark.parametrize(
    ("demo", "hint"), [(True, "HOSPES_BASE_URL=http://localhost:8000"), (False, "")]
)
def test_a_bare_address_says_how_to_try_passkeys_nevertheless(here, demo, hint):
    bare = dataclasses.replace(
        settings.HOSPES, base_url="http://127.0.0.1:8000", demo=demo, development=demo
    )
    here.get("/settings/two-step")
    with override_settings(HOSPES=bare):
        here.get(ADD)
    assert "bare IP address" in here.page.text
    assert hint in here.page.text
    assert ("HOSPES_BASE_URL" in here.page.text) is demo
    assert "Create the passkey" not in here.page.text


def test_the_first_one_switches_two_step_on_and_shows_the_backup_codes(here, account, mailbox):
    own = Authenticator(transports=("internal", "hybrid"))
    response = passkeys.add(here, own, " My  laptop ")
    assert response.status_code == 200
    assert "Your backup codes" in here.page.text
    assert "My laptop" in here.page.text
    account.refresh_from_db()
    assert account.two_step_since is not None
    method = Method.objects.get()
    assert (method.kind, method.name, method.is_default) == ("passkey", "My laptop", True)
    assert method.confirmed_at is not None
    passkey = Passkey.objects.get()
    assert passkey.credential_id == passkeys.encode(own.credentials[0].credential_id)
    assert passkey.transports == ["hybrid", "internal"]
    assert (passkey.is_discoverable, passkey.is_backed_up) == (True, False)
    assert BackupCode.objects.count() == 10
    assert AuditEntry.objects.filter(action="identity.two_step_on").count() == 1
    assert len(mailbox.to(account.email)) == 1
    assert here.get("/settings/two-step").status_code == 200
    assert "My laptop" in here.page.text


def test_a_second_one_adds_itself_only(here, account):
    passkeys.add(here, Authenticator())
    here.post("/sign-out", {"all": "1"})
    own = Authenticator()
    people.sign_in(here, account, amr=("pwd", "otp", "mfa"))
    response = passkeys.add(here, own)
    assert (response.status_code, here.location) == (302, "/settings/two-step")
    assert Method.objects.filter(is_default=True).count() == 1
    assert Method.objects.count() == 2
    assert BackupCode.objects.count() == 10


@pytest.mark.parametrize(
    ("own", "name"),
    [
        (Authenticator(), "Firefox on Linux"),
        (Authenticator(transports=("usb", "nfc")), "Security key"),
        (
            Authenticator(aaguid=bytes.fromhex("08987058cadc4b81b6e130de50dcbe96")),
            "Windows Hello",
        ),
    ],
    ids=["browser", "security key", "known maker"],
)
def test_it_is_named_after_what_keeps_it(here, own, name):
    passkeys.add(here, own)
    assert Method.objects.get().name == name


def test_what_the_browser_is_told(here, account):
    first = Authenticator(transports=("usb", "strange"))
    passkeys.add(here, first)
    people.sign_in(here, account, amr=("pwd", "otp", "mfa"))
    options = ask(here, f"{ADD}/options")
    assert options["rp"] == {"id": "hospes.test", "name": "Alpenhost"}
    assert options["user"]["name"] == account.email
    assert account.email.encode() not in passkeys.decode(options["user"]["id"])
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["attestation"] == "none"
    assert options["excludeCredentials"] == [
        {
            "id": passkeys.encode(first.credentials[0].credential_id),
            "type": "public-key",
            "transports": ["usb"],
        }
    ]
    assert options["timeout"] == 5 * 60 * 1000
    assert len(passkeys.decode(options["challenge"])) >= 16


def test_it_needs_the_password_of_just_now_and_the_second_factor(here, account, clock, sign_in):
    clock.move(timedelta(hours=2))
    assert here.get(ADD).status_code == 302
    assert here.location.startswith("/sign-in/confirm")
    here.follow()
    assert here.post(f"{ADD}/options").status_code == 302
    assert not PasskeyCeremony.objects.exists()
    two_step.add_method(account)
    sign_in(here, account)
    assert here.get(ADD).status_code == 302
    assert here.location == "/sign-in/verify"


def test_a_stranger_s_browser_is_led_to_the_sign_in_page(site):
    site.get("/sign-in")
    assert site.post(f"{ADD}/options").status_code == 302
    assert site.location.startswith("/sign-in?")
    assert not PasskeyCeremony.objects.exists()


WRONG = {
    "another origin": {"origin": "https://hospes.test.evil.example"},
    "another port": {"origin": "https://hospes.test:8443"},
    "plain http": {"origin": "http://hospes.test"},
    "another type": {"type": "webauthn.get"},
    "in a frame": {"crossOrigin": True},
    "in a frame, named": {"topOrigin": "https://evil.example"},
}


@pytest.mark.parametrize("over", WRONG.values(), ids=WRONG)
def test_what_was_not_made_for_us_is_refused(here, account, over):
    made = Authenticator().create(ask(here, f"{ADD}/options"), **over)
    assert send(here, ADD, made).status_code == 422
    assert "does not belong" in here.page.text
    assert nothing_added(account)


def test_a_passkey_for_another_site_is_refused(here, account):
    own = Authenticator(rp_id="evil.example")
    assert passkeys.add(here, own).status_code == 422
    assert nothing_added(account)


def test_without_anybody_there_it_is_refused(here, account):
    assert passkeys.add(here, Authenticator(present=False)).status_code == 422
    assert nothing_added(account)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"response": 1}', "[" * 70000, '{"response":{"clientDataJSON":"%%"}}'],
)
def test_nonsense_is_refused(here, account, text):
    ask(here, f"{ADD}/options")
    assert send(here, ADD, text).status_code == 422
    assert nothing_added(account)


@pytest.mark.parametrize("field", ["attestationObject", "clientDataJSON"])
def test_broken_bytes_are_refused(here, account, field):
    made = Authenticator().create(ask(here, f"{ADD}/options"))
    whole = passkeys.decode(made["response"][field])
    made["response"][field] = passkeys.encode(whole[: len(whole) // 2])
    assert send(here, ADD, made).status_code == 422
    assert nothing_added(account)


def test_an_answer_counts_once(here, account):
    made = Authenticator().create(ask(here, f"{ADD}/options"))
    assert send(here, ADD, made).status_code == 200
    people.sign_in(here, account, amr=("pwd", "otp", "mfa"))
    assert send(here, ADD, made).status_code == 422
    assert "took too long" in here.page.text
    assert Passkey.objects.count() == 1


def test_a_refused_answer_uses_the_challenge_up(here, account):
    options = ask(here, f"{ADD}/options")
    own = Authenticator()
    assert send(here, ADD, own.create(options, origin="https://evil.example")).status_code == 422
    assert send(here, ADD, own.create(options)).status_code == 422
    assert nothing_added(account)


def test_an_answer_that_comes_too_late_is_refused(here, account, clock):
    made = Authenticator().create(ask(here, f"{ADD}/options"))
    clock.move(timedelta(minutes=5, seconds=1))
    assert send(here, ADD, made).status_code == 422
    assert nothing_added(account)


def test_a_challenge_of_another_browser_account_or_purpose_is_refused(
    here, account, make_account, sign_in
):
    other = here.another_browser()
    sign_in(other, account)
    elsewhere = ask(other, f"{ADD}/options")
    ask(here, f"{ADD}/options")
    assert send(here, ADD, Authenticator().create(elsewhere)).status_code == 422
    for_sign_in = ask(here, "/sign-in/passkey/options")
    for_sign_in["user"] = {"id": passkeys.encode(account.public_id.encode())}
    assert send(here, ADD, Authenticator().create(for_sign_in)).status_code == 422
    assert nothing_added(account)
    mine = ask(here, f"{ADD}/options")
    beside = make_account()
    sign_in(here, beside)
    assert send(here, ADD, Authenticator().create(mine)).status_code == 422
    assert nothing_added(account)


def test_one_that_is_known_already_is_refused(here, account, make_account, sign_in):
    own = Authenticator()
    passkeys.add(here, own)
    other = here.another_browser()
    beside = make_account()
    sign_in(other, beside)
    copy = Authenticator()
    made = copy.create(ask(other, f"{ADD}/options"))
    known = own.credentials[0].credential_id
    attestation = passkeys.decode(made["response"]["attestationObject"])
    attestation = attestation.replace(copy.credentials[0].credential_id, known)
    made["response"]["attestationObject"] = passkeys.encode(attestation)
    made["id"] = made["rawId"] = passkeys.encode(known)
    assert send(other, ADD, made).status_code == 422
    assert "in use already" in other.page.text
    assert Passkey.objects.count() == 1
    assert not Account.objects.get(pk=beside.pk).two_step_since


def test_a_name_that_is_too_long_stays_in_the_form(here, account):
    made = Authenticator().create(ask(here, f"{ADD}/options"))
    assert send(here, ADD, made, name="x" * 61).status_code == 422
    assert nothing_added(account)
