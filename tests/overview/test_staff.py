from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry, Job, NumberSetting
from hospes.foundation.services import audit, jobs
from hospes.identity.models import Account, Session
from hospes.kit.origin import SYSTEM, Origin

CHANGING = (
    "/staff/settings",
    "/staff/settings/identity.sudo_minutes/reset",
    "/staff/jobs/retry",
    "/staff/jobs/discard",
)
READING = ("/staff/jobs", "/staff/audit", "/staff/audit.csv", "/staff/accounts", "/staff/system")


def entries(action):
    return list(AuditEntry.objects.filter(action=action))


def die(task="mail.send", **values):
    return Job.objects.create(
        task=task,
        state=Job.State.DEAD,
        attempts=8,
        run_at=product_clock.now(),
        created_at=product_clock.now(),
        last_error="The server said no",
        **values,
    )


# ---- who gets in -----------------------------------------------------------------------------


@pytest.mark.parametrize("url", [*CHANGING, *READING])
def test_staff_pages_do_not_exist_for_others(site, customer, url):
    assert site.get(url).status_code == 404
    assert site.another_browser().get(url).status_code == 404


def test_account_pages_do_not_exist_for_others(site, customer):
    for action in ("", "/lock", "/unlock", "/end-sessions"):
        url = f"/staff/accounts/{customer.public_id}{action}"

        assert site.get(url).status_code == 404
        assert site.post(url, {"reason": "because"}).status_code == 404
    customer.refresh_from_db()
    assert customer.state == Account.State.ACTIVE
    assert Session.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize("url", CHANGING)
def test_changes_ask_for_the_password_again_after_a_while(site, staff, clock, url):
    clock.move(timedelta(minutes=numbers.get("identity.sudo_minutes") + 1))

    assert site.get(url).status_code == 302
    assert site.location.startswith("/sign-in/confirm?next=")
    site.post(url, {"identity.sudo_minutes": "60"})
    assert site.location.startswith("/sign-in/confirm?next=")
    assert not NumberSetting.objects.exists()


@pytest.mark.parametrize("url", READING)
def test_looking_does_not_ask_for_it(site, staff, clock, url):
    clock.move(timedelta(hours=2))

    assert site.get(url).status_code == 200


# ---- numbers ---------------------------------------------------------------------------------


def test_every_number_is_on_the_page_with_its_default_and_range(site, staff):
    site.get("/staff/settings")

    form = site.page.form("/staff/settings")
    for key, number in numbers.NUMBERS.items():
        assert form.fields[key] == str(number.default), key
    assert "Default 15, from 1 to 240." in site.page.text
    assert "Not in use yet" in site.page.text


def test_changes_are_stored_told_and_written_down(site, staff):
    site.get("/staff/settings")
    site.submit(
        {"identity.sudo_minutes": "30", "identity.session_idle_days": " 7 "},
        action="/staff/settings",
        follow=True,
    )

    assert "2 settings changed." in site.page.text
    assert numbers.get("identity.sudo_minutes") == 30
    assert numbers.get("identity.session_idle_days") == 7
    assert NumberSetting.objects.count() == 2
    entry = next(e for e in entries("foundation.number_changed") if "sudo_minutes" in e.target)
    assert entry.actor_account_id == staff.pk
    assert entry.ip == "192.0.2.10"
    assert entry.detail == {"before": 15, "after": 30}


def test_all_faults_are_told_at_once_and_nothing_is_changed(site, staff):
    site.get("/staff/settings")
    answer = site.submit(
        {
            "identity.sudo_minutes": "0",
            "identity.session_idle_days": "many",
            "identity.session_absolute_days": "60",
        },
        action="/staff/settings",
    )

    assert answer.status_code == 422
    assert "2 values cannot be accepted; nothing was changed" in site.page.text
    assert "from 1 to 240" in site.page.errors("identity.sudo_minutes")
    assert "whole number" in site.page.errors("identity.session_idle_days")
    form = site.page.form("/staff/settings")
    assert form.fields["identity.session_idle_days"] == "many"
    assert form.fields["identity.session_absolute_days"] == "60"
    assert not NumberSetting.objects.exists()
    assert not entries("foundation.number_changed")


