"""Inviting: one person, whose link is shown once, or a list of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import pasted
from hospes.organizations.domain.roles import NORMAL
from hospes.organizations.forms.invitations import InviteForm, ManyForm, fault_words
from hospes.organizations.forms.organization import form_key
from hospes.organizations.forms.teams import ticks
from hospes.organizations.models import InvitationRow, role_words
from hospes.organizations.queries import invitations as queries
from hospes.organizations.services import inviting_many as many_services
from hospes.organizations.services.invitations import invite
from hospes.organizations.web import lists, single_products
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.invitations import link_page
from hospes.organizations.web.teams import right_heads, wide_rows

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.organizations.services.grants import Wanted
    from hospes.organizations.services.inviting_many import Judged
    from hospes.organizations.web.access import MemberRequest

# While a list is being sent its page asks again so often (seconds).
_AGAIN = 3
_ROW_WORDS = {
    InvitationRow.State.WAITING: (gettext_lazy("Waiting"), "info"),
    InvitationRow.State.INVITED: (gettext_lazy("Invited"), "success"),
    InvitationRow.State.REFUSED: (gettext_lazy("Not invited"), "danger"),
}
# As people are mostly invited.
_USUAL = {"role": NORMAL, "mails_products": True, "is_strict": True}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.may_manage_members)
@sensitive_variables("invited")
def one(request: MemberRequest) -> HttpResponse:
    """Ask whom to invite into what; do so; show the link this once."""
    teams = queries.teams(request.member.organization)
    if request.method != "POST":
        form = InviteForm(initial=_initial(request), member=request.member, teams=teams)
        return _one_page(request, form, frozenset())
    form = InviteForm(request.POST, member=request.member, teams=teams)
    wanted = ticks(request.POST.getlist("grant"))
    if wanted is not None and single_products.is_asked(request):
        typed = single_products.typed(form, request.POST, request.FILES)
        form = InviteForm(initial=typed, member=request.member, teams=teams)
        return _one_page(request, form, wanted)
    wanted = _ticked(request, form)
    if form.errors or wanted is None:
        return _one_page(request, form, wanted or frozenset())
    try:
        invited = invite(form.command(wanted), acting_member=request.member, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        pending = [each.params.get("invitation") for each in refused.faults]
        return _one_page(request, form, wanted, next(filter(None, pending), None))
    return link_page(request, invited, new=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.may_manage_members)
def many(request: MemberRequest) -> HttpResponse:
    """Take a list of people, show what would be done, do it."""
    organization = request.member.organization
    teams = queries.teams(organization)
    if request.method != "POST":
        form = ManyForm(
            initial={**_USUAL, "language": organization.language, "form_key": form_key()},
            member=request.member,
            teams=teams,
        )
        return _many_page(request, form, frozenset())
    form = ManyForm(request.POST, request.FILES, member=request.member, teams=teams)
    wanted = ticks(request.POST.getlist("grant"))
    asked = wanted is not None and single_products.is_asked(request)
    if asked and wanted is not None and not request.FILES:
        typed = single_products.typed(form, request.POST, request.FILES)
        form = ManyForm(initial=typed, member=request.member, teams=teams)
        return _many_page(request, form, wanted)
    wanted = _ticked(request, form)
    if form.errors or wanted is None:
        return _many_page(request, form, wanted or frozenset())
    told = form.cleaned_data
    # What was in the file goes along in the form from here on.
    data = request.POST.copy()
    data["people"], data["form_key"] = told["people"], told["form_key"]
    carried = ManyForm(data, member=request.member, teams=teams)
    carried.full_clean()
    if asked or request.POST.get("step", "") == "edit":
        return _many_page(request, carried, wanted)
    return _go_on(request, carried, wanted)


def _go_on(request: MemberRequest, form: ManyForm, wanted: frozenset[Wanted]) -> HttpResponse:
    """Show what would be done with a sound list; do it once that is confirmed."""
    organization, told = request.member.organization, form.cleaned_data
    most = numbers.get("organizations.invitation_list_rows")
    read = pasted.read(told["people"], most=most)
    if not read.people or read.more:
        code = "too_many_rows" if read.more else "nobody"
        form.show_faults(Refused(Fault("", code, {"limit": most})))
        return _many_page(request, form, wanted)
    rows = many_services.judge(read.people, form.invite(wanted), acting_member=request.member)
    if request.POST.get("step", "") != "confirm":
        return _preview(request, form, wanted, rows)
    try:
        asked = many_services.begin(
            many_services.InviteMany(told["form_key"], rows),
            acting_member=request.member,
            origin=request.origin,
        )
    except Refused as refused:
        form.show_faults(refused)
        return _many_page(request, form, wanted)
    return HttpResponseRedirect(
        reverse("invitation_list", args=[organization.public_id, asked.public_id])
    )


@require_safe
@never_cache
@in_organization(policies.may_manage_members)
def progress(request: MemberRequest, asked: UUID) -> HttpResponse:
    """Show how far a list is, and what came of each row."""
    organization = request.member.organization
    found = queries.find_list(organization, str(asked))
    if found is None:
        raise NotFound
    counts = queries.counts_of(found)
    page = lists.page_of(request, queries.rows_of(found))
    waiting = counts[InvitationRow.State.WAITING]
    context = {
        "organization": organization,
        "asked": found,
        "invited": counts[InvitationRow.State.INVITED],
        "refused": counts[InvitationRow.State.REFUSED],
        "waiting": waiting,
        "total": sum(counts.values()),
        "page": page,
        "rows": [_result(row) for row in page],
    }
    response = render(request, "organizations/invite_list.html", context)
    if waiting:
        response.headers["Refresh"] = str(_AGAIN)
    return response


def _initial(request: MemberRequest) -> dict[str, Any]:
    """Return what stands in the form at first: as usual, or as an earlier invitation had it."""
    organization = request.member.organization
    initial = {**_USUAL, "language": organization.language}
    key = lists.key_of(request.GET.get("again", ""))
    earlier = queries.find(organization, key) if key is not None else None
    if earlier is not None:
        names = ("email", "first_name", "last_name", "language", "role")
        initial |= {name: getattr(earlier, name) for name in names}
        initial["team_ids"] = [team.pk for team in earlier.teams.all()]
    return initial


def _ticked(request: HttpRequest, form: InviteForm | ManyForm) -> frozenset[Wanted] | None:
    wanted = ticks(request.POST.getlist("grant"))
    form.full_clean()
    if wanted is None:
        form.add_error(None, _("There is no such right. Nothing was saved."))
    return wanted


def _giving(
    request: MemberRequest, form: InviteForm | ManyForm, wanted: frozenset[Wanted]
) -> dict[str, Any]:
    organization = request.member.organization
    held = single_products.pairs(wanted)
    return {
        **single_products.shown(request, organization, held),
        "organization": organization,
        "form": form,
        "heads": right_heads(),
        "wide": wide_rows(organization, held),
        "meanings": [(role_words.NAMES[role], role_words.MEANINGS[role]) for role in form.offered],
    }


def _one_page(
    request: MemberRequest,
    form: InviteForm,
    wanted: frozenset[Wanted],
    pending: int | None = None,
) -> HttpResponse:
    context = {**_giving(request, form, wanted), "pending": pending}
    status = 422 if form.is_bound else 200
    return render(request, "organizations/invite.html", context, status=status)


def _many_page(request: MemberRequest, form: ManyForm, wanted: frozenset[Wanted]) -> HttpResponse:
    context = {
        **_giving(request, form, wanted),
        "most": numbers.get("organizations.invitation_list_rows"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "organizations/invite_many.html", context, status=status)


def _preview(
    request: MemberRequest,
    form: ManyForm,
    wanted: frozenset[Wanted],
    rows: tuple[Judged, ...],
) -> HttpResponse:
    names = dict(queries.teams(request.member.organization))
    shown = [
        {
            "line": row.line,
            "email": row.command.email,
            "name": f"{row.command.first_name} {row.command.last_name}".strip(),
            "role": role_words.NAMES.get(row.command.role, ""),
            "teams": sorted(names[key] for key in row.command.team_ids if key in names),
            "faults": fault_words(row.faults),
        }
        for row in rows
    ]
    good = sum(1 for row in rows if not row.faults)
    context = {
        "organization": request.member.organization,
        "hidden": [form[name].as_hidden() for name in form.fields if name != "file"],
        "grants": [f"{each.right} {each.reach.word}" for each in sorted(wanted)],
        # What is wrong comes first.
        "rows": sorted(shown, key=lambda row: not row["faults"]),
        "good": good,
        "bad": len(rows) - good,
    }
    return render(request, "organizations/invite_preview.html", context)


def _result(row: InvitationRow) -> dict[str, Any]:
    label, kind = _ROW_WORDS[InvitationRow.State(row.state)]
    faults = fault_words(Fault(**told) for told in row.faults)
    return {"row": row, "label": label, "kind": kind, "faults": faults}
