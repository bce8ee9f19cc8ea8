"""Who belongs to an organization and what changes it, without the pages."""

from __future__ import annotations

import pytest

from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.models import AuditEntry, Message, OutboxEvent
from hospes.foundation.services import numbers as number_settings
from hospes.identity.models import Account
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.organizations.models import CurrentOrganization, Grant, Membership, Team, TeamMember
from hospes.organizations.services import handing_over
from hospes.organizations.services.members import (
    ChangeFlags,
    ChangeRole,
    Flags,
    LeaveOrganization,
    RemoveMember,
    change_flags,
    change_role,
    join,
    leave,
    remove_member,
)
from support import racing
from support.organizations import look_at, make_organization, make_product

OWNER, ADMIN, NORMAL, CLIENT = Membership.Role
HERE = Origin(ip="192.0.2.7", user_agent="Firefox")


def change(member, role, acting):
    return change_role(ChangeRole(member, role), acting_member=acting, origin=HERE)


def remove(member, acting):
    remove_member(RemoveMember(member), acting_member=acting, origin=HERE)


def events(name):
    return [each.payload for each in OutboxEvent.objects.filter(name=f"organizations.{name}")]


# ---- joining


def test_joining_makes_a_member_with_flags_an_entry_and_an_event(cast, make_account):
    newcomer = make_account("new@muster.example")

    membership = join(
        cast.organization,
        newcomer,
        NORMAL,
        flags=Flags(has_billing=True, mails_products=False),
        origin=HERE,
        actor=cast.people["admin"],
    )

    stored = Membership.objects.get(pk=membership.pk)
    assert (stored.role, stored.has_billing, stored.mails_billing, stored.mails_products) == (
        "normal", True, True, False,
    )  # fmt: skip
    assert events("member_joined") == [
        {
            "organization_id": cast.organization.pk,
            "actor_id": cast.people["admin"].pk,
            "account_id": newcomer.pk,
            "role": "normal",
        }
    ]
    entry = AuditEntry.objects.get(action="organizations.member_joined")
    assert (entry.organization_id, entry.subject_account_id) == (cast.organization.pk, newcomer.pk)


def test_joining_again_changes_nothing(cast):
    again = join(cast.organization, cast.people["normal"], OWNER, origin=HERE, actor=None)

    assert again.pk == cast.normal.pk
    assert cast.role_of(cast.normal) == NORMAL
    assert events("member_joined") == []


def test_joining_at_the_same_moment_makes_one_member(cast, make_account):
    newcomer = make_account("new@muster.example")

    results = racing.race(
        lambda _n: join(cast.organization, newcomer, NORMAL, origin=SYSTEM, actor=None).pk
    )

    assert len(set(results)) == 1
    assert cast.organization.memberships.filter(account=newcomer).count() == 1
    assert len(events("member_joined")) == 1


def test_nobody_joins_in_a_role_there_is_not(cast, make_account):
    with pytest.raises(Refused) as refused:
        join(cast.organization, make_account(), "root", origin=HERE, actor=None)

    assert refused.value.has("role", "unknown")


# ---- roles


def test_a_change_of_role_is_told_written_down_and_emitted(cast, mailbox):
    change(cast.normal, ADMIN, cast.owner)

    assert cast.role_of(cast.normal) == ADMIN
    assert events("member_role_changed") == [
        {
            "organization_id": cast.organization.pk,
            "actor_id": cast.people["owner"].pk,
            "account_id": cast.people["normal"].pk,
            "role": "admin",
            "old_role": "normal",
        }
    ]
    entry = AuditEntry.objects.get(action="organizations.member_role_changed")
    assert entry.detail == {"role": "admin", "old_role": "normal"}
    mail = mailbox.to("normal@muster.example")[-1]
    for words in (
        "Muster AG",
        "Owner M",
        "Collaborator",
        "Administrator",
        "every right on products",
    ):
        assert words in mail.text


DENIED = [
    ("admin", "owner", "admin"),
    ("admin", "owner", "client"),
    ("admin", "normal", "owner"),
    ("normal", "client", "normal"),
    ("normal", "normal", "client"),
    ("normal", "admin", "normal"),
    ("client", "normal", "client"),
    ("client", "client", "normal"),
    (None, "owner", "admin"),
    (None, "normal", "owner"),
]


