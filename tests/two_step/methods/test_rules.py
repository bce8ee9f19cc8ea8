"""What is refused, and what many at once come to: each time rows and switch agree."""

from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry, Job, OutboxEvent
from hospes.foundation.services import numbers
from hospes.identity.models import Account, BackupCode, Method, SentCode, TrustedBrowser
from hospes.identity.services import recovery_contacts, sent_codes
from hospes.identity.services.recovery_contacts import SetRecoveryPhone
from hospes.identity.services.two_step import backup_codes, methods, seeds, sms, steps, totp
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from support import people, two_step
from support.people import PASSWORD
from support.racing import race
from support.two_step import App, add_method

WRONG = "not the password of anybody"


def state():
    """Return all that a refused request must leave as it is."""
    return (
        list(Method.objects.order_by("pk").values()),
        list(BackupCode.objects.order_by("pk").values()),
        list(TrustedBrowser.objects.order_by("pk").values()),
        list(Account.objects.order_by("pk").values_list("pk", "two_step_since")),
        OutboxEvent.objects.filter(name__startswith="identity.method").count(),
    )


def taken(method, *, password=PASSWORD, meant=False, account=None):
    """Remove a method as its owner, or as ``account``."""
    return methods.remove(
        method,
        password=password,
        acting_account=Account.objects.get(pk=(account or method.account).pk),
        origin=SYSTEM,
        last_meant=meant,
    )


def agrees(account):
    """Return whether the switch says what the rows say, with one default among the living."""
    account.refresh_from_db()
    left = methods.living(account)
    defaults = sum(each.is_default for each in left)
    return (account.two_step_since is not None) == bool(left) and defaults == min(len(left), 1)


@pytest.mark.parametrize("case", ["wrong", "empty", "stranger", "unwarned", "enforced", "gone"])
def test_a_refused_removal_changes_nothing(case, make_account, monkeypatch):
    account = two_step.make_account()
    backup_codes.replace(account)
    method = Method.objects.get()
    options = {"meant": True}
    if case == "wrong":
        options["password"] = WRONG
    elif case == "empty":
        options["password"] = ""
    elif case == "stranger":
        options["account"] = make_account()
    elif case == "unwarned":
        options["meant"] = False
    elif case == "enforced":
        monkeypatch.setattr(
            methods, "_enforcements", [lambda each: ["Muster AG"] if each.pk == account.pk else []]
        )
    else:
        add_method(account, name="Other")
        taken(method)
        method = Method.objects.get(pk=method.pk)
    before = state()
    with pytest.raises(Refused) as refused:
        taken(method, **options)
    assert state() == before
    expected = {"empty": "wrong", "stranger": "gone", "unwarned": "last"}.get(case, case)
    assert refused.value.faults[0].code == expected
    assert agrees(account)


def test_enforcement_of_one_account_is_not_another_s(monkeypatch):
    bound, free = two_step.make_account(), two_step.make_account()
    monkeypatch.setattr(methods, "_enforcements", [])
    methods.register_enforcement(lambda each: ["Muster AG"] if each.pk == bound.pk else [])
    assert methods.enforced_by(bound) == ("Muster AG",)
    assert taken(Method.objects.get(account=free), meant=True)
    assert agrees(free)
    # With another method beside it, one may go even where two-step verification is demanded.
    add_method(bound, name="Other")
    assert not taken(Method.objects.get(account=bound, is_default=True))
    assert agrees(bound)


def test_guessing_the_password_at_the_removal_is_stopped():
    account = two_step.make_account()
    method = Method.objects.get()
    codes = set()
    for _ in range(40):
        with pytest.raises(Refused) as refused:
            taken(method, password=WRONG, meant=True)
        codes.add(refused.value.faults[0].code)
    assert codes == {"wrong", "throttled"}
    with pytest.raises(Refused) as refused:
        taken(method, meant=True)
    assert refused.value.faults[0].code == "throttled"
    assert agrees(account)
    assert Method.objects.get().removed_at is None


def test_the_two_last_methods_removed_at_once_by_one_who_means_it_end_two_step():
    account = two_step.make_account()
    add_method(account, name="Second")
    backup_codes.replace(account)
    both = methods.living(account)
    results = race(lambda number: taken(both[number], meant=True), threads=2)
    assert sorted(map(str, results)) == ["False", "True"]
    assert agrees(account)
    assert methods.living(account) == []
    assert backup_codes.remaining(account) == 0
    assert AuditEntry.objects.filter(action="identity.two_step_off").count() == 1
    assert OutboxEvent.objects.filter(name="identity.method_removed").count() == 2


def test_one_method_removed_many_times_at_once_is_removed_once():
    account = two_step.make_account()
    add_method(account, name="Second")
    method = methods.living(account)[0]
    results = race(lambda _n: taken(Method.objects.get(pk=method.pk)), threads=4)
    assert results.count(False) == 1
    assert sum(isinstance(each, Refused) for each in results) == 3
    assert agrees(account)
    assert OutboxEvent.objects.filter(name="identity.method_removed").count() == 1


