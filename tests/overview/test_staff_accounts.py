from __future__ import annotations

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Session
from tests.overview.test_staff_audit import record


def entries(action):
    return list(AuditEntry.objects.filter(action=action))


def test_accounts_are_found_by_name_and_address(site, staff, make_account):
    make_account("anna@customer.example", first_name="Anna", last_name="Keller")
    make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")

    for words, found in (("kell ann", True), ("ANNA@CUST", True), ("xyz", False)):
        site.get("/staff/accounts", params={"q": words})
        assert ("anna@customer.example" in site.page.text) is found
        assert "bruno@customer.example" not in site.page.text
    site.get("/staff/accounts", params={"state": "locked"})
    assert "Nobody found" in site.page.text


def test_an_account_page_never_holds_a_secret(site, staff, make_account, sign_in):
    anna = make_account("anna@customer.example", recovery_phone="+41791234567")
    sign_in(site.another_browser(), anna)

    answer = site.get(f"/staff/accounts/{anna.public_id}")

    assert "+41791234567" in site.page.text
    assert anna.password_hash not in answer.text
    assert "argon2" not in answer.text


def test_an_account_page_takes_a_fixed_number_of_queries(
    site, staff, make_account, sign_in, queries_of
):
    anna = make_account("anna@customer.example")
    url = f"/staff/accounts/{anna.public_id}"
    few = queries_of(site, url)
    for _ in range(5):
        sign_in(site.another_browser(), anna)
        record(account=anna)

    assert queries_of(site, url) == few


def test_unknown_accounts_are_not_found(site, staff):
    assert site.get("/staff/accounts/00000000-0000-4000-8000-000000000000").status_code == 404
    assert site.get("/staff/accounts/x%27y").status_code == 404


def test_locking_needs_a_reason_ends_the_sessions_and_is_written_down(
    site, staff, make_account, sign_in
):
    anna = make_account("anna@customer.example")
    hers = site.another_browser()
    sign_in(hers, anna)
    url = f"/staff/accounts/{anna.public_id}/lock"
    site.get(url)

    site.submit({"reason": "  "})
    assert site.page.errors("reason")
    anna.refresh_from_db()
    assert anna.state == Account.State.ACTIVE

    site.submit({"reason": "Card reported stolen"}, follow=True)

    anna.refresh_from_db()
    assert anna.state == Account.State.LOCKED
    assert anna.locked_at is not None
    assert not Session.objects.filter(account=anna, ended_at__isnull=True).exists()
    hers.get("/settings/profile")
    assert hers.location.startswith("/sign-in")
    (entry,) = entries("staff.account_locked")
    assert (entry.actor_account_id, entry.subject_account_id) == (staff.pk, anna.pk)
    assert entry.detail == {"reason": "Card reported stolen"}


def test_a_locked_account_cannot_sign_in_and_an_unlocked_one_can(site, staff, make_account, clock):
    anna = make_account("anna@customer.example", password="a lantern over the harbour 41")
    site.post(f"/staff/accounts/{anna.public_id}/lock", {"reason": "check"})
    hers = site.another_browser()

    def try_to_sign_in():
        hers.get("/sign-in")
        hers.submit({"email": anna.email, "password": "a lantern over the harbour 41"}, follow=True)
        return hers.get("/settings/profile").status_code == 200

    assert not try_to_sign_in()
    site.post(f"/staff/accounts/{anna.public_id}/unlock", {"reason": "checked"})
    assert try_to_sign_in()
    assert len(entries("staff.account_unlocked")) == 1