@pytest.mark.parametrize(("acting", "member", "role"), DENIED)
def test_roles_are_not_for_everybody_to_change(cast, acting, member, role):
    before = list(Membership.objects.order_by("pk").values_list("pk", "role"))

    with pytest.raises(Denied):
        change(getattr(cast, member), role, getattr(cast, acting) if acting else None)

    assert list(Membership.objects.order_by("pk").values_list("pk", "role")) == before
    assert not Message.objects.exists()
    assert events("member_role_changed") == []


REFUSED = [
    ("admin", "admin", "owner", "own_role_raised"),
    ("owner", "owner", "admin", "last_owner"),
    ("owner", "normal", "normal", "unchanged"),
    ("owner", "normal", "root", "unknown"),
]


@pytest.mark.parametrize(("acting", "member", "role", "code"), REFUSED)
def test_some_changes_are_refused_to_whoever_asks(cast, acting, member, role, code):
    with pytest.raises(Refused) as refused:
        change(getattr(cast, member), role, getattr(cast, acting))

    assert refused.value.has("role", code)
    assert not Message.objects.exists()


def test_strangers_and_members_of_elsewhere_find_nobody(cast, make_account):
    elsewhere = make_organization(make_account("elsewhere@other.example"), name="Other")
    stranger = elsewhere.memberships.get()

    for act in (
        lambda: change(cast.normal, ADMIN, stranger),
        lambda: remove(cast.normal, stranger),
    ):
        with pytest.raises(NotFound):
            act()

    assert cast.role_of(cast.normal) == NORMAL


def test_a_legal_representative_appoints_another_and_steps_down(cast):
    change(cast.normal, OWNER, cast.owner)
    change(cast.owner, ADMIN, cast.owner)

    assert cast.role_of(cast.owner) == ADMIN
    assert cast.role_of(cast.normal) == OWNER


def test_one_whose_account_is_about_to_go_does_not_count_as_staying(cast, clock):
    from hospes.foundation import clock as now

    change(cast.normal, OWNER, cast.owner)
    Account.objects.filter(pk=cast.normal.account_id).update(deletion_due_at=now.now())

    for act in (
        lambda: change(cast.owner, ADMIN, cast.owner),
        lambda: leave(LeaveOrganization(cast.owner), origin=HERE),
    ):
        with pytest.raises(Refused):
            act()


def test_changing_to_and_fro_ends_before_the_mailbox_is_full(cast):
    number_settings.change(
        "organizations.role_changes_per_day", 2, acting_account_id=None, origin=SYSTEM
    )
    change(cast.normal, ADMIN, cast.owner)
    change(cast.normal, NORMAL, cast.owner)

    with pytest.raises(Refused) as refused:
        change(cast.normal, ADMIN, cast.owner)

    assert refused.value.has("", "throttled")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("way", ["demote", "remove", "leave", "step_down"])
def test_two_legal_representatives_at_the_same_moment_leave_one(cast, way):
    change(cast.admin, OWNER, cast.owner)
    owners = [cast.owner, Membership.objects.get(pk=cast.admin.pk)]

    def act(number):
        me, other = owners[number], owners[1 - number]
        if way == "demote":
            change(other, NORMAL, me)
        elif way == "remove":
            remove(other, me)
        elif way == "leave":
            leave(LeaveOrganization(me), origin=HERE)
        else:
            change(me, NORMAL, me)

    results = racing.race(act, threads=2)

    assert cast.organization.memberships.filter(role=OWNER).count() == 1
    assert [type(each) for each in results].count(type(None)) == 1


# ---- going


def test_removing_ends_everything_at_once(cast, make_account, site, sign_in, mailbox):
    session = sign_in(site, cast.people["normal"])
    look_at(session, cast.organization)
    team = Team.objects.create(
        organization=cast.organization, name="Web", name_key="web", leader=cast.normal,
        created_at=cast.organization.created_at, updated_at=cast.organization.created_at,
    )  # fmt: skip
    TeamMember.objects.create(
        team=team, membership=cast.normal, added_at=cast.organization.created_at
    )
    product = make_product(cast.organization)
    Grant.objects.create(
        membership=cast.normal, product=product, reach=f"product:{product.pk}", right="technical",
        created_at=cast.organization.created_at,
    )  # fmt: skip
    told = handing_over.handover(cast.normal)
    assert any("Web" in line and "leader" in line for line in told)
    assert len(told) == 3

    remove(cast.normal, cast.admin)

    team.refresh_from_db()
    assert team.leader_id is None
    assert not Membership.objects.filter(pk=cast.normal.pk).exists()
    assert not TeamMember.objects.exists()
    assert not Grant.objects.exists()
    assert not CurrentOrganization.objects.exists()
    assert events("member_removed")[0]["account_id"] == cast.people["normal"].pk
    assert "Muster AG" in mailbox.to("normal@muster.example")[-1].subject


