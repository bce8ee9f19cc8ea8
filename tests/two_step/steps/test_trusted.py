"""Browsers that are not asked for the second step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Session, TrustedBrowser
from hospes.identity.services import opening, sessions
from hospes.identity.services.two_step import steps, trusted
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support import people, two_step

HERE = Origin(ip="192.0.2.10", user_agent="Mozilla/5.0 Firefox/145.0")


def signed_in(account):
    return sessions.open_session(account, None, origin=HERE, amr=("pwd",))[0]


def after_password(account, browser):
    return steps.after_password(account, browser, new_device=False, continue_to="/", origin=HERE)


def test_a_trusted_browser_signs_in_with_the_password_for_its_days(clock):
    account = two_step.make_account()
    browser = signed_in(account).browser
    assert isinstance(after_password(account, browser), steps.StepNeeded)
    row = trusted.trust(account, browser, origin=HERE)
    assert (row.ip, row.user_agent) == (HERE.ip, HERE.user_agent)
    days = numbers.get("identity.trusted_browser_days")
    clock.move(timedelta(days=days) - timedelta(seconds=5))
    done = after_password(account, browser)
    assert isinstance(done, opening.SignedIn)
    # It proves one factor, and says so.
    assert Session.objects.get(pk=done.session.pk).amr == ["pwd"]
    assert done.session.second_factor_at is None
    row.refresh_from_db()
    assert row.last_used_at is not None
    clock.move(timedelta(seconds=10))
    assert isinstance(after_password(account, browser), steps.StepNeeded)


def test_trust_is_one_account_s_on_one_browser():
    anna, ben = two_step.make_account(), two_step.make_account()
    here, elsewhere = signed_in(anna).browser, signed_in(anna).browser
    trusted.trust(anna, here, origin=HERE)
    assert trusted.trusts(anna, here)
    assert not trusted.trusts(anna, elsewhere)
    assert not trusted.trusts(ben, here)


def test_trusting_again_begins_the_days_anew(clock):
    account = two_step.make_account()
    browser = signed_in(account).browser
    first = trusted.trust(account, browser, origin=HERE)
    clock.move(timedelta(days=20))
    second = trusted.trust(account, browser, origin=HERE)
    assert list(trusted.living(account)) == [second]
    assert second.expires_at - first.expires_at >= timedelta(days=20)


def test_one_or_all_are_trusted_no_longer():
    account, other = two_step.make_account(), two_step.make_account()
    browsers = [signed_in(account).browser for _ in range(3)]
    rows = [trusted.trust(account, browser, origin=HERE) for browser in browsers]
    foreign = trusted.trust(other, browsers[0], origin=HERE)
    options = {"acting_account": account, "origin": HERE}
    assert trusted.revoke(account, rows[0].public_id, **options)
    assert [trusted.trusts(account, browser) for browser in browsers] == [False, True, True]

    entries = AuditEntry.objects.filter(action="identity.browser_trust_revoked")
    assert entries.count() == 1
    # Again, unknown, and somebody else's: nothing happens.
    for public_id in (rows[0].public_id, "unknown", foreign.public_id):
        assert not trusted.revoke(account, public_id, **options)
    assert entries.count() == 1

    assert trusted.revoke_all(account, **options) == 2
    assert trusted.revoke_all(account, **options) == 0
    assert not any(trusted.trusts(account, browser) for browser in browsers)
    assert trusted.trusts(other, browsers[0])
    assert entries.count() == 2


def test_trust_that_ended_between_does_not_count():
    """The account row says that two steps are needed; without trust the password is not enough."""
    account = two_step.make_account()
    with pytest.raises(Refused):
        opening.complete(account, None, new_device=False, origin=HERE)
    assert not Session.objects.exists()


def test_the_days_over_the_rows_go(clock):
    from hospes.identity.services.purging import purge

    account = two_step.make_account()
    trusted.trust(account, signed_in(account).browser, origin=HERE)
    clock.move(timedelta(days=numbers.get("identity.trusted_browser_days") + 29))
    purge()
    assert TrustedBrowser.objects.count() == 1
    clock.move(timedelta(days=2))
    purge()
    assert TrustedBrowser.objects.count() == 0


def test_an_account_without_two_step_has_nothing_to_trust():
    account = people.make_account()
    assert not trusted.trusts(account, signed_in(account).browser)


def test_a_deleted_account_leaves_no_trust_and_no_step_behind(clock):
    from hospes.identity.models import SignInStep
    from hospes.identity.services import deletion

    account, other = two_step.make_account(), two_step.make_account()
    for somebody in (account, other):
        browser = signed_in(somebody).browser
        after_password(somebody, browser)
        trusted.trust(somebody, browser, origin=HERE)
    type(account).objects.filter(pk=account.pk).update(deletion_due_at=clock.now())
    assert deletion.delete_due() == 1
    assert TrustedBrowser.objects.get().account == other
    assert SignInStep.objects.get().account == other


def test_the_copy_of_one_s_data_lists_them():
    from hospes.identity.services import export_sections

    account = two_step.make_account()
    trusted.trust(account, signed_in(account).browser, origin=HERE)
    (row,) = export_sections._trusted_browsers(account)
    assert row["user_agent"] == HERE.user_agent
    assert row["revoked_at"] is None


@pytest.mark.parametrize(
    ("reason", "stays"),
    [("signed_out", True), ("application", True), ("ended_by_owner", False), ("not_me", False)],
)
def test_a_device_signed_out_from_elsewhere_is_trusted_no_longer(reason, stays):
    """A lost laptop: signing out on it keeps the trust, ending its session from afar does not."""
    account = two_step.make_account()
    lost, own = signed_in(account), signed_in(account)
    for session in (lost, own):
        trusted.trust(account, session.browser, origin=HERE)
    sessions.end_session(lost, reason=reason, actor=account, origin=HERE)
    assert trusted.trusts(account, lost.browser) is stays
    assert trusted.trusts(account, own.browser)


def test_all_other_devices_signed_out_are_trusted_no_longer():
    account, other = two_step.make_account(), two_step.make_account()
    own, lost = signed_in(account), signed_in(account)
    for session in (own, lost):
        trusted.trust(account, session.browser, origin=HERE)
    foreign = sessions.open_session(other, lost.browser, origin=HERE, amr=("pwd",))[0]
    trusted.trust(other, foreign.browser, origin=HERE)
    sessions.end_other_sessions(
        account, keep={own.pk}, reason="ended_by_owner", origin=HERE, actor=account
    )
    assert trusted.trusts(account, own.browser)
    assert not trusted.trusts(account, lost.browser)
    # Somebody else's on the same browser is none of this account's.
    assert trusted.trusts(other, lost.browser)