@pytest.mark.parametrize("typed", ["", "1.5", "1_0", "٣", "+5", "--5", "9" * 400, "0x10"])
def test_what_is_no_whole_number_is_refused(site, staff, typed):
    answer = site.post("/staff/settings", {"identity.sudo_minutes": typed})

    assert answer.status_code == 422
    assert numbers.get("identity.sudo_minutes") == 15


def test_saving_what_is_there_changes_nothing_and_says_so(site, staff):
    site.get("/staff/settings")
    site.submit(action="/staff/settings", follow=True)

    assert "nothing was changed" in site.page.text
    assert not NumberSetting.objects.exists()


def test_typing_the_default_takes_the_change_back(site, staff):
    site.post("/staff/settings", {"identity.sudo_minutes": "30"})
    site.post("/staff/settings", {"identity.sudo_minutes": "15"})

    assert not NumberSetting.objects.exists()
    assert len(entries("foundation.number_reset")) == 1


def test_a_number_is_reset_after_asking(site, staff):
    site.post("/staff/settings", {"identity.sudo_minutes": "30"})
    site.get("/staff/settings")
    site.click("Reset")
    assert numbers.get("identity.sudo_minutes") == 30

    site.submit(button="Reset", follow=True)

    assert numbers.get("identity.sudo_minutes") == 15
    assert "is back at its default" in site.page.text


def test_unknown_numbers_are_not_found_and_not_stored(site, staff):
    assert site.get("/staff/settings/identity.nothing/reset").status_code == 404
    site.post("/staff/settings", {"identity.nothing": "3"})
    assert not NumberSetting.objects.exists()


# ---- jobs ------------------------------------------------------------------------------------


def test_failed_jobs_are_shown_first_with_what_went_wrong(site, staff):
    die()
    jobs.enqueue("mail.send", {"message": 1})

    site.get("/staff/jobs")

    assert "The server said no" in site.page.text


def test_jobs_are_filtered_by_state_and_task(site, staff):
    die("mail.send")
    die("identity.purge")

    site.get("/staff/jobs", params={"state": "dead", "task": "mail.send"})
    codes = [code.text for code in site.page.all("code")]
    assert "mail.send" in codes
    assert "identity.purge" not in codes

    site.get("/staff/jobs", params={"state": "running"})
    assert "No jobs in this state" in site.page.text
    assert site.get("/staff/jobs", params={"state": "nonsense"}).status_code == 200


def test_selected_jobs_are_retried_after_asking(site, staff):
    first, second, kept = die(), die(), die()
    site.get("/staff/jobs")
    site.get("/staff/jobs/retry", params={"job": [first.pk, second.pk]})
    assert site.page.heading == "Retry 2 jobs?"
    assert Job.objects.filter(state=Job.State.DEAD).count() == 3

    site.submit(button="Retry", follow=True)

    assert "2 jobs are tried again." in site.page.text
    assert list(Job.objects.filter(state=Job.State.DEAD)) == [kept]


def test_selected_jobs_are_discarded_after_asking(site, staff):
    gone, kept = die(), die()
    site.get("/staff/jobs/discard", params={"job": gone.pk})
    site.submit(button="Discard", follow=True)

    assert "1 job discarded." in site.page.text
    assert Job.objects.get(state=Job.State.DEAD) == kept
    (entry,) = entries("foundation.job_discarded")
    assert entry.actor_account_id == staff.pk


def test_a_job_that_somebody_else_has_dealt_with_is_passed_over(site, staff):
    job = die()
    site.get("/staff/jobs/discard", params={"job": job.pk})
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)

    site.submit(button="Discard", follow=True)

    assert "no longer in this list" in site.page.text
    assert Job.objects.filter(pk=job.pk).exists()


@pytest.mark.parametrize("job", ["", "abc", "-1", "9" * 30])
def test_selecting_nothing_says_so(site, staff, job):
    site.get("/staff/jobs/retry", params={"job": job}, follow=True)

    assert "Select at least one failed job first." in site.page.text


