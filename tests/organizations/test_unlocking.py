"""Unlocking a member's account: what it lifts, for whom, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as now
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.models import AuditEntry, Message, OutboxEvent
from hospes.foundation.services import numbers as number_settings
from hospes.identity.models import Account
from hospes.identity.services import credentials
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.organizations.services.unlocking import UnlockMember, unlock_member
from support.organizations import join, make_organization
from support.people import PASSWORD

HERE = Origin(ip="192.0.2.7")


def unlock(member, acting):
    unlock_member(UnlockMember(member), acting_member=acting, origin=HERE)


def guess(account, password="wrong entirely"):  # noqa: S107 - a wrong one
    try:
        credentials.check_password(account, password, email=account.email, device="", origin=HERE)
    except Refused as refused:
        return refused.faults[0].code
    return "right"


def lock(account, after=3):
    """Have wrong passwords lock the account, as its owner chose."""
    Account.objects.filter(pk=account.pk).update(lock_after_failures=after)
    for _ in range(after):
        guess(account)
    assert state(account) == "locked"


def state(account):
    return Account.objects.get(pk=account.pk).state


@pytest.mark.parametrize("role", ["owner", "admin", "normal"])
def test_whoever_manages_members_unlocks_them(cast, mailbox, role):
    account = cast.people[role]
    lock(account)
    before = Account.objects.get(pk=account.pk)
    acting = cast.admin if role != "admin" else cast.owner

    unlock(getattr(cast, role), acting)

    after = Account.objects.get(pk=account.pk)
    assert (after.state, after.locked_at, after.failed_passwords) == ("active", None, 0)
    for kept in ("password_hash", "password_changed_at", "two_step_since", "lock_after_failures"):
        assert getattr(after, kept) == getattr(before, kept)
    assert guess(after, PASSWORD) == "right"
    entry = AuditEntry.objects.get(action="organizations.member_unlocked")
    assert (entry.subject_account_id, entry.organization_id, entry.actor_account_id) == (
        account.pk, cast.organization.pk, acting.account_id,
    )  # fmt: skip
    assert OutboxEvent.objects.filter(name="identity.account_unlocked").count() == 1
    (mail,) = [each for each in mailbox.to(account.email) if "unlocked" in each.subject]
    assert "Muster AG" in mail.text


@pytest.mark.parametrize(
    ("acting", "member"),
    [("admin", "client"), ("owner", "client"), ("normal", "admin"), ("client", "normal")],
)
def test_who_may_not_unlock_whom(cast, acting, member):
    lock(cast.people[member])
    mails = Message.objects.count()

    with pytest.raises(Denied):
        unlock(getattr(cast, member), getattr(cast, acting))

    assert state(cast.people[member]) == "locked"
    assert Message.objects.count() == mails


def test_strangers_unlock_nobody(cast, make_account):
    elsewhere = make_organization(make_account("elsewhere@other.example"), "Other").memberships
    lock(cast.people["normal"])

    with pytest.raises(NotFound):
        unlock(cast.normal, elsewhere.get())

    assert state(cast.people["normal"]) == "locked"


def test_an_external_user_is_unlocked_where_they_belong(cast, make_account):
    client = cast.people["client"]
    home = make_organization(make_account("home@other.example"), "Home")
    member = join(home, client)
    lock(client)

    unlock(member, home.memberships.get(role="owner"))

    assert state(client) == "active"


def test_nobody_unlocks_himself(cast):
    lock(cast.people["admin"])

    with pytest.raises(Refused) as refused:
        unlock(cast.admin, cast.admin)

    assert refused.value.has("", "own")
    assert state(cast.people["admin"]) == "locked"


def test_what_staff_locked_staff_unlock(cast):
    Account.objects.filter(pk=cast.people["normal"].pk).update(
        state="locked", locked_by_staff=True, locked_at=now.now()
    )

    with pytest.raises(Refused) as refused:
        unlock(cast.normal, cast.admin)

    assert refused.value.has("", "staff")
    assert state(cast.people["normal"]) == "locked"


@pytest.mark.parametrize("guesses", [0, 5])
def test_where_the_password_is_known_to_somebody_only_a_new_one_opens(cast, clock, guesses):
    from hospes.foundation.services import audit

    account = cast.people["normal"]
    clock.move(timedelta(minutes=5))
    audit.record("identity.sign_in_repudiated", actor=account.pk, subject=account.pk, origin=SYSTEM)
    Account.objects.filter(pk=account.pk).update(
        state="locked", locked_at=now.now(), lock_after_failures=3
    )
    for _ in range(guesses):
        guess(account)

    with pytest.raises(Refused) as refused:
        unlock(cast.normal, cast.admin)
    assert refused.value.has("", "new_password")

    clock.move(timedelta(minutes=5))
    Account.objects.filter(pk=account.pk).update(
        password_changed_at=now.now(), state="active", locked_at=None, failed_passwords=0
    )
    lock(account)
    unlock(cast.normal, cast.admin)
    assert state(account) == "active"


def test_an_account_that_is_open_needs_nothing(cast):
    with pytest.raises(Refused) as refused:
        unlock(cast.normal, cast.admin)

    assert refused.value.has("", "not_locked")
    assert not Message.objects.exists()


def test_all_organizations_together_unlock_only_so_often(cast, clock, make_account):
    account = cast.people["normal"]
    second = make_organization(make_account("second@other.example"), "Second")
    there = join(second, account)
    number_settings.change(
        "organizations.unlocks_per_account_per_day", 2, acting_account_id=None, origin=SYSTEM
    )
    for member, acting in (
        (cast.normal, cast.admin),
        (there, second.memberships.get(role="owner")),
    ):
        lock(account)
        unlock(member, acting)
    lock(account)

    for member, acting in (
        (cast.normal, cast.admin),
        (there, second.memberships.get(role="owner")),
    ):
        with pytest.raises(Refused) as refused:
            unlock(member, acting)
        assert refused.value.has("", "throttled")
    assert state(account) == "locked"

    clock.move(timedelta(hours=25))
    unlock(cast.normal, cast.admin)
    assert state(account) == "active"


def test_guessing_goes_on_being_slowed_down(cast):
    """Ten guesses in a quarter of an hour stay ten, however often the lock is lifted."""
    account = cast.people["normal"]
    lock(account, after=4)
    unlock(cast.normal, cast.admin)
    lock(account, after=4)
    unlock(cast.normal, cast.admin)

    codes = [guess(account) for _ in range(3)]

    assert codes == ["wrong", "wrong", "throttled"]


def test_the_page_asks_and_unlocks(cast, looking):
    lock(cast.people["normal"])
    site = looking("admin")
    site.get(cast.page("normal"))
    assert "Wrong passwords locked this account." in site.page.text

    site.get(cast.page("normal", "/unlock"))
    assert site.page.heading == "Unlock the account of Normal M?"
    site.submit({}, button="Unlock")
    site.follow()

    assert "can sign in again" in site.page.text
    assert state(cast.people["normal"]) == "active"


@pytest.mark.parametrize(
    ("role", "member"), [("normal", "admin"), ("client", "normal"), ("admin", "client")]
)
def test_the_page_refuses_whom_the_service_refuses(cast, looking, role, member):
    lock(cast.people[member])
    site = looking(role)
    csrf = site.csrf_token("/organizations")

    for answer in (
        site.get(cast.page(member, "/unlock")),
        site.post(cast.page(member, "/unlock"), {"csrfmiddlewaretoken": csrf}),
    ):
        assert answer.status_code == 403
    assert state(cast.people[member]) == "locked"
