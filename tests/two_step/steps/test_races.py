"""Several at once: one of them wins, and no limit is outrun."""

from __future__ import annotations

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.models import Session, SignInStep, TrustedBrowser
from hospes.identity.services import sessions
from hospes.identity.services.opening import SignedIn
from hospes.identity.services.two_step import counting, steps, trusted
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support import racing, two_step

HERE = Origin(ip="192.0.2.10", user_agent="Mozilla/5.0 Firefox/145.0")


def begin(account):
    return steps.begin(
        account,
        amr=("pwd",),
        browser=None,
        new_device=True,
        continue_to="/",
        application_name="",
        origin=HERE,
    )


def test_of_parallel_finishes_of_one_step_one_signs_in():
    account = two_step.make_account()
    method = account.methods.get()
    _, token = begin(account)

    def finish(_number):
        step = steps.find(token)
        if step is None:
            raise LookupError(token)
        return steps.finish(step, amr=("otp",), method=method, trust=True, origin=HERE)

    results = racing.race(finish, 6)
    won = [result for result in results if isinstance(result, SignedIn)]
    lost = [result for result in results if isinstance(result, (Refused, LookupError))]
    assert (len(won), len(lost)) == (1, 5), results
    assert Session.objects.get() == won[0].session
    assert SignInStep.objects.get().finished_at is not None
    assert TrustedBrowser.objects.count() == 1
    assert AuditEntry.objects.filter(action="identity.signed_in").count() == 1
    assert OutboxEvent.objects.filter(name="identity.signed_in").count() == 1


def test_parallel_step_ups_of_one_session_happen_once():
    account = two_step.make_account()
    session, _ = sessions.open_session(account, None, origin=HERE, amr=("pwd",))
    _step, token = steps.begin_again(session, continue_to="/", application_name="", origin=HERE)
    found = [steps.find(token) for _ in range(4)]

    def finish(number):
        return steps.finish(found[number], amr=("otp",), method=None, trust=False, origin=HERE)

    results = racing.race(finish, 4)
    assert sum(isinstance(result, SignedIn) for result in results) == 1, results
    assert AuditEntry.objects.filter(action="identity.second_factor_confirmed").count() == 1


def test_parallel_wrong_codes_never_outrun_the_limit():
    account = two_step.make_account()
    waiting = [begin(account)[0] for _ in range(16)]

    def guess(number):
        counting.admit(account, step=waiting[number], origin=HERE)
        counting.failed(account, step=waiting[number], kind="code", origin=HERE)
        return "tried"

    results = racing.race(guess, 16)
    assert results.count("tried") == 10, results
    assert all(result == "tried" or result.has("", "throttled") for result in results)
    account.refresh_from_db()
    assert account.failed_codes == 10


def test_a_browser_trusted_twice_at_once_is_trusted_once():
    account = two_step.make_account()
    session, _ = sessions.open_session(account, None, origin=HERE, amr=("pwd",))

    results = racing.race(lambda _: trusted.trust(account, session.browser, origin=HERE), 4)
    assert any(isinstance(result, TrustedBrowser) for result in results), results
    assert trusted.living(account).count() == 1
