"""Guides 3 and 5: methods added, named, chosen, removed."""

from __future__ import annotations

import base64
import re

from django.urls import reverse

from hospes.foundation import clock
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.models import Account, BackupCode, Method, Session, TrustedBrowser
from hospes.identity.services.two_step import backup_codes, methods, totp, trusted
from hospes.kit.origin import SYSTEM
from support import two_step
from support.people import PASSWORD
from support.racing import race
from support.two_step import App, add_method

PAGE = "/settings/two-step"


def start(site, account, sign_in, **options):
    sign_in(site, account, amr=("pwd", "otp", "mfa"))
    Session.objects.update(second_factor_at=clock.now())


def seed_on(site):
    key = next(e.text for e in site.page.all("code") if re.fullmatch(r"[A-Z2-7 ]{32,}", e.text))
    text = key.replace(" ", "")
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_the_first_app_switches_two_step_on_and_shows_the_codes_once(
    site, make_account, sign_in, mailbox
):
    account = make_account()
    sign_in(site, account)
    site.get(PAGE)
    assert "Your password alone opens the account" in site.page.text
    site.get(f"{PAGE}/app")
    site.submit({"name": "My app"})
    scan = site.location
    site.follow()
    seed = seed_on(site)
    assert site.submit({"code": App(seed).wrong()}).status_code == 422
    account.refresh_from_db()
    assert account.two_step_since is None
    site.get(scan)
    assert seed_on(site) == seed
    assert site.submit({"code": App(seed).code()}).status_code == 200
    assert f"Backup codes of {account.email} at Alpenhost. Each works once." in site.page.text
    shown = [e.text for e in site.page.all("code")]
    assert len(shown) == 10
    assert all(re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code) for code in shown)
    account.refresh_from_db()
    assert account.two_step_since is not None
    assert not any(code in str(list(BackupCode.objects.values())) for code in shown)
    assert mailbox.to(account.email)[-1].subject == "Two-step verification is on"
    session = Session.objects.get()
    assert session.second_factor_at is not None
    assert session.amr == ["mfa", "otp", "pwd"]
    # Its first code was the second step of this sign-in: what follows does not ask again.
    assert site.get(scan).status_code == 404
    assert site.get(f"{PAGE}/codes").status_code == 200
    assert all(backup_codes.use(account, code, origin=SYSTEM) for code in shown)
    assert not any(backup_codes.use(account, code, origin=SYSTEM) for code in shown)


def test_a_seed_is_sealed_at_rest(make_account):
    enrolment = totp.begin(make_account(), name="App")
    key = enrolment.key.replace(" ", "")
    assert key not in str(list(Method.objects.values()))


def test_a_browser_that_proved_no_second_factor_cannot_add_or_remove(site, sign_in, make_account):
    account = two_step.make_account()
    sign_in(site, account)
    method = Method.objects.get()
    for path in ("/app", "/codes", f"/{method.public_id}/remove"):
        assert site.get(PAGE + path).headers["location"].startswith("/sign-in/verify"), path
    assert Method.objects.get().removed_at is None


def test_another_accounts_methods_are_not_there(site, make_account, sign_in):
    theirs = two_step.make_account()
    start(site, make_account(), sign_in)
    method = Method.objects.get(account=theirs)
    for action in ("rename", "remove"):
        assert site.get(f"{PAGE}/{method.public_id}/{action}").status_code == 404
    csrf = site.csrf_token(PAGE)
    answer = site.post(f"{PAGE}/{method.public_id}/default", data={"csrfmiddlewaretoken": csrf})
    assert answer.status_code == 404
    method.refresh_from_db()
    assert method.is_default
    assert method.name == "Anna's totp"


def test_rename_and_ask_first(site, sign_in):
    account = two_step.make_account()
    second = add_method(account, kind="totp", name="Spare")
    start(site, account, sign_in)
    site.get(f"{PAGE}/{second.public_id}/rename")
    assert site.submit({"name": "  "}).status_code == 422
    site.get(f"{PAGE}/{second.public_id}/rename")
    site.submit({"name": " Old  phone "})
    site.get(PAGE)
    site.submit({}, action="default")
    second.refresh_from_db()
    assert (second.name, second.is_default) == ("Old phone", True)
    assert Method.objects.filter(is_default=True).count() == 1


def test_one_of_two_is_removed_with_the_password_and_two_step_stays(site, sign_in, mailbox):
    account = two_step.make_account()
    other = add_method(account, kind="authenticator")
    backup_codes.replace(account)
    start(site, account, sign_in)
    first = Method.objects.get(kind="totp")
    site.get(f"{PAGE}/{first.public_id}/remove")
    assert site.submit({"password": "not mine at all"}).status_code == 422
    assert Method.objects.filter(removed_at=None).count() == 2
    site.get(f"{PAGE}/{first.public_id}/remove")
    assert site.submit({"password": PASSWORD}).status_code == 302
    account.refresh_from_db()
    other.refresh_from_db()
    assert account.two_step_since is not None
    assert other.is_default
    assert backup_codes.remaining(account) == 10
    subjects = [letter.subject for letter in mailbox.to(account.email)]
    assert "A second step was removed from your account" in subjects
    event = OutboxEvent.objects.filter(name="identity.method_removed").get()
    assert event.payload["method_id"] == first.pk


