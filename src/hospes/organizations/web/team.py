"""One work team: its page, changing it, deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.errors import Denied, NotFound
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain import colours, rights
from hospes.organizations.forms.products import colours as palette
from hospes.organizations.forms.teams import TeamForm
from hospes.organizations.models import right_words, role_words
from hospes.organizations.policies import rights as policy
from hospes.organizations.queries import access, teams
from hospes.organizations.services.teams import (
    ChangeTeam,
    DeleteTeam,
    change_team,
    delete_team,
)
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.teams import leader_of, suggested_leaders

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpResponse

    from hospes.organizations.models import Membership, Team
    from hospes.organizations.web.access import MemberRequest

# Products named on the team's page; the page of its rights has all.
MOST_NAMED = 20
# People of whom the page that deletes says what they lose.
MOST_EXPLAINED = 100


def seen(request: MemberRequest, team_id: int) -> Team:
    """Return the team, for whoever may see it.

    Raises:
        NotFound: this organization has no such team.
        Denied: the member neither leads the organization nor is in the team.

    """
    team = teams.team_of(request.member.organization_id, team_id)
    if team is None:
        raise NotFound
    if not policies.may_manage_teams(request.member) and not teams.is_in(request.member, team):
        raise Denied
    return team


def managed(request: MemberRequest, team_id: int) -> Team:
    """Return the team of a page that only those who manage teams reach.

    Raises:
        NotFound: this organization has no such team.

    """
    team = teams.team_of(request.member.organization_id, team_id)
    if team is None:
        raise NotFound
    return team


@require_safe
@in_organization()
def detail(request: MemberRequest, team: int) -> HttpResponse:
    """Show a team: leader, members, what it may do."""
    member = request.member
    found = seen(request, team)
    # External users are left out of the address book, and it of them.
    sees_members = policies.may_see_members(member)
    words = lists.words_of(request) if sees_members else ""
    page = lists.page_of(request, teams.members_of(found, words)) if sees_members else None
    count = teams.counts(member.organization_id, [found.pk])[found.pk]
    context = {
        "organization": member.organization,
        "team": found,
        "colour": colours.name_of(found.color_id),
        "leader": found.leader.account if found.leader else None,
        "count": count,
        "may_manage": policies.may_manage_teams(member),
        "sees_members": sees_members,
        "words": words,
        "page": page,
        "rows": [
            {"member": each, "account": each.account, "role": role_words.NAMES[each.role]}
            for each in page or ()
        ],
        "held": _held(found),
    }
    return render(request, "organizations/team.html", context)


def _held(team: Team) -> list[dict[str, Any]]:
    """Return what the team may do, the widest first, in words: three statements."""
    language = get_language() or "en"
    by_word: dict[str, set[str]] = {}
    for word, right in access.granted(team):
        by_word.setdefault(word, set()).add(right)
    reaches = sorted(each for word in by_word if (each := rights.reach(word)) is not None)
    services = {each.pk: each for each in access.services_named(reaches)}
    singles = [each.id for each in reaches if each.kind == "product"]
    products = {each.pk: each for each in access.products_named(team, singles[:MOST_NAMED])}
    rows: list[dict[str, Any]] = []
    for reach in reaches:
        if reach.kind == "all":
            label = _("All products, future ones too")
        elif reach.kind == "service" and reach.id in services:
            name = services[reach.id].name_in(language)
            label = _("All of %(service)s, future ones too") % {"service": name}
        elif reach.id in products and reach.kind == "product":
            label = str(products[reach.id])
        else:
            continue
        rows.append({"label": label, "rights": words_of(by_word[reach.word])})
    more = len(singles) - len(products)
    if more > 0:
        rows.append({"more": more})
    return rows


def words_of(held: Collection[str]) -> list[Any]:
    """Return the rights in words, in their order."""
    return [right_words.NAMES[right] for right in rights.RIGHTS if right in held]


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def edit(request: MemberRequest, team: int) -> HttpResponse:
    """Rename or recolour a team; name, change or vacate its leader."""
    found = managed(request, team)
    organization = request.member.organization
    if request.method != "POST":
        leader = found.leader.account.email if found.leader else ""
        form = TeamForm(initial={"name": found.name, "color_id": found.color_id, "leader": leader})
        return _form_page(request, found, form)
    form = TeamForm(request.POST)
    sound = form.is_valid()
    chosen, known = leader_of(form, organization)
    if not sound or not known:
        return _form_page(request, found, form)
    command = ChangeTeam(
        found,
        name=form.cleaned_data["name"],
        color_id=form.cleaned_data["color_id"],
        leader=chosen,
        sets_leader=True,
    )
    try:
        changed = change_team(command, acting_member=request.member, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        return _form_page(request, found, form)
    messages.success(
        request, _("The work team is saved.") if changed else _("Nothing was changed.")
    )
    return HttpResponseRedirect(reverse("team", args=[organization.public_id, found.pk]))


def _form_page(request: MemberRequest, team: Team, form: TeamForm) -> HttpResponse:
    organization = request.member.organization
    context = {
        "organization": organization,
        "team": team,
        "form": form,
        "palette": palette(),
        "leaders": suggested_leaders(organization),
    }
    status = 422 if form.is_bound else 200
    return render(request, "organizations/team_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def delete(request: MemberRequest, team: int) -> HttpResponse:
    """Say who loses what; delete the team."""
    found = managed(request, team)
    organization = request.member.organization
    if request.method == "POST":
        delete_team(DeleteTeam(found), acting_member=request.member, origin=request.origin)
        messages.success(request, _("The work team %(name)s was deleted.") % {"name": found.name})
        return HttpResponseRedirect(reverse("teams", args=[organization.public_id]))
    people = list(teams.members_of(found)[: MOST_EXPLAINED + 1])
    context = {
        "organization": organization,
        "heading": _("Delete %(name)s?") % {"name": found.name},
        "text": _(
            "The work team and its rights end at once. Its members stay in the organization and "
            "keep what they have otherwise."
        ),
        "danger": True,
        "confirm_label": _("Delete the work team"),
        "cancel_url": reverse("team", args=[organization.public_id, found.pk]),
        "losses": losses(found, people[:MOST_EXPLAINED]),
        "more": max(
            teams.counts(organization.pk, [found.pk])[found.pk].members - MOST_EXPLAINED, 0
        ),
    }
    return render(request, "organizations/team_delete.html", context)


def losses(team: Team, people: Collection[Membership]) -> list[dict[str, Any]]:
    """Return what each of the team's members loses without it: three statements."""
    ending, besides, services = access.ending_with(team, people)
    told = []
    for person in people:
        if policy.has_all_by_role(person):
            gone: tuple[rights.GrantView, ...] = ()
        else:
            gone = rights.lost(ending, besides.get(person.pk, ()), services)
        told.append(
            {
                "account": person.account,
                "rights": words_of({grant.right for grant in gone}),
                "things": len({grant.reach for grant in gone}),
                "wide": any(grant.reach.kind != "product" for grant in gone),
                "role": role_words.NAMES[person.role] if policy.has_all_by_role(person) else "",
            }
        )
    return told
