"""The grid of rights: what a work team, or one member directly, may do on which product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hospes.foundation.errors import NotFound
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain import colours
from hospes.organizations.domain.rights import EVERYTHING, product, service
from hospes.organizations.forms.teams import fault_words, shown, ticks
from hospes.organizations.models import role_words
from hospes.organizations.policies import rights as policy
from hospes.organizations.queries import access, teams
from hospes.organizations.services.grants import Changed, SetGrants, set_grants
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.team import managed
from hospes.organizations.web.teams import grid_row, right_heads, wide_rows

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from hospes.organizations.models import Membership, Team
    from hospes.organizations.web.access import MemberRequest

# Four ticks a row, and a row sends its own name: within what a form may hold.
PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def of_team(request: MemberRequest, team: int) -> HttpResponse:
    """Show and save what a team may do."""
    found = managed(request, team)
    back = reverse("team", args=[request.member.organization.public_id, found.pk])
    more = {"team": found, "colour": colours.name_of(found.color_id), "back": back}
    return _grid(request, found, {**more, "name": found.name})


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_teams)
def of_member(request: MemberRequest, account: UUID) -> HttpResponse:
    """Show and save what a member may do beside what their teams may."""
    found = member_of(request, account)
    more = {
        "member": found,
        "name": found.account.name or found.account.email,
        "leads_as": role_words.NAMES[found.role] if policy.has_all_by_role(found) else "",
        "teams": list(teams.teams_of(found)),
    }
    return _grid(request, found, more)


def member_of(request: MemberRequest, account: UUID) -> Membership:
    """Return the member with that account.

    Raises:
        NotFound: nobody of this organization.

    """
    found = teams.members_by_account(request.member.organization_id, [str(account)])
    if not found:
        raise NotFound
    return found[0]


def _grid(request: MemberRequest, holder: Team | Membership, more: dict[str, Any]) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        wanted, within = (
            ticks(request.POST.getlist("grant")),
            shown(request.POST.getlist("shown")),
        )
        if wanted is None or within is None:
            fault = _("There is no such right. Nothing was saved.")
        else:
            command = SetGrants(holder, wanted, within)
            try:
                changed = set_grants(command, acting_member=request.member, origin=request.origin)
            except Refused as refused:
                fault = " ".join(fault_words(refused))
            else:
                messages.success(request, summary(changed))
                return HttpResponseRedirect(request.get_full_path())
    return _page(request, holder, more, fault)


def summary(changed: Changed) -> str:
    """Return in words what was changed."""
    if not changed:
        return _("Nothing was changed.")
    told = []
    if count := len(changed.added):
        text = ngettext("%(count)d right was given.", "%(count)d rights were given.", count)
        told.append(text % {"count": count})
    if count := len(changed.removed):
        text = ngettext(
            "%(count)d right was taken away.", "%(count)d rights were taken away.", count
        )
        told.append(text % {"count": count})
    return " ".join([*told, _("This holds from the next click on.")])


def _page(
    request: MemberRequest, holder: Team | Membership, more: dict[str, Any], fault: str
) -> HttpResponse:
    organization = request.member.organization
    held = access.granted(holder)
    words, only = lists.words_of(request), request.GET.get("only") == "granted"
    chosen = lists.key_of(request.GET.get("service", ""))
    found = access.filtered(access.products_of(organization), words=words, service=chosen)
    if only:
        found = access.granted_singly(found, holder)
    page = lists.page_of(request, found, PAGE)
    language = get_language() or "en"
    context = {
        "organization": organization,
        "fault": fault,
        "heads": right_heads(),
        "wide": wide_rows(organization, held),
        "rows": [
            grid_row(
                product(each.pk).word,
                str(each),
                held,
                below=(EVERYTHING.word, service(each.service_id).word),
                service=each.service.name_in(language),
            )
            for each in page
        ],
        "page": page,
        "words": words,
        "chosen": chosen,
        "only": only,
        "filtered": bool(words or only or chosen is not None),
        "services": [
            {"pk": each.pk, "name": each.name_in(language)}
            for each in access.services_of(organization)
        ],
        **more,
    }
    return render(request, "organizations/team_rights.html", context, status=422 if fault else 200)
