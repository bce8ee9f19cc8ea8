"""Leaving an organization, on its page."""

from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry
from hospes.organizations.models import Membership, Team
from support.organizations import join, look_at, make_organization


@pytest.mark.parametrize("role", ["admin", "normal", "client"])
def test_members_leave_after_reading_what_ends(cast, looking, role):
    member = getattr(cast, role)
    Team.objects.create(
        organization=cast.organization, name="Web", name_key="web", leader=member,
        created_at=member.created_at, updated_at=member.created_at,
    )  # fmt: skip
    site = looking(role)
    site.get(f"{cast.address}/leave")
    assert "The work team Web has no leader any more." in site.page.text

    answer = site.submit({}, button="Leave the organization")
    assert answer.status_code == 422
    assert "Confirm that you have read what ends." in site.page.text
    assert Membership.objects.filter(pk=member.pk).exists()

    site.submit({"meant": "on"}, button="Leave the organization")
    site.follow()
    assert "You no longer belong to Muster AG." in site.page.text
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert Team.objects.get().leader is None
    assert AuditEntry.objects.filter(action="organizations.member_left").count() == 1
    assert site.get(f"{cast.address}/leave").status_code == 404


def test_the_last_legal_representative_is_told_what_to_do(cast, looking):
    site = looking("owner")
    site.get(f"{cast.address}/leave")
    assert "You are the only legal representative." in site.page.text
    csrf = site.csrf_token("/organizations")

    answer = site.post(f"{cast.address}/leave", {"csrfmiddlewaretoken": csrf, "meant": "on"})

    assert answer.status_code == 422
    assert cast.organization.memberships.count() == 4


def test_strangers_find_no_such_page(cast, site, sign_in, make_account):
    stranger = make_account("stranger@other.example")
    sign_in(site, stranger)

    assert site.get(f"{cast.address}/leave").status_code == 404
    csrf = site.csrf_token("/organizations")
    answer = site.post(f"{cast.address}/leave", {"csrfmiddlewaretoken": csrf, "meant": "on"})
    assert answer.status_code == 404
    assert cast.organization.memberships.count() == 4


def test_whoever_looks_elsewhere_is_asked_and_leaves_nothing(cast, site, sign_in):
    other = make_organization(name="Other")
    join(other, cast.people["normal"])
    look_at(sign_in(site, cast.people["normal"]), other)
    csrf = site.csrf_token("/organizations")

    answer = site.post(f"{cast.address}/leave", {"csrfmiddlewaretoken": csrf, "meant": "on"})

    assert answer.status_code == 409
    assert Membership.objects.filter(pk=cast.normal.pk).exists()