# ---- audit log -------------------------------------------------------------------------------


def record(action="identity.signed_in", account=None, ip="198.51.100.7", **detail):
    return audit.record(
        action,
        actor=account.pk if account else None,
        subject=account.pk if account else None,
        origin=Origin(ip=ip),
        detail=detail,
    )


def listed(site):
    return [code.text for code in site.page.all("code")]


def test_the_log_is_filtered_by_what_who_where_and_when(site, staff, make_account, clock):
    anna = make_account("anna@customer.example")
    record("test.first", anna, ip="198.51.100.7")
    clock.move(timedelta(days=3))
    record("test.second", staff, ip="198.51.100.8")
    record("test.third", None)
    today = clock.now().date().isoformat()

    for filters, expected in (
        ({"action": "test.second"}, {"test.second"}),
        ({"account": "Anna@customer.example"}, {"test.first"}),
        ({"account": "nobody@customer.example"}, set()),
        ({"ip": "198.51.100.8"}, {"test.second"}),
        ({"since": today}, {"test.second", "test.third"}),
    ):
        site.get("/staff/audit", params=filters)
        found = {code for code in listed(site) if code.startswith("test.")}
        assert found == expected, filters


def test_a_wrong_filter_says_so_and_shows_nothing(site, staff):
    record("test.first", staff)

    site.get("/staff/audit", params={"ip": "not-an-address"})

    assert "test.first" not in listed(site)
    assert site.page.errors("ip")


def test_the_log_goes_on_page_by_page_without_gaps(site, staff):
    for number in range(120):
        record(f"test.number_{number:03}", staff)
    seen = []
    site.get("/staff/audit", params={"account": staff.email})
    while True:
        seen += [code for code in listed(site) if code.startswith("test.number")]
        following = [link for link in site.page.links if link.text == "Older"]
        if not following:
            break
        site.get(following[0].href)

    assert seen == [f"test.number_{number:03}" for number in reversed(range(120))]


def test_a_page_of_the_log_takes_a_fixed_number_of_queries(site, staff, make_account, queries_of):
    record("test.one", staff)
    few = queries_of(site, "/staff/audit")
    for number in range(40):
        record("test.one", make_account(f"someone{number}@customer.example"))

    assert queries_of(site, "/staff/audit") == few
    assert few <= 7


def test_the_export_holds_what_the_filter_holds_and_no_formula(site, staff):
    record("test.first", staff, note="=1+1")
    audit.record("test.target", actor=None, target="=HYPERLINK(1)", origin=SYSTEM)

    answer = site.get("/staff/audit.csv", params={"action": "test.target"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    header, row = csv.reader(io.StringIO(answer.text))
    assert row[header.index("action")] == "test.target"
    assert row[header.index("target")] == "'=HYPERLINK(1)"


def test_a_wrong_filter_exports_nothing(site, staff):
    assert site.get("/staff/audit.csv", params={"ip": "x"}).status_code == 302
    assert site.location == "/staff/audit?ip=x"


# ---- accounts --------------------------------------------------------------------------------


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


# ---- system ----------------------------------------------------------------------------------


def test_the_system_page_tells_what_needs_attention(site, staff, clock):
    die()
    jobs.enqueue("mail.send", {})
    clock.move(timedelta(minutes=5))

    site.get("/staff/system")

    assert "Some jobs failed for good." in site.page.text
    assert "Is a worker running?" in site.page.text
    assert "The clock was moved" in site.page.text


def test_the_system_page_shows_no_password_of_the_mail_server(site, staff, installation):
    with installation(mail_url="smtp+starttls://robot:hunter2@mail.example:587"):
        answer = site.get("/staff/system")

    assert "mail.example:587" in site.page.text
    assert "hunter2" not in answer.text
    assert "robot" not in answer.text


def test_the_system_page_tells_when_no_mail_leaves(site, staff, installation):
    with installation(development=False, demo=False, mail_url=""):
        site.get("/staff/system")

    assert "No mail server is configured" in site.page.text
