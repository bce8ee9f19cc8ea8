"""Putting members into a work team, several at once, and taking them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.models import role_words
from hospes.organizations.queries import teams
from hospes.organizations.services.team_members import (
    AddMembers,
    RemoveMembers,
    add_members,
    remove_members,
)
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.team import losses, managed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from hospes.organizations.models import Membership, Team
    from hospes.organizations.web.access import MemberRequest

# More than a page shows are not sent by it.
MOST_AT_ONCE = 500


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def add(request: MemberRequest, team: int) -> HttpResponse:
    """Show the organization's members to pick from; put those who were picked into the team."""
    found = managed(request, team)
    if request.method != "POST":
        return _picker(request, found)
    picked = _picked(request)
    try:
        placed = add_members(
            AddMembers(found, tuple(picked)), acting_member=request.member, origin=request.origin
        )
    except Refused:
        return _picker(request, found, fault=_("Tick at least one member."))
    _tell_added(request, placed.moved, placed.skipped)
    address = reverse("team_members_add", args=[request.member.organization.public_id, found.pk])
    if request.POST.get("then") != "more":
        address = reverse("team", args=[request.member.organization.public_id, found.pk])
    return HttpResponseRedirect(address)


def _tell_added(
    request: MemberRequest, moved: Sequence[Membership], skipped: Sequence[Membership]
) -> None:
    if moved:
        text = ngettext("%(count)d member was added.", "%(count)d members were added.", len(moved))
        messages.success(request, text % {"count": len(moved)})
    if skipped:
        text = ngettext(
            "%(names)s was in the work team already.",
            "%(names)s were in the work team already.",
            len(skipped),
        )
        names = ", ".join(each.account.name or each.account.email for each in skipped[:10])
        messages.info(request, text % {"names": names})


def _picker(request: MemberRequest, team: Team, fault: str = "") -> HttpResponse:
    organization = request.member.organization
    words = lists.words_of(request)
    page = lists.page_of(request, teams.candidates(organization, team, words))
    context = {
        "organization": organization,
        "team": team,
        "words": words,
        "page": page,
        "rows": [
            {
                "account": each.account,
                "role": role_words.NAMES[each.role],
                "is_there": each.is_there is not None,
            }
            for each in page
        ],
        "fault": fault,
    }
    status = 422 if fault else 200
    return render(request, "organizations/team_members_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def remove(request: MemberRequest, team: int) -> HttpResponse:
    """Say what those who were ticked lose; take them out of the team.

    The ticks come in the address, so that the page can be opened again.
    """
    found = managed(request, team)
    organization = request.member.organization
    back = reverse("team", args=[organization.public_id, found.pk])
    picked = _picked(request)
    if not picked:
        messages.info(request, _("Tick at least one member."))
        return HttpResponseRedirect(back)
    if request.method == "POST":
        placed = remove_members(
            RemoveMembers(found, tuple(picked)),
            acting_member=request.member,
            origin=request.origin,
        )
        count = len(placed.moved)
        text = ngettext(
            "%(count)d member was taken out.", "%(count)d members were taken out.", count
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(back)
    count = len(picked)
    context = {
        "organization": organization,
        "heading": ngettext(
            "Take %(count)d member out of %(team)s?",
            "Take %(count)d members out of %(team)s?",
            count,
        )
        % {"count": count, "team": found.name},
        "text": _("What only this work team gave them ends at once. Everything else stays."),
        "danger": True,
        "confirm_label": _("Take out"),
        "cancel_url": back,
        "losses": losses(found, picked),
        "picked": [each.account.public_id for each in picked],
    }
    return render(request, "organizations/team_members_remove.html", context)


def _picked(request: MemberRequest) -> list[Membership]:
    """Return the members who were ticked, those of other organizations left out."""
    sent = request.POST if request.method == "POST" else request.GET
    ids = [each for each in sent.getlist("member") if "\x00" not in each][:MOST_AT_ONCE]
    return teams.members_by_account(request.member.organization_id, ids)