def test_whoever_belonged_nowhere_else_gets_an_organization_of_their_own(cast):
    account = cast.people["normal"]
    account.memberships.exclude(pk=cast.normal.pk).delete()

    remove(cast.normal, cast.admin)

    (left,) = account.memberships.all()
    assert left.role == OWNER
    assert left.organization_id != cast.organization.pk


@pytest.mark.parametrize(
    ("acting", "member"),
    [
        ("admin", "owner"),
        ("normal", "client"),
        ("client", "normal"),
        ("normal", "normal"),
        (None, "owner"),
    ],
)
def test_who_may_not_remove_whom(cast, acting, member):
    with pytest.raises(Denied):
        remove(getattr(cast, member), getattr(cast, acting) if acting else None)

    assert cast.organization.memberships.count() == 4
    assert not Message.objects.exists()


def test_one_leaves_one_does_not_remove_oneself(cast):
    for member in (cast.owner, cast.admin):
        with pytest.raises(Refused) as refused:
            remove(member, member)
        assert refused.value.has("", "own")


def test_the_directory_removes_whom_an_administrator_may(cast):
    remove(cast.admin, None)

    assert cast.organization.memberships.count() == 3
    assert events("member_removed")[0]["actor_id"] is None


def test_leaving_ends_the_membership_and_is_emitted(cast):
    leave(LeaveOrganization(cast.client), origin=HERE)

    assert cast.organization.memberships.count() == 3
    assert events("member_left")[0]["account_id"] == cast.people["client"].pk
    with pytest.raises(NotFound):
        leave(LeaveOrganization(cast.client), origin=HERE)


def test_the_last_legal_representative_does_not_leave(cast):
    with pytest.raises(Refused) as refused:
        leave(LeaveOrganization(cast.owner), origin=HERE)

    assert refused.value.has("", "last_owner")
    assert cast.organization.memberships.count() == 4


# ---- flags


def test_the_only_legal_representative_gets_mails_about_money(cast):
    with pytest.raises(Refused) as refused:
        change_flags(
            ChangeFlags(cast.owner, mails_billing=False), acting_member=cast.owner, origin=HERE
        )
    assert refused.value.has("mails_billing", "only_owner")

    change(cast.admin, OWNER, cast.owner)
    assert change_flags(
        ChangeFlags(cast.owner, mails_billing=False), acting_member=cast.owner, origin=HERE
    )
    change(cast.admin, ADMIN, cast.owner)

    assert Membership.objects.get(pk=cast.owner.pk).mails_billing


def test_everybody_chooses_their_own_mails_and_leads_who_sees_invoices(cast):
    assert change_flags(
        ChangeFlags(cast.normal, mails_products=False), acting_member=cast.normal, origin=HERE
    )
    assert change_flags(
        ChangeFlags(cast.normal, has_billing=True), acting_member=cast.admin, origin=HERE
    )
    assert not change_flags(
        ChangeFlags(cast.normal, has_billing=True), acting_member=cast.admin, origin=HERE
    )

    stored = Membership.objects.get(pk=cast.normal.pk)
    assert (stored.has_billing, stored.mails_billing, stored.mails_products) == (True, True, False)
    assert AuditEntry.objects.filter(action="organizations.member_flags_changed").count() == 2


@pytest.mark.parametrize(
    ("acting", "member", "values"),
    [
        ("normal", "normal", {"has_billing": True}),
        ("normal", "client", {"mails_billing": False}),
        ("client", "client", {"has_billing": True, "mails_products": False}),
        ("admin", "owner", {"mails_products": False}),
    ],
)
def test_flags_are_not_for_everybody(cast, acting, member, values):
    before = list(Membership.objects.order_by("pk").values())

    with pytest.raises(Denied):
        change_flags(
            ChangeFlags(getattr(cast, member), **values),
            acting_member=getattr(cast, acting),
            origin=HERE,
        )

    assert list(Membership.objects.order_by("pk").values()) == before