def test_two_first_methods_at_once_switch_on_once(make_account):
    account = make_account()
    app = totp.begin(account, name="App").method
    other = sms.begin(account, name="Mobile", phone="+41791234567", region="CH")
    both = [app, other]
    results = race(
        lambda number: methods.activate(Method.objects.get(pk=both[number].pk), origin=SYSTEM),
        threads=2,
    )
    assert sorted(map(len, results)) == [0, 10]
    assert agrees(account)
    assert backup_codes.remaining(account) == 10
    assert AuditEntry.objects.filter(action="identity.two_step_on").count() == 1
    assert AuditEntry.objects.filter(action="identity.method_added").count() == 1


def test_adding_one_while_the_last_one_goes_leaves_rows_and_switch_agreeing():
    account = two_step.make_account()
    old = Method.objects.get()
    new = totp.begin(account, name="New").method

    def act(number):
        if number:
            return methods.activate(Method.objects.get(pk=new.pk), origin=SYSTEM)
        return taken(old, meant=True)

    race(act, threads=2)
    assert agrees(account)
    assert [each.pk for each in methods.living(account)] == [new.pk]


def test_several_made_the_default_at_once_leave_one():
    account = two_step.make_account()
    for name in ("b", "c", "d"):
        add_method(account, name=name)
    every = methods.living(account)
    race(lambda number: methods.make_default(every[number], origin=SYSTEM), threads=4)
    assert agrees(account)


def test_a_method_that_is_not_confirmed_proves_and_counts_for_nothing(make_account):
    account = make_account()
    method = totp.begin(account, name="App").method
    assert methods.living(account) == []
    assert methods.by_public_id(account, method.public_id) is None
    with pytest.raises(Refused):
        methods.make_default(method, origin=SYSTEM)
    account.refresh_from_db()
    assert account.two_step_since is None
    assert not Method.objects.get().is_default


def test_a_code_that_confirmed_the_app_does_not_sign_in_as_well():
    account = two_step.make_account()
    method = Method.objects.get()
    code = App().code()
    assert totp.accepts(method, code)
    assert not totp.accepts(Method.objects.get(pk=method.pk), code)
    # Nor do the codes of steps before the one that was used.
    assert not totp.accepts(Method.objects.get(pk=method.pk), App().code(-1))
    assert agrees(account)


def test_apps_go_on_as_they_were_told_where_the_numbers_change():
    account = two_step.make_account()
    old = Method.objects.get()
    for key, value in (("digits", 8), ("seconds", 60)):
        numbers.change(
            f"identity.one_time_code_{key}", value, acting_account_id=None, origin=SYSTEM
        )
    new = totp.begin(account, name="New")
    assert "digits=8" in new.uri
    assert "period=60" in new.uri
    assert totp.accepts(old, App().code())
    secret = seeds.open_seed(new.method)
    assert not totp.accepts(new.method, App(secret).code())
    assert totp.accepts(new.method, App(secret, digits=8, period=60).code())


def test_a_removed_phone_number_is_forgotten_and_free_again():
    account = two_step.make_account()
    number = add_method(account, kind="sms", name="Mobile", phone="+41791234567")
    sms.send(number, origin=SYSTEM)
    taken(number)
    assert Method.objects.get(pk=number.pk).phone == ""
    assert not sms.accepts(Method.objects.get(pk=number.pk), "123456")
    again = sms.begin(account, name="Mobile", phone="+41791234567", region="CH")
    assert again.phone == "+41791234567"


def test_a_number_that_is_a_method_already_is_refused():
    account = two_step.make_account()
    add_method(account, kind="sms", name="Mobile", phone="+41791234567")
    before = state()
    with pytest.raises(Refused) as refused:
        sms.begin(account, name="Again", phone="079 123 45 67", region="CH")
    assert refused.value.has("phone", "taken")
    assert state() == before


def test_naming_number_after_number_is_stopped(make_account):
    account, other = make_account(), make_account()

    def name(number, acting=account):
        method = sms.begin(acting, name="M", phone=f"+4179123450{number}", region="CH")
        sms.send(method, origin=SYSTEM)

    for number in range(5):
        name(number)
    with pytest.raises(Refused) as refused:
        name(5)
    assert refused.value.has("", "too_many_codes")
    # The recovery phone is no way around it, and another account is not held up.
    recovery_contacts.set_recovery_phone(
        SetRecoveryPhone(phone="+41791234577", region="CH"), acting_account=account, origin=SYSTEM
    )
    with pytest.raises(Refused):
        recovery_contacts.ask_phone_code(acting_account=account, origin=SYSTEM)
    assert Job.objects.filter(task=sent_codes.SEND).count() == 5
    name(6, other)
    assert Job.objects.filter(task=sent_codes.SEND).count() == 6


def test_recovery_codes_that_strangers_ask_for_keep_nobody_from_signing_in():
    account = people.make_account()
    method = add_method(account, kind="sms", name="Mobile", phone="+41791234567")
    for _ in range(5):
        sent_codes.ask(SentCode.Purpose.RECOVERY, account=account, phone=method.phone)
    with pytest.raises(Refused):
        sent_codes.ask(SentCode.Purpose.RECOVERY, account=account, phone=method.phone)
    step, _token = steps.begin(
        account,
        amr=("pwd",),
        browser=None,
        new_device=True,
        continue_to="/",
        application_name="",
        origin=SYSTEM,
    )
    sms.send(method, origin=SYSTEM, step=step)
    assert SentCode.objects.filter(purpose=SentCode.Purpose.SECOND_STEP).count() == 1
