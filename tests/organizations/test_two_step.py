"""Requiring two-step verification of everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.models import AuditEntry, Message, OutboxEvent
from hospes.foundation.services import numbers as number_settings
from hospes.identity.models import Account, Method
from hospes.identity.services.two_step import methods
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM, Origin
from hospes.organizations.models import Membership, Organization
from hospes.organizations.policies.two_step import admitted
from hospes.organizations.services.two_step import (
    RemindMembers,
    RequireTwoStep,
    remind,
    require,
    tell_members,
)
from support import racing, two_step
from support.organizations import join, look_at, make_organization
from support.people import PASSWORD

HERE = Origin(ip="192.0.2.7")


@pytest.fixture
def admin(cast):
    """Return the administrator, who has two-step verification."""
    two_step.add_method(cast.people["admin"])
    return Membership.objects.select_related("account", "organization").get(pk=cast.admin.pk)


def switch(acting, required=True):
    require(RequireTwoStep(required), acting_member=acting, origin=HERE)


def is_required(cast):
    return Organization.objects.get(pk=cast.organization.pk).two_step_required_at is not None


def remind_all(cast, acting):
    keys = list(Membership.objects.values_list("pk", flat=True))
    return remind(RemindMembers(keys), acting_member=acting, origin=HERE)


# ---- the switch


def test_switching_on_is_written_down_emitted_and_told_to_those_without(cast, admin, mailbox):
    switch(admin)

    assert is_required(cast)
    assert AuditEntry.objects.filter(action="organizations.two_step_required_on").count() == 1
    event = OutboxEvent.objects.get(name="organizations.two_step_required_changed")
    assert event.payload == {
        "organization_id": cast.organization.pk,
        "actor_id": admin.account_id,
        "required": True,
    }
    told = {mail.recipient for mail in mailbox.all() if "now asks for two-step" in mail.subject}
    assert told == {f"{role}@muster.example" for role in ("owner", "normal", "client")}
    assert "/leave" in mailbox.to("client@muster.example")[-1].text
    assert "/leave" not in mailbox.to("normal@muster.example")[-1].text

    assert tell_members(event.payload) == 0

    switch(admin, required=False)
    assert not is_required(cast)
    assert AuditEntry.objects.filter(action="organizations.two_step_required_off").count() == 1


def test_a_reminder_of_just_before_keeps_nobody_from_being_told(cast, admin, mailbox, clock):
    remind_all(cast, admin)
    clock.move(timedelta(minutes=1))
    switch(admin)

    assert len([m for m in mailbox.to("normal@muster.example") if "now asks" in m.subject]) == 1


def test_whoever_demands_it_has_it(cast):
    with pytest.raises(Refused) as refused:
        switch(cast.owner)

    assert refused.value.has("", "own_two_step_missing")
    assert not is_required(cast)


@pytest.mark.parametrize("role", ["normal", "client"])
def test_only_those_who_lead_switch(cast, role):
    two_step.add_method(cast.people[role])
    with pytest.raises(Denied):
        switch(getattr(cast, role))
    assert not is_required(cast)


def test_those_who_belong_there_no_more_switch_nothing(cast, admin):
    Membership.objects.filter(pk=admin.pk).delete()
    with pytest.raises(NotFound):
        switch(admin)
    assert not is_required(cast)


def test_switching_to_and_fro_ends_before_the_mailboxes_are_full(cast, admin):
    number_settings.change(
        "organizations.two_step_switches_per_day", 1, acting_account_id=None, origin=SYSTEM
    )
    switch(admin)
    switch(admin, required=False)
    with pytest.raises(Refused) as refused:
        switch(admin)
    assert refused.value.has("", "throttled")
    assert not is_required(cast)


# ---- reminders


def test_nobody_is_reminded_twice_within_a_day(cast, admin, clock):
    assert remind_all(cast, admin).sent == 3
    mails = Message.objects.filter(kind="organizations.two_step_reminder")
    assert mails.count() == 3

    again = remind_all(cast, admin)
    assert again.sent == 0
    assert mails.count() == 3

    number_settings.change(
        "organizations.two_step_reminder_hours", 2, acting_account_id=None, origin=SYSTEM
    )
    clock.move(timedelta(hours=2))
    assert remind_all(cast, admin).sent == 3
    assert AuditEntry.objects.filter(action="organizations.member_reminded").count() == 6


def test_reminders_at_the_same_moment_are_one(cast, admin):
    results = racing.race(lambda _n: remind_all(cast, admin).sent, threads=4)

    assert sum(results) == 3
    assert Message.objects.filter(kind="organizations.two_step_reminder").count() == 3


def test_members_of_elsewhere_are_passed_over(cast, admin, make_account):
    elsewhere = make_organization(make_account("elsewhere@other.example"), "Other")

    sent = remind(
        RemindMembers([elsewhere.memberships.get().pk]), acting_member=admin, origin=HERE
    ).sent

    assert sent == 0
    assert not Message.objects.exists()
    with pytest.raises(Denied):
        remind(RemindMembers([cast.owner.pk]), acting_member=cast.normal, origin=HERE)


# ---- who is stopped


def test_admission_reads_nothing(cast, admin):
    member = Membership.objects.select_related("organization").get(pk=cast.normal.pk)
    assert admitted(member, has_two_step=False)
    switch(admin)
    member = Membership.objects.select_related("organization").get(pk=cast.normal.pk)
    with CaptureQueriesContext(connection) as asked:
        assert not admitted(member, has_two_step=False)
        assert admitted(member, has_two_step=True)
    assert len(asked) == 0


def test_members_without_it_are_stopped_at_the_next_page(cast, admin, looking):
    site = looking("normal")
    assert site.get("/").status_code == 200
    switch(admin)

    for address in ("/", f"{cast.address}/products", cast.page("normal"), "/search?q=a"):
        answer = site.get(address)
        assert answer.status_code == 302
        assert site.location.startswith("/organizations/two-step-needed?next=")
    site.follow()
    assert "Muster AG asks everybody for a second step" in site.page.text
    assert "Leave the organization" not in site.page.text
    for address in ("/settings/two-step", "/settings/profile", "/sign-out", "/accounts"):
        assert site.get(address).status_code == 200
    csrf = site.csrf_token("/settings/profile")
    answer = site.post(f"{cast.address}/leave", {"csrfmiddlewaretoken": csrf, "meant": "on"})
    assert site.location == "/organizations/two-step-needed"
    assert Membership.objects.filter(pk=cast.normal.pk).exists()

    two_step.add_method(cast.people["normal"])
    assert site.get("/").status_code == 200
    assert site.get("/organizations/two-step-needed?next=/search").status_code == 302
    assert site.location == "/search"


def test_external_users_may_leave_instead(cast, admin, looking):
    site = looking("client")
    switch(admin)
    site.get("/", follow=True)
    assert "Leave the organization" in site.page.text

    site.get(f"{cast.address}/leave")
    site.submit({"meant": "on"}, button="Leave the organization")

    assert not Membership.objects.filter(pk=cast.client.pk).exists()
    assert site.get("/").status_code == 200


def test_another_organization_is_looked_at_instead(cast, admin, looking):
    other = make_organization(name="Freely GmbH")
    join(other, cast.people["normal"])
    site = looking("normal")
    switch(admin)
    site.get("/", follow=True)

    site.submit({"organization": other.public_id}, button="Freely GmbH")

    assert site.get("/").status_code == 200
    assert site.get(f"{cast.address}/products").status_code == 409


def test_those_with_two_step_cost_no_query_and_the_others_none_more(cast, admin, looking, site):
    looking("normal")
    site.get("/settings/profile")

    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            assert site.get(address).status_code == 200
        return len(asked)

    open_to_all, guarded = queries("/settings/profile"), queries("/organizations")
    two_step.add_method(cast.people["normal"])
    assert queries("/settings/profile") == open_to_all
    assert queries("/organizations") == guarded


# ---- the last method stays


def test_the_last_method_is_kept_and_the_organization_named(cast, admin):
    switch(admin)
    account = Account.objects.get(pk=admin.account_id)
    method = Method.objects.get(account=account)

    with pytest.raises(Refused) as refused:
        methods.remove(
            method, password=PASSWORD, acting_account=account, origin=HERE, last_meant=True
        )
    assert refused.value.faults[0].params == {"names": "Muster AG"}
    assert Method.objects.filter(pk=method.pk, removed_at=None).exists()

    switch(admin, required=False)
    assert methods.remove(
        method, password=PASSWORD, acting_account=account, origin=HERE, last_meant=True
    )


# ---- pages


def test_the_page_shows_who_lacks_it_and_switches(cast, admin, looking, sign_in, site):
    session = sign_in(site, cast.people["admin"], amr=("pwd", "otp", "mfa"))
    look_at(session, cast.organization)
    page = f"{cast.address}/members/two-step"
    site.get(page)
    for words in ("3 members have none yet.", "normal@muster.example", "client@muster.example"):
        assert words in site.page.text
    assert not any("admin@" in each.text for each in site.page.all("li"))

    site.submit({}, button="Require it from now on")
    assert is_required(cast)
    site.get(page)
    assert "every member needs it" in site.page.text

    site.get(f"{page}/off")
    site.submit({}, button="Stop requiring it")
    assert not is_required(cast)


@pytest.mark.parametrize("role", ["normal", "client"])
def test_the_page_is_for_those_who_lead(cast, looking, role):
    site = looking(role)
    csrf = site.csrf_token("/organizations")
    page = f"{cast.address}/members/two-step"

    assert site.get(page).status_code == 403
    assert site.get(f"{page}/off").status_code == 403
    answer = site.post(page, {"csrfmiddlewaretoken": csrf, "required": "on"})
    assert answer.status_code == 403
    assert not is_required(cast)


def test_the_page_asks_the_acting_person_to_have_it_first(cast, looking):
    site = looking("owner")
    page = f"{cast.address}/members/two-step"
    site.get(page)
    assert "Set up two-step verification for your own account first." in site.page.text
    csrf = site.csrf_token(page)

    site.post(page, {"csrfmiddlewaretoken": csrf, "required": "on"})

    assert not is_required(cast)
