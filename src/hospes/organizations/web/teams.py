"""The list of work teams, and making one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain import colours
from hospes.organizations.domain.rights import EVERYTHING, RIGHTS, service
from hospes.organizations.forms.products import colours as palette
from hospes.organizations.forms.teams import TeamForm, ticks
from hospes.organizations.models import right_words
from hospes.organizations.queries import access, teams
from hospes.organizations.queries.teams import ORDERS, TeamFilter
from hospes.organizations.services.teams import CreateTeam, create_team
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from hospes.organizations.models import Membership, Organization, Team
    from hospes.organizations.queries.teams import Counts
    from hospes.organizations.services.grants import Wanted
    from hospes.organizations.web.access import MemberRequest

ORDER_WORDS = (
    ("name", gettext_lazy("Name")),
    ("members", gettext_lazy("Most members first")),
    ("newest", gettext_lazy("Newest first")),
)
# As many names stand in the suggestions of a leader; any other is typed.
MOST_SUGGESTED = 200


@require_safe
@in_organization()
def index(request: MemberRequest) -> HttpResponse:
    """List the teams that the member may see, with how many members and products each has."""
    member = request.member
    chosen = _filter(request)
    page = lists.page_of(request, teams.listed(member, chosen))
    counted = teams.counts(member.organization_id, [team.pk for team in page])
    context = {
        "organization": member.organization,
        "may_manage": policies.may_manage_teams(member),
        "page": page,
        "rows": [_row(team, counted[team.pk]) for team in page],
        "chosen": chosen,
        "filtered": bool(chosen.words or chosen.colour is not None or chosen.leader),
        "palette": palette(),
        "orders": ORDER_WORDS,
        "query": lists.query_of(request),
    }
    return render(request, "organizations/teams.html", context)


@require_safe
@in_organization()
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the list, filtered like the page, as CSV."""
    head = (
        _("ID"), _("Name"), _("Colour"), _("Team leader"), _("E-mail address of the leader"),
        _("Members"), _("Products"), _("All products, future ones too"), _("Created"),
    )  # fmt: skip
    found = teams.listed(request.member, _filter(request))
    return lists.csv_file("teams", head, _csv(found, request.member.organization_id))


def _csv(found: Any, organization_id: int) -> Iterator[tuple[object, ...]]:
    names = [str(each["label"]) for each in palette()]
    for piece in lists.in_chunks(found):
        counted = teams.counts(organization_id, [team.pk for team in piece])
        for team in piece:
            count = counted[team.pk]
            leader = team.leader.account if team.leader else None
            yield (
                team.pk, team.name,
                names[team.color_id] if colours.is_colour(team.color_id) else names[0],
                leader.name if leader else "", leader.email if leader else "",
                count.members, count.products, _("Yes") if count.everything else _("No"),
                timezone.localtime(team.created_at).isoformat(sep=" ", timespec="seconds"),
            )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a team's name, colour, leader and rights; make it; lead on to its members."""
    organization = request.member.organization
    if request.method != "POST":
        return _form_page(request, TeamForm(initial={"color_id": 1, "leader": ""}), frozenset())
    form = TeamForm(request.POST)
    wanted = ticks(request.POST.getlist("grant"))
    sound = form.is_valid() and wanted is not None
    leader, known = leader_of(form, organization)
    if not sound or not known or wanted is None:
        if wanted is None:
            form.add_error(None, _("There is no such right. Nothing was saved."))
        return _form_page(request, form, wanted or frozenset())
    command = CreateTeam(
        organization, form.cleaned_data["name"], form.cleaned_data["color_id"], leader, wanted
    )
    try:
        team = create_team(command, acting_member=request.member, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        return _form_page(request, form, wanted)
    messages.success(request, _("The work team was created. Now add its members."))
    return HttpResponseRedirect(reverse("team_members_add", args=[organization.public_id, team.pk]))


def leader_of(form: TeamForm, organization: Organization) -> tuple[Membership | None, bool]:
    """Return the member who is meant, and whether the field can be taken; False says so in it."""
    email = str(form.cleaned_data.get("leader", "")).replace("\x00", "").strip()
    if not email:
        return None, True
    leader = teams.member_by_email(organization.pk, email)
    if leader is None:
        form.unknown_leader()
    return leader, leader is not None


def suggested_leaders(organization: Organization) -> list[dict[str, str]]:
    """Return the members to suggest: one statement."""
    found = access.named(organization.memberships.all(), "")[:MOST_SUGGESTED]
    return [{"email": each.account.email, "name": each.account.name} for each in found]


def wide_rows(organization: Organization, held: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the rows of rights that reach future products too: everything, and each service."""
    language = get_language() or "en"
    rows = [(EVERYTHING.word, str(_("All products, future ones too")))]
    for each in access.services_of(organization):
        name = each.name_in(language)
        label = _("All of %(service)s, future ones too") % {"service": name}
        rows.append((service(each.pk).word, label))
    return [grid_row(word, label, held) for word, label in rows]


def grid_row(
    word: str, label: str, held: set[tuple[str, str]], *, below: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """Return one row of ticks; ``below`` are wider reaches, whose rights it has already."""
    boxes = [
        {
            "value": f"{right} {word}",
            "name": right_words.NAMES[right],
            "ticked": (word, right) in held,
            "given": any((wider, right) in held for wider in below),
        }
        for right in RIGHTS
    ]
    return {"word": word, "label": label, "boxes": boxes, **more}


def right_heads() -> list[dict[str, Any]]:
    """Return the columns of a grid of rights."""
    return [
        {"name": right_words.NAMES[right], "meaning": right_words.MEANINGS[right]}
        for right in RIGHTS
    ]


def _form_page(request: MemberRequest, form: TeamForm, wanted: frozenset[Wanted]) -> HttpResponse:
    organization = request.member.organization
    held = {(each.reach.word, each.right) for each in wanted}
    context = {
        "organization": organization,
        "form": form,
        "palette": palette(),
        "leaders": suggested_leaders(organization),
        "heads": right_heads(),
        "wide": wide_rows(organization, held),
    }
    status = 422 if form.is_bound else 200
    return render(request, "organizations/team_new.html", context, status=status)


def _row(team: Team, count: Counts) -> dict[str, Any]:
    return {
        "team": team,
        "colour": colours.name_of(team.color_id),
        "leader": team.leader.account if team.leader else None,
        "count": count,
    }


def _filter(request: HttpRequest) -> TeamFilter:
    colour = lists.key_of(request.GET.get("colour", ""))
    order = request.GET.get("order", "name")
    return TeamFilter(
        words=lists.words_of(request),
        colour=colour if colour is not None and colours.is_colour(colour) else None,
        leader="none" if request.GET.get("leader") == "none" else "",
        order=order if order in ORDERS else "name",
    )
