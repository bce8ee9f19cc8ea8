"""The step itself: begun, found, finished once, given up, too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.domain import tokens
from hospes.identity.models import Account, Browser, Session, SignInStep
from hospes.identity.queries import sign_ins
from hospes.identity.services import sessions
from hospes.identity.services.two_step import steps, trusted
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support import people, two_step

HERE = Origin(ip="192.0.2.10", user_agent="Mozilla/5.0 Firefox/145.0")


def begin(account, **changes):
    values = {
        "amr": ("pwd",),
        "browser": None,
        "new_device": True,
        "continue_to": "/settings/profile",
        "application_name": "",
        "origin": HERE,
    }
    return steps.begin(account, **{**values, **changes})


def finish(step, method=None, *, amr=("otp",), trust=False, origin=HERE, **more):
    return steps.finish(step, amr=amr, method=method, trust=trust, origin=origin, **more)


def refused(step, method=None, **options):
    """Try to finish; nothing may come of it."""
    before = list(Session.objects.values()), list(AuditEntry.objects.values())
    finished = SignInStep.objects.get(pk=step.pk).finished_at
    with pytest.raises(Refused) as caught:
        finish(step, method, **options)
    assert caught.value.has("", "gone")
    assert (list(Session.objects.values()), list(AuditEntry.objects.values())) == before
    assert SignInStep.objects.get(pk=step.pk).finished_at == finished


def test_the_step_signs_nobody_in_and_finishing_it_does():
    account = two_step.make_account()
    method = account.methods.get()
    step, token = begin(account)
    assert (Session.objects.count(), Browser.objects.count()) == (0, 0)
    account.refresh_from_db()
    assert account.last_sign_in_at is None
    assert not AuditEntry.objects.filter(action="identity.signed_in").exists()
    assert not OutboxEvent.objects.filter(name="identity.signed_in").exists()
    assert SignInStep.objects.get().token_hash == tokens.fingerprint(token)

    done = finish(steps.find(token), method)
    session = Session.objects.get()
    assert done.session == session
    assert session.amr == ["mfa", "otp", "pwd"]
    assert session.second_factor_at == session.authenticated_at
    assert sign_ins.of_browser(done.browser_token) == (session,)
    account.refresh_from_db()
    method.refresh_from_db()
    assert account.last_sign_in_at is not None
    assert method.last_used_at is not None
    entry = AuditEntry.objects.get(action="identity.signed_in")
    assert entry.detail == {"new_device": True, "second_step": "totp"}
    assert steps.find(token) is None
    refused(step, method)


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
def test_an_unknown_token_finds_nothing(token):
    begin(two_step.make_account())
    assert steps.find(token) is None


def test_the_step_ends_after_its_minutes(clock):
    account = two_step.make_account()
    step, token = begin(account)
    clock.move(
        timedelta(minutes=numbers.get("identity.sign_in_step_minutes")) - timedelta(seconds=2)
    )
    assert steps.find(token) is not None
    clock.move(timedelta(seconds=3))
    assert steps.find(token) is None
    refused(step)


def test_a_step_given_up_is_over():
    step, token = begin(two_step.make_account())
    assert steps.cancel(step, origin=HERE)
    assert not steps.cancel(step, origin=HERE)
    assert steps.find(token) is None
    refused(step)
    assert AuditEntry.objects.filter(action="identity.second_step_cancelled").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"state": Account.State.LOCKED},
        {"state": Account.State.DELETED},
        {"password_changed_at": "now"},
    ],
)
@pytest.mark.parametrize("seen", [False, True], ids=["found afterwards", "found before"])
def test_the_account_changes_while_the_step_waits(clock, change, seen):
    account = two_step.make_account()
    step, token = begin(account)
    found = steps.find(token) if seen else step
    clock.move(timedelta(seconds=5))
    if "password_changed_at" in change:
        change = {"password_changed_at": clock.now()}
    Account.objects.filter(pk=account.pk).update(**change)
    assert steps.find(token) is None
    refused(found, account.methods.get())


def test_two_step_switched_off_meanwhile_ends_the_step(clock):
    account = two_step.make_account()
    method = account.methods.get()
    _, token = begin(account)
    found = steps.find(token)
    method.removed_at = clock.now()
    method.save()
    Account.objects.filter(pk=account.pk).update(two_step_since=None)
    assert steps.find(token) is None
    refused(found, method)
    refused(steps.read(token))


@pytest.mark.parametrize("change", ["removed", "not confirmed", "another account's"])
def test_a_method_that_does_not_count_finishes_nothing(clock, change):
    account = two_step.make_account()
    method = account.methods.get()
    step, _ = begin(account)
    if change == "removed":
        method.removed_at = clock.now()
    elif change == "not confirmed":
        method.confirmed_at = None
    else:
        method.account = two_step.make_account()
        method.is_default = False
    method.save()
    refused(step, method)
    method.refresh_from_db()
    assert method.last_used_at is None


@pytest.mark.parametrize("amr", [(), ("pwd",), ("mfa",), ("user",)])
def test_what_is_no_second_factor_opens_nothing(amr):
    step, token = begin(two_step.make_account())
    with pytest.raises(ValueError, match="second step"):
        finish(step, amr=amr)
    assert not Session.objects.exists()
    assert steps.find(token) is not None


def test_the_browser_keeps_who_was_signed_in_on_it():
    anna, ben = two_step.make_account(), people.make_account("ben@customer.example")
    other, old = sessions.open_session(ben, None, origin=HERE, amr=("pwd",))
    step, _ = begin(anna, browser=other.browser, new_device=False)
    done = finish(step)
    assert sign_ins.of_browser(old) == ()
    assert [item.account for item in sign_ins.of_browser(done.browser_token)] == [ben, anna]


def test_a_browser_on_which_somebody_signed_in_meanwhile_stays_one_browser():
    anna, ben = two_step.make_account(), people.make_account("ben@customer.example")
    step, _ = begin(anna)
    other, _ = sessions.open_session(ben, None, origin=HERE, amr=("pwd",))
    done = finish(step, browser=other.browser)
    assert [item.account for item in sign_ins.of_browser(done.browser_token)] == [ben, anna]


def test_a_signed_in_person_proves_a_second_factor_once_more(clock):
    account = two_step.make_account()
    session, old = sessions.open_session(account, None, origin=HERE, amr=("pwd",))
    clock.move(timedelta(hours=2))
    step, token = steps.begin_again(
        session, continue_to="/authorize?x=1", application_name="Shop", origin=HERE
    )
    assert Session.objects.get().second_factor_at is None
    done = finish(steps.find(token), account.methods.get(), amr=("swk",))
    again = Session.objects.get()
    assert done.session == again == session
    assert again.amr == ["mfa", "pwd", "swk"]
    assert again.second_factor_at > again.authenticated_at + timedelta(hours=1)
    # A new value, so that whoever knew the old one gains nothing by the step.
    assert sign_ins.of_browser(old) == ()
    assert sign_ins.of_browser(done.browser_token) == (again,)
    assert OutboxEvent.objects.filter(name="identity.signed_in").count() == 0
    assert AuditEntry.objects.get(action="identity.second_factor_confirmed").detail == {
        "second_step": "totp"
    }
    refused(step)


def test_a_session_that_ended_is_not_raised():
    account = two_step.make_account()
    session, _ = sessions.open_session(account, None, origin=HERE, amr=("pwd",))
    _step, token = steps.begin_again(session, continue_to="/", application_name="", origin=HERE)
    found = steps.find(token)
    sessions.end_session(session, reason="signed_out", actor=account, origin=HERE)
    assert steps.find(token) is None
    refused(found)
    assert Session.objects.get().second_factor_at is None


def test_signing_in_again_with_less_proves_less():
    """A renewed session tells of the sign-in that renewed it, not of an earlier one."""
    account = two_step.make_account()
    step, _ = begin(account)
    done = finish(step, trust=True)
    assert done.session.second_factor_at is not None
    browser = done.session.browser
    again = steps.after_password(account, browser, new_device=False, continue_to="/", origin=HERE)
    assert again.session == done.session
    session = Session.objects.get()
    assert (session.amr, session.second_factor_at) == (["pwd"], None)


def test_needed_only_with_two_step_and_only_where_not_trusted():
    plain, account = people.make_account("ben@customer.example"), two_step.make_account()
    session, _ = sessions.open_session(account, None, origin=HERE, amr=("pwd",))
    assert not steps.needed(plain, None)
    assert steps.needed(account, None)
    assert steps.needed(account, session.browser)
    trusted.trust(account, session.browser, origin=HERE)
    assert not steps.needed(account, session.browser)


def test_old_steps_are_thrown_away(clock):
    from hospes.identity.services.purging import purge

    begin(two_step.make_account())
    purge()
    assert SignInStep.objects.count() == 1
    clock.move(timedelta(days=1, minutes=11))
    purge()
    assert SignInStep.objects.count() == 0
