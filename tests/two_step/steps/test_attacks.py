"""Attacks on the second step, each as somebody would try it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import hospes
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Method, Session, SignInStep
from hospes.identity.queries import sign_ins
from hospes.identity.services import opening, sessions
from hospes.identity.services.two_step import backup_codes, steps, totp
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from support import people, racing, two_step
from support.people import PASSWORD
from support.two_step import App, enter, pass_step

OTHER_SEED = b"another seed of 20 b"
NEW = "a different meadow under snow 88"


@pytest.fixture
def account():
    return two_step.make_account("anna@customer.example")


def at_step(site, account, password=PASSWORD):
    enter(site, account.email, password)
    assert site.location == "/sign-in/verify"
    site.follow()
    return site


def nobody_came_in():
    assert not Session.objects.exists()
    assert not AuditEntry.objects.filter(action="identity.signed_in").exists()


# ---- assurance counted wrongly: Kratos GHSA-wc43-73w7-x2f5 and its kind ------------------------


@pytest.mark.parametrize(
    "changes",
    [{"confirmed_at": None}, {"removed_at": "now"}],
    ids=["never confirmed", "removed"],
)
def test_ghsa_wc43_73w7_x2f5_a_method_that_does_not_count_is_no_factor(
    site, clock, account, changes
):
    if changes.get("removed_at"):
        changes = {"removed_at": clock.now()}
    two_step.add_method(account, seed=OTHER_SEED, **changes)
    at_step(site, account)
    assert pass_step(site, App(OTHER_SEED).code()).status_code == 422
    nobody_came_in()


def test_ghsa_wc43_73w7_x2f5_another_account_s_code_is_no_factor(site, account):
    other = people.make_account("other@customer.example")
    two_step.add_method(other, seed=OTHER_SEED)
    codes = backup_codes.regenerate(other, origin=SYSTEM)
    backup_codes.regenerate(account, origin=SYSTEM)
    at_step(site, account)
    assert pass_step(site, App(OTHER_SEED).code()).status_code == 422
    site.get("/sign-in/verify?way=backup")
    assert site.submit({"backup": codes[0]}, action="backup").status_code == 422
    nobody_came_in()
    assert backup_codes.remaining(other) == len(codes)


def test_ghsa_wc43_73w7_x2f5_the_password_twice_is_one_factor(site, account):
    at_step(site, account)
    assert pass_step(site, PASSWORD[:40]).status_code == 422
    enter(site, account.email)
    assert site.location == "/sign-in/verify"
    nobody_came_in()


def test_ghsa_wc43_73w7_x2f5_an_unfinished_step_opens_no_page(site, account):
    at_step(site, account)
    for path in ("/settings/login", "/settings/password", "/accounts", "/authorize"):
        site.get(path)
        assert account.email not in site.page.text
    site.post("/accounts/switch", {"account": account.public_id})
    site.get("/settings/login")
    assert site.response.status_code == 302
    nobody_came_in()


def test_ghsa_wc43_73w7_x2f5_one_factor_never_completes_a_sign_in(account):
    for amr in (("pwd",), ("pwd", "mfa"), ("otp", "mfa"), ("mfa",), ("pwd", "otp")):
        with pytest.raises(Refused):
            opening.complete(account, None, new_device=False, origin=SYSTEM, amr=amr)
    nobody_came_in()


def test_ghsa_wc43_73w7_x2f5_sessions_are_opened_at_two_places_alone():
    """A new account has no second factor; everybody else passes the door that asks for it."""
    source = Path(hospes.__file__).parent
    callers = {
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if "open_session(" in file.read_text("utf-8")
    }
    assert callers == {
        "identity/services/sessions.py",
        "identity/services/opening.py",
        "identity/services/sign_up.py",
    }


# ---- codes guessed: Zitadel CVE-2025-64102 and its kind ----------------------------------------


def test_cve_2025_64102_new_steps_and_networks_give_no_more_guesses(site, account):
    tried = 0
    for number in range(14):
        guesser = site.another_browser(ip=f"198.51.100.{number + 1}")
        at_step(guesser, account)
        tried += pass_step(guesser, App().wrong()).status_code == 422
    assert tried == 10
    account.refresh_from_db()
    assert account.failed_codes == 10
    # Not even the right one now.
    at_step(guesser, account)
    assert pass_step(guesser).status_code == 429
    nobody_came_in()


def test_cve_2025_64102_all_kinds_of_codes_share_one_count(site, account):
    codes = backup_codes.regenerate(account, origin=SYSTEM)
    at_step(site, account)
    for number in range(10):
        if number % 2:
            pass_step(site, App().wrong())
        else:
            site.get("/sign-in/verify?way=backup")
            site.submit({"backup": "00000-00000"}, action="backup")
        site.get("/sign-in/verify")
    site.get("/sign-in/verify?way=backup")
    assert site.submit({"backup": codes[0]}, action="backup").status_code == 429
    nobody_came_in()
    assert backup_codes.remaining(account) == len(codes)


def test_cve_2025_64102_parallel_guesses_never_outrun_the_limit(site, account):
    guessers = [at_step(site.another_browser(), account) for _ in range(14)]
    tokens = [guesser.csrf_token() for guesser in guessers]
    wrong = App().wrong()

    def guess(number):
        form = {"code": wrong, "csrfmiddlewaretoken": tokens[number]}
        return guessers[number].post("/sign-in/verify/code", form).status_code

    results = racing.race(guess, 14)
    assert (results.count(422), results.count(429)) == (10, 4), results
    nobody_came_in()


# ---- the same proof twice ----------------------------------------------------------------------


def test_a_code_read_over_the_shoulder_does_not_work_again(site, account):
    at_step(site, account)
    code = App().code()
    assert pass_step(site, code).status_code == 302
    thief = at_step(site.another_browser(), account)
    assert pass_step(thief, code).status_code == 422
    assert Session.objects.count() == 1


def test_one_code_in_parallel_steps_opens_one(site, account):
    browsers = [at_step(site.another_browser(), account) for _ in range(6)]
    tokens = [browser.csrf_token() for browser in browsers]
    code = App().code()

    def send(number):
        form = {"code": code, "csrfmiddlewaretoken": tokens[number]}
        return browsers[number].post("/sign-in/verify/code", form).status_code

    results = racing.race(send, 6)
    assert (results.count(302), results.count(422)) == (1, 5), results
    assert Session.objects.count() == 1


def test_one_backup_code_in_parallel_steps_opens_one(site, account):
    codes = backup_codes.regenerate(account, origin=SYSTEM)
    browsers = [at_step(site.another_browser(), account) for _ in range(6)]
    tokens = [browser.csrf_token() for browser in browsers]

    def send(number):
        form = {"backup": codes[4], "csrfmiddlewaretoken": tokens[number]}
        return browsers[number].post("/sign-in/verify/backup", form).status_code

    results = racing.race(send, 6)
    assert (results.count(302), results.count(422)) == (1, 5), results
    assert Session.objects.count() == 1
    assert backup_codes.remaining(account) == len(codes) - 1


# ---- a reset instead of the second factor: authentik #18639, Kratos #4134 ----------------------


def test_a_reset_by_mail_does_not_stand_in_for_the_second_step(site, account, mailbox):
    site.get("/recover")
    site.submit({"email": account.email})
    link = mailbox.to(account.email)[-1].links[0].removeprefix(site.base_url)
    site.post(link, {"password": NEW})
    assert site.location == "/sign-in/verify"
    site.follow()
    assert pass_step(site, App().wrong()).status_code == 422
    # Nor does asking for another one, nor leaving the page.
    site.get("/settings/profile")
    assert site.response.status_code == 302
    nobody_came_in()
    site.get("/sign-in/verify")
    assert pass_step(site).status_code == 302
    assert Session.objects.get().amr == ["mfa", "otp", "pwd"]


# ---- the step itself ---------------------------------------------------------------------------


def test_the_step_of_one_browser_is_worth_nothing_in_another(site, account):
    """It was begun beside somebody's sign-in: only that browser may finish it."""
    ben = people.make_account("ben@customer.example")
    people.sign_in(site, ben)
    site.get("/sign-in?add=1")
    site.submit({"email": account.email, "password": PASSWORD})
    thief = site.another_browser()
    thief.set_cookie("__Host-step", site.cookie("step"))
    thief.post("/sign-in/verify/code", {"code": App().code()})
    assert thief.location == "/sign-in"
    assert not Session.objects.filter(account=account).exists()
    site.get("/sign-in/verify")
    assert pass_step(site).status_code == 302


