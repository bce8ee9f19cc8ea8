"""What of the second step stands in the copy of one's data, and what goes with the account."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings

from hospes.foundation import clock as clocks
from hospes.foundation.services import jobs
from hospes.identity.domain import tokens
from hospes.identity.models import (
    Account,
    Authenticator,
    AuthenticatorLink,
    BackupCode,
    Challenge,
    Method,
    Passkey,
    SentCode,
)
from hospes.identity.services import purging
from hospes.identity.services.two_step import backup_codes, phones, sms, totp
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from support import two_step
from support.two_step import SEED, add_method

TOKEN = "hsp_dev_of-this-phone"


@pytest.fixture
def anna():
    """A person with a method of each kind."""
    account = two_step.make_account("anna@a.example")
    phone = add_method(account, kind="authenticator", name="Anna's Fairphone")
    Authenticator.objects.create(
        method=phone,
        token_hash=tokens.fingerprint(TOKEN),
        public_key="{}",
        brand="Fairphone",
        model="5",
        push_sealed="sealed",
    )
    key = add_method(account, kind="passkey", name="Yellow key")
    Passkey.objects.create(method=key, credential_id="credential", public_key="public")
    number = add_method(account, kind="sms", name="Old phone", phone="+41791234567")
    sms.send(number, origin=SYSTEM)
    backup_codes.use(account, backup_codes.replace(account)[0], origin=SYSTEM)
    return account


def copy_of(site, mailbox):
    site.get("/settings/data")
    site.submit(button="Make a copy", follow=True)
    mailbox.deliver()
    site.get("/settings/data")
    content = site.get(site.page.link("Download").href).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def delete(site, mailbox, clock):
    site.get("/settings/data/delete")
    site.submit({"typed_email": "anna@a.example"})
    clock.move(timedelta(days=14, hours=1))
    jobs.enqueue_scheduled()
    mailbox.deliver()


def test_the_copy_names_every_method_and_holds_no_secret(site, anna, sign_in, mailbox):
    sign_in(site, anna, amr=("pwd", "otp", "mfa"))
    totp.begin(anna, name="Never finished")
    found = copy_of(site, mailbox)
    for path in (settings.FILES_DIR / "exports").iterdir():
        path.unlink()
    methods = json.loads(found["two_step_methods.json"])
    assert [each["kind"] for each in methods] == ["totp", "authenticator", "passkey", "sms"]
    by_kind = {each["kind"]: each for each in methods}
    assert by_kind["sms"]["phone"] == "+41791234567"
    assert by_kind["authenticator"]["device"]["brand"] == "Fairphone"
    assert by_kind["passkey"]["passkey"]["credential_id"] == "credential"
    codes = json.loads(found["backup_codes.json"])
    assert [bool(each["used_at"]) for each in codes].count(True) == 1
    assert len(codes) == 10
    everything = "".join(found.values())
    secrets = [
        *Method.objects.exclude(seed_sealed="").values_list("seed_sealed", flat=True),
        *BackupCode.objects.values_list("code_hash", flat=True),
        *Authenticator.objects.values_list("token_hash", flat=True),
        SEED.decode(),
    ]
    assert len(secrets) == 15
    assert [secret for secret in secrets if secret in everything] == []


def test_all_of_it_goes_with_the_account(site, anna, sign_in, mailbox, clock):
    sign_in(site, anna, amr=("pwd", "otp", "mfa"))
    delete(site, mailbox, clock)
    anna.refresh_from_db()
    assert (anna.state, anna.two_step_since) == (Account.State.DELETED, None)
    for model in (BackupCode, Passkey, SentCode, Challenge, AuthenticatorLink):
        assert not model.objects.exists(), model
    left = Method.objects.get()
    assert (left.kind, left.name, left.seed_sealed) == ("authenticator", "", "")
    assert not totp.accepts(left, two_step.App().code())
    phone = Authenticator.objects.get()
    assert (phone.brand, phone.model, phone.push_sealed) == ("", "", "")


def test_the_phone_of_a_deleted_account_is_told_for_a_while(site, anna, sign_in, mailbox, clock):
    assert phones.by_token(TOKEN).method.account == anna
    sign_in(site, anna, amr=("pwd", "otp", "mfa"))
    delete(site, mailbox, clock)
    with pytest.raises(Refused) as refused:
        phones.by_token(TOKEN)
    assert refused.value.has("", "device_removed")
    clock.move(timedelta(days=31))
    purging.purge()
    assert not Method.objects.exists()
    assert not Authenticator.objects.exists()


def test_another_account_loses_nothing(site, anna, sign_in, mailbox, clock):
    bruno = two_step.make_account("bruno@b.example")
    backup_codes.replace(bruno)
    sign_in(site, anna, amr=("pwd", "otp", "mfa"))
    delete(site, mailbox, clock)
    bruno.refresh_from_db()
    assert bruno.two_step_since is not None
    assert backup_codes.remaining(bruno) == 10
    method = Method.objects.get(account=bruno)
    assert totp.accepts(method, two_step.App().code())


def test_what_was_never_finished_and_what_was_removed_long_ago_is_purged(clock):
    account = two_step.make_account()
    totp.begin(account, name="Never finished")
    old = add_method(account, kind="sms", name="Old", phone="+41791234567")
    phone = add_method(account, kind="authenticator", name="Phone")
    Method.objects.filter(pk__in=(old.pk, phone.pk)).update(removed_at=clocks.now())
    sms.send(old, origin=SYSTEM)
    purging.purge()
    assert Method.objects.count() == 4
    assert SentCode.objects.count() == 1
    clock.move(timedelta(days=2))
    purging.purge()
    assert not Method.objects.filter(name="Never finished").exists()
    assert not SentCode.objects.exists()
    assert Method.objects.count() == 3
    clock.move(timedelta(days=29))
    purging.purge()
    assert [each.kind for each in Method.objects.order_by("pk")] == ["totp", "authenticator"]
    assert Account.objects.get().two_step_since is not None
