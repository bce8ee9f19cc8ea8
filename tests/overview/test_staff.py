from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry, Job, NumberSetting
from hospes.foundation.services import jobs
from hospes.identity.models import Account, Session

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
