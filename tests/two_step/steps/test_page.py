"""The verification page as people see it, without scripts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, BackupCode, Session, SignInStep
from hospes.identity.services.two_step import backup_codes, steps, trusted
from hospes.kit.origin import SYSTEM
from support import people, two_step
from support.two_step import App, enter, pass_step


@pytest.fixture
def account():
    return two_step.make_account("anna@customer.example")


def at_step(site, account, url="/sign-in"):
    enter(site, account.email, url=url)
    assert site.location == "/sign-in/verify"
    site.follow()
    return site


def test_the_app_s_code_signs_in_and_goes_on(site, account):
    at_step(site, account, "/sign-in?next=/settings/profile%3Fa%3D1")
    assert site.response.status_code == 200
    assert account.email in site.page.text
    assert "Two-step verification" in site.page.text
    response = pass_step(site)
    assert (response.status_code, site.location) == (302, "/settings/profile?a=1")
    session = Session.objects.get()
    assert session.amr == ["mfa", "otp", "pwd"]
    assert session.second_factor_at is not None
    assert site.cookie("step") is None
    assert site.cookie("browser")
    assert site.cookie("accounts")
    site.follow()
    assert site.response.status_code == 200


@pytest.mark.parametrize("further", [False, True])
def test_whoever_lost_every_second_step_is_led_to_help(site, account, further):
    if further:
        two_step.add_method(account, kind="passkey")
    at_step(site, account)
    assert ("Use another way" in site.page.text) is further
    site.get(site.page.link("I have lost every second step").href)
    assert site.response.status_code == 200
    form = site.page.form(button="Send to our support")
    assert form.fields["kind"] == "second_step_lost"


def test_a_code_is_taken_as_it_is_written_down(site, account):
    at_step(site, account)
    code = App().code()
    pass_step(site, f" {code[:3]} {code[3:]} ")
    assert Session.objects.count() == 1


def test_a_wrong_code_is_told_and_counted(site, account):
    at_step(site, account)
    response = pass_step(site, App().wrong())
    assert response.status_code == 422
    assert "code is not right" in site.page.text
    assert not Session.objects.exists()
    account.refresh_from_db()
    assert (account.failed_codes, account.failed_passwords) == (1, 0)
    assert AuditEntry.objects.get(action="identity.code_failed").subject_account_id == account.pk
    assert pass_step(site).status_code == 302


def test_an_empty_form_is_not_a_try(site, account):
    at_step(site, account)
    assert pass_step(site, "").status_code == 422
    assert "Please enter the code" in site.page.text
    account.refresh_from_db()
    assert account.failed_codes == 0


def test_after_ten_wrong_codes_there_is_a_pause_that_passes(site, account, clock, mailbox):
    at_step(site, account)
    wrong = App().wrong()
    for _ in range(10):
        assert pass_step(site, wrong).status_code == 422
    response = pass_step(site)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) == 15 * 60
    assert "15 min" in site.page.text
    assert not Session.objects.exists()
    assert "stopped at the second step" in mailbox.to(account.email)[0].subject
    # The password is not locked out by it, and a new step does not begin counting anew.
    again = at_step(site.another_browser(), account)
    assert pass_step(again).status_code == 429
    clock.move(timedelta(minutes=15, seconds=1))
    at_step(site, account)
    assert pass_step(site).status_code == 302


def test_a_flood_of_wrong_passwords_does_not_stop_a_step_that_waits(site, account):
    at_step(site, account)
    stranger = site.another_browser(ip="198.51.100.7")
    for _ in range(12):
        enter(stranger, account.email, "wrong")
    assert stranger.response.status_code == 429
    assert pass_step(site).status_code == 302


def test_another_way_is_a_backup_code_which_works_once(site, account):
    codes = backup_codes.regenerate(account, origin=SYSTEM)
    at_step(site, account)
    site.click("Backup code")
    assert site.submit({"backup": "wrong-wrong"}, action="backup").status_code == 422
    assert "none of your unused backup codes" in site.page.text
    assert site.submit({"backup": codes[0]}, action="backup").status_code == 302
    assert Session.objects.get().amr == ["mfa", "otp", "pwd"]
    assert BackupCode.objects.filter(used_at__isnull=False).count() == 1

    second = at_step(site.another_browser(), account)
    second.click("Backup code")
    assert second.submit({"backup": codes[0]}, action="backup").status_code == 422
    assert Session.objects.count() == 1


def test_without_backup_codes_none_are_offered(site, account):
    at_step(site, account)
    assert "Backup code" not in site.page.text


def test_a_trusted_browser_is_not_asked_again(site, account):
    at_step(site, account)
    pass_step(site, trust="1")
    assert trusted.living(account).count() == 1
    site.post("/sign-out", {"all": "1"})
    enter(site, account.email)
    assert site.location == "/"
    assert site.get("/settings/profile").status_code == 200
    enter(site.another_browser(), account.email)
    assert site.another_browser().get("/settings/profile").status_code == 302


def test_nothing_is_trusted_unless_asked(site, account):
    at_step(site, account)
    pass_step(site)
    assert not trusted.living(account).exists()
    site.post("/sign-out", {"all": "1"})
    enter(site, account.email)
    assert site.location == "/sign-in/verify"


def test_what_was_chosen_survives_a_mistake(site, account):
    at_step(site, account)
    pass_step(site, App().wrong(), trust="1")
    assert pass_step(site).status_code == 302
    assert trusted.living(account).count() == 1


def test_giving_up_leads_back_to_where_it_began(site, account):
    at_step(site, account, "/sign-in?next=/settings/profile")
    token = site.cookie("step")
    site.submit(button="Cancel")
    assert site.location == "/sign-in?next=%2Fsettings%2Fprofile"
    assert steps.find(token) is None
    assert site.cookie("step") is None
    assert not Session.objects.exists()
    site.set_cookie("__Host-step", token)
    assert site.get("/sign-in/verify").status_code == 302


def test_too_late_is_said_and_leads_back(site, account, clock):
    at_step(site, account, "/sign-in?next=/settings/profile")
    clock.move(timedelta(minutes=11))
    pass_step(site)
    assert site.location == "/sign-in?next=%2Fsettings%2Fprofile"
    site.follow()
    assert "not finished in time" in site.page.text
    assert not Session.objects.exists()
    enter(site, account.email, url=site.url)
    pass_step(site)
    assert site.location == "/settings/profile"


def test_a_change_meanwhile_is_said(site, account):
    at_step(site, account)
    Account.objects.update(state=Account.State.LOCKED)
    pass_step(site)
    assert site.location == "/sign-in"
    site.follow()
    assert "changed meanwhile" in site.page.text
    assert not Session.objects.exists()


def test_without_a_step_the_page_is_the_sign_in_page(site):
    for method, path in (
        ("GET", "/sign-in/verify"),
        ("POST", "/sign-in/verify/code"),
        ("POST", "/sign-in/verify/backup"),
        ("POST", "/sign-in/verify/cancel"),
    ):
        if method == "GET":
            site.get(path)
        else:
            site.post(path, {"code": "123456", "backup": "x"})
        assert (site.response.status_code, site.location) == (302, "/sign-in"), path


def test_a_form_sent_twice_signs_in_once_and_goes_on_twice(site, account):
    at_step(site, account, "/sign-in?next=/settings/profile")
    token = site.cookie("step")
    pass_step(site)
    site.set_cookie("__Host-step", token)
    site.post("/sign-in/verify/code", {"code": App().code()})
    assert site.location == "/settings/profile"
    assert Session.objects.count() == 1


def test_the_codes_are_taken_by_post_alone(site, account):
    at_step(site, account)
    for path in ("code", "backup", "cancel"):
        assert site.get(f"/sign-in/verify/{path}?code={App().code()}").status_code == 405
    assert not Session.objects.exists()


def test_the_form_needs_its_token(site, account):
    at_step(site, account)
    response = site.post("/sign-in/verify/code", {"code": App().code()}, csrf=False)
    assert response.status_code == 403
    assert not Session.objects.exists()


def test_the_page_s_forms_may_lead_on_to_the_application(site, account):
    """Browsers hold the redirect after a form to the page's policy (CSP form-action)."""
    from hospes.connect.domain.registration import Draft
    from hospes.connect.services.applications import RegisterApplication, register_application
    from hospes.organizations.queries import organizations_of

    draft = Draft(type="web", name="Shop", redirect_uris=("https://shop.example/callback",))
    app = register_application(
        RegisterApplication(draft, "form-key-number-00000001"),
        organization=organizations_of(account)[0],
        acting_account=account,
        origin=SYSTEM,
    ).application
    query = {
        "client_id": app.client_id,
        "redirect_uri": "https://shop.example/callback",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    url = f"/sign-in?{urlencode({'next': f'/authorize?{urlencode(query)}'})}"
    at_step(site, account, url)
    assert (
        "form-action 'self' https://shop.example;"
        in site.response.headers["Content-Security-Policy"]
    )
    assert pass_step(site, App().wrong()).status_code == 422
    assert "https://shop.example" in site.response.headers["Content-Security-Policy"]


def test_beside_somebody_who_is_signed_in(site, account):
    ben = people.make_account("ben@customer.example")
    people.sign_in(site, ben)
    at_step(site, account, "/sign-in?add=1")
    assert account.email in site.page.text
    pass_step(site)
    site.get("/accounts")
    assert "anna@customer.example" in site.page.text
    assert "ben@customer.example" in site.page.text


def test_the_pages_ask_the_database_little(site, account):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    backup_codes.regenerate(account, origin=SYSTEM)
    at_step(site, account)
    with CaptureQueriesContext(connection) as few:
        site.get("/sign-in/verify")
    for number in range(5):
        two_step.add_method(account, name=f"App {number}")
    with CaptureQueriesContext(connection) as many:
        site.get("/sign-in/verify")
    assert len(few) == len(many) <= 4
    assert SignInStep.objects.count() == 1