def test_a_step_up_belongs_to_the_session_that_asked(site, account):
    session = people.sign_in(site, account)
    _, token = steps.begin_again(session, continue_to="/", application_name="", origin=SYSTEM)
    thief = site.another_browser()
    people.sign_in(thief, people.make_account("thief@customer.example"))
    thief.get("/sign-in?add=1")
    thief.set_cookie("__Host-step", token)
    thief.post("/sign-in/verify/code", {"code": App().code()})
    assert thief.location == "/"
    session.refresh_from_db()
    assert session.second_factor_at is None
    site.set_cookie("__Host-step", token)
    site.get("/sign-in/verify")
    assert pass_step(site).status_code == 302
    session.refresh_from_db()
    assert session.second_factor_at is not None


def test_the_public_id_of_a_step_opens_nothing(site, account):
    at_step(site, account)
    step = SignInStep.objects.get()
    for value in (step.public_id, step.token_hash, ""):
        thief = site.another_browser()
        thief.set_cookie("__Host-step", value)
        thief.post("/sign-in/verify/code", {"code": App().code()})
        assert thief.location == "/sign-in"
    nobody_came_in()


def test_a_step_begun_with_the_old_password_ends_with_it(site, account, clock):
    """The owner changes the password; whoever knew the old one waits at the second step."""
    from hospes.identity.services import passwords

    thief = at_step(site.another_browser(), account)
    session, _ = sessions.open_session(
        account, None, origin=Origin(ip="192.0.2.10"), amr=("mfa", "otp", "pwd")
    )
    clock.move(timedelta(seconds=2))
    passwords.change_password(
        passwords.ChangePassword(PASSWORD, NEW),
        acting_account=account,
        origin=Origin(ip="192.0.2.10", session_id=session.pk),
    )
    pass_step(thief)
    assert thief.location == "/sign-in"
    assert list(Session.objects.filter(ended_at=None)) == [session]


def test_a_locked_account_s_step_does_not_finish(site, account):
    at_step(site, account)
    Account.objects.update(state=Account.State.LOCKED)
    pass_step(site)
    assert site.location == "/sign-in"
    nobody_came_in()
    # The code was not even looked at: it still counts once the account is open again.
    Account.objects.update(state=Account.State.ACTIVE)
    assert totp.accepts(Method.objects.get(), App().code())


def test_a_value_planted_before_the_sign_in_is_worth_nothing_after_it(site, account):
    """Session fixation: neither the browser's nor the step's cookie outlives the second step."""
    stranger = people.make_account("stranger@customer.example")
    _, planted = sessions.open_session(stranger, None, origin=SYSTEM, amr=("pwd",))
    site.set_cookie("__Host-browser", planted)
    site.get("/sign-in?add=1")
    site.submit({"email": account.email, "password": PASSWORD})
    step_value = site.cookie("step")
    site.get("/sign-in/verify")
    csrf = site.cookie("csrf")
    pass_step(site)
    assert site.cookie("browser") != planted
    assert sign_ins.of_browser(planted) == ()
    assert site.cookie("csrf") != csrf
    assert steps.find(step_value) is None