def test_the_last_one_is_removed_only_after_the_warning_and_everything_ends(site, sign_in, mailbox):
    account = two_step.make_account()
    backup_codes.replace(account)
    start(site, account, sign_in)
    method = Method.objects.get()
    page = f"{PAGE}/{method.public_id}/remove"
    site.get(page)
    assert "This is your last method" in site.page.text
    assert site.submit({"password": PASSWORD}).status_code == 422
    assert Method.objects.get().removed_at is None
    site.get(page)
    assert site.submit({"password": PASSWORD, "meant": "on"}).status_code == 302
    account.refresh_from_db()
    method.refresh_from_db()
    assert account.two_step_since is None
    assert (method.seed_sealed, method.is_default) == ("", False)
    assert backup_codes.remaining(account) == 0
    assert not TrustedBrowser.objects.filter(revoked_at=None).exists()
    assert mailbox.to(account.email)[-1].subject == "Two-step verification is off"
    assert not totp.accepts(method, App().code())


def test_where_it_is_enforced_the_last_one_stays(site, sign_in, monkeypatch):
    account = two_step.make_account()
    monkeypatch.setattr(methods, "_enforcements", [lambda _account: ["Muster AG"]])
    start(site, account, sign_in)
    method = Method.objects.get()
    site.get(f"{PAGE}/{method.public_id}/remove")
    assert "is required by Muster AG" in site.page.text
    csrf = site.csrf_token(PAGE)
    answer = site.post(
        f"{PAGE}/{method.public_id}/remove",
        data={"csrfmiddlewaretoken": csrf, "password": PASSWORD, "meant": "on"},
    )
    assert answer.status_code in {200, 422}
    method.refresh_from_db()
    assert method.removed_at is None
    assert Account.objects.get().two_step_since is not None


def test_new_codes_void_the_old_ones(site, sign_in, mailbox):
    account = two_step.make_account()
    old = backup_codes.replace(account)
    start(site, account, sign_in)
    site.get(f"{PAGE}/codes")
    assert "10 unused codes are left" in site.page.text
    site.submit({}, button="Make new codes")
    new = [e.text for e in site.page.all("code")]
    assert not set(new) & set(old)
    assert mailbox.to(account.email)[-1].subject == "New backup codes were made"
    assert not backup_codes.use(account, old[0], origin=SYSTEM)
    assert backup_codes.use(account, new[0], origin=SYSTEM)


def test_a_code_given_by_many_at_once_is_accepted_once():
    two_step.make_account()
    method = Method.objects.get()
    code = App().code()
    results = race(lambda _n: totp.accepts(Method.objects.get(pk=method.pk), code))
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]


def test_a_backup_code_given_by_many_at_once_is_accepted_once():
    account = two_step.make_account()
    code = backup_codes.replace(account)[0]
    results = race(lambda _n: backup_codes.use(account, code, origin=SYSTEM))
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]


def test_two_removals_at_once_leave_two_step_and_its_methods_agreeing():
    account = two_step.make_account()
    add_method(account, kind="totp", name="Second")
    both = methods.living(account)

    def take(number):
        return methods.remove(
            both[number],
            password=PASSWORD,
            acting_account=Account.objects.get(pk=account.pk),
            origin=SYSTEM,
            last_meant=False,
        )

    results = race(take, threads=2)
    left = methods.living(account)
    account.refresh_from_db()
    # The one that comes second was not warned that it is the last, and is refused.
    assert len(left) == 1
    assert results.count(False) == 1
    assert account.two_step_since is not None
    assert AuditEntry.objects.filter(action="identity.method_removed").count() == 1


def test_a_used_backup_code_is_told_and_stands_in_the_log(site, sign_in, mailbox):
    account = two_step.make_account()
    codes = backup_codes.replace(account)
    two_step.enter(site, account.email)
    site.get("/sign-in/verify?way=backup")
    assert site.submit({"backup": "00000-00000"}, action="backup").status_code == 422
    assert not AuditEntry.objects.filter(action="identity.backup_code_used").exists()
    site.get("/sign-in/verify?way=backup")
    assert site.submit({"backup": codes[3].lower()}, action="backup").status_code == 302
    letter = next(m for m in mailbox.to(account.email) if m.subject == "A backup code was used")
    assert "left: 9" in letter.text
    site.get("/settings/activity?kind=two_step")
    assert "A backup code was used; 9 are left." in site.page.text
    assert "Signed in" not in site.page.text
    site.get("/settings/activity?kind=sign_in")
    assert "Signed in with two-step verification." in site.page.text


def test_the_page_that_secures_an_account_names_methods_and_browsers(site, sign_in):
    account = two_step.make_account()
    add_method(account, kind="authenticator", name="Grey phone")
    start(site, account, sign_in)
    trusted.trust(account, Session.objects.get().browser, origin=SYSTEM)
    site.get("/settings/secure")
    assert "Anna's totp, Grey phone" in site.page.text
    assert "Trusted browsers" in site.page.text
    assert site.page.link("Review two-step verification").href == PAGE


def test_the_page_that_secures_an_account_leads_on_without_the_password(
    site, make_account, sign_in
):
    sign_in(site, make_account())
    site.get("/settings/secure")
    assert site.page.link("I do not know the present password").href == "/recover"
    applications = site.page.link("Review connected applications").href
    assert applications == reverse("settings_applications")


def test_the_page_that_secures_an_account_offers_a_second_step(site, make_account, sign_in):
    sign_in(site, make_account())
    site.get("/settings/secure")
    assert site.page.link("Activate two-step verification").href == PAGE
    assert "Trusted browsers" not in site.page.text


def test_the_page_of_signing_in_asks_for_a_second_way_until_there_is_one(site, sign_in):
    account = two_step.make_account()
    start(site, account, sign_in)
    site.get("/settings/login")
    assert "Anna's totp" in site.page.text
    assert "Add a second way" in site.page.text
    add_method(account, kind="sms", name="Mobile", phone="+41791234567")
    site.get("/settings/login")
    assert "Anna's totp, Mobile" in site.page.text
    assert "Add a second way" not in site.page.text
