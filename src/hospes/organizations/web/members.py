"""The members of an organization: the list, the file to take away, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from hospes.identity.models import Account
from hospes.kit.paths import safe_next
from hospes.organizations import policies
from hospes.organizations.domain.colours import name_of
from hospes.organizations.domain.roles import ROLES
from hospes.organizations.models import role_words
from hospes.organizations.queries import members as queries
from hospes.organizations.queries.members import MemberFilter
from hospes.organizations.services.two_step import Reminded, RemindMembers, remind
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from hospes.organizations.models import Membership
    from hospes.organizations.web.access import MemberRequest

# More than a page shows are not sent by it.
MOST_AT_ONCE = 200
SECURITY = (
    (queries.ON, gettext_lazy("With two-step verification")),
    (queries.OFF, gettext_lazy("Without two-step verification")),
    (queries.LOCKED, gettext_lazy("Locked")),
    (queries.SILENT, gettext_lazy("Never signed in")),
)
ORDERS = (
    ("name", gettext_lazy("By name")),
    ("newest", gettext_lazy("Newest members first")),
    ("oldest", gettext_lazy("Oldest members first")),
    ("seen", gettext_lazy("Last sign-in first")),
    ("unseen", gettext_lazy("Longest without sign-in first")),
)


def _chosen(request: HttpRequest) -> MemberFilter:
    role, security, order = (request.GET.get(name, "") for name in ("role", "security", "order"))
    return MemberFilter(
        words=lists.words_of(request),
        role=role if role in ROLES else "",
        security=security if security in queries.SECURITY else "",
        team=lists.key_of(request.GET.get("team", "")),
        order=order if order in queries.ORDERS else "name",
    )


@require_safe
@in_organization(policies.may_see_members)
def index(request: MemberRequest) -> HttpResponse:
    """List the members; those who do not manage them see names and roles alone."""
    member = request.member
    organization = member.organization
    manages = policies.may_manage_members(member)
    chosen = _chosen(request)
    page = lists.page_of(request, queries.members(organization, chosen, whole=manages))
    teams = queries.teams(organization) if manages else ()
    context = {
        "organization": organization,
        "manages": manages,
        "own": member.pk,
        "chosen": chosen,
        "roles": [(role, role_words.NAMES[role]) for role in reversed(ROLES)],
        "security": SECURITY,
        "orders": ORDERS,
        "teams": teams,
        "page": page,
        "rows": [_row(each) for each in page],
        "filtered": chosen.narrows,
        "query": lists.query_of(request),
        "required": organization.two_step_required_at is not None,
    }
    return render(request, "organizations/members.html", context)


def _row(member: Membership) -> dict[str, object]:
    account = member.account
    return {
        "member": member,
        "account": account,
        "role": role_words.NAMES[member.role],
        "teams": [{"name": t.name, "colour": name_of(t.color_id)} for t in member.teams.all()],
        "two_step": account.two_step_since is not None,
        "locked": account.state == Account.State.LOCKED,
    }


@require_safe
@in_organization(policies.may_manage_members)
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the list, filtered and sorted like the page, as CSV."""
    found = queries.in_pieces(request.member.organization, _chosen(request), whole=True)
    head = (
        _("First name"),
        _("Last name"),
        _("E-mail address"),
        _("Role"),
        _("Work teams"),
        _("Two-step verification"),
        _("Last sign-in"),
        _("Member since"),
    )
    return lists.csv_file("members", head, _lines(found))


def _lines(found: Iterator[Membership]) -> Iterator[tuple[object, ...]]:
    on, off = _("On"), _("Off")
    for each in found:
        seen = each.account.last_sign_in_at
        yield (
            each.account.first_name,
            each.account.last_name,
            each.account.email,
            role_words.NAMES[each.role],
            ", ".join(team.name for team in each.teams.all()),
            on if each.account.two_step_since else off,
            timezone.localtime(seen).isoformat(sep=" ", timespec="minutes") if seen else "",
            timezone.localtime(each.created_at).date().isoformat(),
        )


@require_POST
@in_organization(policies.may_manage_members)
def send_reminders(request: MemberRequest) -> HttpResponse:
    """Remind the members who were ticked of two-step verification; say how many were mailed."""
    ticked = [lists.key_of(text) for text in request.POST.getlist("member")[:MOST_AT_ONCE]]
    members = [key for key in ticked if key is not None]
    back = reverse("members", args=[request.member.organization.public_id])
    answer = HttpResponseRedirect(safe_next(request.POST.get("next"), back))
    if not members:
        messages.info(request, _("Tick at least one member."))
        return answer
    tell(
        request,
        remind(RemindMembers(members), acting_member=request.member, origin=request.origin),
    )
    return answer


def tell(request: HttpRequest, reminded: Reminded) -> None:
    """Say how many reminders were sent, and how many were not."""
    if reminded.sent:
        text = ngettext(
            "%(count)d reminder was sent.", "%(count)d reminders were sent.", reminded.sent
        )
        messages.success(request, text % {"count": reminded.sent})
    if reminded.passed_over:
        text = ngettext(
            "%(count)d member got none: they have two-step verification, or were reminded lately.",
            "%(count)d members got none: they have two-step verification, or were reminded lately.",
            reminded.passed_over,
        )
        messages.info(request, text % {"count": reminded.passed_over})