def test_a_new_password_by_mail_does_not_undo_what_staff_locked(site, staff, make_account, mailbox):
    """Only staff open again what staff closed: a lock against fraud is not the owner's to undo."""
    anna = make_account("anna@customer.example")
    hers = site.another_browser()
    url = f"/staff/accounts/{anna.public_id}"
    site.post(f"{url}/lock", {"reason": "fraud"})
    hers.get("/recover")
    hers.submit({"email": anna.email})
    link = mailbox.to(anna.email)[-1].links[0].removeprefix("https://hospes.test")
    fresh = "nine copper kettles in the attic"

    assert hers.post(link, {"password": fresh}).headers["location"].startswith("/sign-in?")

    def try_to_sign_in():
        hers.get("/sign-in")
        return hers.submit({"email": anna.email, "password": fresh}).status_code

    anna.refresh_from_db()
    assert anna.state == Account.State.LOCKED
    assert not Session.objects.filter(account=anna, ended_at__isnull=True).exists()
    assert try_to_sign_in() == 422
    site.post(f"{url}/unlock", {"reason": "cleared"})
    assert try_to_sign_in() == 302


def test_staff_lock_also_what_wrong_passwords_locked(site, staff, make_account, mailbox):
    anna = make_account("anna@customer.example", state=Account.State.LOCKED)
    url = f"/staff/accounts/{anna.public_id}"
    assert "/lock" in site.get(url).text
    site.post(f"{url}/lock", {"reason": "fraud"})
    anna.refresh_from_db()
    assert anna.locked_by_staff
    assert len(entries("staff.account_locked")) == 1
    assert f"{url}/lock" not in site.get(url).text
    site.post(f"{url}/unlock", {"reason": "cleared"})
    anna.refresh_from_db()
    assert (anna.state, anna.locked_by_staff) == (Account.State.ACTIVE, False)


def test_staff_do_not_lock_themselves_out(site, staff):
    site.get(f"/staff/accounts/{staff.public_id}/lock")
    site.submit({"reason": "trying"})

    assert "You cannot lock your own account." in site.page.text
    staff.refresh_from_db()
    assert staff.state == Account.State.ACTIVE
    assert not entries("staff.account_locked")


def test_what_is_locked_already_is_not_locked_again(site, staff, make_account):
    anna = make_account("anna@customer.example")
    url = f"/staff/accounts/{anna.public_id}"
    site.post(f"{url}/lock", {"reason": "first"})
    site.post(f"{url}/lock", {"reason": "second"})

    assert "no longer active" in site.page.text
    assert len(entries("staff.account_locked")) == 1
    site.post(f"{url}/unlock", {"reason": "first"})
    site.post(f"{url}/unlock", {"reason": "second"})
    assert "not locked" in site.page.text
    assert len(entries("staff.account_unlocked")) == 1


def test_sessions_are_ended_after_asking(site, staff, make_account, sign_in):
    anna = make_account("anna@customer.example")
    sign_in(site.another_browser(), anna)
    sign_in(site.another_browser(), anna)
    site.get(f"/staff/accounts/{anna.public_id}/end-sessions")
    assert Session.objects.filter(account=anna, ended_at__isnull=True).count() == 2

    site.submit(button="End sessions", follow=True)

    assert "2 sessions ended." in site.page.text
    assert not Session.objects.filter(account=anna, ended_at__isnull=True).exists()
    assert Session.objects.filter(account=staff, ended_at__isnull=True).exists()
    (entry,) = entries("identity.sessions_ended")
    assert entry.actor_account_id == staff.pk


def test_reasons_have_an_end(site, staff, make_account):
    anna = make_account("anna@customer.example")
    site.post(f"/staff/accounts/{anna.public_id}/lock", {"reason": "x" * 501})

    anna.refresh_from_db()
    assert anna.state == Account.State.ACTIVE


def test_the_owner_is_told_of_what_staff_did(site, staff, make_account, sign_in, mailbox):
    anna = make_account("anna@customer.example")
    sign_in(site.another_browser(), anna)
    url = f"/staff/accounts/{anna.public_id}"

    for act in ("end-sessions", "lock", "unlock"):
        site.post(f"{url}/{act}", {"reason": "check"})

    told = [mail.subject for mail in mailbox.to(anna.email)]
    assert [subject for subject in told if "support" in subject] == [
        "Our support signed you out everywhere",
        "Our support locked your account",
        "Our support unlocked your account",
    ]
