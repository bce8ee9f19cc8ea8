"""Wrong codes: counted apart from passwords, per account and per step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry
from hospes.identity.services.two_step import counting, steps
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support import two_step

STRANGER = Origin(ip="198.51.100.7", user_agent="Mozilla/5.0 Chrome/140")
LIMIT = 10


def begin(account, *, new_device=True):
    return steps.begin(
        account,
        amr=("pwd",),
        browser=None,
        new_device=new_device,
        continue_to="/",
        application_name="",
        origin=STRANGER,
    )[0]


def minutes_refused(account, step=None, origin=STRANGER):
    with pytest.raises(Refused) as caught:
        counting.admit(account, step=step, origin=origin)
    return caught.value.faults[0].params["minutes"]


def test_the_limit_is_the_account_s_however_many_steps_are_begun(clock):
    account = two_step.make_account()
    assert numbers.get("identity.one_time_code_failures") == LIMIT
    for _ in range(LIMIT):
        counting.admit(account, step=begin(account), origin=STRANGER)
    assert minutes_refused(account, begin(account)) == 15
    clock.move(timedelta(minutes=14, seconds=58))
    assert minutes_refused(account, begin(account)) == 1
    clock.move(timedelta(seconds=3))
    counting.admit(account, step=begin(account), origin=STRANGER)


def test_a_step_has_a_limit_of_its_own():
    account = two_step.make_account()
    step = begin(account)
    for _ in range(LIMIT):
        counting.admit(account, step=step, origin=STRANGER)
        counting.succeeded(account, step=step, origin=STRANGER)
    minutes_refused(account, step)
    counting.admit(account, step=begin(account), origin=STRANGER)


def test_a_stranger_s_wrong_codes_do_not_keep_the_owner_s_device_out():
    account = two_step.make_account()
    for _ in range(LIMIT):
        counting.admit(account, step=begin(account), origin=STRANGER)
    minutes_refused(account, begin(account))
    own = begin(account, new_device=False)
    counting.admit(account, step=own, origin=Origin(ip="192.0.2.10"))
    counting.admit(account, origin=Origin(ip="192.0.2.10", session_id=1))
    # And the owner's success gives the stranger no further tries.
    counting.succeeded(account, step=own, origin=STRANGER)
    minutes_refused(account, begin(account))


def test_one_account_s_wrong_codes_are_no_other_one_s():
    anna, ben = two_step.make_account(), two_step.make_account()
    for _ in range(LIMIT):
        counting.admit(anna, origin=STRANGER)
    minutes_refused(anna)
    counting.admit(ben, origin=STRANGER)


def test_who_knows_the_password_and_not_the_code_is_told_of_once(mailbox):
    account = two_step.make_account()
    for number in range(1, LIMIT + 1):
        assert not mailbox.to(account.email)
        counting.failed(account, step=begin(account), kind="code", origin=STRANGER)
        account.refresh_from_db()
        assert account.failed_codes == number
    mail = mailbox.to(account.email)[0]
    assert "stopped at the second step" in mail.subject
    assert "10 wrong codes" in mail.text
    assert STRANGER.ip in mail.text
    counting.failed(account, step=begin(account), kind="code", origin=STRANGER)
    assert len(mailbox.to(account.email)) == 1
    entries = AuditEntry.objects.filter(action="identity.code_failed")
    assert entries.count() == LIMIT + 1
    assert entries.last().detail == {"kind": "code"}
    counting.succeeded(account, origin=STRANGER)
    account.refresh_from_db()
    assert account.failed_codes == 0


def test_a_signed_in_owner_who_mistypes_gets_no_mail(mailbox):
    account = two_step.make_account()
    for _ in range(LIMIT):
        counting.failed(account, kind="code", origin=Origin(ip="192.0.2.10", session_id=1))
    assert not mailbox.to(account.email)
